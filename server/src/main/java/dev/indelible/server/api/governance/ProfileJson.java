package dev.indelible.server.api.governance;

import dev.indelible.server.control.Tenant;
import dev.indelible.server.json.Json;
import dev.indelible.server.profile.AccessMarks;
import dev.indelible.server.profile.DetailsSchema;
import dev.indelible.server.profile.Profile;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A profile as JSON: its whole catalog, for viewers to show entries by. */
final class ProfileJson {

  private ProfileJson() {}

  /** The members that tell one profile from another. */
  static void writeHead(JsonGenerator json, Profile profile, String version) {
    json.writeStringProperty("id", profile.name());
    json.writeStringProperty("name", profile.title());
    json.writeStringProperty("description", profile.description());
    json.writeStringProperty("version", version);
  }

  /** The members that come of the profile alone. */
  static void writeBody(JsonGenerator json, Profile profile) {
    json.writeBooleanProperty("actor_hashing", profile.actorHashing());
    writeCatalog(json, profile);
    Json.texts(json, "personal_fields", profile.personalFields().stream().sorted().toList());
    Json.texts(json, "personal_details", profile.personalDetails());
    Json.texts(json, "persons", profile.persons().stream().sorted().toList());
    Json.texts(json, "no_persons", profile.noPersons().stream().sorted().toList());
    json.writeBooleanProperty("promised", profile.promised());
    json.writeStringProperty("secrets", lower(profile.secrets().when()));
    Json.texts(json, "secret_keys", profile.secrets().keys());
    CatalogJson.write(json, profile.catalogs());
    writeRetention(json, profile.retention());
    json.writeArrayPropertyStart("roles");
    for (Profile.Role role : profile.roles()) {
      json.writeStartObject();
      json.writeStringProperty("id", role.id());
      json.writeStringProperty("name", role.title());
      json.writeStringProperty("scope", lower(role.scope()));
      Json.texts(json, "permission_sets", role.permissionSets());
      json.writeEndObject();
    }
    json.writeEndArray();
    writeViewer(json, profile.viewer());
    Json.texts(json, "exports", profile.exportFormats().stream().map(ProfileJson::lower).toList());
    json.writeArrayPropertyStart("evidence_packs");
    profile.evidencePacks().forEach(pack -> named(json, pack.id(), pack.title(), pack.query()));
    json.writeEndArray();
    json.writeArrayPropertyStart("alert_rules");
    profile.alertRules().forEach(rule -> named(json, rule.id(), rule.title(), rule.query()));
    json.writeEndArray();
  }

  private static void writeCatalog(JsonGenerator json, Profile profile) {
    json.writeArrayPropertyStart("categories");
    for (Profile.Category category : profile.categories()) {
      json.writeStartObject();
      json.writeStringProperty("id", category.id());
      json.writeStringProperty("name", category.title());
      Json.texts(json, "words", category.words().stream().sorted().toList());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("actions");
    for (Profile.Category category : profile.categories()) {
      for (Profile.Action action : category.actions()) {
        json.writeStartObject();
        json.writeStringProperty("action", action.action());
        json.writeStringProperty("category", category.id());
        json.writeStringProperty("verb", action.verb());
        json.writeObjectPropertyStart("sentence");
        json.writeStringProperty("en", action.sentence());
        json.writeEndObject();
        Json.texts(json, "target_types", action.targetTypes());
        json.writeBooleanProperty("reason_required", action.reasonRequired());
        json.writeBooleanProperty("security_relevant", action.securityRelevant());
        json.writeBooleanProperty("recorded", action.recorded());
        json.writeBooleanProperty("fails", action.fails());
        Json.texts(json, "personal_fields", action.personalFields().stream().sorted().toList());
        Json.texts(json, "personal_details", action.personalDetails());
        if (!action.author().isEmpty()) {
          Json.texts(json, "author", action.author());
        }
        DetailsSchema details = action.details();
        if (details != null) {
          Json.tree(json, "details", details.source());
        }
        AccessMarks.write(json, action.access());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void writeRetention(JsonGenerator json, Profile.Retention retention) {
    json.writeObjectPropertyStart("retention");
    json.writeStringProperty("default", retention.preset().jsonName());
    json.writeStringProperty("least", retention.least().jsonName());
    json.writeStringProperty("most", retention.most().jsonName());
    json.writeBooleanProperty("configurable", retention.configurable());
    json.writeBooleanProperty("holds", retention.holds());
    json.writeStringProperty("erasure_due", retention.erasureDue().toString());
    json.writeArrayPropertyStart("tiers");
    for (Profile.Retention.Tier tier : retention.tiers()) {
      json.writeStartObject();
      json.writeStringProperty("name", tier.name());
      json.writeStringProperty("period", tier.period().jsonName());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeViewer(JsonGenerator json, Profile.Viewer viewer) {
    json.writeObjectPropertyStart("viewer");
    json.writeStringProperty(
        "default",
        viewer.last() == null ? "newest_" + viewer.newest() : "last_" + days(viewer) + "_days");
    json.writeNumberProperty("newest", viewer.newest());
    if (viewer.last() != null) {
      json.writeStringProperty("last", viewer.last().toString());
    }
    Json.texts(json, "filters", viewer.filters());
    Json.texts(json, "columns", viewer.columns());
    if (viewer.zone() != null) {
      json.writeStringProperty("zone", viewer.zone().getId());
    }
    json.writeEndObject();
  }

  private static long days(Profile.Viewer viewer) {
    Period last = viewer.last();
    return last == null ? 0 : ChronoUnit.DAYS.between(LocalDate.EPOCH, LocalDate.EPOCH.plus(last));
  }

  /** Writes what a tenant may decide otherwise than its profile. */
  static void writeSettings(JsonGenerator json, Profile profile, @Nullable Tenant tenant) {
    boolean views = profile.viewRecording();
    String unknown = lower(profile.unknownActions());
    boolean refuseReasons = profile.missingReasons() == Profile.MissingReasons.REJECT;
    Integer due = null;
    if (tenant != null) {
      Boolean chosen = tenant.recordViews();
      views = chosen == null ? views : chosen;
      unknown = lower(tenant.unknownActions());
      Boolean refuse = tenant.refuseMissingReasons();
      refuseReasons = refuse == null ? refuseReasons : refuse;
      due = tenant.erasureDueDays();
    }
    json.writeBooleanProperty("record_views", views);
    json.writeStringProperty("unknown_actions", unknown);
    json.writeStringProperty("missing_reasons", refuseReasons ? "reject" : "accept_and_flag");
    json.writeBooleanProperty("reason_for_exports", profile.reasonForExports());
    json.writeStringProperty(
        "erasure_due",
        (due == null ? profile.retention().erasureDue() : Period.ofDays(due)).toString());
    json.writeBooleanProperty("support_access", tenant != null && tenant.supportAccess());
  }

  private static void named(JsonGenerator json, String id, String name, String query) {
    json.writeStartObject();
    json.writeStringProperty("id", id);
    json.writeStringProperty("name", name);
    json.writeStringProperty("query", query);
    json.writeEndObject();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
