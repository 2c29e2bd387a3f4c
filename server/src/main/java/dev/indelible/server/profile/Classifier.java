package dev.indelible.server.profile;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.PersonalRules;
import dev.indelible.server.event.Problem;
import dev.indelible.server.profile.Profile.Action;
import dev.indelible.server.profile.Profile.Category;
import dev.indelible.server.profile.Profile.MissingReasons;
import dev.indelible.server.profile.Profile.UnknownActions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says of each event what a profile's catalog says of its action.
 *
 * <p>An action is looked up by its whole name, then by the longest pattern that it begins with. One
 * that is in no catalog gets a verb and a category by its words, and the flag {@value
 * #UNKNOWN_ACTION}: {@code docs/profiles.md} says how. Immutable and thread-safe.
 */
public final class Classifier {

  /** Flag of an action that the catalog does not have. */
  public static final String UNKNOWN_ACTION = "unknown_action";

  /** Flag of an event without the reason that its action requires. */
  public static final String REASON_MISSING = "reason_missing";

  /** The category of what belongs nowhere else; every profile has it. */
  public static final String OTHER_CATEGORY = "other";

  /** What the names of the program's own actions begin with. */
  private static final String OWN_ACTIONS = "audit.";

  /** Words that make an unknown action worth a second look, in any profile. */
  private static final Set<String> SECURITY_WORDS =
      Set.of(
          "role",
          "roles",
          "permission",
          "permissions",
          "apikey",
          "key",
          "credential",
          "credentials",
          "password",
          "mfa",
          "2fa",
          "sso",
          "impersonation",
          "impersonate",
          "token",
          "secret",
          "saml",
          "oidc");

  private final UnknownActions unknownActions;
  private final List<Category> categories;
  private final Map<String, Rule> exact = new HashMap<>();
  private final List<Rule> patterns = new ArrayList<>();
  private final Map<String, String> categoryOfFirstWord = new HashMap<>();
  private final PersonalRules unknownRules;

  /** What is to become of an event. */
  public sealed interface Verdict {

    /**
     * It is recorded.
     *
     * @param classification what the profile says of it
     * @param personal what of it is personal
     */
    record Recorded(Classification classification, PersonalRules personal) implements Verdict {}

    /**
     * It is routine that this profile does not record; it is refused politely.
     *
     * @param action the catalog's name or pattern
     */
    record NotRecorded(String action) implements Verdict {}

    /**
     * Its details are not what the catalog asks for.
     *
     * @param problems what is wrong, with pointers into the event
     */
    record WrongDetails(List<Problem> problems) implements Verdict {}

    /** Its action is unknown, and the tenant refuses those. */
    record UnknownAction() implements Verdict {}

    /** It lacks the reason that its action requires, and the tenant refuses that. */
    record ReasonMissing() implements Verdict {}
  }

  private record Rule(
      Action action,
      String prefix,
      PersonalRules personal,
      Verdict complete,
      Verdict withoutReason) {}

  /** A classifier with the profile's own answers to unknown actions and missing reasons. */
  public Classifier(Profile profile) {
    this(profile, profile.unknownActions(), profile.missingReasons());
  }

  /** A classifier for a tenant that chose its own answers to both. */
  public Classifier(Profile profile, UnknownActions unknownActions, MissingReasons missingReasons) {
    this.unknownActions = unknownActions;
    this.categories = profile.categories();
    this.unknownRules =
        new PersonalRules(
            profile.personalFields(), profile.personalDetails(), profile.actorHashing());
    for (Category category : profile.categories()) {
      for (Action action : category.actions()) {
        Rule rule = rule(profile, category, action, missingReasons);
        if (action.isPattern()) {
          patterns.add(rule);
        } else {
          exact.put(action.action(), rule);
        }
        categoryOfFirstWord.putIfAbsent(ActionWords.of(rule.prefix).getFirst(), category.id());
      }
    }
    patterns.sort(Comparator.comparingInt((Rule rule) -> rule.prefix.length()).reversed());
  }

  private static Rule rule(
      Profile profile, Category category, Action action, MissingReasons missingReasons) {
    Set<String> fields = new HashSet<>(profile.personalFields());
    fields.addAll(action.personalFields());
    List<String> details = new ArrayList<>(profile.personalDetails());
    details.addAll(action.personalDetails());
    PersonalRules personal = new PersonalRules(fields, details, profile.actorHashing());
    String name = action.action();
    String prefix = action.isPattern() ? name.substring(0, name.length() - 1) : name;
    if (!action.recorded()) {
      Verdict refused = new Verdict.NotRecorded(name);
      return new Rule(action, prefix, personal, refused, refused);
    }
    Verdict complete = recorded(category, action, List.of(), personal);
    return new Rule(
        action,
        prefix,
        personal,
        complete,
        !action.reasonRequired()
            ? complete
            : refusesWithoutReason(name, missingReasons)
                ? new Verdict.ReasonMissing()
                : recorded(category, action, List.of(REASON_MISSING), personal));
  }

  /** What the program itself records is asked for its reason before it happens, never after. */
  private static boolean refusesWithoutReason(String action, MissingReasons missingReasons) {
    return missingReasons == MissingReasons.REJECT && !action.startsWith(OWN_ACTIONS);
  }

  private static Verdict recorded(
      Category category, Action action, List<String> flags, PersonalRules personal) {
    return new Verdict.Recorded(
        new Classification(category.id(), action.verb(), action.securityRelevant(), flags),
        personal);
  }

  /** What is to become of the event. */
  public Verdict classify(Event event) {
    Rule rule = find(event.action());
    if (rule != null) {
      DetailsSchema schema = rule.action.details();
      if (schema != null && rule.action.recorded()) {
        List<Problem> problems = schema.problems(event.details());
        if (!problems.isEmpty()) {
          return new Verdict.WrongDetails(problems);
        }
      }
      String reason = event.reason();
      return reason == null || reason.isBlank() ? rule.withoutReason : rule.complete;
    }
    return switch (unknownActions) {
      case REJECT -> new Verdict.UnknownAction();
      case ACCEPT_AND_FLAG -> new Verdict.Recorded(guess(event.action()), unknownRules);
    };
  }

  /** The catalog's action that an event's action is, or null. */
  public @Nullable Action action(String action) {
    Rule rule = find(action);
    return rule == null ? null : rule.action;
  }

  private @Nullable Rule find(String action) {
    Rule rule = exact.get(action);
    if (rule != null) {
      return rule;
    }
    for (Rule pattern : patterns) {
      if (action.startsWith(pattern.prefix)) {
        return pattern;
      }
    }
    return null;
  }

  private Classification guess(String action) {
    List<String> words = ActionWords.of(action);
    return new Classification(
        category(words),
        ActionWords.verb(words),
        ActionWords.firstOf(words, SECURITY_WORDS) != null,
        List.of(UNKNOWN_ACTION));
  }

  private String category(List<String> words) {
    for (Category category : categories) {
      if (ActionWords.firstOf(words, category.words()) != null) {
        return category.id();
      }
    }
    return categoryOfFirstWord.getOrDefault(words.getFirst(), OTHER_CATEGORY);
  }
}
