package dev.indelible.server.api.governance;

import dev.indelible.server.json.Json;
import dev.indelible.server.profile.AccessMarks;
import dev.indelible.server.profile.Catalog;
import dev.indelible.server.profile.Profile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** The catalogs of other programs' logs as JSON, for viewers to show entries by. */
final class CatalogJson {

  private CatalogJson() {}

  static void write(JsonGenerator json, List<Catalog> catalogs) {
    json.writeArrayPropertyStart("catalogs");
    for (Catalog catalog : catalogs) {
      json.writeStartObject();
      json.writeStringProperty("id", catalog.name());
      json.writeStringProperty("name", catalog.title());
      Json.texts(json, "prefixes", catalog.prefixes());
      Json.texts(json, "common_prefixes", catalog.commonPrefixes());
      Json.texts(
          json, "personal_fields", catalog.personal().changeFields().stream().sorted().toList());
      Json.texts(json, "personal_details", catalog.personal().detailPaths());
      json.writeStringProperty(
          "personal_ids", catalog.personal().ids().which().name().toLowerCase(Locale.ROOT));
      json.writeBooleanProperty("personal_reason", catalog.personal().reason());
      Json.texts(json, "secret_keys", catalog.secrets());
      writeActions(json, catalog);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Whole names one by one; patterns, of which there are hundreds, by what is said of them. */
  private static void writeActions(JsonGenerator json, Catalog catalog) {
    Map<Family, List<String>> families = new LinkedHashMap<>();
    json.writeArrayPropertyStart("actions");
    for (Catalog.Group group : catalog.groups()) {
      for (Profile.Action action : group.actions()) {
        String name = action.action();
        if (action.isPattern()) {
          families
              .computeIfAbsent(
                  new Family(action.sentence(), action.securityRelevant()), _ -> new ArrayList<>())
              .add(name.substring(0, name.length() - 1));
        } else {
          json.writeStartObject();
          json.writeStringProperty("action", name);
          json.writeStringProperty("verb", action.verb());
          writeMeaning(json, new Family(action.sentence(), action.securityRelevant()));
          json.writeBooleanProperty("fails", action.fails());
          AccessMarks.write(json, action.access());
          json.writeEndObject();
        }
      }
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("families");
    families.forEach(
        (family, prefixes) -> {
          json.writeStartObject();
          Json.texts(json, "prefixes", prefixes);
          writeMeaning(json, family);
          json.writeEndObject();
        });
    json.writeEndArray();
  }

  private record Family(String sentence, boolean securityRelevant) {}

  /** Categories depend on those that the profile has, and are in the entries. */
  private static void writeMeaning(JsonGenerator json, Family family) {
    json.writeObjectPropertyStart("sentence");
    json.writeStringProperty("en", family.sentence());
    json.writeEndObject();
    json.writeBooleanProperty("security_relevant", family.securityRelevant());
  }
}
