package dev.indelible.server.profile;

import dev.indelible.server.event.Problem;
import dev.indelible.server.profile.Profile.Action;
import dev.indelible.server.profile.Profile.AlertRule;
import dev.indelible.server.profile.Profile.Category;
import dev.indelible.server.profile.Profile.EvidencePack;
import dev.indelible.server.profile.Profile.ExportFormat;
import dev.indelible.server.profile.Profile.MissingReasons;
import dev.indelible.server.profile.Profile.PermissionSet;
import dev.indelible.server.profile.Profile.Retention;
import dev.indelible.server.profile.Profile.Role;
import dev.indelible.server.profile.Profile.Scope;
import dev.indelible.server.profile.Profile.UnknownActions;
import dev.indelible.server.profile.Profile.Viewer;
import java.time.DateTimeException;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a {@link Profile} from its JSON form and checks that it is consistent in itself. */
final class ProfileReader {

  private static final int MAX_NEWEST = 1_000;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
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

  /** Types of targets that are people where a profile does not say which. */
  private static final Set<String> PERSONS =
      Set.of("user", "member", "contact", "customer", "agent", "requester", "person", "employee");

  /** The log's own entry of somebody who took entries away. */
  private static final String EXPORTED = "audit.exported";

  private static final RetentionPeriod NO_PERIOD = RetentionPeriod.LIFETIME;

  private final List<Category> shared;
  private final List<Catalog> catalogs;
  private final Function<String, @Nullable String> queryFault;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * A reader of one document.
   *
   * @param shared categories that every profile has; a profile's own of the same name comes first
   * @param catalogs catalogs that every profile has
   * @param queryFault says what is wrong with a query, or null
   */
  ProfileReader(
      List<Category> shared,
      List<Catalog> catalogs,
      Function<String, @Nullable String> queryFault) {
    this.shared = shared;
    this.catalogs = catalogs;
    this.queryFault = queryFault;
  }

  /** Problems of the document that was read. */
  List<Problem> problems() {
    return problems;
  }

  /** The profile that a document holds, the shared actions added; of use without problems alone. */
  Profile read(JsonNode document) {
    ProfileFields fields = ProfileFields.of(document, problems);
    Profile profile = profile(fields);
    fields.end();
    return profile;
  }

  /** The categories that a document of nothing else holds. */
  List<Category> readCategories(JsonNode document) {
    ProfileFields fields = ProfileFields.of(document, problems);
    List<Category> categories = fields.objects("categories", this::category);
    fields.end();
    return categories;
  }

  private Profile profile(ProfileFields fields) {
    String name = name(fields, "name");
    String title = fields.text("title");
    String description = fields.text("description");
    boolean reasonForExports = fields.flag("reason_for_exports", false);
    List<Category> own = fields.objects("categories", this::category);
    List<Category> categories = withShared(own, reasonForExports);
    checkCatalog(fields, categories);
    List<PermissionSet> sets = fields.objects("permission_sets", ProfileReader::permissionSet);
    List<Role> roles = fields.objects("roles", ProfileReader::role);
    checkRoles(fields, sets, roles);
    return new Profile(
        name,
        title,
        description,
        fields.value(
            "unknown_actions",
            text -> constant(UnknownActions.class, text),
            UnknownActions.ACCEPT_AND_FLAG),
        missingReasons(fields),
        reasonForExports,
        fields.flag("actor_hashing", false),
        fields.flag("view_recording", false),
        categories,
        Set.copyOf(fields.texts("personal_fields")),
        ActionReader.paths(fields, "personal_details"),
        fields.has("persons") ? Set.copyOf(fields.texts("persons")) : PERSONS,
        Set.copyOf(fields.texts("no_persons")),
        fields.flag("promised", false),
        secrets(fields),
        catalogs,
        fields.object("retention", ProfileReader::retention),
        sets,
        roles,
        fields.object("viewer", ProfileReader::viewer),
        exportFormats(fields),
        fields.objects(
            "evidence_packs",
            pack -> new EvidencePack(name(pack, "id"), pack.text("title"), query(pack))),
        fields.objects(
            "alert_rules",
            rule -> new AlertRule(name(rule, "id"), rule.text("title"), query(rule))));
  }

  private static MissingReasons missingReasons(ProfileFields fields) {
    MissingReasons absent = MissingReasons.ACCEPT_AND_FLAG;
    return fields.has("missing_reasons")
        ? fields.value("missing_reasons", text -> constant(MissingReasons.class, text), absent)
        : absent;
  }

  private String query(ProfileFields fields) {
    String query = fields.text("query");
    String fault = query.isEmpty() ? null : queryFault.apply(query);
    if (fault != null) {
      fields.fault("query", Problem.Code.BAD_FORMAT, "is no query: " + fault);
    }
    return query;
  }

  private static List<ExportFormat> exportFormats(ProfileFields fields) {
    List<ExportFormat> formats = new ArrayList<>();
    List<String> names = fields.texts("export_formats");
    for (int i = 0; i < names.size(); i++) {
      try {
        formats.add(constant(ExportFormat.class, names.get(i)));
      } catch (IllegalArgumentException unknown) {
        fields.fault(
            "export_formats", i, Problem.Code.UNKNOWN_VALUE, String.valueOf(unknown.getMessage()));
      }
    }
    return formats;
  }

  static <E extends Enum<E>> E constant(Class<E> type, String text) {
    List<String> known = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      if (name.equals(text)) {
        return constant;
      }
      known.add(name);
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is not known; there are " + String.join(", ", known));
  }

  static String name(ProfileFields fields, String key) {
    return fields.value(
        key,
        text -> {
          if (NAME.matcher(text).matches()) {
            return text;
          }
          throw new IllegalArgumentException(
              "\"" + text + "\" must be lower-case letters, digits and _");
        },
        "");
  }

  private Category category(ProfileFields fields) {
    return new Category(
        name(fields, "id"),
        fields.text("title"),
        Set.copyOf(fields.texts("words")),
        fields.objects("actions", action -> ActionReader.read(action, problems)));
  }

  private static SecretMarking secrets(ProfileFields fields) {
    SecretMarking.When absent = SecretMarking.PRESET.when();
    return new SecretMarking(
        fields.has("secrets")
            ? fields.value("secrets", text -> constant(SecretMarking.When.class, text), absent)
            : absent,
        ActionReader.secretKeys(fields, "secret_keys"));
  }

  /** Shared categories come last; those that the profile has too only add their actions. */
  private List<Category> withShared(List<Category> own, boolean reasonForExports) {
    List<Category> all = new ArrayList<>(own);
    for (Category always : shared) {
      Category extra = reasonForExports ? withReasonForExports(always) : always;
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

  /** The catalog is to say of the log's own exports what the profile says of them. */
  private static Category withReasonForExports(Category category) {
    return new Category(
        category.id(),
        category.title(),
        category.words(),
        category.actions().stream()
            .map(action -> action.action().equals(EXPORTED) ? action.withReasonRequired() : action)
            .toList());
  }

  private static void checkCatalog(ProfileFields fields, List<Category> categories) {
    Set<String> ids = new HashSet<>();
    Set<String> actions = new HashSet<>();
    for (int i = 0; i < categories.size(); i++) {
      Category category = categories.get(i);
      if (!category.id().isEmpty() && !ids.add(category.id())) {
        fields.fault(
            "categories", i, Problem.Code.INVALID, "\"" + category.id() + "\" occurs twice");
      }
      for (int j = 0; j < category.actions().size(); j++) {
        String action = category.actions().get(j).action();
        if (!action.isEmpty() && !actions.add(action)) {
          fields.fault(
              "categories",
              i + "/actions/" + j,
              Problem.Code.INVALID,
              "the action " + action + " occurs twice");
        }
      }
    }
    if (!ids.contains(Classifier.OTHER_CATEGORY)) {
      fields.fault("categories", Problem.Code.MISSING, "there is no " + Classifier.OTHER_CATEGORY);
    }
  }

  private static Retention retention(ProfileFields fields) {
    RetentionPeriod preset = fields.value("default", RetentionPeriod::parse, NO_PERIOD);
    RetentionPeriod least = fields.value("least", RetentionPeriod::parse, preset);
    RetentionPeriod most = fields.value("most", RetentionPeriod::parse, NO_PERIOD);
    List<Retention.Tier> tiers =
        fields.objects(
            "tiers",
            tier ->
                new Retention.Tier(
                    name(tier, "name"), tier.value("period", RetentionPeriod::parse, NO_PERIOD)));
    if (preset.compareTo(least) < 0 || preset.compareTo(most) > 0) {
      fields.fault(
          preset.compareTo(least) < 0 ? "least" : "most",
          Problem.Code.OUT_OF_RANGE,
          "the default, " + preset.jsonName() + ", must be from least to most");
    }
    for (Retention.Tier tier : tiers) {
      if (tier.period().compareTo(least) < 0 || tier.period().compareTo(most) > 0) {
        fields.fault(
            tier.period().compareTo(least) < 0 ? "least" : "most",
            Problem.Code.OUT_OF_RANGE,
            "the tier "
                + tier.name()
                + ", "
                + tier.period().jsonName()
                + ", must be from least to most");
      }
    }
    return new Retention(
        preset,
        least,
        most,
        tiers,
        fields.flag("configurable", true),
        fields.flag("holds", true),
        fields.has("erasure_due")
            ? fields.value("erasure_due", ProfileReader::period, Retention.ERASURE_DUE)
            : Retention.ERASURE_DUE);
  }

  private static PermissionSet permissionSet(ProfileFields fields) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    List<String> names = fields.texts("permissions");
    for (int i = 0; i < names.size(); i++) {
      Permission permission = Permission.named(names.get(i));
      if (permission == null) {
        fields.fault(
            "permissions",
            i,
            Problem.Code.UNKNOWN_VALUE,
            "there is no permission \"" + names.get(i) + "\"; there are " + Permission.names());
      } else {
        permissions.add(permission);
      }
    }
    return new PermissionSet(name(fields, "id"), fields.text("title"), permissions);
  }

  private static Role role(ProfileFields fields) {
    return new Role(
        name(fields, "id"),
        fields.text("title"),
        fields.value("scope", text -> constant(Scope.class, text), Scope.TENANT),
        fields.texts("permission_sets"));
  }

  private static void checkRoles(ProfileFields fields, List<PermissionSet> sets, List<Role> roles) {
    Set<String> known = new HashSet<>();
    for (int i = 0; i < sets.size(); i++) {
      String id = sets.get(i).id();
      if (!known.add(id) && !id.isEmpty()) {
        fields.fault("permission_sets", i, Problem.Code.INVALID, "\"" + id + "\" occurs twice");
      }
    }
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < roles.size(); i++) {
      Role role = roles.get(i);
      if (!ids.add(role.id()) && !role.id().isEmpty()) {
        fields.fault("roles", i, Problem.Code.INVALID, "\"" + role.id() + "\" occurs twice");
      }
      for (String set : role.permissionSets()) {
        if (!known.contains(set)) {
          fields.fault(
              "roles",
              i,
              Problem.Code.UNKNOWN_VALUE,
              role.id()
                  + " has the unknown permission set "
                  + set
                  + "; there are "
                  + String.join(", ", known.stream().sorted().toList()));
        }
      }
    }
  }

  private static Viewer viewer(ProfileFields fields) {
    List<String> filters = fields.texts("filters");
    List<String> columns = fields.texts("columns");
    checkKnown(fields, "filters", filters, FILTERS);
    checkKnown(fields, "columns", columns, COLUMNS);
    Period last =
        fields.has("last") ? fields.value("last", ProfileReader::period, Period.ZERO) : null;
    ZoneId zone =
        fields.has("zone") ? fields.value("zone", ProfileReader::zone, ZoneOffset.UTC) : null;
    return new Viewer(fields.integer("newest", 1, MAX_NEWEST), last, filters, columns, zone);
  }

  private static void checkKnown(
      ProfileFields fields, String key, List<String> names, Set<String> known) {
    for (int i = 0; i < names.size(); i++) {
      if (!known.contains(names.get(i))) {
        fields.fault(
            key,
            i,
            Problem.Code.UNKNOWN_VALUE,
            "\""
                + names.get(i)
                + "\" is not known; there are "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  /** A zone of the zone database; an offset would be wrong in half of the year. */
  private static ZoneId zone(String text) {
    if (!ZoneId.getAvailableZoneIds().contains(text)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no time zone such as Europe/Berlin or UTC");
    }
    return ZoneId.of(text);
  }

  private static Period period(String text) {
    try {
      Period period = Period.parse(text);
      if (!period.isNegative() && !period.isZero()) {
        return period;
      }
    } catch (DateTimeException notAPeriod) {
      throw new IllegalArgumentException("\"" + text + "\" is no period such as P7D", notAPeriod);
    }
    throw new IllegalArgumentException("\"" + text + "\" is no period such as P7D");
  }
}
