package dev.indelible.server.profile;

import dev.indelible.server.event.SecretKeys;
import dev.indelible.server.profile.Profile.Action;
import dev.indelible.server.profile.Profile.Category;
import dev.indelible.server.profile.Profile.MissingReasons;
import dev.indelible.server.profile.Profile.UnknownActions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Setting by which a tenant records less than its profile promises: only the operator decides that,
 * and the overview shows it.
 *
 * @param kind the kind of weakness
 * @param action the action that it is about, or null when it is about many
 * @param field the value of events that it is about, or null when it is about whole events
 */
public record Weakness(Kind kind, @Nullable String action, @Nullable String field) {

  private Weakness(Kind kind, @Nullable String action) {
    this(kind, action, null);
  }

  /** Prefix of the program's own actions, which nobody changes. */
  private static final String OWN_ACTIONS = "audit.";

  /** Kind of weakness. */
  public enum Kind {
    /** Events of an action that counts are left out. */
    NOT_RECORDED,
    /** An action requires no reason any more. */
    REASON_OPTIONAL,
    /** An action's events are refused unless they have a reason. */
    REFUSED_WITHOUT_REASON,
    /** An action's events are refused unless their details are of another form. */
    REFUSED_BY_DETAILS,
    /** Text of another person goes with an erasure. */
    AUTHOR_CHANGED,
    /** An action of the profile that is security-relevant is so no more. */
    RELEVANCE_REMOVED,
    /** A security-relevant action of the profile has another sentence. */
    SENTENCE_CHANGED,
    /** Access that an action of the profile gives or takes is read otherwise, or not at all. */
    ACCESS_CHANGED,
    /** A value is replaced by a mark before anything is written. */
    SECRET_ADDED,
    /** A value is shown to fewer people, and goes with an erasure. */
    PERSONAL_ADDED,
    /** Exports require no reason any more. */
    EXPORT_REASON_OPTIONAL,
    /** Actions that the catalog does not list are refused. */
    UNKNOWN_ACTIONS_REFUSED,
    /** Events without a reason are recorded although the profile refuses them. */
    MISSING_REASONS_ACCEPTED,
    /** Events without a reason are refused although the profile records them. */
    MISSING_REASONS_REFUSED
  }

  /**
   * Choices of a tenant beside the changes of its profile.
   *
   * @param unknownActions the treatment of actions that the catalog does not list
   * @param missingReasons the treatment of events without the reason that their action requires
   */
  public record Choices(UnknownActions unknownActions, MissingReasons missingReasons) {}

  /**
   * All by which a tenant is weaker than its profile.
   *
   * @param base the profile
   * @param changed the profile as the tenant changed it
   * @param choices its choices beside that
   */
  public static List<Weakness> of(Profile base, Profile changed, Choices choices) {
    List<Weakness> found = new ArrayList<>();
    if (base.reasonForExports() && !changed.reasonForExports()) {
      found.add(new Weakness(Kind.EXPORT_REASON_OPTIONAL, null));
    }
    if (choices.unknownActions() == UnknownActions.REJECT
        && base.unknownActions() != UnknownActions.REJECT) {
      found.add(new Weakness(Kind.UNKNOWN_ACTIONS_REFUSED, null));
    }
    if (choices.missingReasons() != base.missingReasons()) {
      found.add(
          new Weakness(
              choices.missingReasons() == MissingReasons.REJECT
                  ? Kind.MISSING_REASONS_REFUSED
                  : Kind.MISSING_REASONS_ACCEPTED,
              null));
    }
    addHidden(base, changed, found);
    Comparison comparison = new Comparison(base, choices, found);
    for (Category category : changed.categories()) {
      category.actions().stream()
          .filter(action -> !action.action().startsWith(OWN_ACTIONS))
          .forEach(comparison::add);
    }
    return found;
  }

  /**
   * Adds the secrets that are hidden beyond the profile's in all actions, those that count
   * included.
   */
  private static void addHidden(Profile base, Profile changed, List<Weakness> found) {
    if (changed.secrets().when() != SecretMarking.When.NEVER) {
      Set<String> known = new HashSet<>(SecretKeys.BASE);
      known.addAll(base.secrets().keys());
      addNew(found, Kind.SECRET_ADDED, null, without(changed.secrets().keys(), known));
    }
    addNew(
        found,
        Kind.PERSONAL_ADDED,
        null,
        without(lowerCase(changed.personalFields()), lowerCase(base.personalFields())));
    addNew(
        found,
        Kind.PERSONAL_ADDED,
        null,
        without(changed.personalDetails(), base.personalDetails()));
  }

  private static void addNew(
      List<Weakness> found, Kind kind, @Nullable String action, List<String> fields) {
    fields.forEach(field -> found.add(new Weakness(kind, action, field)));
  }

  /** Sorted difference of two sets, so that a list of them stays the same. */
  private static List<String> without(Collection<String> values, Collection<String> known) {
    return values.stream().filter(value -> !known.contains(value)).sorted().toList();
  }

  /** Names of changed fields mean the same in any case. */
  private static Set<String> lowerCase(Collection<String> fields) {
    return fields.stream()
        .map(field -> field.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static final class Comparison {
    private final Profile base;
    private final Classifier classifier;
    private final Choices choices;
    private final List<Weakness> found;

    Comparison(Profile base, Choices choices, List<Weakness> found) {
      this.base = base;
      this.classifier = new Classifier(base, UnknownActions.ACCEPT_AND_FLAG, base.missingReasons());
      this.choices = choices;
      this.found = found;
    }

    void add(Action action) {
      String name = action.action();
      String plain = action.isPattern() ? name.substring(0, name.length() - 1) : name;
      Action before = plain.isEmpty() ? null : classifier.action(plain);
      if (before != null && before.equals(action)) {
        return;
      }
      boolean counts = counts(action, before);
      if (counts && !action.recorded() && (before == null || before.recorded())) {
        found.add(new Weakness(Kind.NOT_RECORDED, name));
      }
      if (before != null && before.reasonRequired() && !action.reasonRequired()) {
        found.add(new Weakness(Kind.REASON_OPTIONAL, name));
      }
      if (counts
          && action.reasonRequired()
          && (before == null || !before.reasonRequired())
          && choices.missingReasons() == MissingReasons.REJECT) {
        found.add(new Weakness(Kind.REFUSED_WITHOUT_REASON, name));
      }
      if (counts
          && action.details() != null
          && !Objects.equals(source(action), before == null ? null : source(before))) {
        found.add(new Weakness(Kind.REFUSED_BY_DETAILS, name));
      }
      if (before != null && !before.author().equals(action.author())) {
        found.add(new Weakness(Kind.AUTHOR_CHANGED, name));
      }
      if (before != null
          && !before.access().isEmpty()
          && !before.access().equals(action.access())) {
        found.add(new Weakness(Kind.ACCESS_CHANGED, name));
      }
      if (before != null && before.securityRelevant()) {
        addShown(action, before);
      }
      if (action.isPattern() || countsInProfile(name, before)) {
        addPersonal(action, before);
      }
    }

    /**
     * The ways in which a security-relevant action is shown as something else. One that the profile
     * knows by a pattern alone may have a sentence of its own.
     */
    private void addShown(Action action, Action before) {
      if (!action.securityRelevant()) {
        found.add(new Weakness(Kind.RELEVANCE_REMOVED, action.action()));
      }
      if (before.action().equals(action.action()) && !before.sentence().equals(action.sentence())) {
        found.add(new Weakness(Kind.SENTENCE_CHANGED, action.action()));
      }
    }

    /**
     * Adds the values of the action that are personal beyond the profile's, of the action or of
     * all.
     */
    private void addPersonal(Action action, @Nullable Action before) {
      Set<String> fields = new HashSet<>(lowerCase(base.personalFields()));
      Set<String> paths = new HashSet<>(base.personalDetails());
      if (before != null) {
        fields.addAll(lowerCase(before.personalFields()));
        paths.addAll(before.personalDetails());
      }
      Kind kind = Kind.PERSONAL_ADDED;
      addNew(found, kind, action.action(), without(lowerCase(action.personalFields()), fields));
      addNew(found, kind, action.action(), without(action.personalDetails(), paths));
    }

    /**
     * Whether it matters that the action is recorded: it is security-relevant, by the catalog or by
     * its words, or promised, or a pattern, which may cover such actions.
     */
    private boolean counts(Action action, @Nullable Action before) {
      return action.isPattern()
          || action.securityRelevant()
          || countsInProfile(action.action(), before);
    }

    /** Whether it does whatever the tenant says of the action. */
    private boolean countsInProfile(String action, @Nullable Action before) {
      return (before != null && base.promised()) || classifier.isSecurityRelevant(action);
    }

    private static @Nullable JsonNode source(Action action) {
      DetailsSchema details = action.details();
      return details == null ? null : details.source();
    }
  }
}
