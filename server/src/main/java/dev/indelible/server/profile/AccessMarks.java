package dev.indelible.server.profile;

import dev.indelible.server.event.Problem;
import dev.indelible.server.profile.Profile.Action;
import dev.indelible.server.profile.Profile.Category;
import dev.indelible.verify.access.AccessEffect;
import dev.indelible.verify.access.AccessEffect.Deed;
import dev.indelible.verify.access.AccessKind;
import dev.indelible.verify.access.AccessRules;
import dev.indelible.verify.access.AccessRules.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Marks of a catalog that say which actions give and take access: how they are read, and the rules
 * that all of a profile's make. {@code docs/profiles.md} describes them.
 */
public final class AccessMarks {

  /** Prefix of the program's own actions, which are about those who may read the log. */
  private static final String OWN_ACTIONS = "audit.";

  private AccessMarks() {}

  /** The marks of one action; of those that are none, the problem is told. */
  static List<AccessEffect> read(ProfileFields fields, String action) {
    List<AccessEffect> effects = new ArrayList<>();
    fields.objects("access", AccessMarks::effect).forEach(found -> found.ifPresent(effects::add));
    if (!effects.isEmpty() && action.endsWith("*")) {
      fields.fault(
          "access", Problem.Code.INVALID, "only an action with a whole name gives or takes access");
    }
    if (effects.size() > AccessRules.MAX_EFFECTS) {
      fields.fault(
          "access", Problem.Code.OUT_OF_RANGE, "at most " + AccessRules.MAX_EFFECTS + " effects");
    }
    return effects;
  }

  private static Optional<AccessEffect> effect(ProfileFields fields) {
    List<String> of = fields.texts("of");
    List<String> what = fields.texts("what");
    List<String> until = fields.texts("until");
    @Nullable Deed deed = null;
    for (Deed one : Deed.values()) {
      if (fields.has(one.jsonName())) {
        if (deed != null) {
          fields.fault(one.jsonName(), Problem.Code.INVALID, "an effect is of one kind");
        }
        deed = one;
      }
    }
    if (deed == null) {
      fields.fault("of", Problem.Code.MISSING, "an effect grants, revokes or replaces");
      return Optional.empty();
    }
    String name = fields.text(deed.jsonName());
    Optional<AccessKind> kind = AccessKind.of(name);
    if (kind.isEmpty()) {
      fields.fault(
          deed.jsonName(),
          Problem.Code.UNKNOWN_VALUE,
          "\"" + name + "\" is no kind of access; there are " + kinds());
      return Optional.empty();
    }
    try {
      return Optional.of(new AccessEffect(deed, kind.get(), of, what, until));
    } catch (IllegalArgumentException unsound) {
      fields.fault("what", Problem.Code.BAD_FORMAT, String.valueOf(unsound.getMessage()));
      return Optional.empty();
    }
  }

  private static String kinds() {
    return Arrays.stream(AccessKind.values())
        .map(AccessKind::jsonName)
        .collect(Collectors.joining(", "));
  }

  /**
   * The rules of a profile and the catalogs beside it. As in classification, the profile goes
   * first: where it knows an action of a catalog, by its name or a pattern, its own marks count.
   */
  public static AccessRules rules(Profile profile) {
    List<Rule> rules = new ArrayList<>();
    for (Category category : profile.categories()) {
      for (Action action : category.actions()) {
        String realm =
            action.action().startsWith(OWN_ACTIONS) ? AccessRules.LOG : AccessRules.PRODUCT;
        add(rules, action, realm);
      }
    }
    for (Catalog catalog : profile.catalogs()) {
      for (Catalog.Group group : catalog.groups()) {
        for (Action action : group.actions()) {
          if (!knows(profile, action.action())) {
            add(rules, action, catalog.name());
          }
        }
      }
    }
    return new AccessRules(rules);
  }

  private static void add(List<Rule> rules, Action action, String realm) {
    if (!action.access().isEmpty()) {
      rules.add(new Rule(action.action(), realm, action.access()));
    }
  }

  private static boolean knows(Profile profile, String name) {
    for (Category category : profile.categories()) {
      for (Action action : category.actions()) {
        String own = action.action();
        if (action.isPattern()
            ? name.startsWith(own.substring(0, own.length() - 1))
            : name.equals(own)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Writes the marks of an action, as its file has them. */
  public static void write(JsonGenerator json, List<AccessEffect> effects) {
    if (effects.isEmpty()) {
      return;
    }
    json.writeArrayPropertyStart("access");
    for (AccessEffect effect : effects) {
      json.writeStartObject();
      json.writeStringProperty(effect.deed().jsonName(), effect.kind().jsonName());
      texts(json, "of", effect.of());
      texts(json, "what", effect.what());
      if (!effect.until().isEmpty()) {
        texts(json, "until", effect.until());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void texts(JsonGenerator json, String name, List<String> texts) {
    json.writeArrayPropertyStart(name);
    texts.forEach(json::writeString);
    json.writeEndArray();
  }
}
