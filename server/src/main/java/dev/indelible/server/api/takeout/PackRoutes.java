package dev.indelible.server.api.takeout;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.Change;
import dev.indelible.server.evidence.pack.PackTemplate;
import dev.indelible.server.evidence.pack.PackTemplates;
import dev.indelible.server.evidence.pack.PackText;
import dev.indelible.server.export.ExportFormat;
import dev.indelible.server.export.ExportJob;
import dev.indelible.server.export.ExportOrder;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Json;
import dev.indelible.server.profile.Permission;
import dev.indelible.verify.SignedNote;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Evidence packs: their templates, and asking for one. A pack is an export of a format of its own:
 * its state, its file and its end are those of {@link ExportRoutes}.
 */
public final class PackRoutes {

  /** The longest period of a pack. */
  static final Duration MAX_PERIOD = Duration.ofDays(366L * 10);

  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final String PACKS = "/v1/tenants/{tenant}/packs";
  private static final Permission PERMISSION = Permission.EVIDENCE_CREATE;

  private final Callers callers;
  private final PackTemplates templates;
  private final ExportRoutes exports;

  /**
   * Routes.
   *
   * @param exports the exports that packs are among
   */
  public PackRoutes(Callers callers, PackTemplates templates, ExportRoutes exports) {
    this.callers = callers;
    this.templates = templates;
    this.exports = exports;
  }

  /** All of them. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", PACKS + "/templates", "listPackTemplates", this::templates),
        new Route("POST", PACKS, "createPack", this::create),
        new Route("GET", PACKS, "listPacks", List.of("limit", "cursor"), this::list));
  }

  private void templates(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, PERMISSION);
    List<PackTemplate> all = templates.all(allowed.tenant().id());
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("templates");
          all.forEach(template -> write(json, template));
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, PackTemplate template) {
    json.writeStartObject();
    json.writeStringProperty("id", template.id());
    texts(json, "title", template.title());
    texts(json, "about", template.about());
    json.writeArrayPropertyStart("controls");
    for (PackTemplate.Control control : template.controls()) {
      json.writeStartObject();
      json.writeStringProperty("id", control.id());
      texts(json, "words", control.words());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("sections");
    for (PackTemplate.Section section : template.sections()) {
      json.writeStartObject();
      json.writeStringProperty("id", section.id());
      texts(json, "title", section.title());
      texts(json, "shows", section.shows());
      if (section.isAccessReview()) {
        json.writeBooleanProperty("access_review", true);
      } else {
        json.writeStringProperty("query", section.query());
      }
      Json.texts(json, "controls", section.controls());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("not_shown");
    for (PackTemplate.NotShown not : template.notShown()) {
      json.writeStartObject();
      Json.texts(json, "controls", not.controls());
      texts(json, "what", not.words());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringProperty("proofs", template.hasWholeLog() ? "log" : "entries");
    json.writeStringProperty("source", template.source());
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String name, PackText text) {
    json.writeObjectPropertyStart(name);
    for (String language : OrderFields.LANGUAGES) {
      json.writeStringProperty(language, text.in(Locale.forLanguageTag(language)));
    }
    json.writeEndObject();
  }

  private void create(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, PERMISSION);
    ExportOrder order = order(exchange, allowed);
    exports.begin(exchange, allowed, order);
  }

  private ExportOrder order(Exchange exchange, Callers.Allowed allowed) {
    JsonFields fields =
        JsonFields.of(
            exchange.json(MAX_BODY_BYTES),
            "id",
            "template",
            "from",
            "to",
            "language",
            "withhold_personal",
            "reason",
            "checkpoint");
    Optional<PackTemplate> template = template(fields, allowed.tenant().id());
    Instant from = required(fields, "from");
    Instant to = required(fields, "to");
    if (from != null && to != null && !from.isBefore(to)) {
      fields.fault("to", "out_of_range", "This must be after from.");
    } else if (from != null && to != null && Duration.between(from, to).compareTo(MAX_PERIOD) > 0) {
      fields.fault("to", "out_of_range", "A pack is of at most ten years.");
    }
    String reason = fields.textOrEmpty("reason", Change.MAX_REASON_LENGTH).strip();
    String checkpoint = checkpoint(fields, allowed);
    String id = exports.id(fields, "pack-");
    String language = fields.choice("language", OrderFields.LANGUAGES, "en");
    boolean withhold = Boolean.TRUE.equals(fields.flag("withhold_personal"));
    fields.check();
    return new ExportOrder(
        id,
        allowed.tenant().tenant(),
        exports.maker(allowed),
        template.orElseThrow().query(),
        from,
        to,
        ZoneOffset.UTC,
        ExportOrder.Window.ALL,
        ExportFormat.PACK,
        List.of(),
        withhold,
        Locale.forLanguageTag(language),
        reason.isEmpty() ? null : reason,
        null,
        new ExportOrder.Pack(
            template.orElseThrow().source(), template.orElseThrow().id(), checkpoint));
  }

  private Optional<PackTemplate> template(JsonFields fields, String tenant) {
    String id = Objects.requireNonNullElse(fields.text("template", Field.REQUIRED, 40), "");
    Optional<PackTemplate> template = templates.find(tenant, id);
    if (template.isEmpty() && !id.isEmpty()) {
      fields.fault(
          "template",
          "unknown_value",
          "This must be one of "
              + templates.all(tenant).stream()
                  .map(PackTemplate::id)
                  .collect(Collectors.joining(", "))
              + ".");
    }
    return template;
  }

  private static @Nullable Instant required(JsonFields fields, String name) {
    if (!fields.has(name)) {
      fields.fault(name, "missing", "This is required.");
      return null;
    }
    return fields.instant(name);
  }

  private @Nullable String checkpoint(JsonFields fields, Callers.Allowed allowed) {
    String note = fields.text("checkpoint", Field.OPTIONAL, SignedNote.MAX_BYTES / 8);
    if (note != null && !exports.jobs().isOwnCheckpoint(allowed.tenant().tenant(), note)) {
      fields.fault(
          "checkpoint",
          "bad_format",
          "This must be a checkpoint that this log signed, such as proofs/checkpoint of a pack.");
    }
    return note;
  }

  private void list(Exchange exchange) throws IOException {
    exports.list(exchange, callers.requireTenant(exchange, PERMISSION), "packs", PackRoutes::isOne);
  }

  /** Whether an export is an evidence pack. */
  static boolean isOne(ExportJob job) {
    return job.order().pack() != null;
  }
}
