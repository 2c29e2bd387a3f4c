package dev.indelible.server.stream;

import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.EventStream;
import dev.indelible.server.event.Event;
import dev.indelible.server.stream.StreamState.Core;
import dev.indelible.server.stream.StreamState.Told;
import dev.indelible.server.trail.AccessTrail;
import dev.indelible.server.trail.Note;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Entries about streams in the logs that they are of: the head of a ledger once a day, which proves
 * all of it, and that entries could not be sent, once an hour.
 *
 * <p>Only what is not itself about streams, alerts or exports gives a reason for one: an idle
 * system records none. Thread-safe.
 */
final class StreamTelling {

  /** How often a ledger is recorded, at most. */
  static final Duration LEDGER_EVERY = Duration.ofDays(1);

  /** How often dead letters are recorded, at most. */
  static final Duration DEAD_EVERY = Duration.ofHours(1);

  private final StreamParts parts;
  private final StreamLedger ledger;

  StreamTelling(StreamParts parts, StreamLedger ledger) {
    this.parts = parts;
    this.ledger = ledger;
  }

  /** Records what is due about a stream. */
  void tell(EventStream stream) {
    Core core = ledger.state(stream.id()).core();
    Told told = core.told();
    long now = parts.chance().clock().millis();
    if (core.totals().others() > told.others()
        && isDue(now, told.ledgerAtMillis(), LEDGER_EVERY)
        && told.ledgerAtMillis() != 0) {
      note(stream, "audit.stream.ledger", about(stream.id()));
      told(stream.id(), now, true, false);
    }
    if (core.totals().deadOthers() > told.dead() && isDue(now, told.deadAtMillis(), DEAD_EVERY)) {
      dead(stream, core, now);
    }
  }

  /** Records dead letters of a stream that has just had its turn, if they are due. */
  void dead(String id) {
    Core core = ledger.state(id).core();
    long now = parts.chance().clock().millis();
    if (core.totals().deadOthers() > core.told().dead()
        && isDue(now, core.told().deadAtMillis(), DEAD_EVERY)) {
      Configuration configuration = parts.control().configuration();
      Optional<EventStream> stream = configuration.get(EventStream.class, id);
      stream.ifPresent(found -> dead(found, core, now));
    }
  }

  private void dead(EventStream stream, Core core, long now) {
    ObjectNode details = about(stream.id());
    details.put("new_dead_letters", core.totals().deadOthers() - core.told().dead());
    // First the mark: a crash in between leaves an entry out, and two turns never make two.
    told(stream.id(), now, false, true);
    note(stream, "audit.stream.dead_letter", details);
  }

  /** Whether the time is over, also where a clock was set back. */
  private static boolean isDue(long now, long last, Duration every) {
    return last == 0 || now < last || now - last >= every.toMillis();
  }

  private void told(String id, long now, boolean isLedger, boolean isDead) {
    StreamState _ =
        ledger.change(
            id,
            state -> {
              Told before = state.core().told();
              StreamState.Totals totals = state.core().totals();
              return new StreamLedger.Change(
                  state
                      .core()
                      .with(
                          new Told(
                              isLedger ? now : before.ledgerAtMillis(),
                              isLedger ? totals.others() : before.others(),
                              isDead ? now : before.deadAtMillis(),
                              isDead ? totals.deadOthers() : before.dead())));
            });
  }

  private ObjectNode about(String id) {
    StreamState state = ledger.state(id);
    Core core = state.core();
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put("number", core.number());
    details.put("head", HexFormat.of().formatHex(core.head()));
    details.put("next_seq", core.next());
    details.put("sent", core.totals().sent());
    details.put("dead_letters", core.totals().dead());
    details.put("purged", core.totals().purged());
    return details;
  }

  private void note(EventStream stream, String action, ObjectNode details) {
    parts
        .control()
        .configuration()
        .tenantOrClosed(stream.tenant())
        .ifPresent(
            tenant ->
                parts
                    .trail()
                    .noteProgram(
                        tenant,
                        new Note(
                            action,
                            new Event.Target("stream", stream.streamId(), stream.name(), null),
                            details,
                            null,
                            AccessTrail.INSIDE)));
  }
}
