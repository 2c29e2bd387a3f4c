package dev.indelible.server.api.governance;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.access.Caller;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Hold;
import dev.indelible.server.control.Retention;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.RetentionPeriod;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.retention.Holds;
import dev.indelible.server.retention.Purges;
import dev.indelible.server.retention.RetentionServices;
import dev.indelible.server.retention.RetentionTerms;
import dev.indelible.server.retention.Retentions;
import dev.indelible.server.retention.Selection;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** How long a tenant's entries are kept, and what goes when. */
public final class RetentionRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(RetentionRoutes.class);

  /** The largest request body here, in bytes. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  /** How long a preview's count confirms a change. */
  static final Duration CONFIRMATION_VALIDITY = Duration.ofHours(1);

  private static final List<String> FIELDS =
      List.of(
          "version", "requirements", "period", "tier", "reason", "confirm_entries", "confirm_at");

  private final Callers callers;
  private final Retentions retentions;
  private final Holds holds;
  private final Copies copies;
  private final Purges purges;
  private final GovernedChanges changes;
  private final InstantSource clock;

  public RetentionRoutes(
      Callers callers, RetentionServices services, GovernedChanges changes, InstantSource clock) {
    this.callers = callers;
    this.retentions = services.retentions();
    this.holds = services.holds();
    this.copies = services.copies();
    this.purges = services.purges();
    this.changes = changes;
    this.clock = clock;
  }

  public List<Route> routes() {
    String path = "/v1/tenants/{tenant}/retention";
    return List.of(
        new Route("GET", path, "getRetention", this::get),
        new Route("PUT", path, "setRetention", this::set),
        new Route(
            "GET", path + "/preview", "previewRetention", List.of("period", "at"), this::preview),
        new Route("POST", path + "/purge", "purgeEntries", this::purge));
  }

  private void purge(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.RETENTION_MANAGE);
    JsonFields fields = JsonFields.of(exchange.json(MAX_BODY_BYTES), "reason");
    String reason = fields.text("reason", Field.REQUIRED, Change.MAX_REASON_LENGTH);
    fields.check();
    List<Purges.Purged> purged;
    try {
      purged =
          purges.purge(
              allowed.tenant(), allowed.caller().changedBy(), Objects.requireNonNull(reason));
    } catch (IOException | JournalUnavailableException e) {
      LOG.error("a purge of {} is not finished", allowed.tenant().tenant(), e);
      throw ProblemException.unavailable(
              "purge_unfinished",
              "The purge could not be finished now; what was begun is finished later, at the next start at the latest.",
              Duration.ofSeconds(30))
          .withCause(e);
    }
    exchange.respondJson(200, json -> write(json, purged));
  }

  private static void write(JsonGenerator json, List<Purges.Purged> purged) {
    json.writeStartObject();
    json.writeNumberProperty("entries", purged.stream().mapToLong(Purges.Purged::entries).sum());
    json.writeArrayPropertyStart("purges");
    for (Purges.Purged one : purged) {
      json.writeStartObject();
      json.writeStringProperty("id", one.recordId());
      json.writeNumberProperty("seq", one.recordSeq());
      json.writeNumberProperty("entries", one.entries());
      json.writeStringProperty("cut_off", Rfc3339.format(one.cutOff()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void get(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireTenant(exchange, Permission.AUDIT_VIEW).tenant();
    exchange.respondJson(200, json -> write(json, tenant));
  }

  private void write(JsonGenerator json, Tenant tenant) {
    RetentionTerms terms = retentions.terms(tenant);
    json.writeStartObject();
    json.writeStringProperty("tenant", tenant.id());
    json.writeNumberProperty("version", retentions.version(tenant.tenant()));
    json.writeStringProperty("period", terms.period().jsonName());
    json.writeArrayPropertyStart("requirements");
    for (Retention.Requirement requirement : terms.requirements()) {
      json.writeStartObject();
      json.writeStringProperty("name", requirement.name());
      json.writeStringProperty("period", requirement.period());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (terms.tier() != null) {
      json.writeStringProperty("tier", terms.tier());
    }
    json.writeStringProperty("least", terms.least().jsonName());
    json.writeStringProperty("most", terms.most().jsonName());
    json.writeBooleanProperty("configurable", terms.configurable());
    terms
        .cutOff(terms.period(), now())
        .ifPresent(cutOff -> json.writeStringProperty("cut_off", Rfc3339.format(cutOff)));
    json.writeEndObject();
  }

  private void set(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.RETENTION_MANAGE);
    Tenant tenant = allowed.tenant();
    JsonNode body = exchange.json(MAX_BODY_BYTES);
    JsonFields fields = JsonFields.of(body, FIELDS.toArray(String[]::new));
    Long version = fields.number("version", Field.REQUIRED);
    Long confirmed = fields.number("confirm_entries", Field.OPTIONAL);
    Instant confirmedAt = fields.instant("confirm_at");
    String tier = fields.text("tier", Field.OPTIONAL, Retention.MAX_NAME_LENGTH);
    if (tier != null && !(allowed.caller() instanceof Caller.Operator)) {
      fields.fault("tier", "forbidden", "Only an operator's key may change the tier.");
    }
    String reason = fields.text("reason", Field.REQUIRED, Change.MAX_REASON_LENGTH);
    List<Retention.Requirement> requirements = requirements(fields, body);
    fields.check();
    Retention wanted =
        new Retention(
            tenant.tenant(), tier == null ? retentions.terms(tenant).tier() : tier, requirements);
    Optional<RetentionTerms.Refusal> refusal = retentions.refusal(tenant, wanted);
    if (refusal.isPresent()) {
      throw refused(refusal.get());
    }
    long current = retentions.version(tenant.tenant());
    if (Objects.requireNonNull(version) != current) {
      throw GovernedChanges.versionMoved(current);
    }
    confirm(allowed, wanted, confirmed, confirmedAt);
    List<Change> together = new ArrayList<>();
    if (current == 0) {
      // What the profile presets is recorded first, so that the change has a before.
      together.add(
          new Change(
              retentions.preset(tenant), 0, Change.ChangedBy.SYSTEM, "as the profile presets"));
    }
    together.add(new Change(wanted, Math.max(current, 1), allowed.caller().changedBy(), reason));
    changes.makeTogether(together);
    exchange.respondJson(200, json -> write(json, tenant));
  }

  private static ProblemException refused(RetentionTerms.Refusal refusal) {
    String code =
        switch (refusal.fault()) {
          case NOT_CONFIGURABLE -> "retention_not_configurable";
          case TOO_SHORT -> "retention_too_short";
          case TOO_LONG -> "retention_too_long";
          case UNKNOWN_TIER -> "unknown_tier";
        };
    return new ProblemException(422, code, refusal.detail());
  }

  /**
   * Requires that whoever shortens retention says how many entries will go, as a preview told them.
   */
  private void confirm(
      Callers.Allowed allowed,
      Retention wanted,
      @Nullable Long confirmed,
      @Nullable Instant confirmedAt)
      throws IOException {
    Tenant tenant = allowed.tenant();
    RetentionPeriod period =
        wanted.requirements().stream()
            .map(requirement -> RetentionPeriod.parse(requirement.period()))
            .max(RetentionPeriod::compareTo)
            .orElseThrow();
    if (period.compareTo(retentions.terms(tenant).period()) >= 0) {
      return;
    }
    Instant now = now();
    boolean usable =
        confirmedAt != null
            && !confirmedAt.isAfter(now)
            && confirmedAt.isAfter(now.minus(CONFIRMATION_VALIDITY));
    Instant at = usable ? Objects.requireNonNull(confirmedAt) : now;
    long entries = callers.read(allowed, () -> retentions.preview(tenant, period, at)).entries();
    if (usable && confirmed != null && confirmed == entries) {
      return;
    }
    throw new ProblemException(
            409,
            "confirmation_required",
            "With %s, %d entries will be deleted. If that is meant, send the same again with confirm_entries %d and confirm_at %s."
                .formatted(period.jsonName(), entries, entries, Rfc3339.format(at)))
        .withMembers(
            json -> {
              json.writeNumberProperty("entries", entries);
              json.writeStringProperty("at", Rfc3339.format(at));
            });
  }

  private static List<Retention.Requirement> requirements(JsonFields fields, JsonNode body) {
    String single = fields.text("period", Field.OPTIONAL, Retention.MAX_NAME_LENGTH);
    JsonNode list = body.get("requirements");
    if ((single == null) == (list == null)) {
      fields.fault(
          "requirements",
          "missing",
          "Say either a period, or a list of requirements with periods.");
      return List.of();
    }
    List<Retention.Requirement> result = new ArrayList<>();
    if (single != null) {
      add(fields, result, "period", "tenant", single);
    } else if (!list.isArray() || list.isEmpty() || list.size() > Retention.MAX_REQUIREMENTS) {
      fields.fault(
          "requirements",
          "wrong_type",
          "This must be a list of 1 to " + Retention.MAX_REQUIREMENTS + " requirements.");
    } else {
      for (int i = 0; i < list.size(); i++) {
        JsonNode item = list.get(i);
        String name = item.path("name").asString("");
        if (!item.isObject() || item.size() != 2 || name.isBlank() || name.length() > 200) {
          fields.fault(
              "requirements/" + i, "bad_format", "A requirement has a name and a period alone.");
        } else {
          add(
              fields,
              result,
              "requirements/" + i + "/period",
              name,
              item.path("period").asString(""));
        }
      }
    }
    return result;
  }

  private static void add(
      JsonFields fields,
      List<Retention.Requirement> result,
      String pointer,
      String name,
      String period) {
    try {
      result.add(new Retention.Requirement(name, RetentionPeriod.parse(period).jsonName()));
    } catch (IllegalArgumentException e) {
      fields.fault(
          pointer, "bad_format", "This must be lifetime or a period such as P90D, P13M or P7Y.");
    }
  }

  private void preview(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.RETENTION_MANAGE);
    Tenant tenant = allowed.tenant();
    RetentionTerms terms = retentions.terms(tenant);
    RetentionPeriod period = terms.period();
    String asked = exchange.query().text("period").orElse("");
    if (!asked.isEmpty()) {
      try {
        period = RetentionPeriod.parse(asked);
      } catch (IllegalArgumentException e) {
        throw ProblemException.invalidParameter(
            "period", "It must be lifetime or a period such as P90D, P13M or P7Y.");
      }
    }
    Instant at = exchange.query().instant("at").orElse(now());
    RetentionPeriod kept = period;
    Selection selection = callers.read(allowed, () -> retentions.preview(tenant, kept, at));
    Map<String, String> names = new HashMap<>();
    for (Hold hold : holds.active(tenant.tenant())) {
      // How many entries a hold by a name keeps is how many that person has.
      if (allowed.scope().seesPersonal() || holds.isCountable(hold)) {
        names.put(hold.holdId(), hold.name());
      }
    }
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("tenant", tenant.id());
          json.writeStringProperty("period", kept.jsonName());
          json.writeStringProperty("at", Rfc3339.format(at));
          write(json, selection, names);
          behind(json, copies.behind(tenant.tenant(), selection.ranges()));
          json.writeEndObject();
        });
  }

  /** Writes the streams that have not sent what would go, if there are any. */
  private static void behind(JsonGenerator json, List<Copies.Behind> streams) {
    if (streams.isEmpty()) {
      return;
    }
    json.writeArrayPropertyStart("streams_behind");
    for (Copies.Behind stream : streams) {
      json.writeStartObject();
      json.writeStringProperty("id", stream.id());
      json.writeStringProperty("name", stream.name());
      json.writeNumberProperty("next_seq", stream.nextSeq());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, Selection selection, Map<String, String> names) {
    time(json, "cut_off", selection.cutOff());
    json.writeNumberProperty("entries", selection.entries());
    time(json, "oldest", selection.oldest());
    time(json, "newest", selection.newest());
    json.writeArrayPropertyStart("categories");
    for (Map.Entry<String, Long> category : selection.categories().entrySet()) {
      json.writeStartObject();
      json.writeStringProperty("category", category.getKey());
      json.writeNumberProperty("entries", category.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberProperty("kept_by_holds", selection.keptByHolds());
    json.writeArrayPropertyStart("holds");
    for (Map.Entry<String, Long> held : selection.held().entrySet()) {
      if (!names.containsKey(held.getKey())) {
        continue;
      }
      json.writeStartObject();
      json.writeStringProperty("id", held.getKey());
      json.writeStringProperty("name", names.getOrDefault(held.getKey(), held.getKey()));
      json.writeNumberProperty("entries", held.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberProperty("kept_deletion_records", selection.records());
  }

  private static void time(JsonGenerator json, String field, @Nullable Instant time) {
    if (time != null) {
      json.writeStringProperty(field, Rfc3339.format(time));
    }
  }

  /** To the millisecond, as times are written. */
  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
