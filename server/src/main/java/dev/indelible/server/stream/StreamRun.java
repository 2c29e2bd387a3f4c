package dev.indelible.server.stream;

import dev.indelible.server.control.EventStream;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.Cursors;
import dev.indelible.server.query.FactsOnly;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.search.BadQueryException;
import dev.indelible.server.share.BusyException;
import dev.indelible.server.sink.Batch;
import dev.indelible.server.sink.Sink;
import dev.indelible.server.stream.StreamState.Plan;
import dev.indelible.server.stream.StreamState.Replay;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One stream at work. A turn reads, sends and puts down batch after batch for a while; one thread
 * at a time has it. What others are shown of it is volatile.
 */
final class StreamRun {

  /** How long rights are believed. */
  static final Duration RIGHTS_FOR = Duration.ofMinutes(1);

  /** How long a turn goes on, and one batch more. */
  static final Duration TURN = Duration.ofMillis(250);

  /** An attempt that takes longer makes its stream a slow one. */
  static final Duration SLOW = Duration.ofMillis(500);

  /** A wait for others that read. */
  private static final Duration BUSY = Duration.ofMillis(200);

  /** A wait for the disk or the log. */
  private static final Duration FAULT = Duration.ofSeconds(5);

  private final String id;
  private final TenantId tenant;
  private final StreamParts parts;
  private final StreamLedger ledger;
  private final Cursors cursors;
  private final DraftReader reader;
  private final Receivers receivers;
  private final StreamStops stops;
  private final Settling settling;
  private final Troubles troubles;
  private final Rate rate = new Rate();

  // The turn's.
  private @Nullable Wanted wanted;
  private long wantedNanos;
  private @Nullable Sink sink;
  private @Nullable EventStream opened;
  private boolean isReplaysTurn;

  private volatile @Nullable Thread sending;
  private volatile boolean stopping;
  private volatile boolean slow;
  private volatile boolean waits;
  private volatile long notBeforeNanos;
  private volatile @Nullable Instant lastTaken;
  private volatile long usedNanos;

  StreamRun(EventStream stream, StreamParts parts, StreamLedger ledger, Cursors cursors) {
    this.id = stream.id();
    this.tenant = stream.tenant();
    this.parts = parts;
    this.ledger = ledger;
    this.cursors = cursors;
    this.reader = new DraftReader(parts);
    this.receivers = new Receivers(parts);
    this.stops = new StreamStops(parts);
    this.settling = new Settling(id, ledger, parts);
    this.troubles = new Troubles();
    this.notBeforeNanos = nanos();
    this.usedNanos = nanos();
  }

  private long nanos() {
    return parts.chance().nanos().getAsLong();
  }

  String id() {
    return id;
  }

  TenantId tenant() {
    return tenant;
  }

  private String cursor() {
    return "stream-" + id.substring(id.indexOf('/') + 1);
  }

  private Optional<EventStream> stream() {
    return parts.control().configuration().get(EventStream.class, id);
  }

  /** The sequence number that the normal course looks at next. */
  long next(EventStream stream) {
    StreamState.Core core = ledger.state(id).core();
    long known = core.number() == 0 ? stream.startSeq() : core.next();
    return Math.max(Math.max(known, stream.startSeq()), cursors.get(cursor(), tenant).orElse(0));
  }

  /** Whether it has something to do that may begin now. */
  boolean isDue(EventStream stream, long end) {
    return stream.isActive() && nanos() - notBeforeNanos >= 0 && hasWork(stream, end);
  }

  private boolean hasWork(EventStream stream, long end) {
    StreamState.Core core = ledger.state(id).core();
    return core.plan() != null || core.replay() != null || next(stream) < end;
  }

  /** Whether its receiver is slow or fails, so that it is worked on beside others of the kind. */
  boolean isSlow() {
    return slow || troubles.failures() > 0;
  }

  /** Whether it waits for a time rather than for entries. */
  boolean waits() {
    return waits;
  }

  /** Has it tried again now. */
  void hurry() {
    notBeforeNanos = nanos();
  }

  /** Ends what it waits for, and its turn after that. */
  void stop() {
    stopping = true;
    synchronized (this) {
      Thread waiting = sending;
      if (waiting != null) {
        waiting.interrupt();
      }
    }
  }

  /** Closes the way to the receiver when it was not used for a while; between turns. */
  void rest(Duration idle) {
    if (sink != null && nanos() - usedNanos >= idle.toNanos()) {
      close();
    }
  }

  /** Closes the way to the receiver; between turns. */
  void close() {
    Sink open = sink;
    sink = null;
    opened = null;
    if (open != null) {
      open.close();
    }
  }

  /** Forgets the place in the log; between turns, of a stream that is no more. */
  void forgetCursor() {
    cursors.remove(cursor(), tenant);
  }

  /** Works for a while; when this returns, {@link #isDue} says when there is more. */
  void turn() throws InterruptedException {
    waits = false;
    long end = nanos() + TURN.toNanos();
    try {
      boolean more = true;
      while (more && !stopping && nanos() - end < 0) {
        more = step();
      }
    } catch (BusyException e) {
      later(BUSY);
    } catch (IOException | RuntimeException e) {
      troubles.note("not possible now: " + e.getMessage());
      later(FAULT);
    }
  }

  private void later(Duration wait) {
    waits = true;
    notBeforeNanos = nanos() + wait.toNanos();
  }

  /** Deals with one batch; returns whether there may be more. */
  private boolean step() throws IOException, InterruptedException {
    Optional<EventStream> now = stream().filter(EventStream::isActive);
    if (now.isEmpty()) {
      close();
      return false;
    }
    Wanted of = wanted(now.get());
    if (of == null) {
      close();
      return false;
    }
    StreamState.Core core = ledger.state(id).core();
    Plan plan = core.plan();
    if (plan != null && isOutdated(plan, of)) {
      settling.abandon(plan);
      return true;
    }
    Draft draft = plan == null ? draft(of, core) : planned(of, plan);
    if (draft == null) {
      troubles.idle();
      return false;
    }
    boolean replay = plan == null ? isReplaysTurn : plan.replay();
    if (draft.messages().isEmpty()) {
      unsent(of, draft, replay);
      return true;
    }
    if (plan == null) {
      plan = settling.plan(draft, replay, of.key());
      troubles.begun();
    }
    return send(of, draft, plan);
  }

  private boolean isOutdated(Plan plan, Wanted of) {
    return !plan.content().equals(of.key()) || troubles.wantsSmaller(plan.number());
  }

  /** The entries that the stream is of now; null when it was stopped. */
  private @Nullable Wanted wanted(EventStream stream) {
    Wanted known = wanted;
    if (known != null
        && known.stream().equals(stream)
        && nanos() - wantedNanos < RIGHTS_FOR.toNanos()) {
      return known;
    }
    Optional<TenantScope> scope =
        new StreamRights(parts.authentication(), parts.control().configuration()).now(stream);
    if (scope.isEmpty()) {
      wanted = null;
      stops.pause(stream, StreamStops.NOT_ALLOWED);
      return null;
    }
    try {
      Optional<Wanted> of = Wanted.of(stream, scope.get(), parts, parts.chance().clock().instant());
      if (of.isEmpty()) {
        stops.pause(stream, "There is no form " + stream.content().format() + " of entries.");
      }
      wanted = of.orElse(null);
      wantedNanos = nanos();
      return wanted;
    } catch (BadQueryException | FactsOnly.PersonalException e) {
      wanted = null;
      stops.pause(stream, "Its query cannot be asked any more: " + e.getMessage());
      return null;
    }
  }

  private Draft planned(Wanted of, Plan plan) throws IOException {
    Replay replay = ledger.state(id).core().replay();
    long from =
        plan.replay()
            ? plan.firstSeq()
            : Math.max(plan.firstSeq(), Math.min(next(of.stream()), plan.lastSeq() + 1));
    Draft draft = null;
    long at = from;
    // A range may be longer than what is looked at at once.
    do {
      Draft part =
          reader.read(
              of,
              new DraftReader.Bounds(
                  at,
                  plan.lastSeq() + 1,
                  Integer.MAX_VALUE,
                  Long.MAX_VALUE,
                  seq -> !plan.replay() || replay == null || replay.wants(seq)),
              plan.firstSeq());
      draft = draft == null ? part : draft.and(part);
      if (part.lastSeq() < at) {
        throw new IOException("entries from " + at + " on are missing");
      }
      at = part.lastSeq() + 1;
    } while (at <= plan.lastSeq());
    return draft;
  }

  private @Nullable Draft draft(Wanted of, StreamState.Core core) throws IOException {
    Replay replay = core.replay();
    long end = parts.feed().end(tenant);
    long from = next(of.stream());
    isReplaysTurn = replay != null && (!isReplaysTurn || from >= end);
    int entries = troubles.cap(of.stream().limits().batchEntries());
    int bytes = of.stream().limits().batchBytes();
    if (isReplaysTurn && replay != null) {
      return reader.read(
          of,
          new DraftReader.Bounds(replay.next(), replay.toSeq() + 1, entries, bytes, replay::wants),
          replay.next());
    }
    if (from >= end) {
      return null;
    }
    long first = core.number() == 0 ? of.stream().startSeq() : core.next();
    Draft draft =
        reader.read(of, new DraftReader.Bounds(from, end, entries, bytes, _ -> true), first);
    return draft.lastSeq() < from ? null : draft;
  }

  /** Deals with a range of which nothing can be sent. */
  private void unsent(Wanted of, Draft draft, boolean replay) {
    Plan plan = ledger.state(id).core().plan();
    if (plan != null || !draft.isSilent()) {
      settling.settle(of, draft, settling.unplanned(draft, replay, of.key()), Settling.NOTHING);
    } else if (replay) {
      settling.replayed(draft.lastSeq());
    }
    if (!replay) {
      advance(of.stream(), draft.lastSeq() + 1);
    }
  }

  private void advance(EventStream stream, long to) {
    long from = cursors.get(cursor(), tenant).orElse(-1);
    if (from < 0) {
      cursors.set(cursor(), tenant, Math.max(to, stream.startSeq()));
    } else if (to > from) {
      boolean _ = cursors.advance(cursor(), tenant, from, to);
    }
  }

  private boolean send(Wanted of, Draft draft, Plan plan) throws InterruptedException {
    EventStream stream = of.stream();
    Sink way = way(stream);
    if (way == null) {
      stops.park(stream, "There are no destinations of type " + stream.receiver().type() + ".");
      return false;
    }
    int attempt = troubles.attempt(plan.number());
    Sink.Answer answer =
        attempt(
            stream,
            () -> way.send(new Batch(stream.streamId(), tenant, plan.number(), draft.messages())));
    switch (answer) {
      case Sink.Answer.Taken taken -> {
        Settling.Sent sent = new Settling.Sent(taken.rejected(), attempt, troubles.isRepeated());
        settling.settle(of, draft, plan, sent);
        taken(of, plan, draft.lastSeq(), draft.messages().size() - taken.rejected().size());
        return true;
      }
      case Sink.Answer.Failed failed -> {
        failed(of, draft, plan, failed, attempt);
        return false;
      }
      case Sink.Answer.Refused(String problem) -> {
        troubles.note(problem);
        stops.park(stream, problem);
        close();
        return false;
      }
    }
  }

  private void taken(Wanted of, Plan plan, long lastSeq, int count) {
    if (!plan.replay()) {
      advance(of.stream(), lastSeq + 1);
    }
    troubles.passed(of.stream().limits().batchEntries());
    lastTaken = parts.chance().clock().instant();
    rate.add(count, nanos());
    if (ledger.state(id).dead().size() > Streams.MAX_DEAD_LETTERS) {
      stops.park(
          of.stream(),
          "Its receiver can't take more than %,d entries; send them again or change the stream."
              .formatted(Streams.MAX_DEAD_LETTERS));
    }
  }

  private void failed(Wanted of, Draft draft, Plan plan, Sink.Answer.Failed failed, int attempt)
      throws InterruptedException {
    int arrived = Math.min(failed.arrived(), draft.messages().size());
    if (arrived == draft.messages().size()) {
      arrived--; // the last one is tried again rather than believed
    }
    if (arrived > 0) {
      Draft there = draft.through(arrived);
      settling.settle(
          of, there, plan, Settling.Sent.inPart(attempt, troubles.isRepeated(), draft.lastSeq()));
      taken(of, plan, there.lastSeq(), arrived);
    }
    close();
    Duration wait =
        troubles.failed(
            failed,
            draft.messages().get(arrived).seq(),
            draft.messages().size() - arrived,
            parts.chance().random());
    later(wait);
    if (troubles.isStuck() && arrived == 0) {
      unstick(of, draft, plan, failed, attempt);
    }
  }

  /** Finds out whether it is one entry that fails; where it is, the others go on without it. */
  private void unstick(Wanted of, Draft draft, Plan plan, Sink.Answer.Failed failed, int attempt)
      throws InterruptedException {
    Sink way = way(of.stream());
    if (way == null || !(attempt(of.stream(), way::probe) instanceof Sink.Answer.Taken)) {
      close();
      return;
    }
    close();
    if (troubles.blames(draft.messages().size(), plan.number())) {
      settling.settle(
          of, draft, plan, Settling.Sent.given(failed.problem(), attempt, troubles.isRepeated()));
      taken(of, plan, draft.lastSeq(), 0);
      hurry();
    }
  }

  /** Attempt to send. */
  @FunctionalInterface
  private interface Attempt {
    Sink.Answer send() throws InterruptedException;
  }

  private Sink.Answer attempt(EventStream stream, Attempt attempt) throws InterruptedException {
    long begin = nanos();
    Sink.Answer answer;
    synchronized (this) {
      if (stopping) {
        throw new InterruptedException("streams stop");
      }
      sending = Thread.currentThread();
    }
    try {
      answer = attempt.send();
    } catch (RuntimeException e) {
      answer = new Sink.Answer.Failed(e.getClass().getSimpleName());
    } finally {
      synchronized (this) {
        sending = null;
        boolean _ = Thread.interrupted(); // it would close the files that are used next
      }
    }
    usedNanos = nanos();
    long took = usedNanos - begin;
    slow = took > SLOW.toNanos();
    parts
        .observer()
        .attempted(
            stream.receiver().type(),
            switch (answer) {
              case Sink.Answer.Taken _ -> "taken";
              case Sink.Answer.Failed _ -> "failed";
              case Sink.Answer.Refused _ -> "refused";
            },
            took);
    return answer;
  }

  private @Nullable Sink way(EventStream stream) {
    if (sink != null && !stream.equals(opened)) {
      close();
    }
    if (sink == null) {
      sink = receivers.open(stream).orElse(null);
      opened = stream;
    }
    return sink;
  }

  /** The state as people see it. */
  StreamStatus status(EventStream stream) throws IOException {
    StreamState state = ledger.state(id);
    long next = next(stream);
    long end = parts.feed().end(tenant);
    boolean isBehind = next < end;
    Instant now = parts.chance().clock().instant();
    Long oldest = isBehind ? reader.recordedAtMillis(tenant, next) : null;
    long waitNanos = notBeforeNanos - nanos();
    EventStream.Stop stop = stream.stop();
    boolean isFailing = stream.isActive() && troubles.lastError() != null;
    return new StreamStatus(
        stop != null
            ? stop.parked() ? StreamStatus.State.PARKED : StreamStatus.State.PAUSED
            : isFailing
                ? StreamStatus.State.FAILING
                : isBehind ? StreamStatus.State.ACTIVE : StreamStatus.State.WAITING,
        next,
        Math.max(0, end - next),
        oldest == null ? 0 : Math.max(0, now.getEpochSecond() - oldest / 1_000),
        troubles.lastError(),
        isFailing && waitNanos > 0 ? now.plusNanos(waitNanos) : null,
        state.core().totals().sent(),
        state.dead().size(),
        rate.perSecond(nanos()),
        lastTaken);
  }
}
