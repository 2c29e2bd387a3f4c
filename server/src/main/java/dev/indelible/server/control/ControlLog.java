package dev.indelible.server.control;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.Journal;
import dev.indelible.server.journal.JournalUnavailableException;
import dev.indelible.server.journal.Position;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The journal of configuration changes, and the fold that makes the configuration of it.
 *
 * <p>A change is appended first and decided on when the fold reaches it: whether it is applied or
 * rejected depends on the order of the journal alone, so that every replay, and every process that
 * reads the same journal, decides alike. Rejected changes stay in the journal and stay rejected.
 *
 * <p>Thread-safe. One fold thread writes the configuration.
 */
public final class ControlLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ControlLog.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final Journal journal;
  private final AtomicLong nextTicket;
  private final Configuration configuration = new Configuration();
  private final Map<Long, CompletableFuture<ChangeOutcome>> waiting = new ConcurrentHashMap<>();
  private final ControlChain chain = new ControlChain(); // the fold's
  private volatile @Nullable Hash followedFrom;
  private volatile @Nullable Thread fold;
  private volatile boolean closing;

  /**
   * A control log over {@code journal}, which it does not close.
   *
   * @param firstTicket a number that no earlier process is likely to have used, such as a random
   *     one
   */
  public ControlLog(Journal journal, long firstTicket) {
    this.journal = journal;
    this.nextTicket = new AtomicLong(firstTicket);
  }

  /**
   * Folds what is there, then starts to follow.
   *
   * @param followFrom the first position whose change, if it is in force, {@code follower} is given
   * @param follower is given changes in order, on the caller's thread while this method runs and on
   *     the fold's after it; it must return soon
   */
  public void start(Position followFrom, Consumer<AppliedChange> follower)
      throws IOException, InterruptedException {
    Journal.Cursor cursor = journal.read(Position.START);
    Position end = journal.end();
    Journal.Batch batch;
    Position reached = Position.START;
    noteChain(reached, followFrom);
    while (reached.compareTo(end) < 0 && (batch = cursor.next(Duration.ZERO)) != null) {
      // A file of the journal may begin between two records: both are the same place in the chain.
      noteChain(batch.position(), followFrom);
      apply(batch, followFrom, follower);
      reached = batch.next();
      noteChain(reached, followFrom);
    }
    fold =
        Thread.ofPlatform().name("control-fold").start(() -> follow(cursor, followFrom, follower));
  }

  private void noteChain(Position reached, Position followFrom) {
    if (reached.equals(followFrom)) {
      followedFrom = chain.value();
    }
  }

  /**
   * The hash of all records before the position that it is followed from; empty when no record ends
   * there, so that the log is not the one that was followed to there before.
   */
  public Optional<Hash> chainBeforeFollowed() {
    return Optional.ofNullable(followedFrom);
  }

  /** The configuration in force. */
  public Configuration configuration() {
    return configuration;
  }

  /**
   * Makes a change; returns when it is durable and decided.
   *
   * @throws JournalUnavailableException when the journal does not accept it now
   */
  public ChangeOutcome change(Change change) {
    long ticket = nextTicket.getAndIncrement();
    CompletableFuture<ChangeOutcome> decided = new CompletableFuture<>();
    waiting.put(ticket, decided);
    try {
      journal.append(ControlRecordCodec.encode(ticket, change)).join();
      if (closing) {
        throw new JournalUnavailableException(
            JournalUnavailableException.Cause.CLOSED, "the control log is closing");
      }
      return decided.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof JournalUnavailableException unavailable) {
        throw unavailable;
      }
      throw e;
    } finally {
      waiting.remove(ticket);
    }
  }

  /**
   * The object as people may see it: as it is recorded, without a secret, its hash, or its cipher.
   */
  public static ObjectNode describe(ConfigurationObject object) {
    ObjectNode json = ControlRecordCodec.toJson(object);
    json.remove("secret_hash");
    json.remove("sealed_seed");
    return json;
  }

  /** The kind of an object, as it is called in records. */
  public static String kind(ConfigurationObject object) {
    return ControlRecordCodec.kind(object);
  }

  /**
   * Gives every change that was asked for of a tenant, in order, those included that were rejected
   * or replaced long since: all that this log, which is never cut, holds about it.
   */
  public void history(TenantId tenant, Consumer<Change> consumer)
      throws IOException, InterruptedException {
    Position end = journal.end();
    Position reached = Position.START;
    try (Journal.Cursor cursor = journal.read(reached)) {
      Journal.Batch batch;
      while (reached.compareTo(end) < 0 && (batch = cursor.next(Duration.ZERO)) != null) {
        Change change = ControlRecordCodec.decode(batch.payload()).change();
        if (tenant.equals(change.object().tenant())) {
          consumer.accept(change);
        }
        reached = batch.next();
      }
    }
  }

  /** Position of the next change. */
  public Position end() {
    return journal.end();
  }

  private void follow(
      Journal.Cursor cursor, Position followFrom, Consumer<AppliedChange> follower) {
    try (cursor) {
      while (!closing) {
        Journal.Batch batch = cursor.next(POLL);
        if (batch != null) {
          apply(batch, followFrom, follower);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.error(
          "the control log's fold stopped; configuration changes are refused until a restart", e);
      closing = true;
    } finally {
      for (CompletableFuture<ChangeOutcome> decided : waiting.values()) {
        decided.completeExceptionally(
            new JournalUnavailableException(
                JournalUnavailableException.Cause.CLOSED, "the control log is closed"));
      }
    }
  }

  private void apply(Journal.Batch batch, Position followFrom, Consumer<AppliedChange> follower) {
    ControlRecordCodec.Decoded decoded = ControlRecordCodec.decode(batch.payload());
    Hash chainBefore = chain.value();
    chain.add(batch.position(), batch.payload());
    Change change = decoded.change();
    long current = configuration.version(change.object());
    CompletableFuture<ChangeOutcome> decided = waiting.get(decoded.ticket());
    if (current != change.replaces()) {
      complete(decided, new ChangeOutcome.VersionMoved(current));
      return;
    }
    Instant at = Instant.ofEpochMilli(batch.appendedAtMillis());
    ConfigurationObject before = configuration.apply(change, current + 1, at);
    if (batch.position().compareTo(followFrom) >= 0) {
      follower.accept(
          new AppliedChange(
              batch.position(),
              batch.next(),
              at,
              before,
              change,
              new AppliedChange.Chain(chainBefore, chain.value())));
    }
    complete(decided, new ChangeOutcome.Applied(batch.position(), current + 1));
  }

  private static void complete(
      @Nullable CompletableFuture<ChangeOutcome> decided, ChangeOutcome outcome) {
    if (decided != null) {
      decided.complete(outcome);
    }
  }

  @Override
  public void close() {
    closing = true;
    Thread running = fold;
    try {
      if (running != null && !running.join(STOP_TIMEOUT)) {
        running.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
