package dev.indelible.server.api.takeout;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Destination;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.deliver.Delivery;
import dev.indelible.server.deliver.DestinationRequests;
import dev.indelible.server.export.ExportJobs;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.schedule.CronException;
import dev.indelible.server.schedule.CronTimes;
import dev.indelible.server.schedule.ScheduleRun;
import dev.indelible.server.schedule.Schedules;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Schedules of exports: made, shown, changed, paused. Whoever changes one lends it their rights, so
 * that nobody has sent to themselves what another may see.
 */
public final class ScheduleRoutes {

  /** Times that a preview shows. */
  static final int PREVIEWED = 5;

  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final int MAX_ID_LENGTH = 64;
  private static final Permission PERMISSION = Permission.SCHEDULES_MANAGE;
  private static final String SCHEDULES = "/v1/tenants/{tenant}/schedules";
  private static final String SCHEDULE = SCHEDULES + "/{schedule}";

  private final Callers callers;
  private final Dependencies dependencies;
  private final ScheduleJson documents;

  /** Held while schedules are counted and one is added, so that no limit is passed by two. */
  private final ReentrantLock adding = new ReentrantLock();

  /**
   * Parts of the program that schedules need.
   *
   * @param schedules their runs
   * @param jobs tells what an export would give
   * @param destinations reads destinations
   * @param changes makes changes of configuration
   * @param search tells who may ask what
   * @param ids new ids
   * @param clock the time
   */
  public record Dependencies(
      Schedules schedules,
      ExportJobs jobs,
      DestinationRequests destinations,
      GovernedChanges changes,
      Search search,
      Supplier<String> ids,
      InstantSource clock) {}

  /** Routes. */
  public ScheduleRoutes(Callers callers, Dependencies dependencies) {
    this.callers = callers;
    this.dependencies = dependencies;
    this.documents = new ScheduleJson(dependencies.schedules(), dependencies.search());
  }

  /** All of them. */
  public List<Route> routes() {
    return List.of(
        new Route("POST", SCHEDULES, "createSchedule", this::create),
        new Route("GET", SCHEDULES, "listSchedules", List.of("limit", "cursor"), this::list),
        new Route(
            "GET",
            SCHEDULES + "/preview",
            "previewSchedule",
            List.of("cron", "zone", "from", "language"),
            this::preview),
        new Route("POST", SCHEDULES + "/test", "testDestination", this::testUnsaved),
        new Route("GET", SCHEDULE, "getSchedule", this::get),
        new Route("PUT", SCHEDULE, "changeSchedule", this::change),
        new Route("DELETE", SCHEDULE, "deleteSchedule", this::delete),
        new Route("POST", SCHEDULE + "/pause", "pauseSchedule", this::pause),
        new Route("POST", SCHEDULE + "/resume", "resumeSchedule", this::resume),
        new Route("POST", SCHEDULE + "/run", "runSchedule", this::run),
        new Route("POST", SCHEDULE + "/test", "testSchedule", this::test),
        new Route(
            "GET", SCHEDULE + "/runs", "listScheduleRuns", List.of("limit", "cursor"), this::runs));
  }

  // ---- Made and changed.

  private void create(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    Asked asked = read(exchange, allowed, null);
    adding.lockInterruptibly();
    try {
      int there = configuration().schedules(allowed.tenant().tenant()).size();
      if (there >= ExportSchedule.MAX_SCHEDULES) {
        throw new ProblemException(
            409, "too_many", "There are %d schedules; delete one first.".formatted(there));
      }
      long _ = make(allowed, asked.schedule(), 0);
    } finally {
      adding.unlock();
    }
    exchange.setHeader(
        "Location",
        "/v1/tenants/" + allowed.tenant().id() + "/schedules/" + asked.schedule().scheduleId());
    exchange.respondJson(
        201, json -> documents.write(json, allowed, asked.schedule(), asked.signingSecret()));
  }

  private void change(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ExportSchedule old = find(exchange, allowed);
    Asked asked = read(exchange, allowed, old);
    long _ = make(allowed, asked.schedule(), configuration().version(old));
    exchange.respondJson(
        200, json -> documents.write(json, allowed, asked.schedule(), asked.signingSecret()));
  }

  private long make(Callers.Allowed allowed, ExportSchedule schedule, long replaces)
      throws InterruptedException {
    return dependencies
        .changes()
        .make(new Change(schedule, replaces, allowed.caller().changedBy(), null));
  }

  /**
   * A schedule that was asked for.
   *
   * @param signingSecret a new secret that is shown once, or null
   */
  private record Asked(ExportSchedule schedule, @Nullable String signingSecret) {}

  private Asked read(Exchange exchange, Callers.Allowed allowed, @Nullable ExportSchedule old)
      throws IOException {
    JsonNode body = exchange.json(MAX_BODY_BYTES);
    ScheduleFields fields = ScheduleFields.read(JsonFields.of(body, ScheduleFields.NAMES), body);
    DestinationRequests.Made made =
        dependencies
            .destinations()
            .read(
                allowed.tenant().tenant(),
                body.get("destination"),
                old == null ? null : old.destination(),
                fields::destinationFault);
    fields.check();
    Destination destination =
        made == null ? new Destination.Inbox() : made.destination(); // null is a fault
    ExportSchedule.Maker maker = LastingMaker.of(allowed);
    ExportSchedule schedule =
        fields.schedule(
            allowed.tenant().tenant(),
            old == null ? "schedule-" + dependencies.ids().get() : old.scheduleId(),
            destination,
            maker,
            new ScheduleFields.Begins(
                old == null ? dependencies.schedules().logSize(allowed.tenant().tenant()) : 0,
                old,
                since(old)));
    requireExport(allowed, schedule);
    return new Asked(schedule, made == null ? null : made.signingSecret());
  }

  /** The time from which it is active: after the beginning of any run of what it was before. */
  private Instant since(@Nullable ExportSchedule old) {
    Instant now = now();
    return old == null
        ? now
        : dependencies
            .schedules()
            .book(old)
            .last()
            .map(run -> run.begunAt().plusMillis(1))
            .filter(last -> last.isAfter(now))
            .orElse(now);
  }

  /** Refuses a schedule whose export its maker could not make now; leaves nothing behind. */
  private void requireExport(Callers.Allowed allowed, ExportSchedule schedule) throws IOException {
    if (!allowed.grant().allows(Permission.AUDIT_EXPORT)) {
      throw Callers.lacks(Permission.AUDIT_EXPORT);
    }
    if (dependencies.jobs().preview(ScheduleFields.order(schedule)).isEmpty()) {
      throw Callers.lacks(Permission.AUDIT_EXPORT);
    }
  }

  private void delete(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ExportSchedule schedule = find(exchange, allowed);
    long _ = make(allowed, schedule.removed(now()), configuration().version(schedule));
    exchange.respondEmpty(204);
  }

  private void pause(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ExportSchedule schedule = find(exchange, allowed);
    ExportSchedule paused = schedule;
    if (schedule.isActive()) {
      paused = schedule.paused("Paused by " + allowed.caller().changedBy().who() + ".");
      long _ = make(allowed, paused, configuration().version(schedule));
    }
    ExportSchedule shown = paused;
    exchange.respondJson(200, json -> documents.write(json, allowed, shown, null));
  }

  private void resume(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ExportSchedule schedule = find(exchange, allowed);
    ExportSchedule resumed = schedule;
    if (!schedule.isActive()) {
      resumed = schedule.resumed(since(schedule));
      long _ = make(allowed, resumed, configuration().version(schedule));
    }
    ExportSchedule shown = resumed;
    exchange.respondJson(200, json -> documents.write(json, allowed, shown, null));
  }

  // ---- Run.

  private void run(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ExportSchedule schedule = find(exchange, allowed);
    if (!schedule.isActive()) {
      throw new ProblemException(
          409, "schedule_paused", "The schedule is paused; resume it first.");
    }
    ScheduleRun run =
        dependencies
            .schedules()
            .runNow(schedule)
            .orElseThrow(
                () ->
                    new ProblemException(
                        409, "schedule_running", "A run of this schedule is under way."));
    exchange.respondJson(202, json -> ScheduleJson.write(json, schedule, run));
  }

  private void test(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ExportSchedule schedule = find(exchange, allowed);
    Delivery.Outcome outcome =
        dependencies.schedules().probe(schedule.tenant(), schedule.destination());
    exchange.respondJson(200, json -> ScheduleJson.write(json, outcome));
  }

  /** Tests a destination before there is a schedule with it; nothing of it is kept. */
  private void testUnsaved(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    JsonNode body = exchange.json(MAX_BODY_BYTES);
    JsonFields fields = JsonFields.of(body, "destination", "schedule");
    String of = fields.text("schedule", Field.OPTIONAL, MAX_ID_LENGTH);
    ExportSchedule old = of == null ? null : find(of, allowed);
    DestinationRequests.Made made =
        dependencies
            .destinations()
            .read(
                allowed.tenant().tenant(),
                body.get("destination"),
                old == null ? null : old.destination(),
                (field, code, detail) ->
                    ScheduleFields.destinationFault(fields, field, code, detail));
    fields.check();
    if (!allowed.grant().allows(Permission.AUDIT_EXPORT)) {
      throw Callers.lacks(Permission.AUDIT_EXPORT);
    }
    Destination destination =
        made == null ? new Destination.Inbox() : made.destination(); // null is a fault
    Delivery.Outcome outcome =
        dependencies.schedules().probe(allowed.tenant().tenant(), destination);
    exchange.respondJson(200, json -> ScheduleJson.write(json, outcome));
  }

  // ---- Shown.

  private void list(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ListCursor cursor = new ListCursor(allowed.tenant().id() + "/schedules");
    String after = cursor.position(exchange);
    int limit = ListCursor.limit(exchange);
    List<ExportSchedule> all = configuration().schedules(allowed.tenant().tenant());
    List<ExportSchedule> rest =
        all.stream()
            .sorted(Comparator.comparing(ScheduleRoutes::place))
            .filter(schedule -> after == null || place(schedule).compareTo(after) > 0)
            .toList();
    List<ExportSchedule> page = rest.stream().limit(limit).toList();
    String next = rest.size() > limit ? cursor.after(place(page.getLast())) : null;
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("schedules");
          page.forEach(schedule -> documents.write(json, allowed, schedule, null));
          json.writeEndArray();
          ListCursor.writeNext(json, next);
          json.writeEndObject();
        });
  }

  private static String place(ExportSchedule schedule) {
    return "%020d %s".formatted(schedule.createdAt().toEpochMilli(), schedule.scheduleId());
  }

  private void get(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ExportSchedule schedule = find(exchange, allowed);
    exchange.respondJson(200, json -> documents.write(json, allowed, schedule, null));
  }

  private void runs(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ExportSchedule schedule = find(exchange, allowed);
    ListCursor cursor = new ListCursor(schedule.id() + "/runs");
    String after = cursor.position(exchange);
    int limit = ListCursor.limit(exchange);
    List<ScheduleRun> rest =
        dependencies.schedules().book(schedule).runs().reversed().stream()
            .filter(run -> after == null || run.number() < Long.parseLong(after))
            .toList();
    List<ScheduleRun> page = rest.stream().limit(limit).toList();
    String next = rest.size() > limit ? cursor.after(Long.toString(page.getLast().number())) : null;
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("runs");
          page.forEach(run -> ScheduleJson.write(json, schedule, run));
          json.writeEndArray();
          ListCursor.writeNext(json, next);
          json.writeEndObject();
        });
  }

  private void preview(Exchange exchange) throws IOException {
    Callers.Allowed _ = callers.requireWholeTenant(exchange, PERMISSION);
    ZoneId zone = exchange.query().zone();
    Locale language =
        Locale.forLanguageTag(exchange.query().choice("language", ScheduleFields.LANGUAGES, "en"));
    Instant from = exchange.query().instant("from").orElse(now());
    try {
      CronTimes times = CronTimes.of(exchange.query().text("cron").orElse(""), zone);
      exchange.respondJson(
          200,
          json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("next");
            times.next(from, PREVIEWED).forEach(at -> json.writeString(Rfc3339.format(at)));
            json.writeEndArray();
            json.writeStringProperty("in_words", times.inWords(language));
            json.writeEndObject();
          });
    } catch (CronException e) {
      throw ProblemException.invalidParameter("cron", String.valueOf(e.getMessage())).withCause(e);
    }
  }

  private ExportSchedule find(Exchange exchange, Callers.Allowed allowed) {
    return find(exchange.pathParameter("schedule"), allowed);
  }

  private ExportSchedule find(String id, Callers.Allowed allowed) {
    return configuration()
        .get(ExportSchedule.class, allowed.tenant().id() + "/" + id)
        .orElseThrow(
            () -> new ProblemException(404, "not_found", "The tenant has no schedule of that id."));
  }

  private Configuration configuration() {
    return dependencies.changes().control().configuration();
  }

  private Instant now() {
    return Instant.ofEpochMilli(dependencies.clock().millis());
  }
}
