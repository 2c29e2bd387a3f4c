package dev.indelible.server.profile;

import dev.indelible.server.event.DetailPaths;
import dev.indelible.server.event.PersonalIds;
import dev.indelible.server.event.PersonalRules;
import dev.indelible.server.event.Problem;
import dev.indelible.server.profile.Catalog.Group;
import dev.indelible.server.profile.Profile.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a {@link Catalog} from its JSON form and checks that it is consistent in itself. */
final class CatalogReader {

  private final List<Problem> problems = new ArrayList<>();

  /** Problems of the document that was read. */
  List<Problem> problems() {
    return problems;
  }

  /** The catalog that a document holds; of use without problems alone. */
  Catalog read(JsonNode document) {
    ProfileFields fields = ProfileFields.of(document, problems);
    Catalog catalog =
        new Catalog(
            ProfileReader.name(fields, "name"),
            fields.text("title"),
            fields.texts("prefixes"),
            fields.texts("common_prefixes"),
            new PersonalRules(
                Set.copyOf(fields.texts("personal_fields")),
                DetailPaths.of(ActionReader.paths(fields, "personal_details")),
                false,
                fields.object("personal_ids", CatalogReader::personalIds),
                fields.flag("personal_reason", false)),
            ActionReader.secretKeys(fields, "secret_keys"),
            verbs(fields),
            fields.objects("groups", this::group));
    check(fields, catalog);
    fields.end();
    return catalog;
  }

  private static PersonalIds personalIds(ProfileFields fields) {
    return new PersonalIds(
        fields.value(
            "which",
            text -> ProfileReader.constant(PersonalIds.Which.class, text),
            PersonalIds.Which.ALL),
        Set.copyOf(fields.texts("target_types")));
  }

  /** Verbs by the words that mean them, which a file lists by verb. */
  private static Map<String, String> verbs(ProfileFields fields) {
    Map<String, String> verbs = new HashMap<>();
    JsonNode lists = fields.any("verbs");
    if (lists == null) {
      return verbs;
    }
    for (Map.Entry<String, JsonNode> list : lists.properties()) {
      String verb = list.getKey();
      if (!ActionWords.VERBS.contains(verb)) {
        fields.fault(
            "verbs",
            Problem.Code.UNKNOWN_VALUE,
            "\""
                + verb
                + "\" is no verb; there are "
                + String.join(", ", ActionWords.VERBS.stream().sorted().toList()));
      }
      for (JsonNode word : list.getValue()) {
        if (verbs.put(word.asString(), verb) != null) {
          fields.fault("verbs", Problem.Code.INVALID, word + " occurs twice");
        }
      }
    }
    return verbs;
  }

  /**
   * A group: its own actions, and a pattern for each of its {@code families}, which share one
   * sentence.
   */
  private Group group(ProfileFields fields) {
    List<Action> actions =
        new ArrayList<>(fields.objects("actions", action -> ActionReader.read(action, problems)));
    for (List<Action> family : fields.objects("families", this::family)) {
      actions.addAll(family);
    }
    return new Group(ProfileReader.name(fields, "id"), Set.copyOf(fields.texts("words")), actions);
  }

  private List<Action> family(ProfileFields fields) {
    List<Action> actions = new ArrayList<>();
    boolean security = fields.flag("security_relevant", false);
    String sentence = fields.text("says");
    for (String prefix : fields.texts("prefixes")) {
      actions.add(pattern(prefix + "*", sentence, security));
    }
    return actions;
  }

  private static Action pattern(String name, String sentence, boolean security) {
    return new Action(
        name,
        ActionWords.UNKNOWN_VERB,
        sentence,
        List.of(),
        false,
        security,
        true,
        false,
        Set.of(),
        List.of(),
        List.of(),
        null,
        List.of());
  }

  /** Every action is once in a catalog, and begins with one of its prefixes. */
  private static void check(ProfileFields fields, Catalog catalog) {
    Set<String> names = new HashSet<>();
    for (Group group : catalog.groups()) {
      for (Action action : group.actions()) {
        String fault = fault(catalog, action, names);
        if (fault != null) {
          fields.fault("groups", Problem.Code.INVALID, "the action " + action.action() + fault);
        }
      }
    }
  }

  private static @Nullable String fault(Catalog catalog, Action action, Set<String> names) {
    if (!names.add(action.action())) {
      return " occurs twice";
    }
    if (!catalog.covers(action.action())) {
      return " begins with none of the prefixes";
    }
    return action.personalDetails().isEmpty()
            && action.personalFields().isEmpty()
            && action.details() == null
            && action.recorded()
            && !action.reasonRequired()
        ? null
        : " says what only a profile may: what is personal is said for the whole catalog";
  }
}
