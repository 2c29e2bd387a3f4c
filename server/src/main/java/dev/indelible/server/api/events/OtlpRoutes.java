package dev.indelible.server.api.events;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.ProgramState;
import dev.indelible.server.event.EventDecoder;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.ProblemForm;
import dev.indelible.server.http.Route;
import dev.indelible.server.ingest.ItemResult;
import dev.indelible.server.otlp.Encoding;
import dev.indelible.server.otlp.Logs;
import dev.indelible.server.otlp.LogsAnswers;
import dev.indelible.server.otlp.LogsDecoder;
import dev.indelible.server.share.IntakeGate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code POST /v1/logs}: OpenTelemetry's log records over OTLP/HTTP, of which those with an event
 * name are recorded.
 *
 * <p>Exporters send a request again after 429, 502, 503 and 504, and give it up after any other
 * error and after an answer that counts rejected records. So whatever may pass is answered with one
 * of these, and what never will is counted.
 */
public final class OtlpRoutes {

  /** Rejected records that the answer's message tells of one by one. */
  static final int MAX_TOLD = 10;

  /** The longest reason told of one record, in UTF-16 units. */
  static final int MAX_TOLD_LENGTH = 300;

  /** The code of a record that is no event. */
  static final String NO_EVENT_NAME = "no_event_name";

  private final Intake intake;
  private final ProgramState observer;
  private final LogsDecoder decoder = new LogsDecoder(new EventDecoder());

  public OtlpRoutes(Callers callers, EventRoutes.Dependencies dependencies) {
    this.intake = new Intake(callers, dependencies.ingest(), dependencies.gate());
    this.observer = dependencies.observer();
  }

  public List<Route> routes() {
    return List.of(
        new Route(
            "POST",
            "/v1/logs",
            "recordLogs",
            List.of(Intake.SECRETS),
            this::record,
            OtlpRoutes::problem));
  }

  /** A {@code google.rpc.Status} in the request's encoding. */
  static ProblemForm.Document problem(ProblemException problem, String mediaType) {
    Encoding encoding = Encoding.of(mediaType);
    // Exporters give up what is answered with 408; a request that came slowly may come again.
    int status = problem.status() == 408 ? 503 : problem.status();
    return new ProblemForm.Document(
        status,
        encoding.mediaType(),
        LogsAnswers.status(encoding, status, problem.code() + ": " + problem.detail()));
  }

  private void record(Exchange exchange) throws IOException, InterruptedException {
    Intake.Sender sender = intake.sender(exchange, "mark");
    Encoding encoding =
        Encoding.of(exchange.mediaType(Encoding.PROTOBUF.mediaType(), Encoding.JSON.mediaType()));
    byte[] body = exchange.body(LogsDecoder.MAX_BODY_BYTES).readAllBytes();
    Tally tally = new Tally();
    try (IntakeGate.Pass _ = intake.pass(sender, body.length)) {
      switch (decoder.decode(encoding, body)) {
        case Logs.Broken(var problem) -> throw EventRoutes.broken(problem);
        case Logs.Read logs -> tally.add(logs, intake.record(sender, logs.events()));
      }
    } finally {
      observer.recorded(tally.accepted, tally.duplicates, tally.rejectedCodes);
    }
    tally.requireNoneLater();
    exchange
        .respondStream(200, encoding.mediaType())
        .write(LogsAnswers.response(encoding, tally.rejectedCodes.size(), tally.why()));
  }

  /** The outcomes of the records of one request. */
  private static final class Tally {

    private final List<String> rejectedCodes = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private int count;
    private int accepted;
    private int duplicates;
    private String stopped = "";

    void add(Logs.Read logs, List<ItemResult> results) {
      count = logs.count();
      int next = 0;
      for (int index = 0; index < count; index++) {
        if (next < results.size() && logs.indexes().get(next) == index) {
          add(index, results.get(next++));
        } else {
          reject(
              index,
              NO_EVENT_NAME,
              "it has no event name (event_name, or the attribute event.name), so it is no event.");
        }
      }
    }

    private void add(int index, ItemResult result) {
      switch (result) {
        case ItemResult.Accepted entry -> {
          accepted++;
          duplicates += entry.duplicate() ? 1 : 0;
        }
        case ItemResult.Rejected rejected -> {
          if (rejected.code() == ItemResult.Code.LOG_STOPPED) {
            stopped = rejected.detail();
          }
          reject(index, rejected.code().value(), rejected.detail());
        }
      }
    }

    private void reject(int index, String code, String detail) {
      rejectedCodes.add(code);
      if (told.size() < MAX_TOLD) {
        String shown =
            detail.length() <= MAX_TOLD_LENGTH
                ? detail
                : detail.substring(0, MAX_TOLD_LENGTH) + "…";
        told.add("record %d: %s: %s".formatted(index, code, shown));
      }
    }

    /** Has the whole request sent again when the log of a tenant takes nothing for the time. */
    void requireNoneLater() {
      if (!stopped.isEmpty()) {
        throw ProblemException.unavailable("log_stopped", stopped, EventRoutes.STOPPED_RETRY_AFTER);
      }
    }

    String why() {
      int more = rejectedCodes.size() - told.size();
      return "%d of %d log records were not recorded. %s%s"
          .formatted(
              rejectedCodes.size(),
              count,
              String.join(" ", told),
              more == 0 ? "" : " And " + more + " more.");
    }
  }
}
