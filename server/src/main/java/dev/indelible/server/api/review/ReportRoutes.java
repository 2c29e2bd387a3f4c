package dev.indelible.server.api.review;

import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.evidence.period.ComplianceReport;
import dev.indelible.server.evidence.period.RequestTimeline;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.index.Facet;
import dev.indelible.server.json.Json;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.Order;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Reports on a period: figures beside those of the one before, and requests of data subjects. */
public final class ReportRoutes {

  /** The most entries that a timeline of requests is made of. */
  static final int MAX_ENTRIES = 20_000;

  private static final Permission PERMISSION = Permission.EVIDENCE_CREATE;
  private static final String REPORTS = "/v1/tenants/{tenant}/reports";

  private final Callers callers;
  private final Search search;
  private final AccessRecording recording;
  private final InstantSource clock;

  /** Routes. */
  public ReportRoutes(
      Callers callers, Search search, AccessRecording recording, InstantSource clock) {
    this.callers = callers;
    this.search = search;
    this.recording = recording;
    this.clock = clock;
  }

  /** All of them. */
  public List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            REPORTS + "/compliance",
            "getComplianceReport",
            List.of("from", "to"),
            this::compliance),
        new Route(
            "GET",
            REPORTS + "/requests",
            "getRequestReport",
            List.of("from", "to"),
            this::requests));
  }

  private record Period(Instant from, Instant to) {

    /** The period as searches are recorded. */
    String asked(String query) {
      return (query + " from:" + from + " to:" + to).strip();
    }
  }

  private static Period period(Exchange exchange) {
    Instant from = required(exchange, "from");
    Instant to = required(exchange, "to");
    if (!from.isBefore(to)) {
      throw ProblemException.invalidParameter("to", "It must be after from.");
    }
    return new Period(from, to);
  }

  private static Instant required(Exchange exchange, String name) {
    return exchange
        .query()
        .instant(name)
        .orElseThrow(
            () -> ProblemException.invalidParameter(name, "It is required: an RFC 3339 time."));
  }

  private void compliance(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, PERMISSION);
    Period period = period(exchange);
    ComplianceReport report =
        callers.read(
            allowed,
            () -> ComplianceReport.of(search, allowed.scope(), period.from(), period.to()));
    recording.searched(exchange, allowed, period.asked(""), report.lines().getFirst().count());
    exchange.respondJson(200, json -> write(json, report));
  }

  private static void write(JsonGenerator json, ComplianceReport report) {
    json.writeStartObject();
    Json.time(json, "from", report.from());
    Json.time(json, "to", report.to());
    Json.time(json, "before", report.before());
    json.writeArrayPropertyStart("figures");
    for (ComplianceReport.Line line : report.lines()) {
      json.writeStartObject();
      json.writeStringProperty("name", line.name());
      json.writeStringProperty("query", line.query());
      json.writeNumberProperty("count", line.count());
      json.writeNumberProperty("before", line.before());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectPropertyStart("top");
    for (Facet facet : report.tops()) {
      json.writeArrayPropertyStart(facet.field().name().toLowerCase(Locale.ROOT));
      for (Facet.Value value : facet.values()) {
        json.writeStartObject();
        json.writeStringProperty("value", value.value());
        json.writeNumberProperty("count", value.count());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void requests(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, PERMISSION);
    Period period = period(exchange);
    RequestTimeline timeline = new RequestTimeline();
    Search.Question question =
        new Search.Question(RequestTimeline.QUERY, period.from(), period.to(), ZoneOffset.UTC);
    int entries = 0;
    @Nullable String cursor = null;
    do {
      String at = cursor;
      Search.Page page =
          callers.read(
              allowed,
              () ->
                  search.page(allowed.scope(), question, Order.OLDEST_FIRST, Search.MAX_PAGE, at));
      page.entries().stream().map(Found::shown).forEach(timeline::add);
      entries += page.entries().size();
      cursor = page.next();
    } while (cursor != null && entries < MAX_ENTRIES);
    boolean complete = cursor == null && timeline.others() == 0;
    recording.searched(exchange, allowed, period.asked(RequestTimeline.QUERY), entries);
    List<RequestTimeline.Request> found = timeline.at(clock.instant());
    exchange.respondJson(200, json -> write(json, found, complete));
  }

  private static void write(
      JsonGenerator json, List<RequestTimeline.Request> requests, boolean complete) {
    json.writeStartObject();
    json.writeBooleanProperty("complete", complete);
    json.writeArrayPropertyStart("requests");
    for (RequestTimeline.Request request : requests) {
      json.writeStartObject();
      json.writeStringProperty("id", request.id());
      json.writeStringProperty("type", request.type());
      json.writeStringProperty("state", request.state().jsonName());
      json.writeBooleanProperty("rejected", request.rejected());
      Json.time(json, "received", request.received());
      Json.time(json, "due", request.due());
      Json.time(json, "answered", request.answered());
      json.writeArrayPropertyStart("steps");
      for (RequestTimeline.Step step : request.steps()) {
        json.writeStartObject();
        json.writeNumberProperty("seq", step.seq());
        json.writeStringProperty("entry", step.entry());
        Json.time(json, "at", step.at());
        json.writeStringProperty("action", step.action());
        Json.text(json, "actor", step.actorId());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
