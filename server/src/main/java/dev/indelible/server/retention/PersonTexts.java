package dev.indelible.server.retention;

import dev.indelible.server.control.Change;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.event.Entry;
import dev.indelible.server.query.Mention;
import dev.indelible.server.run.StoredEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds a person in the texts that people write: queries that were searched or saved, reasons, and
 * names that they give. Found there as the query language would find the person, not by whole
 * values alone.
 */
final class PersonTexts {

  /** The program's own actions begin so; nobody else may record them. */
  static final String OWN_ACTIONS = "audit.";

  /** Members of the configuration that contain text written by people. */
  private static final Set<String> WRITTEN = Set.of("name", "query", "filter", "tier");

  private final List<Mention> mentions = new ArrayList<>();

  /**
   * Texts about a person.
   *
   * @param hash the hash of an id, as it stands in entries of hashed actors
   */
  PersonTexts(List<String> identifiers, UnaryOperator<String> hash) {
    for (String identifier : identifiers) {
      mentions.add(new Mention(identifier));
      mentions.add(new Mention(hash.apply(identifier)));
    }
  }

  /** Whether a text of the entry that an erasure deletes names the person. */
  boolean goesWith(StoredEntry stored, Entry entry) {
    return stored.body() instanceof StoredEntry.Whole(var parts)
        && parts.personal() != null
        && hasTexts(entry)
        && isNamed(parts.personal(), isOwn(entry));
  }

  /** Whether a text of the entry that stays, since it is a fact, names the person. */
  boolean staysIn(StoredEntry stored, Entry entry) {
    byte[] facts = FactsGlance.factsOf(stored);
    return facts != null && hasTexts(entry) && isNamed(facts, isOwn(entry));
  }

  private static boolean hasTexts(Entry entry) {
    return entry.event().reason() != null || isOwn(entry);
  }

  private static boolean isOwn(Entry entry) {
    return entry.event().action().startsWith(OWN_ACTIONS);
  }

  private boolean isNamed(byte[] part, boolean own) {
    JsonNode json = JsonMapper.shared().readTree(part);
    if (isNamed(json.path("reason"))) {
      return true;
    }
    if (!own) {
      return false;
    }
    return isNamed(json.path("details").path("filter"))
        || json.path("changes")
            .valueStream()
            .anyMatch(change -> isNamed(change.path("before")) || isNamed(change.path("after")))
        || json.path("targets").valueStream().anyMatch(target -> isNamed(target.path("name")));
  }

  private boolean isNamed(JsonNode value) {
    if (value.isContainer()) {
      return value.valueStream().anyMatch(this::isNamed);
    }
    return value.isString() && isNamed(value.stringValue());
  }

  private boolean isNamed(String text) {
    if (text.isEmpty()) {
      return false;
    }
    Mention.Words words = new Mention.Words(text);
    return mentions.stream().anyMatch(mention -> mention.isIn(words));
  }

  /** The changes of the control log that name the person: they stay, since it is never cut. */
  Consumer<Change> into(StayingTexts.Builder staying) {
    return change -> {
      Set<String> fields = new TreeSet<>();
      JsonNode object = ControlLog.describe(change.object());
      collect(object, fields);
      String reason = change.reason();
      if (reason != null && isNamed(reason)) {
        fields.add("reason");
      }
      if (!fields.isEmpty()) {
        staying.add(ControlLog.kind(change.object()), localId(change), fields);
      }
    };
  }

  private static String localId(Change change) {
    String id = change.object().id();
    String tenant = change.object().tenant() + "/";
    return id.startsWith(tenant) ? id.substring(tenant.length()) : id;
  }

  private void collect(JsonNode object, Set<String> fields) {
    object
        .properties()
        .forEach(
            member -> {
              JsonNode value = member.getValue();
              if (value.isString()) {
                if (WRITTEN.contains(member.getKey()) && isNamed(value)) {
                  fields.add(member.getKey());
                }
              } else if (value.isArray()) {
                value.valueStream().filter(JsonNode::isObject).forEach(one -> collect(one, fields));
              } else if (value.isObject() && isNamed(value)) {
                fields.add(member.getKey());
              }
            });
  }
}
