package dev.indelible.server.profile;

import dev.indelible.server.event.PersonalRules;
import dev.indelible.server.profile.Profile.Action;
import dev.indelible.server.profile.Profile.AlertRule;
import dev.indelible.server.profile.Profile.Category;
import dev.indelible.server.profile.Profile.EvidencePack;
import dev.indelible.server.profile.Profile.ExportFormat;
import dev.indelible.server.profile.Profile.PermissionSet;
import dev.indelible.server.profile.Profile.Retention;
import dev.indelible.server.profile.Profile.Role;
import dev.indelible.server.profile.Profile.Scope;
import dev.indelible.server.profile.Profile.UnknownActions;
import dev.indelible.server.profile.Profile.Viewer;
import java.time.DateTimeException;
import java.time.Period;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@link Profile} from its YAML file and checks that it is consistent in itself. */
final class ProfileReader {

  private static final int MAX_NEWEST = 1_000;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final Pattern ACTION = Pattern.compile("[a-z0-9][a-z0-9_.:-]{0,127}\\*?");
  private static final Pattern PLACE = Pattern.compile("\\{([^}]*)}");
  private static final Pattern PLACE_NAME =
      Pattern.compile(
          "actor|target|targets|before|after|field|reason|account|outcome|details\\.[a-z0-9_]+");
  private static final Set<String> FILTERS =
      Set.of(
          "time",
          "category",
          "actor",
          "role",
          "action",
          "verb",
          "target",
          "target_type",
          "account",
          "outcome",
          "ip",
          "country",
          "session",
          "changed",
          "security",
          "text");
  private static final Set<String> COLUMNS =
      Set.of(
          "time",
          "actor",
          "action",
          "sentence",
          "target",
          "category",
          "outcome",
          "ip",
          "location",
          "account",
          "tenant",
          "verb",
          "target_type",
          "reason");

  private ProfileReader() {}

  /**
   * The profile that a file holds, the shared actions added.
   *
   * @param shared categories that every profile has; a profile's own of the same name comes first
   * @throws ProfileFormatException when it is not a profile
   */
  static Profile read(String file, String text, List<Category> shared) {
    YamlMap map = YamlMap.parse(file, text);
    Profile profile = profile(map, shared);
    map.end();
    return profile;
  }

  /** The categories that a file of nothing else holds. */
  static List<Category> readCategories(String file, String text) {
    YamlMap map = YamlMap.parse(file, text);
    List<Category> categories = map.maps("categories", ProfileReader::category);
    map.end();
    return categories;
  }

  private static Profile profile(YamlMap map, List<Category> shared) {
    List<Category> categories = withShared(map.maps("categories", ProfileReader::category), shared);
    checkCatalog(map, categories);
    List<PermissionSet> sets = map.maps("permission_sets", ProfileReader::permissionSet);
    List<Role> roles = map.maps("roles", ProfileReader::role);
    checkRoles(map, sets, roles);
    List<String> personalDetails = map.texts("personal_details");
    checkPaths(map, "personal_details", personalDetails);
    return new Profile(
        name(map, "name"),
        map.text("title"),
        map.text("description"),
        map.value("unknown_actions", text -> constant(UnknownActions.class, text)),
        map.flag("actor_hashing", false),
        map.flag("view_recording", false),
        categories,
        Set.copyOf(map.texts("personal_fields")),
        personalDetails,
        map.map("retention", ProfileReader::retention),
        sets,
        roles,
        map.map("viewer", ProfileReader::viewer),
        map.texts("export_formats").stream()
            .map(text -> constantAt(map, "export_formats", ExportFormat.class, text))
            .toList(),
        map.maps(
            "evidence_packs",
            pack -> new EvidencePack(name(pack, "id"), pack.text("title"), pack.text("query"))),
        map.maps(
            "alert_rules",
            rule -> new AlertRule(name(rule, "id"), rule.text("title"), rule.text("query"))));
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String text) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("\"" + text + "\" is not known");
  }

  private static <E extends Enum<E>> E constantAt(
      YamlMap map, String key, Class<E> type, String text) {
    try {
      return constant(type, text);
    } catch (IllegalArgumentException unknown) {
      throw map.error(key, String.valueOf(unknown.getMessage()));
    }
  }

  private static String name(YamlMap map, String key) {
    String name = map.text(key);
    if (!NAME.matcher(name).matches()) {
      throw map.error(key, "\"" + name + "\" must be lower-case letters, digits and _");
    }
    return name;
  }

  private static Category category(YamlMap map) {
    return new Category(
        name(map, "id"),
        map.text("title"),
        Set.copyOf(map.texts("words")),
        map.maps("actions", ProfileReader::action));
  }

  private static Action action(YamlMap map) {
    String action = map.text("action");
    if (!ACTION.matcher(action).matches()) {
      throw map.error("action", "\"" + action + "\" is not of an action's form");
    }
    String verb = map.text("verb");
    if (!ActionWords.VERBS.contains(verb)) {
      throw map.error("verb", "\"" + verb + "\" is none of " + ActionWords.VERBS);
    }
    String sentence = map.text("says");
    Matcher place = PLACE.matcher(sentence);
    while (place.find()) {
      if (!PLACE_NAME.matcher(place.group(1)).matches()) {
        throw map.error("says", "there is no place " + place.group());
      }
    }
    List<String> details = map.texts("personal_details");
    checkPaths(map, "personal_details", details);
    return new Action(
        action,
        verb,
        sentence,
        map.texts("targets"),
        map.flag("reason_required", false),
        map.flag("security_relevant", false),
        map.flag("recorded", true),
        Set.copyOf(map.texts("personal_fields")),
        details);
  }

  private static void checkPaths(YamlMap map, String key, List<String> paths) {
    try {
      PersonalRules unused = new PersonalRules(Set.of(), paths, false);
      if (unused.detailPaths().size() != paths.size()) {
        throw new IllegalStateException("paths lost");
      }
    } catch (IllegalArgumentException notAPath) {
      throw map.error(key, String.valueOf(notAPath.getMessage()));
    }
  }

  /** Shared categories come last; those that the profile has too only add their actions. */
  private static List<Category> withShared(List<Category> own, List<Category> shared) {
    List<Category> all = new ArrayList<>(own);
    for (Category extra : shared) {
      int at = -1;
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i).id().equals(extra.id())) {
          at = i;
        }
      }
      if (at < 0) {
        all.add(extra);
      } else {
        Category mine = all.get(at);
        List<Action> actions = new ArrayList<>(mine.actions());
        actions.addAll(extra.actions());
        Set<String> words = new HashSet<>(mine.words());
        words.addAll(extra.words());
        all.set(at, new Category(mine.id(), mine.title(), words, actions));
      }
    }
    return all;
  }

  private static void checkCatalog(YamlMap map, List<Category> categories) {
    Set<String> ids = new HashSet<>();
    Set<String> actions = new HashSet<>();
    for (Category category : categories) {
      if (!ids.add(category.id())) {
        throw map.error("categories", "\"" + category.id() + "\" occurs twice");
      }
      for (Action action : category.actions()) {
        if (!actions.add(action.action())) {
          throw map.error("categories", "the action " + action.action() + " occurs twice");
        }
      }
    }
    if (!ids.contains(Classifier.OTHER_CATEGORY)) {
      throw map.error("categories", "there is no " + Classifier.OTHER_CATEGORY);
    }
  }

  private static Retention retention(YamlMap map) {
    RetentionPeriod preset = map.value("default", RetentionPeriod::parse);
    RetentionPeriod least = map.value("least", RetentionPeriod::parse);
    RetentionPeriod most = map.value("most", RetentionPeriod::parse);
    List<Retention.Tier> tiers =
        map.maps(
            "tiers",
            tier ->
                new Retention.Tier(
                    name(tier, "name"), tier.value("period", RetentionPeriod::parse)));
    if (preset.compareTo(least) < 0 || preset.compareTo(most) > 0) {
      throw map.error("default", "must be from least to most");
    }
    for (Retention.Tier tier : tiers) {
      if (tier.period().compareTo(least) < 0 || tier.period().compareTo(most) > 0) {
        throw map.error("tiers", tier.name() + " must be from least to most");
      }
    }
    return new Retention(
        preset,
        least,
        most,
        tiers,
        map.flag("configurable", true),
        map.flag("holds", true),
        map.has("erasure_due")
            ? map.value("erasure_due", ProfileReader::period)
            : Retention.ERASURE_DUE);
  }

  private static PermissionSet permissionSet(YamlMap map) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    for (String name : map.texts("permissions")) {
      Permission permission = Permission.named(name);
      if (permission == null) {
        throw map.error("permissions", "there is no permission \"" + name + "\"");
      }
      permissions.add(permission);
    }
    return new PermissionSet(name(map, "id"), map.text("title"), permissions);
  }

  private static Role role(YamlMap map) {
    return new Role(
        name(map, "id"),
        map.text("title"),
        map.value("scope", text -> constant(Scope.class, text)),
        map.texts("permission_sets"));
  }

  private static void checkRoles(YamlMap map, List<PermissionSet> sets, List<Role> roles) {
    Set<String> known = new HashSet<>();
    for (PermissionSet set : sets) {
      if (!known.add(set.id())) {
        throw map.error("permission_sets", "\"" + set.id() + "\" occurs twice");
      }
    }
    Set<String> ids = new HashSet<>();
    for (Role role : roles) {
      if (!ids.add(role.id())) {
        throw map.error("roles", "\"" + role.id() + "\" occurs twice");
      }
      for (String set : role.permissionSets()) {
        if (!known.contains(set)) {
          throw map.error("roles", role.id() + " has the unknown permission set " + set);
        }
      }
    }
  }

  private static Viewer viewer(YamlMap map) {
    List<String> filters = map.texts("filters");
    List<String> columns = map.texts("columns");
    for (String filter : filters) {
      if (!FILTERS.contains(filter)) {
        throw map.error("filters", "there is no filter \"" + filter + "\"");
      }
    }
    for (String column : columns) {
      if (!COLUMNS.contains(column)) {
        throw map.error("columns", "there is no column \"" + column + "\"");
      }
    }
    Period last = map.has("last") ? map.value("last", ProfileReader::period) : null;
    return new Viewer(map.integer("newest", 1, MAX_NEWEST), last, filters, columns);
  }

  private static Period period(String text) {
    try {
      return Period.parse(text);
    } catch (DateTimeException notAPeriod) {
      throw new IllegalArgumentException("\"" + text + "\" is no period such as P7D", notAPeriod);
    }
  }
}
