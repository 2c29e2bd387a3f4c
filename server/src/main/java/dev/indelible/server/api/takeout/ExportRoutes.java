package dev.indelible.server.api.takeout;

import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.export.Canceling;
import dev.indelible.server.export.ExportFormat;
import dev.indelible.server.export.ExportJob;
import dev.indelible.server.export.ExportJobs;
import dev.indelible.server.export.ExportMaker;
import dev.indelible.server.export.ExportOrder;
import dev.indelible.server.export.ExportPreview;
import dev.indelible.server.export.Leaving;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.FileAnswer;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Json;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.search.Found;
import dev.indelible.server.takeout.EntryWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;

/** Exports that are made in the background: asked for, listed, downloaded, taken away. */
public final class ExportRoutes {

  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final String EXPORTS = "/v1/tenants/{tenant}/exports";
  private static final String EXPORT = EXPORTS + "/{export}";
  private static final Permission PERMISSION = Permission.AUDIT_EXPORT;

  /** An id that somebody chooses for an export: a name of a folder. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final Callers callers;
  private final Dependencies dependencies;

  /**
   * Parts of the program that exports need.
   *
   * @param jobs the exports
   * @param configuration names of keys
   * @param entries how entries are shown
   * @param ids new ids
   * @param clock the time
   * @param recording records what is read
   */
  public record Dependencies(
      ExportJobs jobs,
      Configuration configuration,
      EntryWriter entries,
      Supplier<String> ids,
      InstantSource clock,
      AccessRecording recording) {}

  /** Routes. */
  public ExportRoutes(Callers callers, Dependencies dependencies) {
    this.callers = callers;
    this.dependencies = dependencies;
  }

  /** All of them. */
  public List<Route> routes() {
    return List.of(
        new Route("POST", EXPORTS, "createExport", this::create),
        new Route("POST", EXPORTS + "/preview", "previewExport", this::preview),
        new Route("GET", EXPORTS, "listExports", List.of("limit", "cursor"), this::list),
        new Route("GET", EXPORT, "getExport", this::get),
        new Route("DELETE", EXPORT, "deleteExport", this::delete),
        new Route("POST", EXPORT + "/cancel", "cancelExport", this::cancel),
        new Route("GET", EXPORT + "/file", "downloadExport", this::file),
        new Route("GET", EXPORT + "/manifest", "getExportManifest", this::manifest));
  }

  private ExportOrder order(Exchange exchange, Callers.Allowed allowed) {
    List<String> names = new ArrayList<>(OrderFields.NAMES);
    names.add("id");
    JsonFields fields = JsonFields.of(exchange.json(MAX_BODY_BYTES), names.toArray(String[]::new));
    OrderFields order = OrderFields.read(fields);
    String id = id(fields, "export-");
    fields.check();
    return order.order(id, allowed.tenant().tenant(), maker(allowed));
  }

  /** The id that somebody chose, or a new one. */
  String id(JsonFields fields, String prefix) {
    String id = fields.text("id", Field.OPTIONAL, 64);
    if (id != null && !ID.matcher(id).matches()) {
      fields.fault("id", "bad_format", "This must be of letters, digits, dots, dashes.");
    }
    return id == null ? prefix + dependencies.ids().get() : id;
  }

  /** The exports. */
  ExportJobs jobs() {
    return dependencies.jobs();
  }

  ExportMaker maker(Callers.Allowed allowed) {
    return ExportMaker.of(
        allowed.caller(), dependencies.configuration(), dependencies.clock().instant());
  }

  private void create(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, PERMISSION);
    begin(exchange, allowed, order(exchange, allowed));
  }

  /** Begins an order, and answers with it. */
  void begin(Exchange exchange, Callers.Allowed allowed, ExportOrder order) throws IOException {
    switch (dependencies.jobs().begin(order, AccessRecording.origin(exchange))) {
      case ExportJobs.Begun.Started(ExportJob job) -> {
        if (!isVisible(job, allowed)) {
          throw new ProblemException(409, "already_exists", "There is another export of this id.");
        }
        exchange.setHeader(
            "Location", "/v1/tenants/" + job.tenant().value() + "/exports/" + job.id());
        exchange.respondJson(202, json -> ExportJson.write(json, job));
      }
      case ExportJobs.Begun.NotAllowed(String why) ->
          throw new ProblemException(403, "forbidden", why);
      case ExportJobs.Begun.Busy(String why) -> throw new ProblemException(409, "too_many", why);
    }
  }

  private void preview(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, PERMISSION);
    ExportOrder order = order(exchange, allowed);
    ExportPreview preview =
        dependencies.jobs().preview(order).orElseThrow(() -> Callers.lacks(PERMISSION));
    // It shows entries: whoever looks at them has asked a query.
    dependencies
        .recording()
        .searched(exchange, allowed, order.asked(), preview.job().position().estimate());
    exchange.respondJson(200, json -> write(json, preview));
  }

  private void write(JsonGenerator json, ExportPreview preview) throws IOException {
    ExportJob job = preview.job();
    json.writeStartObject();
    json.writeNumberProperty("estimate", job.position().estimate());
    Json.texts(json, "columns", job.columns());
    Json.texts(json, "left_out", job.leftOut());
    json.writeStringProperty(
        "personal",
        !job.reach().personal() ? "not_yours" : job.order().withhold() ? "withheld" : "included");
    json.writeArrayPropertyStart("sample");
    for (Found entry : preview.sample()) {
      json.writeRawValue(new String(dependencies.entries().toBytes(entry), StandardCharsets.UTF_8));
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("warnings");
    if (job.order().format() == ExportFormat.CSV) {
      warning(
          json,
          "spreadsheets_change_csv",
          "Spreadsheets make numbers and dates of ids such as 00123 or 1e5 when they open CSV;"
              + " xlsx keeps them as they are.");
    }
    if (!job.leftOut().isEmpty()) {
      warning(json, "columns_left_out", "The file does not hold every field of its entries.");
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void warning(JsonGenerator json, String code, String text) {
    json.writeStartObject();
    json.writeStringProperty("code", code);
    json.writeStringProperty("text", text);
    json.writeEndObject();
  }

  private void list(Exchange exchange) throws IOException {
    list(
        exchange,
        callers.requireTenant(exchange, PERMISSION),
        "exports",
        job -> !PackRoutes.isOne(job));
  }

  /** Answers with a page of those of a kind. */
  void list(Exchange exchange, Callers.Allowed allowed, String name, Predicate<ExportJob> kind)
      throws IOException {
    ListCursor cursor = new ListCursor(allowed.tenant().id() + "/" + name);
    String after = cursor.position(exchange);
    int limit = ListCursor.limit(exchange);
    List<ExportJob> visible =
        dependencies.jobs().list(allowed.tenant().tenant()).stream()
            .filter(job -> kind.test(job) && isVisible(job, allowed))
            .filter(job -> after == null || place(job).compareTo(after) < 0)
            .toList();
    List<ExportJob> page = visible.stream().limit(limit).toList();
    String next = visible.size() > limit ? cursor.after(place(page.getLast())) : null;
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart(name);
          page.forEach(job -> ExportJson.write(json, job));
          json.writeEndArray();
          ListCursor.writeNext(json, next);
          json.writeEndObject();
        });
  }

  /** Place in the list, such that a later job's is greater. */
  private static String place(ExportJob job) {
    return "%020d %s".formatted(job.times().created().toEpochMilli(), job.id());
  }

  private boolean isVisible(ExportJob job, Callers.Allowed allowed) {
    return job.isVisibleTo(allowed.scope()) || job.order().maker().isSame(maker(allowed));
  }

  private ExportJob found(Exchange exchange, Callers.Allowed allowed) {
    return dependencies
        .jobs()
        .find(allowed.tenant().tenant(), exchange.pathParameter("export"))
        .filter(job -> isVisible(job, allowed))
        .orElseThrow(ProblemException::notFound);
  }

  private void get(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, PERMISSION);
    ExportJob job = found(exchange, allowed);
    exchange.respondJson(200, json -> ExportJson.write(json, job));
  }

  private void cancel(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, PERMISSION);
    ExportJob job = found(exchange, allowed);
    ExportJob now =
        dependencies
            .jobs()
            .cancel(job, canceling(exchange, allowed))
            .or(() -> dependencies.jobs().find(job.tenant(), job.id()))
            .orElseThrow(ProblemException::notFound);
    exchange.respondJson(200, json -> ExportJson.write(json, now));
  }

  private static Canceling canceling(Exchange exchange, Callers.Allowed allowed) {
    return new Canceling(allowed.caller(), allowed.tenant(), AccessRecording.origin(exchange));
  }

  private void delete(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, PERMISSION);
    ExportJob job = found(exchange, allowed);
    dependencies.jobs().remove(job, canceling(exchange, allowed));
    exchange.respondEmpty(204);
  }

  private void manifest(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, PERMISSION);
    ExportJob job = found(exchange, allowed);
    exchange.respondJson(200, json -> ExportJson.manifest(json, job));
  }

  private void file(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, PERMISSION);
    ExportJob job = found(exchange, allowed);
    ExportJob.FileOf file = job.available().orElseThrow(() -> noFile(job));
    if (!job.isVisibleTo(allowed.scope())) {
      throw new ProblemException(403, "forbidden", "The file holds what you may not see any more.");
    }
    FileAnswer answer =
        new FileAnswer(
            dependencies.jobs().file(job),
            file.bytes(),
            job.order().format().mediaType(),
            "\"" + file.sha256() + "\"");
    if (!answer.isKnown(exchange)) {
      dependencies
          .jobs()
          .isDownloaded(
              job,
              maker(allowed),
              new Leaving(
                  allowed.caller(), allowed.tenant(), "download", AccessRecording.origin(exchange)),
              answer.isLaterPart(exchange));
    }
    exchange.setHeader("Content-Disposition", "attachment; filename=\"" + file.name() + "\"");
    answer.send(exchange, () -> stillMay(exchange, allowed, job));
  }

  private static ProblemException noFile(ExportJob job) {
    String detail = "The export is " + job.state().jsonName() + "; it has no file.";
    return job.state().isUnderWay()
        ? new ProblemException(409, "export_not_done", detail)
        : new ProblemException(410, "export_gone", detail);
  }

  private boolean stillMay(Exchange exchange, Callers.Allowed allowed, ExportJob job) {
    Optional<ExportJob> now = dependencies.jobs().find(job.tenant(), job.id());
    return now.flatMap(ExportJob::available).isPresent()
        && callers.stillMay(exchange, allowed.scope(), PERMISSION);
  }
}
