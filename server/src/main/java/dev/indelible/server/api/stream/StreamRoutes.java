package dev.indelible.server.api.stream;

import dev.indelible.server.access.Scopes;
import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.api.takeout.LastingMaker;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.EventStream;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.search.Search;
import dev.indelible.server.sink.Sink;
import dev.indelible.server.sink.SinkType;
import dev.indelible.server.sink.WebhookSignatures;
import dev.indelible.server.sink.WebhookType;
import dev.indelible.server.stream.Streams;
import dev.indelible.server.trail.Note;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Streams to other systems: made, shown, changed, paused. Whoever changes one lends it their
 * rights, so that nobody has sent to themselves what another may see.
 */
public final class StreamRoutes {

  /** The longest time for which a secret signs beside the one that replaces it. */
  static final Duration MAX_OVERLAP = Duration.ofDays(7);

  /** The time for which it does unless the request says otherwise. */
  static final Duration OVERLAP = Duration.ofDays(1);

  private static final int MAX_BODY_BYTES = 256 * 1024;
  private static final Permission PERMISSION = Permission.STREAMS_MANAGE;
  private static final String STREAMS = "/v1/tenants/{tenant}/streams";
  static final String STREAM = STREAMS + "/{stream}";

  private final Callers callers;
  private final Dependencies dependencies;
  private final StreamJson documents;

  /** Held while streams are counted and one is added, so that no limit is passed by two. */
  private final ReentrantLock adding = new ReentrantLock();

  /**
   * Parts of the program that streams need.
   *
   * @param streams streams at work
   * @param changes makes changes of configuration
   * @param search tells who may ask what
   * @param ids new ids
   * @param clock the time
   */
  public record Dependencies(
      Streams streams,
      GovernedChanges changes,
      Search search,
      Supplier<String> ids,
      InstantSource clock) {}

  /** Routes. */
  public StreamRoutes(Callers callers, Dependencies dependencies) {
    this.callers = callers;
    this.dependencies = dependencies;
    this.documents = new StreamJson(dependencies.streams(), dependencies.search());
  }

  /** All of them. */
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(new Route("POST", STREAMS, "createStream", this::create));
    routes.add(new Route("GET", STREAMS, "listStreams", List.of("limit", "cursor"), this::list));
    routes.add(new Route("GET", STREAM, "getStream", this::get));
    routes.add(new Route("PUT", STREAM, "changeStream", this::change));
    routes.add(new Route("DELETE", STREAM, "deleteStream", this::delete));
    routes.add(new Route("POST", STREAM + "/pause", "pauseStream", this::pause));
    routes.add(new Route("POST", STREAM + "/resume", "resumeStream", this::resume));
    routes.add(new Route("POST", STREAM + "/test", "testStream", this::test));
    routes.add(new Route("POST", STREAM + "/secret", "rotateStreamSecret", this::secret));
    routes.addAll(new LedgerRoutes(this, dependencies.streams()).all());
    return List.copyOf(routes);
  }

  // ---- Made and changed.

  private void create(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    Asked asked = read(exchange, allowed, null);
    adding.lockInterruptibly();
    try {
      int there = configuration().eventStreams(allowed.tenant().tenant()).size();
      if (there >= EventStream.MAX_STREAMS) {
        throw new ProblemException(
            409, "too_many", "There are %d streams; delete one first.".formatted(there));
      }
      make(allowed, asked.stream(), 0);
    } finally {
      adding.unlock();
    }
    exchange.setHeader(
        "Location",
        "/v1/tenants/" + allowed.tenant().id() + "/streams/" + asked.stream().streamId());
    answer(exchange, 201, allowed, asked.stream(), asked.told());
  }

  private void change(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    EventStream old = find(exchange, allowed);
    Asked asked = read(exchange, allowed, old);
    make(allowed, asked.stream(), configuration().version(old));
    answer(exchange, 200, allowed, asked.stream(), asked.told());
  }

  private void make(Callers.Allowed allowed, EventStream stream, long replaces)
      throws InterruptedException {
    long _ =
        dependencies
            .changes()
            .make(new Change(stream, replaces, allowed.caller().changedBy(), null));
    dependencies.streams().changed();
  }

  private void answer(
      Exchange exchange,
      int status,
      Callers.Allowed allowed,
      EventStream stream,
      @Nullable String told)
      throws IOException {
    StreamJson.Shown shown = documents.shown(stream, told);
    exchange.respondJson(status, json -> documents.write(json, allowed, shown));
  }

  /**
   * A stream that was asked for.
   *
   * @param told what its receiver is to be told of a new secret, or null
   */
  private record Asked(EventStream stream, @Nullable String told) {}

  private Asked read(Exchange exchange, Callers.Allowed allowed, @Nullable EventStream old)
      throws IOException {
    TenantId tenant = allowed.tenant().tenant();
    JsonNode body = exchange.json(MAX_BODY_BYTES);
    JsonFields json = JsonFields.of(body, StreamFields.NAMES);
    StreamFields fields = new StreamFields(json, body, dependencies.streams(), tenant, old);
    String name = fields.name();
    String query = fields.query();
    StreamFields.Asked asked = fields.receiver();
    SinkType.Defaults defaults =
        asked == null ? new WebhookType().defaults() : asked.defaults(); // null is a fault
    EventStream.Content content = fields.content(query, defaults, withholds(allowed));
    EventStream.Limits limits = fields.limits(defaults);
    long start = start(json, body, tenant, old);
    json.check();
    dependencies.search().requireMayAsk(exportScope(allowed), query);
    EventStream.Stop stop = old == null ? null : old.stop();
    return new Asked(
        new EventStream(
            tenant,
            old == null ? "stm_" + dependencies.ids().get() : old.streamId(),
            name,
            content,
            Objects.requireNonNull(asked).receiver(),
            limits,
            LastingMaker.of(allowed),
            start,
            old == null ? now() : old.createdAt(),
            stop == null || stop.parked() ? null : stop,
            null),
        asked.told());
  }

  private static boolean withholds(Callers.Allowed allowed) {
    return !allowed.grant().allows(Permission.AUDIT_EXPORT) || !exportScope(allowed).seesPersonal();
  }

  /** The part of the log that the caller may have sent. */
  private static TenantScope exportScope(Callers.Allowed allowed) {
    if (!allowed.grant().allows(Permission.AUDIT_EXPORT)) {
      throw Callers.lacks(Permission.AUDIT_EXPORT);
    }
    return Scopes.of(allowed.caller(), allowed.tenant().tenant(), Permission.AUDIT_EXPORT);
  }

  /** The first sequence number of a new stream; that of the old one when it is changed. */
  private long start(JsonFields json, JsonNode body, TenantId tenant, @Nullable EventStream old)
      throws IOException {
    JsonNode value = body.path("start");
    long end = dependencies.streams().end(tenant);
    if (old != null) {
      return old.startSeq();
    }
    if (value.isMissingNode() || value.isNull() || value.asString("").equals("now")) {
      return end;
    }
    if (value.isObject()) {
      JsonFields start = json.object("start", Field.REQUIRED, "seq", "time");
      if (start != null && start.has("seq") != start.has("time")) {
        Long seq = start.number("seq", Field.OPTIONAL);
        Instant time = start.instant("time");
        return seq != null
            ? Math.min(seq, end)
            : time == null ? end : dependencies.streams().firstSince(tenant, time);
      }
    }
    json.fault(
        "start", "bad_format", "This must be now, {\"time\": a time} or {\"seq\": a number}.");
    return end;
  }

  private void delete(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    EventStream stream = find(exchange, allowed);
    make(allowed, stream.removed(now()), configuration().version(stream));
    exchange.respondEmpty(204);
  }

  private void pause(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    EventStream stream = find(exchange, allowed);
    String reason = reason(exchange);
    EventStream.Stop stop = stream.stop();
    EventStream paused = stream;
    if (stop == null || stop.parked()) {
      String by = "Paused by " + allowed.caller().changedBy().who() + ".";
      paused = stream.stopped(false, reason == null ? by : by + " " + reason);
      make(allowed, paused, configuration().version(stream));
    }
    answer(exchange, 200, allowed, paused, null);
  }

  private static @Nullable String reason(Exchange exchange) throws IOException {
    JsonFields fields = JsonFields.of(exchange.json(MAX_BODY_BYTES), "reason");
    String reason = fields.text("reason", Field.OPTIONAL, EventStream.MAX_STOP_LENGTH);
    fields.check();
    return reason;
  }

  private void resume(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    EventStream stream = find(exchange, allowed);
    EventStream resumed = stream;
    if (stream.stop() != null) {
      resumed = stream.resumed();
      make(allowed, resumed, configuration().version(stream));
    }
    answer(exchange, 200, allowed, resumed, null);
  }

  /** Makes a new secret of a webhook; the one before signs beside it for a while. */
  private void secret(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    EventStream stream = find(exchange, allowed);
    JsonFields fields = JsonFields.of(exchange.json(MAX_BODY_BYTES), "overlap");
    Duration overlap = fields.duration("overlap", Duration.ZERO, MAX_OVERLAP, OVERLAP);
    fields.check();
    EventStream.Receiver receiver = stream.receiver();
    if (!receiver.type().equals(WebhookType.NAME)) {
      throw new ProblemException(
          409, "no_signing_secret", "Only a webhook has a secret that is made here.");
    }
    Streams streams = dependencies.streams();
    ObjectNode settings = receiver.settings();
    byte[] secret = streams.parts().cipher().newSecret(WebhookSignatures.SECRET_BYTES);
    Map<String, String> sealed = new HashMap<>();
    byte[] before = streams.unseal(stream, WebhookType.SECRET);
    if (before != null && !overlap.isZero()) {
      settings.put(WebhookType.OVERLAP_UNTIL, now().plus(overlap).toString());
      sealed.put(
          WebhookType.SECRET_BEFORE,
          streams.seal(
              stream.tenant(), receiver.type(), settings, WebhookType.SECRET_BEFORE, before));
    } else {
      settings.remove(WebhookType.OVERLAP_UNTIL);
    }
    sealed.put(
        WebhookType.SECRET,
        streams.seal(stream.tenant(), receiver.type(), settings, WebhookType.SECRET, secret));
    EventStream rotated = stream.with(new EventStream.Receiver(receiver.type(), settings, sealed));
    make(allowed, rotated, configuration().version(stream));
    String signature = settings.path("signature").asString(WebhookType.V1);
    answer(exchange, 200, allowed, rotated, WebhookSignatures.told(signature, secret));
  }

  private void test(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    EventStream stream = find(exchange, allowed);
    Sink.Answer answer = dependencies.streams().probe(stream);
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put(
        "outcome",
        switch (answer) {
          case Sink.Answer.Taken _ -> "taken";
          case Sink.Answer.Failed _ -> "failed";
          case Sink.Answer.Refused _ -> "refused";
        });
    note(exchange, allowed, stream, "audit.stream.test", details, null);
    exchange.respondJson(200, json -> StreamJson.write(json, answer));
  }

  void note(
      Exchange exchange,
      Callers.Allowed allowed,
      EventStream stream,
      String action,
      ObjectNode details,
      @Nullable String reason) {
    dependencies
        .streams()
        .parts()
        .trail()
        .note(
            allowed.caller(),
            allowed.tenant(),
            new Note(
                action,
                new Event.Target("stream", stream.streamId(), stream.name(), null),
                details,
                reason,
                AccessRecording.origin(exchange)));
  }

  // ---- Shown.

  private void list(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ListCursor cursor = new ListCursor(allowed.tenant().id() + "/streams");
    String after = cursor.position(exchange);
    int limit = ListCursor.limit(exchange);
    List<EventStream> rest =
        configuration().eventStreams(allowed.tenant().tenant()).stream()
            .sorted(Comparator.comparing(StreamRoutes::place))
            .filter(stream -> after == null || place(stream).compareTo(after) > 0)
            .toList();
    List<EventStream> page = rest.stream().limit(limit).toList();
    List<StreamJson.Shown> shown = new ArrayList<>();
    for (EventStream stream : page) {
      shown.add(documents.shown(stream, null));
    }
    String next = rest.size() > limit ? cursor.after(place(page.getLast())) : null;
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("streams");
          shown.forEach(one -> documents.write(json, allowed, one));
          json.writeEndArray();
          ListCursor.writeNext(json, next);
          json.writeEndObject();
        });
  }

  private static String place(EventStream stream) {
    return "%020d %s".formatted(stream.createdAt().toEpochMilli(), stream.streamId());
  }

  private void get(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    answer(exchange, 200, allowed, find(exchange, allowed), null);
  }

  /** The caller who may manage streams. */
  Callers.Allowed allowed(Exchange exchange) {
    return callers.requireWholeTenant(exchange, PERMISSION);
  }

  EventStream find(Exchange exchange, Callers.Allowed allowed) {
    return configuration()
        .get(EventStream.class, allowed.tenant().id() + "/" + exchange.pathParameter("stream"))
        .orElseThrow(
            () -> new ProblemException(404, "not_found", "The tenant has no stream of that id."));
  }

  private Configuration configuration() {
    return dependencies.changes().control().configuration();
  }

  private Instant now() {
    return Instant.ofEpochMilli(dependencies.clock().millis());
  }
}
