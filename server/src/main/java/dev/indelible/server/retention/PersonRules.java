package dev.indelible.server.retention;

import dev.indelible.server.event.DetailPaths;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.profile.Classifier;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.query.TextFolding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rules of a profile's catalog about persons in entries: which targets are none, and which actions
 * keep what somebody wrote unless the request is the author's own. For one search; not thread-safe.
 */
final class PersonRules {

  /** The program's own actions begin so; nobody else may record them. */
  private static final String OWN_ACTIONS = "audit.";

  /** Targets of the program's own actions that are people, or who they are let in as. */
  private static final Set<String> OWN_PERSONS = Set.of("member", "auditor_link", "support_grant");

  private final Set<String> noPersons;
  private final Classifier classifier;
  private final Map<String, DetailPaths> authors = new HashMap<>();

  PersonRules(Profile profile) {
    this.noPersons = profile.noPersons();
    this.classifier = new Classifier(profile);
  }

  /** Whether the target is a thing, whose id and name are nobody's identifiers. */
  boolean isThing(Event event, Event.Target target) {
    return event.action().startsWith(OWN_ACTIONS)
        ? !OWN_PERSONS.contains(target.type())
        : noPersons.contains(target.type());
  }

  /** The entry without the targets that are things. */
  Entry withoutThings(Entry entry) {
    Event event = entry.event();
    List<Event.Target> persons =
        event.targets().stream().filter(target -> !isThing(event, target)).toList();
    return persons.size() == event.targets().size()
        ? entry
        : entry.with(event.withTargets(persons));
  }

  /** Whether the entry keeps its personal part, as the person acted in it nor wrote it. */
  boolean keeps(Entry entry, boolean acted, List<String> identifiers) {
    DetailPaths paths =
        authors.computeIfAbsent(entry.event().action(), action -> authorPaths(action));
    if (acted || paths.paths().isEmpty()) {
      return false;
    }
    ObjectNode details = entry.event().details();
    ObjectNode author = details == null ? null : paths.values(details);
    return author == null || !hasValue(author, identifiers);
  }

  private DetailPaths authorPaths(String action) {
    Profile.@Nullable Action known = classifier.action(action);
    return known == null ? DetailPaths.NONE : DetailPaths.of(known.author());
  }

  private static boolean hasValue(JsonNode value, List<String> identifiers) {
    if (value.isContainer()) {
      return value.valueStream().anyMatch(member -> hasValue(member, identifiers));
    }
    return value.isString()
        && identifiers.stream()
            .map(TextFolding::fold)
            .anyMatch(TextFolding.fold(value.stringValue())::equals);
  }
}
