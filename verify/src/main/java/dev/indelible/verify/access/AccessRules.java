package dev.indelible.verify.access;

import dev.indelible.verify.Sha256;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Actions that give or take access, and how: those that a tenant's profile and the catalogs mark.
 * Immutable.
 */
public final class AccessRules {

  /** Realm of the product's own users. */
  public static final String PRODUCT = "product";

  /** Realm of those who may read the log itself. */
  public static final String LOG = "log";

  /** The most effects of one action. */
  public static final int MAX_EFFECTS = 15;

  /**
   * The effects of one action.
   *
   * @param action its whole name
   * @param realm whose people they are about: {@link #PRODUCT}, {@link #LOG}, or the name of the
   *     catalog of another program
   * @param effects what it gives and takes, in order
   */
  public record Rule(String action, String realm, List<AccessEffect> effects) {
    public Rule {
      effects = List.copyOf(effects);
      if (effects.size() > MAX_EFFECTS) {
        throw new IllegalArgumentException(
            "an action has at most " + MAX_EFFECTS + " effects on access");
      }
    }
  }

  private final TreeMap<String, Rule> rules = new TreeMap<>();

  /** Rules; of two for one action the first counts. */
  public AccessRules(List<Rule> all) {
    for (Rule rule : all) {
      rules.putIfAbsent(rule.action(), rule);
    }
  }

  /** The rule for an action; null when it changes nobody's access. */
  @Nullable Rule of(String action) {
    return rules.get(action);
  }

  /** All rules, by action. */
  public List<Rule> all() {
    return List.copyOf(rules.values());
  }

  /** SHA-256 of the rules' JSON, hexadecimal: two reviews with the same were made by one rule. */
  public String sha256() {
    return HexFormat.of().formatHex(Sha256.create().digest(JsonText.bytes(toJson())));
  }

  List<Object> toJson() {
    List<Object> json = new ArrayList<>();
    for (Rule rule : rules.values()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("action", rule.action());
      one.put("realm", rule.realm());
      List<Object> effects = new ArrayList<>();
      rule.effects().forEach(effect -> effects.add(effect.toJson()));
      one.put("effects", effects);
      json.add(one);
    }
    return json;
  }

  /**
   * The rules of a review.
   *
   * @throws IllegalArgumentException when they are none
   */
  static AccessRules of(List<Object> json) {
    List<Rule> rules = new ArrayList<>();
    for (Object element : json) {
      Map<String, Object> one = JsonTree.map(element);
      List<AccessEffect> effects = new ArrayList<>();
      for (Object effect : JsonTree.list(one.get("effects"))) {
        effects.add(AccessEffect.of(JsonTree.map(effect)));
      }
      rules.add(
          new Rule(String.valueOf(one.get("action")), String.valueOf(one.get("realm")), effects));
    }
    return new AccessRules(rules);
  }
}
