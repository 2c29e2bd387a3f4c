package dev.indelible.server.control;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.thread.OwnThread;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
 * The journal of configuration changes, and the fold that makes the configuration of it. A record
 * has one change, or several that are made together: all of them or none.
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

  /** The most changes that are made together. */
  public static final int MAX_TOGETHER = 500;

  /** The largest record of changes that are made together. */
  public static final int MAX_TOGETHER_BYTES = 8 * 1024 * 1024;

  /** The members of a record beside its changes, at most. */
  private static final int RECORD_BYTES = 100;

  private final Journal journal;
  private final AtomicLong nextTicket;
  private final Configuration configuration = new Configuration();
  private final Map<Long, CompletableFuture<ChangeOutcome>> waiting = new ConcurrentHashMap<>();
  private final ControlChain chain = new ControlChain(); // the fold's
  private volatile @Nullable Hash followedFrom;
  private volatile @Nullable OwnThread fold;
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
   * @param followFrom the first position whose changes, if they are in force, {@code follower} is
   *     given
   * @param follower is given changes in order, on the caller's thread while this method runs and on
   *     the fold's after it; it must return soon
   * @throws IOException when the log cannot be read, or was written by a newer version of the
   *     program
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
    OwnThread following = new OwnThread("control-fold", _ -> follow(cursor, followFrom, follower));
    fold = following;
    following.start();
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
    return change(List.of(change));
  }

  /**
   * Makes several changes in one record: all of them, or none when any object has another version
   * than the one that its change replaces. They are made in order, so that one object may be
   * changed twice. Returns when they are durable and decided.
   *
   * @throws IllegalArgumentException when there are more than {@link #MAX_TOGETHER}, or their
   *     record would be larger than {@link #MAX_TOGETHER_BYTES}; {@link #inParts} divides them
   * @throws JournalUnavailableException when the journal does not accept them now
   */
  public ChangeOutcome change(List<Change> changes) {
    if (changes.isEmpty() || changes.size() > MAX_TOGETHER) {
      throw new IllegalArgumentException(
          "%d changes at once; a record of the control log has 1 to %d"
              .formatted(changes.size(), MAX_TOGETHER));
    }
    changes.forEach(change -> change.object().kind().requireValid(change.object()));
    long ticket = nextTicket.getAndIncrement();
    byte[] record = ControlRecordCodec.encode(ticket, changes);
    if (changes.size() > 1 && record.length > MAX_TOGETHER_BYTES) {
      throw new IllegalArgumentException(
          "%d changes of %d bytes at once; a record of several has at most %d"
              .formatted(changes.size(), record.length, MAX_TOGETHER_BYTES));
    }
    CompletableFuture<ChangeOutcome> decided = new CompletableFuture<>();
    waiting.put(ticket, decided);
    try {
      journal.append(record).join();
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
   * Divides changes that are too many for one record. The last part is as large as can be, so that
   * what must be made together stands at the end; the others are made before it, in order.
   */
  public static List<List<Change>> inParts(List<Change> changes) {
    List<List<Change>> parts = new ArrayList<>();
    int end = changes.size();
    while (end > 0) {
      int begin = end;
      long bytes = RECORD_BYTES;
      while (begin > 0 && end - begin < MAX_TOGETHER) {
        bytes += ControlRecordCodec.encode(0, List.of(changes.get(begin - 1))).length;
        if (bytes > MAX_TOGETHER_BYTES && begin < end) {
          break;
        }
        begin--;
      }
      parts.addFirst(List.copyOf(changes.subList(begin, end)));
      end = begin;
    }
    return parts;
  }

  /**
   * The object as people may see it: as it is recorded, without a secret, its hash, or its cipher.
   */
  public static ObjectNode describe(ConfigurationObject object) {
    return object.kind().describe(object);
  }

  /** The kind of an object, as it is called in records. */
  public static String kind(ConfigurationObject object) {
    return object.kind().name();
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
        for (Change change : decode(batch).changes()) {
          if (tenant.equals(change.object().tenant())) {
            consumer.accept(change);
          }
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

  /**
   * Reads a record.
   *
   * @throws IOException when it is damaged, or of a newer version of the program
   */
  private static ControlRecordCodec.Decoded decode(Journal.Batch batch) throws IOException {
    try {
      return ControlRecordCodec.decode(batch.payload());
    } catch (IllegalStateException e) {
      throw new IOException(
          "the control log at position %d: %s".formatted(batch.position().value(), e.getMessage()),
          e);
    }
  }

  private void apply(Journal.Batch batch, Position followFrom, Consumer<AppliedChange> follower)
      throws IOException {
    ControlRecordCodec.Decoded decoded = decode(batch);
    Hash chainBefore = chain.value();
    chain.add(batch.position(), batch.payload());
    CompletableFuture<ChangeOutcome> decided = waiting.get(decoded.ticket());
    Optional<ChangeOutcome.VersionMoved> moved = moved(decoded.changes());
    if (moved.isPresent()) {
      complete(decided, moved.get());
      return;
    }
    Instant at = Instant.ofEpochMilli(batch.appendedAtMillis());
    List<AppliedChange.Replacement> replacements = new ArrayList<>();
    for (Change change : decoded.changes()) {
      replacements.add(
          new AppliedChange.Replacement(
              configuration.apply(change, change.replaces() + 1, at), change));
    }
    if (batch.position().compareTo(followFrom) >= 0) {
      follower.accept(
          new AppliedChange(
              batch.position(),
              batch.next(),
              at,
              replacements,
              new AppliedChange.Chain(chainBefore, chain.value())));
    }
    complete(
        decided,
        new ChangeOutcome.Applied(batch.position(), decoded.changes().getLast().replaces() + 1));
  }

  /** The first object whose version is another than the one that its change replaces. */
  private Optional<ChangeOutcome.VersionMoved> moved(List<Change> changes) {
    Map<String, Long> made = new HashMap<>(); // by those before it
    for (Change change : changes) {
      ConfigurationObject object = change.object();
      long current = made.getOrDefault(object.path(), configuration.version(object));
      if (current != change.replaces()) {
        return Optional.of(new ChangeOutcome.VersionMoved(current));
      }
      made.put(object.path(), current + 1);
    }
    return Optional.empty();
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
    OwnThread running = fold;
    if (running != null && !running.join(STOP_TIMEOUT)) {
      LOG.warn("the control log's fold has not ended within {}", STOP_TIMEOUT);
    }
  }
}
