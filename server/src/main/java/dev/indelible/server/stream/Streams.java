package dev.indelible.server.stream;

import dev.indelible.ports.journal.Journal;
import dev.indelible.server.control.EventStream;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.Cursors;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.sink.Sink;
import dev.indelible.server.stream.StreamState.DeadLetter;
import dev.indelible.server.stream.StreamState.Replay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Streams at work. What they are is configuration; here is what they send. Thread-safe. */
public final class Streams implements AutoCloseable {

  /** The most dead letters of a stream; with more it parks. */
  public static final int MAX_DEAD_LETTERS = 1_000;

  /** Lines of a ledger that are looked at for one page, at most. */
  public static final int MAX_SCANNED_LINES = 20_000;

  /** Ranges of purged entries in one answer, at most. */
  static final int MAX_UNDELIVERED = 1_000;

  private static final int MAX_LINES = 1_000;

  private static final Duration FIGURES_FOR = Duration.ofSeconds(5);

  private final StreamParts parts;
  private final Cursors cursors;
  private final StreamLedger ledger;
  private final StreamRunner runner;
  private final Receivers receivers;
  private volatile @Nullable Known figures;

  /**
   * Storage of what is durable of streams.
   *
   * @param states journal of states and ledgers
   * @param cursors journal of places in logs
   * @param disk of the files
   * @param ledgers folder of the lines of ledgers
   */
  public record Storage(Journal states, Journal cursors, Disk disk, Path ledgers) {}

  /**
   * Entry that a stream's receiver can't take.
   *
   * @param seq its sequence number
   * @param entryId its id
   * @param reason why
   * @param at when it was given up
   * @param number of the ledger's line
   */
  public record Dead(long seq, String entryId, String reason, Instant at, long number) {}

  /**
   * Page of a ledger.
   *
   * @param lines that were asked for
   * @param next the number of the last line that was looked at, or -1 when there are no more
   * @param completeToSeq the last sequence number that the stream has dealt with; -1 for none
   */
  public record LedgerPage(List<LedgerLine> lines, long next, long completeToSeq) {}

  private Streams(Storage storage, StreamParts parts) throws IOException, InterruptedException {
    this.parts = parts;
    this.cursors = Cursors.open(storage.cursors());
    this.ledger =
        StreamLedger.open(storage.states(), new LedgerFiles(storage.disk(), storage.ledgers()));
    this.runner = new StreamRunner(parts, ledger, cursors);
    this.receivers = new Receivers(parts);
  }

  /** Opens the streams; nothing is sent before {@link #start}. The journals are not closed. */
  public static Streams open(Storage storage, StreamParts parts)
      throws IOException, InterruptedException {
    return new Streams(storage, parts);
  }

  /** Begins to send, first what an earlier process may have sent in part. */
  public void start() {
    runner.start();
  }

  /** Notes that streams were changed. */
  public void changed() {
    runner.changed();
  }

  /** Streams as deletions see them. */
  public Copies copies() {
    return new StreamCopies(parts, ledger, stream -> runner.of(stream).next(stream));
  }

  /** The parts that streams work with. */
  public StreamParts parts() {
    return parts;
  }

  /** The state of a stream. */
  public StreamStatus status(EventStream stream) throws IOException {
    return runner.of(stream).status(stream);
  }

  /** Sends something small to the receiver of a stream. */
  public Sink.Answer probe(EventStream stream) throws InterruptedException {
    Optional<Sink> way = receivers.open(stream);
    if (way.isEmpty()) {
      return new Sink.Answer.Refused(
          "there are no destinations of type " + stream.receiver().type());
    }
    try (Sink open = way.get()) {
      return open.probe();
    }
  }

  /** Seals a secret of a receiver. */
  public String seal(
      TenantId tenant, String type, ObjectNode settings, String name, byte[] secret) {
    return receivers.seal(tenant, type, settings, name, secret);
  }

  /** Unseals a secret of a stream's receiver; null when there is none. */
  public byte @Nullable [] unseal(EventStream stream, String name) {
    return receivers.unseal(stream.tenant(), stream.receiver(), name);
  }

  /** Whether secrets of a receiver may stay for another: only at the same address. */
  public static boolean isSameAddress(EventStream.Receiver one, String type, ObjectNode settings) {
    return Receivers.isSameAddress(one, type, settings);
  }

  /**
   * Sends a range once more, beside the normal course.
   *
   * @return false when there is a replay under way
   */
  public boolean replay(EventStream stream, long fromSeq, long toSeq) {
    return replay(stream, new Replay(fromSeq, toSeq, List.of()));
  }

  private boolean replay(EventStream stream, Replay replay) {
    boolean[] done = {false};
    StreamState _ =
        ledger.change(
            stream.id(),
            state -> {
              if (state.core().replay() != null) {
                return null;
              }
              done[0] = true;
              return new StreamLedger.Change(state.core().with(replay));
            });
    changed();
    return done[0];
  }

  /**
   * Sends dead letters once more.
   *
   * @param seqs which; empty for all
   * @return false when there is a replay under way
   */
  public boolean retry(EventStream stream, List<Long> seqs) {
    List<Long> wanted =
        ledger.state(stream.id()).dead().keySet().stream()
            .filter(seq -> seqs.isEmpty() || seqs.contains(seq))
            .toList();
    return wanted.isEmpty()
        || replay(stream, new Replay(wanted.getFirst(), wanted.getLast(), wanted));
  }

  /** The dead letters of a stream, by sequence number. */
  public List<Dead> deadLetters(EventStream stream) {
    return ledger.state(stream.id()).dead().values().stream().map(Streams::dead).toList();
  }

  private static Dead dead(DeadLetter letter) {
    return new Dead(
        letter.seq(),
        letter.entryId(),
        letter.reason(),
        Instant.ofEpochMilli(letter.atMillis()),
        letter.number());
  }

  /**
   * Reads lines of a stream's ledger.
   *
   * @param after the number of the line before the page
   * @param fromSeq lines about sequence numbers from this one
   * @param toSeq to this one
   * @param most lines of the page
   */
  public LedgerPage ledger(EventStream stream, long after, long fromSeq, long toSeq, int most)
      throws IOException {
    long number = Math.max(after + 1, fromSeq == 0 ? 1 : ledger.firstAbout(stream.id(), fromSeq));
    Predicate<LedgerLine> asked =
        line -> line.firstSeq() <= toSeq && Math.max(line.lastSeq(), line.firstSeq()) >= fromSeq;
    long newest = ledger.state(stream.id()).core().number();
    List<LedgerLine> lines = new ArrayList<>();
    int scanned = 0;
    while (lines.size() < most && number <= newest && scanned < MAX_SCANNED_LINES) {
      List<LedgerLine> some = ledger.lines(stream.id(), number, most);
      if (some.isEmpty()) {
        break;
      }
      for (LedgerLine line : some) {
        number = line.number() + 1;
        scanned++;
        if (asked.test(line)) {
          lines.add(line);
          if (lines.size() == most) {
            break;
          }
        }
      }
    }
    return new LedgerPage(
        lines, number <= newest ? number - 1 : -1, runner.of(stream).next(stream) - 1);
  }

  /**
   * Reads lines of a stream's ledger, the newest first.
   *
   * @param before the number of the line behind the page; 0 for the newest
   * @param fromSeq lines about sequence numbers from this one
   * @param toSeq to this one
   * @param most lines of the page
   */
  public LedgerPage newestLines(EventStream stream, long before, long fromSeq, long toSeq, int most)
      throws IOException {
    long newest = ledger.state(stream.id()).core().number();
    long number = before == 0 ? newest : Math.min(before - 1, newest);
    List<LedgerLine> lines = new ArrayList<>();
    int scanned = 0;
    while (lines.size() < most && number > 0 && scanned < MAX_SCANNED_LINES) {
      long first = Math.max(1, number - most + 1);
      List<LedgerLine> some = ledger.lines(stream.id(), first, (int) (number - first + 1));
      if (some.isEmpty() || some.getFirst().number() > number) {
        number = 0; // Older lines are no longer kept.
      }
      for (LedgerLine line : some.reversed()) {
        if (line.number() > number) {
          continue;
        }
        if (lines.size() == most) {
          break;
        }
        number = line.number() - 1;
        scanned++;
        if (line.firstSeq() <= toSeq && Math.max(line.lastSeq(), line.firstSeq()) >= fromSeq) {
          lines.add(line);
        }
      }
    }
    return new LedgerPage(lines, number > 0 ? number + 1 : -1, runner.of(stream).next(stream) - 1);
  }

  /**
   * Range of which something was not delivered.
   *
   * @param why {@code dead_letter}, {@code purged} or {@code not_yet}
   * @param count entries; of those that are not yet delivered, all that are to be looked at
   */
  public record Undelivered(long fromSeq, long toSeq, String why, long count) {}

  /** Ranges of which a stream has not delivered something, in order. */
  public List<Undelivered> undelivered(EventStream stream, long fromSeq, long toSeq)
      throws IOException {
    List<Undelivered> all = new ArrayList<>();
    long after = ledger.state(stream.id()).core().totals().purged() == 0 ? -1 : 0;
    while (after >= 0) {
      LedgerPage page = ledger(stream, after, fromSeq, toSeq, MAX_LINES);
      for (LedgerLine line : page.lines()) {
        if (line.counts().purged() > 0 && all.size() < MAX_UNDELIVERED) {
          all.add(
              new Undelivered(line.firstSeq(), line.lastSeq(), "purged", line.counts().purged()));
        }
      }
      after = all.size() >= MAX_UNDELIVERED ? -1 : page.next();
    }
    for (Dead letter : deadLetters(stream)) {
      if (letter.seq() >= fromSeq && letter.seq() <= toSeq) {
        all.add(new Undelivered(letter.seq(), letter.seq(), "dead_letter", 1));
      }
    }
    all.sort(Comparator.comparingLong(Undelivered::fromSeq));
    long next = Math.max(fromSeq, runner.of(stream).next(stream));
    long last = Math.min(toSeq, end(stream.tenant()) - 1);
    if (next <= last) {
      all.add(new Undelivered(next, last, "not_yet", last - next + 1));
    }
    return all;
  }

  /** The end of a tenant's log: where a stream begins that sends what comes. */
  public long end(TenantId tenant) throws IOException {
    return parts.feed().end(tenant);
  }

  /**
   * The sequence number of the first entry that was recorded at a time or later; the log's end when
   * there is none. Where a clock was set back in between, one of several that fit.
   */
  public long firstSince(TenantId tenant, Instant time) throws IOException {
    long low = 0;
    long high = end(tenant);
    while (low < high) {
      long middle = (low + high) >>> 1;
      List<StoredEntry> entry = parts.log().get(tenant, new long[] {middle});
      if (!entry.isEmpty() && entry.getFirst().recordedAtMillis() < time.toEpochMilli()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Figures over all streams, for operators.
   *
   * @param counts streams in each state
   * @param lagSeconds the age of the oldest entry that an active stream has not looked at
   */
  public record Figures(Map<StreamStatus.State, Integer> counts, long lagSeconds) {}

  private record Known(long nanos, Figures figures) {}

  /** Figures over all streams, looked at once in a while however often they are asked for. */
  public Figures figures() {
    Known known = figures;
    long now = System.nanoTime();
    if (known == null || now - known.nanos() > FIGURES_FOR.toNanos()) {
      known = new Known(now, count());
      figures = known;
    }
    return known.figures();
  }

  private Figures count() {
    Map<StreamStatus.State, Integer> counts = new EnumMap<>(StreamStatus.State.class);
    long longest = 0;
    for (EventStream stream : parts.control().configuration().eventStreams()) {
      try {
        StreamStatus status = status(stream);
        counts.merge(status.state(), 1, Integer::sum);
        if (stream.isActive()) {
          longest = Math.max(longest, status.lagSeconds());
        }
      } catch (IOException e) {
        counts.merge(StreamStatus.State.FAILING, 1, Integer::sum);
      }
    }
    return new Figures(counts, longest);
  }

  @Override
  public void close() throws IOException {
    runner.close();
    cursors.close();
    ledger.close();
  }
}
