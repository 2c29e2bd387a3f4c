package dev.indelible.server.stream;

import dev.indelible.server.sink.Message;
import dev.indelible.server.sink.SinkTypes;
import dev.indelible.server.stream.StreamState.Core;
import dev.indelible.server.stream.StreamState.DeadLetter;
import dev.indelible.server.stream.StreamState.Plan;
import dev.indelible.server.stream.StreamState.Replay;
import dev.indelible.server.stream.StreamState.Told;
import dev.indelible.server.stream.StreamState.Totals;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts down in a stream's ledger what is about to be sent, and what became of it. */
final class Settling {

  /** The longest reason of a dead letter, in UTF-16 units. */
  static final int MAX_REASON_LENGTH = 300;

  /** Nothing was sent. */
  static final Sent NOTHING = new Sent(Collections.emptySortedMap(), 0, false);

  private final String id;
  private final StreamLedger ledger;
  private final StreamParts parts;

  /**
   * An end of attempts.
   *
   * @param rejected messages that the receiver will never take, by their index, each with why
   * @param attempts how often the batch was sent
   * @param repeated whether it may have been there before
   * @param doubt entries up to this one may be there although they are not settled
   * @param given why all of it is given up, or null
   */
  record Sent(
      SortedMap<Integer, String> rejected,
      int attempts,
      boolean repeated,
      long doubt,
      @Nullable String given) {

    Sent(SortedMap<Integer, String> rejected, int attempts, boolean repeated) {
      this(rejected, attempts, repeated, StreamState.NO_DOUBT, null);
    }

    static Sent inPart(int attempts, boolean repeated, long doubt) {
      return new Sent(Collections.emptySortedMap(), attempts, repeated, doubt, null);
    }

    static Sent given(String why, int attempts, boolean repeated) {
      return new Sent(Collections.emptySortedMap(), attempts, repeated, StreamState.NO_DOUBT, why);
    }

    Optional<String> whyNot(int index) {
      return Optional.ofNullable(given == null ? rejected.get(index) : given);
    }
  }

  Settling(String id, StreamLedger ledger, StreamParts parts) {
    this.id = id;
    this.ledger = ledger;
    this.parts = parts;
  }

  /** The plan of a batch that needs none: nothing of it is sent. */
  Plan unplanned(Draft draft, boolean replay, String content) {
    Core core = ledger.state(id).core();
    Plan plan = core.plan();
    return plan != null
        ? plan
        : new Plan(core.number() + 1, draft.firstSeq(), draft.lastSeq(), replay, content);
  }

  /** Puts down that a batch is about to be sent, durably. */
  Plan plan(Draft draft, boolean replay, String content) {
    Plan plan = unplanned(draft, replay, content);
    StreamState _ = ledger.change(id, state -> new StreamLedger.Change(state.core().with(plan)));
    return plan;
  }

  /** Puts down that a batch which may have arrived is put together anew, under the next number. */
  void abandon(Plan plan) {
    StreamState _ =
        ledger.change(
            id,
            state -> {
              Core core = state.core();
              LedgerLine line =
                  new LedgerLine(
                      plan.number(),
                      plan.firstSeq(),
                      plan.firstSeq() - 1,
                      core.number() == 0 && !plan.replay() ? plan.firstSeq() : core.next(),
                      new LedgerLine.Counts(0, 0, 0, 0),
                      0,
                      new LedgerLine.Flags(plan.replay(), true, true, false),
                      now(),
                      new byte[LedgerLine.HASH_BYTES],
                      core.head());
              long doubt = plan.replay() ? core.doubt() : Math.max(core.doubt(), plan.lastSeq());
              return new StreamLedger.Change(
                  new Core(
                      line.number(),
                      line.next(),
                      line.hash(),
                      core.totals(),
                      doubt,
                      null,
                      core.replay(),
                      core.told()),
                  line,
                  List.of(),
                  List.of());
            });
  }

  /** Puts down that a range of a replay has nothing to send. */
  void replayed(long lastSeq) {
    StreamState _ =
        ledger.change(
            id, state -> new StreamLedger.Change(state.core().with(after(state.core(), lastSeq))));
  }

  private static @Nullable Replay after(Core core, long lastSeq) {
    Replay replay = core.replay();
    return replay == null || lastSeq >= replay.toSeq()
        ? null
        : new Replay(lastSeq + 1, replay.toSeq(), replay.only());
  }

  /** Puts down what became of a batch, durably. */
  void settle(Wanted of, Draft draft, Plan plan, Sent sent) {
    List<DeadLetter> dead = dead(draft, plan.number(), sent);
    int taken = draft.messages().size() + draft.misfits().size() - dead.size();
    StreamState _ =
        ledger.change(id, state -> change(of, state, plan, sent, new Settled(draft, dead, taken)));
    String type = of.stream().receiver().type();
    parts.observer().settled(type, "sent", taken);
    parts.observer().settled(type, "dead_letter", dead.size());
    parts.observer().settled(type, "purged", draft.purged());
  }

  /** A batch that is dealt with. */
  private record Settled(Draft draft, List<DeadLetter> dead, int taken) {}

  private StreamLedger.Change change(
      Wanted of, StreamState state, Plan plan, Sent sent, Settled settled) {
    Core core = state.core();
    Draft draft = settled.draft();
    LedgerLine line = line(of, core, plan, sent, settled);
    List<Long> again = new ArrayList<>();
    for (Message message : draft.messages()) {
      if (state.dead().containsKey(message.seq())) {
        again.add(message.seq()); // taken now, or given up anew
      }
    }
    for (long seq : draft.purgedSeqs()) {
      if (state.dead().containsKey(seq)) {
        again.add(seq); // gone, and counted as that
      }
    }
    Told told =
        core.told().ledgerAtMillis() == 0
            ? new Told(line.atMillis(), 0, core.told().deadAtMillis(), core.told().dead())
            : core.told();
    return new StreamLedger.Change(
        new Core(
            line.number(),
            line.next(),
            line.hash(),
            totals(core.totals(), settled),
            plan.replay() ? core.doubt() : Math.max(core.doubt(), sent.doubt()),
            null,
            plan.replay() ? after(core, draft.lastSeq()) : core.replay(),
            told),
        line,
        settled.dead(),
        again);
  }

  private LedgerLine line(Wanted of, Core core, Plan plan, Sent sent, Settled settled) {
    Draft draft = settled.draft();
    boolean received =
        SinkTypes.byName(of.stream().receiver().type())
            .map(type -> type.received(of.stream().receiver().settings()))
            .orElse(false);
    boolean repeated = sent.repeated() || (!plan.replay() && draft.firstSeq() <= core.doubt());
    return new LedgerLine(
        plan.number(),
        draft.firstSeq(),
        draft.lastSeq(),
        plan.replay() ? core.next() : draft.lastSeq() + 1,
        new LedgerLine.Counts(
            draft.messages().size() + draft.misfits().size(),
            settled.taken(),
            settled.dead().size(),
            draft.purged()),
        sent.attempts(),
        new LedgerLine.Flags(plan.replay(), repeated, false, received),
        now(),
        draft.sha256(settled.dead().stream().map(DeadLetter::seq).collect(Collectors.toSet())),
        core.head());
  }

  private static Totals totals(Totals before, Settled settled) {
    long deadOwn =
        settled.dead().stream()
            .filter(letter -> settled.draft().own().contains(letter.seq()))
            .count();
    long own = settled.draft().own().size() - deadOwn;
    return new Totals(
        before.sent() + settled.taken(),
        before.dead() + settled.dead().size(),
        before.purged() + settled.draft().purged(),
        before.others() + Math.max(0, settled.taken() - own),
        before.deadOthers() + settled.dead().size() - deadOwn);
  }

  private List<DeadLetter> dead(Draft draft, long number, Sent sent) {
    Map<Long, DeadLetter> dead = new TreeMap<>();
    for (Draft.Misfit misfit : draft.misfits()) {
      dead.put(misfit.seq(), letter(misfit.seq(), misfit.id(), misfit.reason(), number));
    }
    List<Message> messages = draft.messages();
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      sent.whyNot(i)
          .ifPresent(
              why -> dead.put(message.seq(), letter(message.seq(), message.id(), why, number)));
    }
    return List.copyOf(dead.values());
  }

  private DeadLetter letter(long seq, String entryId, String why, long number) {
    String reason = why.length() > MAX_REASON_LENGTH ? why.substring(0, MAX_REASON_LENGTH) : why;
    return new DeadLetter(seq, entryId, reason, now(), number);
  }

  private long now() {
    return parts.chance().clock().millis();
  }
}
