package dev.indelible.server.api.events;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.access.Caller;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.ErrorTable;
import dev.indelible.server.api.caller.ProgramState;
import dev.indelible.server.event.CloudEventDecoder;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.EventDecoder;
import dev.indelible.server.event.EventLimits;
import dev.indelible.server.event.NdjsonReader;
import dev.indelible.server.event.Problem;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Problems;
import dev.indelible.server.http.Route;
import dev.indelible.server.ingest.Ingest;
import dev.indelible.server.ingest.ItemResult;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.proof.EntryProof;
import dev.indelible.server.proof.LogStoppedException;
import dev.indelible.server.proof.NotPublishedException;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.share.IntakeGate;
import dev.indelible.server.takeout.ProofJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/** {@code POST /v1/events}: one event, an array, a stream of lines, or CloudEvents. */
public final class EventRoutes {

  /** Events of a stream that are recorded together. */
  static final int STREAM_CHUNK_EVENTS = 1_000;

  /** Bytes of a stream's lines that are recorded together at most, roughly. */
  static final long STREAM_CHUNK_BYTES = 4L << 20;

  /** Entries of one request whose proofs are in its answer, when they are asked for. */
  static final int MAX_PROVEN = 1_000;

  /** How long an answer waits for a checkpoint. */
  static final Duration SEALED_TIMEOUT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(EventRoutes.class);
  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";
  private static final String CLOUD_EVENT = "application/cloudevents+json";
  private static final String CLOUD_EVENTS = "application/cloudevents-batch+json";

  /** How long a sender waits before it tries a log again that is stopped. */
  static final Duration STOPPED_RETRY_AFTER = Duration.ofMinutes(1);

  private final Intake intake;
  private final TenantLogs logs;
  private final ProgramState observer;
  private final EventDecoder decoder = new EventDecoder();
  private final CloudEventDecoder cloudEvents = new CloudEventDecoder(decoder);

  /** Dependencies of the program that the routes answer from. */
  public record Dependencies(
      Ingest ingest, IntakeGate gate, TenantLogs logs, ProgramState observer) {}

  public EventRoutes(Callers callers, Dependencies dependencies) {
    this.intake = new Intake(callers, dependencies.ingest(), dependencies.gate());
    this.logs = dependencies.logs();
    this.observer = dependencies.observer();
  }

  public List<Route> routes() {
    return List.of(
        new Route(
            "POST", "/v1/events", "recordEvents", List.of("wait", Intake.SECRETS), this::record));
  }

  private void record(Exchange exchange) throws IOException, InterruptedException {
    Intake.Sender sender = intake.sender(exchange, "keep");
    boolean sealed =
        exchange.query().choice("wait", List.of("durable", "sealed"), "durable").equals("sealed");
    Answer answer = new Answer(sealed);
    String type = exchange.mediaType(JSON, NDJSON, CLOUD_EVENT, CLOUD_EVENTS);
    boolean binary = type.equals(JSON) && exchange.header("ce-specversion").isPresent();
    try {
      if (type.equals(NDJSON)) {
        recordStream(sender, exchange, answer);
      } else {
        byte[] body = exchange.body(EventLimits.MAX_BATCH_BYTES).readAllBytes();
        try (IntakeGate.Pass _ = intake.pass(sender, body.length)) {
          List<Decoding> events =
              binary
                  ? List.of(cloudEvents.decodeBinary(exchange.headers(), body))
                  : decode(type, body);
          answer.add(intake.record(sender, events));
        }
      }
    } catch (JournalUnavailableException e) {
      throw ErrorTable.ofJournal(
          e,
          answer.accepted == 0
              ? ""
              : " The first %d events are recorded.".formatted(answer.accepted));
    } finally {
      // A stream that breaks off has recorded what came before.
      observer.recorded(answer.accepted, answer.duplicates, answer.rejectedCodes);
    }
    if (sealed) {
      answer.prove(logs, mayReadAll(sender.caller()));
    }
    answer.send(exchange);
  }

  private static boolean mayReadAll(Caller caller) {
    return caller
        .home()
        .flatMap(caller::grant)
        .map(
            grant ->
                grant.allowsWhole(Permission.AUDIT_VIEW)
                    && grant.allowsWhole(Permission.AUDIT_VIEW_PERSONAL))
        .orElse(true);
  }

  private List<Decoding> decode(String type, byte[] body) {
    return switch (type) {
      case CLOUD_EVENT -> List.of(cloudEvents.decode(body, 0, body.length));
      case CLOUD_EVENTS -> items(cloudEvents.decodeBatch(body, 0, body.length));
      default ->
          isArray(body)
              ? items(decoder.decodeArray(body, 0, body.length))
              : List.of(decoder.decode(body, 0, body.length));
    };
  }

  private static List<Decoding> items(Decoding.Batch batch) {
    return switch (batch) {
      case Decoding.Batch.Items(List<Decoding> items) -> items;
      case Decoding.Batch.Broken(Problem problem) -> throw broken(problem);
    };
  }

  /** The answer to a body of which nothing can be used. */
  static ProblemException broken(Problem problem) {
    int status =
        problem.code() == Problem.Code.TOO_LARGE || problem.code() == Problem.Code.TOO_MANY
            ? 413
            : 400;
    return new ProblemException(status, problem.code().jsonName(), problem.detail());
  }

  private static boolean isArray(byte[] body) {
    for (byte b : body) {
      // White space of RFC 8259, and a byte order mark, which the decoder knows how to skip.
      if (b == ' ' || b == '\t' || b == '\n' || b == '\r' || (b & 0xff) >= 0x80) {
        continue;
      }
      return b == '[';
    }
    return false;
  }

  private void recordStream(Intake.Sender sender, Exchange exchange, Answer answer)
      throws IOException, InterruptedException {
    NdjsonReader lines = new NdjsonReader(decoder, exchange.body(EventLimits.MAX_STREAM_BYTES));
    List<Decoding> chunk = new ArrayList<>(STREAM_CHUNK_EVENTS);
    long recorded = 0;
    try {
      NdjsonReader.Item item;
      while ((item = lines.next()) != null) {
        chunk.add(item.decoding());
        long bytes = lines.bytesTaken() - recorded;
        if (chunk.size() == STREAM_CHUNK_EVENTS || bytes >= STREAM_CHUNK_BYTES) {
          recordChunk(sender, intake.pass(sender, bytes), chunk, answer);
          recorded += bytes;
        }
      }
      recordChunk(sender, intake.pass(sender, lines.bytesTaken() - recorded), chunk, answer);
    } catch (ProblemException e) {
      // The body broke off or is too long: what came before it is recorded, and the answer says so.
      throw answer.isEmpty() ? e : partly(e, answer.accepted);
    }
    Problem stopped = lines.stopped();
    if (stopped != null) {
      throw partly(broken(stopped), answer.accepted);
    }
  }

  private void recordChunk(
      Intake.Sender sender, IntakeGate.Pass pass, List<Decoding> chunk, Answer answer) {
    try (pass) {
      answer.add(intake.record(sender, chunk));
      chunk.clear();
    }
  }

  private static ProblemException partly(ProblemException cause, int accepted) {
    return new ProblemException(
            cause.status(),
            cause.code(),
            "%s The first %d events of the stream are recorded; send the stream again with ids to go on."
                .formatted(cause.detail(), accepted))
        .withHeadersOf(cause)
        .withCause(cause);
  }

  /** The answer as it grows. */
  private static final class Answer {

    private record Refusal(int index, ItemResult.Rejected rejected) {}

    private final boolean withSeq;
    private final List<ItemResult.Accepted> entries = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> rejectedCodes = new ArrayList<>();
    private final Map<ItemResult.Accepted, EntryProof> proofs = new HashMap<>();
    private boolean withParts;
    private int index;
    private int accepted;
    private int duplicates;

    Answer(boolean withSeq) {
      this.withSeq = withSeq;
    }

    boolean isEmpty() {
      return index == 0;
    }

    void add(List<ItemResult> results) {
      for (ItemResult result : results) {
        switch (result) {
          case ItemResult.Accepted entry -> {
            entries.add(entry);
            accepted++;
            duplicates += entry.duplicate() ? 1 : 0;
          }
          case ItemResult.Rejected rejected -> {
            refusals.add(new Refusal(index, rejected));
            rejectedCodes.add(rejected.code().value());
          }
        }
        index++;
      }
    }

    /** Waits until the first entries are covered by checkpoints, and adds their proofs. */
    void prove(TenantLogs logs, boolean mayRead) throws IOException, InterruptedException {
      withParts = mayRead;
      Map<TenantId, List<ItemResult.Accepted>> byTenant =
          entries.stream()
              .limit(MAX_PROVEN)
              .collect(Collectors.groupingBy(ItemResult.Accepted::tenant));
      long deadline = System.nanoTime() + SEALED_TIMEOUT.toNanos();
      for (Map.Entry<TenantId, List<ItemResult.Accepted>> one : byTenant.entrySet()) {
        List<ItemResult.Accepted> wanted = one.getValue();
        long[] seqs = wanted.stream().mapToLong(ItemResult.Accepted::seq).toArray();
        Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        if (!logs.awaitPublished(one.getKey(), Arrays.stream(seqs).max().orElse(0), left)) {
          continue;
        }
        try {
          List<EntryProof> found = logs.proofs(one.getKey(), seqs);
          for (int i = 0; i < seqs.length; i++) {
            proofs.put(wanted.get(i), found.get(i));
          }
        } catch (LogStoppedException | NotPublishedException e) {
          // The entries are recorded all the same: the answer goes without their proofs.
          LOG.warn("no proofs of what was just recorded", e);
        }
      }
    }

    void send(Exchange exchange) throws IOException {
      if (accepted > 0 || refusals.isEmpty()) {
        exchange.respondJson(201, this::write);
        return;
      }
      int ofFirst = status(refusals.getFirst());
      boolean alike = refusals.stream().allMatch(refusal -> status(refusal) == ofFirst);
      int status = alike ? ofFirst : 422;
      if (status == 503) {
        exchange.setHeader("Retry-After", Long.toString(STOPPED_RETRY_AFTER.toSeconds()));
      }
      Refusal first = refusals.getFirst();
      String detail =
          refusals.size() == 1
              ? first.rejected().detail()
              : "None of the %d events could be recorded. The first: %s"
                  .formatted(refusals.size(), first.rejected().detail());
      exchange.respondJson(
          status,
          "application/problem+json",
          json -> writeProblem(json, exchange, status, first, detail));
    }

    private void writeProblem(
        JsonGenerator json, Exchange exchange, int status, Refusal first, String detail) {
      json.writeStartObject();
      String code = refusals.size() == 1 ? first.rejected().code().value() : "all_rejected";
      json.writeStringProperty("type", "urn:indelible:problem:" + code);
      json.writeStringProperty("title", Problems.title(status));
      json.writeNumberProperty("status", status);
      json.writeStringProperty("code", code);
      json.writeStringProperty("detail", detail);
      json.writeStringProperty("request_id", exchange.requestId());
      if (refusals.size() == 1) {
        writeProblems(json, first.rejected().problems());
      }
      writeBody(json);
      json.writeEndObject();
    }

    private static int status(Refusal refusal) {
      return switch (refusal.rejected().code()) {
        case ID_CONFLICT -> 409;
        case LOG_STOPPED -> 503;
        case INVALID_EVENT,
            EVENT_TOO_LARGE,
            UNKNOWN_TENANT,
            UNKNOWN_ACTION,
            REASON_REQUIRED,
            NOT_RECORDED,
            RESERVED_ACTION ->
            422;
      };
    }

    private void write(JsonGenerator json) {
      json.writeStartObject();
      writeBody(json);
      json.writeEndObject();
    }

    private void writeBody(JsonGenerator json) {
      json.writeNumberProperty("accepted", accepted);
      json.writeArrayPropertyStart("entries");
      for (ItemResult.Accepted entry : entries) {
        writeEntry(json, entry);
      }
      json.writeEndArray();
      json.writeArrayPropertyStart("rejected");
      for (Refusal refusal : refusals) {
        json.writeStartObject();
        json.writeNumberProperty("index", refusal.index());
        json.writeNumberProperty("status", status(refusal));
        json.writeStringProperty("code", refusal.rejected().code().value());
        json.writeStringProperty("detail", refusal.rejected().detail());
        writeProblems(json, refusal.rejected().problems());
        json.writeEndObject();
      }
      json.writeEndArray();
    }

    private void writeEntry(JsonGenerator json, ItemResult.Accepted entry) {
      json.writeStartObject();
      json.writeStringProperty("id", entry.id());
      json.writeStringProperty("tenant", entry.tenant().value());
      json.writeStringProperty(
          "recorded_at", Rfc3339.format(Instant.ofEpochMilli(entry.recordedAtMillis())));
      if (withSeq) {
        json.writeNumberProperty("seq", entry.seq());
      }
      if (entry.duplicate()) {
        json.writeBooleanProperty("duplicate", true);
      }
      EntryProof proof = proofs.get(entry);
      if (proof != null) {
        json.writeName("proof");
        ProofJson.write(
            json, entry.id(), proof, withParts ? ProofJson.Parts.ALL : ProofJson.Parts.NONE);
      }
      json.writeEndObject();
    }

    private static void writeProblems(JsonGenerator json, @Nullable List<Problem> problems) {
      if (problems == null || problems.isEmpty()) {
        return;
      }
      json.writeArrayPropertyStart("errors");
      for (Problem problem : problems) {
        json.writeStartObject();
        json.writeStringProperty("pointer", problem.pointer());
        json.writeStringProperty("code", problem.code().jsonName());
        json.writeStringProperty("detail", problem.detail());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }
}
