package dev.indelible.server.evidence.pack;

import dev.indelible.server.json.Rfc3339;
import java.util.ArrayList;
import java.util.List;

/** Facts that the texts of a pack for people begin with. */
final class PackFacts {

  private PackFacts() {}

  /** A fact: its name and its value, for people. */
  record Fact(String name, String value) {}

  static List<Fact> of(PackHead head, PackWords words, long entries) {
    List<Fact> facts = new ArrayList<>();
    facts.add(fact(words, "tenant", head.tenantName() + " (" + head.tenant() + ")"));
    facts.add(
        fact(
            words,
            "scope",
            head.accounts().isEmpty()
                ? words.of("scope.all")
                : words.of("scope.accounts", String.join(", ", head.accounts()))));
    if (head.restricted()) {
      facts.add(fact(words, "restricted", words.of("restricted.text")));
    }
    facts.add(
        fact(
            words,
            "period",
            words.of("period.text", Rfc3339.format(head.from()), Rfc3339.format(head.to()))));
    facts.add(
        fact(
            words,
            "position",
            words.of("position.text", words.number(head.position()), Rfc3339.format(head.asOf()))));
    facts.add(fact(words, "entries", words.number(entries)));
    facts.add(fact(words, "personal", words.of(head.personal() ? "personal.in" : "personal.out")));
    return facts;
  }

  private static Fact fact(PackWords words, String name, String value) {
    return new Fact(words.of(name), value);
  }
}
