package dev.indelible.server.api.events;

import dev.indelible.server.access.Caller;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.ingest.Ingest;
import dev.indelible.server.ingest.ItemResult;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.share.Asker;
import dev.indelible.server.share.BusyException;
import dev.indelible.server.share.IntakeGate;
import java.time.Duration;
import java.util.List;

/** The way of events from a request to the log, for whatever form they are sent in. */
final class Intake {

  /** Name of the query parameter that says whether secrets are marked. */
  static final String SECRETS = "secrets";

  private static final Duration GATE_RETRY_AFTER = Duration.ofSeconds(1);

  private final Callers callers;
  private final Ingest ingest;
  private final IntakeGate gate;

  Intake(Callers callers, Ingest ingest, IntakeGate gate) {
    this.callers = callers;
    this.ingest = ingest;
    this.gate = gate;
  }

  /**
   * Sender of a request's events.
   *
   * @param caller who sends them
   * @param asker whose share they count for
   * @param marksSecrets whether they are of another program's log, whose secrets are marked
   */
  record Sender(Caller caller, Asker asker, boolean marksSecrets) {}

  /**
   * Finds the sender of a request.
   *
   * @param secrets {@code keep} or {@code mark}: how secrets are treated when the request does not
   *     say
   * @throws ProblemException 401 or 403 when they may not send
   */
  Sender sender(Exchange exchange, String secrets) {
    Caller caller = callers.require(exchange);
    if (!maySend(caller)) {
      throw Callers.lacks(Permission.EVENTS_WRITE);
    }
    boolean marks =
        exchange.query().choice(SECRETS, List.of("keep", "mark"), secrets).equals("mark");
    return new Sender(caller, Callers.sender(caller), marks);
  }

  private static boolean maySend(Caller caller) {
    return caller.home().map(home -> caller.may(Permission.EVENTS_WRITE, home)).orElse(true);
  }

  /** Waits for the sender's turn. */
  IntakeGate.Pass pass(Sender sender, long bytes) throws InterruptedException {
    try {
      return gate.enter(sender.asker(), bytes);
    } catch (BusyException e) {
      // As when the journal's own queue is full: senders know to send it again.
      throw ProblemException.unavailable(
              "overloaded", String.valueOf(e.getMessage()), GATE_RETRY_AFTER)
          .withCause(e);
    }
  }

  /** Records events of a sender whose turn it is. */
  List<ItemResult> record(Sender sender, List<Decoding> events) {
    return sender.marksSecrets()
        ? ingest.recordImported(sender.caller(), events)
        : ingest.record(sender.caller(), events);
  }
}
