package dev.indelible.verify.access;

import dev.indelible.verify.audit.Finding;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Compares a review with the one that a log yields, both as JSON. */
final class Comparison {

  private static final String NAME = "name";

  private final Consumer<Finding> findings;
  private final boolean isWhole;
  private boolean namesUnknown;

  /**
   * A comparison.
   *
   * @param isWhole whether the log's side was made from all of its entries; else how far back they
   *     reach is not compared
   */
  Comparison(Consumer<Finding> findings, boolean isWhole) {
    this.findings = findings;
    this.isWhole = isWhole;
  }

  void compare(Map<String, Object> stated, Map<String, Object> log) {
    people("people", stated, log);
    people("leavers", stated, log);
    Set<String> members = new LinkedHashSet<>(log.keySet());
    members.addAll(stated.keySet());
    members.removeAll(Set.of("people", "leavers"));
    if (!isWhole) {
      members.remove("completeness");
    }
    for (String member : members) {
      value(member, stated.get(member), log.get(member));
    }
    if (namesUnknown) {
      findings.accept(
          new Finding.NotShown(
              "Names that the export withholds, or that were erased since, were not compared."));
    }
  }

  private void people(String list, Map<String, Object> stated, Map<String, Object> log) {
    Map<String, Map<String, Object>> said = byKey(list, stated);
    Map<String, Map<String, Object>> shown = byKey(list, log);
    String as = list.equals("people") ? "all access" : "the departure";
    shown.forEach(
        (key, person) -> {
          Map<String, Object> one = said.remove(key);
          if (one == null) {
            findings.accept(new Finding.LeftOut(key, as));
          } else {
            person(key, one, person);
          }
        });
    said.keySet().forEach(key -> findings.accept(new Finding.MadeUp(key, as)));
  }

  /** By realm, type and id; somebody who is named twice counts as somebody else. */
  private static Map<String, Map<String, Object>> byKey(String list, Map<String, Object> review) {
    Map<String, Map<String, Object>> people = new LinkedHashMap<>();
    for (Object element : JsonTree.list(review.get(list))) {
      Map<String, Object> person = JsonTree.map(element);
      String key = person.get("realm") + "/" + person.get("type") + "/" + person.get("id");
      while (people.containsKey(key)) {
        key += " (again)";
      }
      people.put(key, person);
    }
    return people;
  }

  private void person(String key, Map<String, Object> stated, Map<String, Object> log) {
    Map<String, Object> said = grants(stated);
    Map<String, Object> shown = grants(log);
    shown.forEach(
        (name, grant) -> {
          Object one = said.remove(name);
          if (one == null) {
            findings.accept(new Finding.LeftOut(key, name));
          } else {
            value(name + " of " + key, one, grant);
          }
        });
    said.keySet().forEach(name -> findings.accept(new Finding.MadeUp(key, name)));
    Set<String> members = new LinkedHashSet<>(log.keySet());
    members.addAll(stated.keySet());
    members.remove("grants");
    for (String member : members) {
      if (member.equals(NAME) && log.get(NAME) == null) {
        namesUnknown = true;
      } else if (!(member.equals(NAME) && stated.get(NAME) == null)) {
        value(member + " of " + key, stated.get(member), log.get(member));
      }
    }
  }

  private static Map<String, Object> grants(Map<String, Object> person) {
    Map<String, Object> grants = new LinkedHashMap<>();
    for (Object element : JsonTree.list(person.get("grants"))) {
      Map<String, Object> grant = JsonTree.map(element);
      String key = "the " + grant.get("kind") + " " + grant.get("what");
      if (grant.containsKey("account")) {
        key += " in " + grant.get("account");
      }
      while (grants.containsKey(key)) {
        key += " (again)";
      }
      grants.put(key, grant);
    }
    return grants;
  }

  private void value(String where, @Nullable Object stated, @Nullable Object log) {
    if (!Objects.equals(stated, log)) {
      findings.accept(new Finding.SaidOtherwise(where, text(stated), text(log)));
    }
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "nothing";
    }
    String text =
        value instanceof Map || value instanceof List ? JsonText.text(value) : value.toString();
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }
}
