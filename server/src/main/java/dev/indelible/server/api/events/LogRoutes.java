package dev.indelible.server.api.events;

import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.LogKey;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.ingest.ControlMirror;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.proof.EntryProof;
import dev.indelible.server.proof.LogKeys;
import dev.indelible.server.proof.QuorumState;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import dev.indelible.server.takeout.ProofJson;
import dev.indelible.verify.EntryBundle;
import dev.indelible.verify.Hash;
import dev.indelible.verify.LogResource;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.VerifierKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JsonGenerator;

/** A tenant's log as others may check it: checkpoint, tiles, keys, proofs. */
public final class LogRoutes {

  /** Full or partial, tiles and bundles never change. */
  static final String FOR_EVER = "private, max-age=31536000, immutable";

  /** How long a proof waits for a checkpoint that covers its entry. */
  static final Duration PROOF_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration MIRROR_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PEM = "application/x-pem-file";
  private static final Base64.Encoder PEM_LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)); // RFC 7468

  private final Callers callers;
  private final TenantLogs logs;
  private final Search search;
  private final ControlMirror mirror;
  private final AccessRecording recording;
  private final PublicLogs published;

  /** Dependencies of the program that the routes answer from. */
  public record Dependencies(
      TenantLogs logs,
      Search search,
      ControlMirror mirror,
      AccessRecording recording,
      PublicLogs published) {}

  public LogRoutes(Callers callers, Dependencies dependencies) {
    this.callers = callers;
    this.logs = dependencies.logs();
    this.search = dependencies.search();
    this.mirror = dependencies.mirror();
    this.recording = dependencies.recording();
    this.published = dependencies.published();
  }

  public List<Route> routes() {
    String log = "/v1/tenants/{tenant}/log";
    return List.of(
        new Route(
            "GET", log + "/checkpoint", "getCheckpoint", List.of("cosigned"), this::checkpoint),
        new Route("GET", log + "/witnesses", "getWitnesses", this::witnesses),
        new Route("GET", log + "/tile/{path*}", "getTile", this::tile),
        new Route(
            "GET",
            log + "/consistency",
            "getConsistency",
            List.of("from_size", "to_size"),
            this::consistency),
        new Route("GET", log + "/key", "getLogKey", this::verifierKeys),
        new Route("GET", log + "/key.pem", "getLogKeyPem", this::publicKeys),
        new Route("GET", log + "/keys", "listLogKeys", this::listKeys),
        new Route("POST", log + "/keys", "rotateLogKey", this::rotateKey),
        new Route("DELETE", log + "/keys/{key_id}", "retireLogKey", this::retireKey),
        new Route(
            "GET",
            "/v1/tenants/{tenant}/events/{id}/proof",
            "getProof",
            List.of("format"),
            this::proof));
  }

  /** The tenant, for whoever may see its log's proofs: everybody, where the log is published. */
  private TenantId reader(Exchange exchange) {
    return published
        .of(exchange)
        .orElseGet(
            () -> callers.requireTenant(exchange, Permission.AUDIT_VERIFY).tenant().tenant());
  }

  private void checkpoint(Exchange exchange) throws IOException, InterruptedException {
    TenantId tenant = reader(exchange);
    SignedCheckpoint checkpoint =
        exchange.query().flag("cosigned", false)
            ? logs.cosignedCheckpoint(tenant)
            : logs.checkpoint(tenant);
    exchange.setHeader("Cache-Control", "no-cache");
    exchange.respondText(200, TEXT, checkpoint.note().toString());
  }

  private void witnesses(Exchange exchange) throws IOException {
    QuorumState state = logs.quorumState(reader(exchange));
    exchange.setHeader("Cache-Control", "no-cache");
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeNumberProperty("quorum", state.needed());
          json.writeBooleanProperty("reached", state.reached());
          json.writeNumberProperty("newest_size", state.newestSize());
          if (state.cosignedSize().isPresent()) {
            json.writeNumberProperty("cosigned_size", state.cosignedSize().get());
          }
          json.writeArrayPropertyStart("witnesses");
          for (QuorumState.OfWitness witness : state.witnesses()) {
            json.writeStartObject();
            json.writeStringProperty("name", witness.key().name());
            json.writeStringProperty("verifier_key", witness.key().toString());
            if (witness.cosignedAt().isPresent()) {
              json.writeStringProperty("cosigned_at", Rfc3339.format(witness.cosignedAt().get()));
            }
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void tile(Exchange exchange) throws IOException {
    Optional<TenantId> open = published.of(exchange);
    if (open.isPresent()) {
      TenantId tenant = open.get();
      LogResource resource = resource(exchange);
      respond(exchange, resource, published.read(exchange, () -> logs.read(tenant, resource)));
      return;
    }
    Callers.Allowed allowed = callers.requireWholeReader(exchange, Permission.AUDIT_VERIFY);
    TenantId tenant = allowed.tenant().tenant();
    LogResource resource = resource(exchange);
    Optional<byte[]> bytes = callers.read(allowed, () -> logs.read(tenant, resource));
    if (bytes.isPresent()) {
      recording.verified(exchange, allowed, null);
    }
    respond(exchange, resource, bytes);
  }

  private static LogResource resource(Exchange exchange) {
    Parsed<LogResource> parsed = LogResource.parse("tile/" + exchange.pathParameter("path"));
    if (!(parsed instanceof Parsed.Ok<LogResource>(LogResource resource))) {
      throw new ProblemException(
          404, "not_found", "There is no such tile; see docs/formats/tile.md for their paths.");
    }
    return resource;
  }

  private static void respond(Exchange exchange, LogResource resource, Optional<byte[]> read)
      throws IOException {
    byte[] bytes =
        read.orElseThrow(
            () ->
                new ProblemException(
                    404, "not_found", "The log's newest checkpoint does not cover this tile."));
    exchange.setHeader("Cache-Control", FOR_EVER);
    boolean compressible = resource instanceof EntryBundle;
    if (compressible) {
      exchange.setHeader("Vary", "Accept-Encoding");
    }
    if (compressible && exchange.acceptsGzip()) {
      exchange.setHeader("Content-Encoding", "gzip");
      try (OutputStream out =
          new GZIPOutputStream(exchange.respondStream(200, "application/octet-stream"))) {
        out.write(bytes);
      }
      return;
    }
    try (OutputStream out = exchange.respondStream(200, "application/octet-stream")) {
      out.write(bytes);
    }
  }

  /** Hashes alone, which say nothing of any entry: for whoever may see proofs at all. */
  private void consistency(Exchange exchange) throws IOException {
    TenantId tenant = reader(exchange);
    long to = size(exchange, "to_size", Long.MAX_VALUE);
    long from = size(exchange, "from_size", to);
    long published = logs.publishedSize(tenant);
    if (to > published) {
      throw new ProblemException(
          404,
          "not_covered",
          "The log's newest checkpoint has size " + published + ", and none has size " + to + ".");
    }
    List<Hash> hashes = logs.consistencyProof(tenant, from, to);
    exchange.setHeader("Cache-Control", FOR_EVER);
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeNumberProperty("from_size", from);
          json.writeNumberProperty("to_size", to);
          json.writeArrayPropertyStart("hashes");
          hashes.forEach(hash -> json.writeString(hash.toBase64()));
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static long size(Exchange exchange, String name, long most) {
    try {
      long size = Long.parseLong(exchange.query().text(name).orElse(""));
      if (size >= 1 && size <= most) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number out of range is.
    }
    throw ProblemException.invalidParameter(
        name, "It must be the size of a tree, of 1 leaf or more; from_size is not above to_size.");
  }

  private void verifierKeys(Exchange exchange) throws IOException {
    String lines =
        logs.verifierKeys(reader(exchange)).stream()
            .map(VerifierKey::toString)
            .collect(Collectors.joining("\n", "", "\n"));
    exchange.setHeader("Cache-Control", "no-cache");
    exchange.respondText(200, TEXT, lines);
  }

  private void publicKeys(Exchange exchange) throws IOException {
    String pem =
        logs.verifierKeys(reader(exchange)).stream()
            .map(key -> PEM_LINES.encodeToString(key.subjectPublicKeyInfo()))
            .map("-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"::formatted)
            .collect(Collectors.joining());
    exchange.setHeader("Cache-Control", "no-cache");
    exchange.respondText(200, PEM, pem);
  }

  private void listKeys(Exchange exchange) throws IOException {
    List<LogKey> keys =
        logs.keys().all(callers.requireTenant(exchange, Permission.AUDIT_VERIFY).tenant().tenant());
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("keys");
          keys.forEach(key -> write(json, key));
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void rotateKey(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireOperator(exchange, "tenant");
    JsonFields fields = JsonFields.of(exchange.json(MAX_BODY_BYTES), "reason");
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    TenantId tenant = allowed.tenant().tenant();
    LogKey key = done(logs.keys().rotate(tenant, allowed.caller().changedBy(), reason));
    exchange.respondJson(201, json -> write(json, key));
  }

  private void retireKey(Exchange exchange) throws InterruptedException {
    Callers.Allowed allowed = callers.requireOperator(exchange, "tenant");
    done(
        logs.keys()
            .retire(
                allowed.tenant().tenant(),
                exchange.pathParameter("key_id"),
                allowed.caller().changedBy(),
                null));
    exchange.respondEmpty(204);
  }

  private LogKey done(LogKeys.Changed changed) throws InterruptedException {
    return switch (changed) {
      case LogKeys.Changed.Done done -> {
        if (done.position() != null) {
          mirror.awaitMirrored(done.position(), MIRROR_TIMEOUT);
        }
        yield done.key();
      }
      case LogKeys.Changed.Unknown() ->
          throw new ProblemException(404, "not_found", "The log has no key of that id.");
      case LogKeys.Changed.TooMany() ->
          throw new ProblemException(
              409,
              "too_many_keys",
              "The log has " + LogKeys.MAX_ACTIVE + " keys that sign; retire one first.");
      case LogKeys.Changed.TheLast() ->
          throw new ProblemException(
              409, "last_key", "It is the log's only key that signs; add another one first.");
    };
  }

  private static void write(JsonGenerator json, LogKey key) {
    json.writeStartObject();
    json.writeStringProperty("id", key.keyId());
    json.writeStringProperty("verifier_key", key.verifierKey());
    json.writeStringProperty("created_at", Rfc3339.format(key.createdAt()));
    if (key.retiredAt() != null) {
      json.writeStringProperty("retired_at", Rfc3339.format(key.retiredAt()));
    }
    json.writeEndObject();
  }

  private void proof(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VERIFY);
    Entry entry =
        search
            .entry(allowed.scope(), exchange.pathParameter("id"))
            .map(Found::shown)
            .orElseThrow(
                () -> new ProblemException(404, "not_found", "There is no entry of this id."));
    String accepted = exchange.header("Accept").orElse("");
    String format =
        exchange
            .query()
            .choice(
                "format",
                List.of("json", "tlog-proof"),
                accepted.startsWith("text/plain") ? "tlog-proof" : "json");
    TenantId tenant = allowed.tenant().tenant();
    logs.awaitPublished(tenant, entry.seq(), PROOF_TIMEOUT);
    EntryProof proof = logs.proofs(tenant, new long[] {entry.seq()}).getFirst();
    recording.verified(exchange, allowed, entry);
    if (format.equals("tlog-proof")) {
      exchange.respondText(200, TEXT, proof.file().toString());
    } else {
      exchange.respondJson(
          200, json -> ProofJson.write(json, entry.id(), proof, allowed.seenParts()));
    }
  }
}
