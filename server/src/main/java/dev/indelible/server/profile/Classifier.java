package dev.indelible.server.profile;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.PersonalIds;
import dev.indelible.server.event.PersonalRules;
import dev.indelible.server.event.Problem;
import dev.indelible.server.event.SecretKeys;
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
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says of each event what a profile's catalog says of its action.
 *
 * <p>An action is looked up by its whole name, then by the longest pattern that it begins with;
 * then in the same way in the {@link Catalog}s of other programs' logs. One that is in none gets a
 * category, and where that is certain a verb, by its words, and the flag {@value #UNKNOWN_ACTION}:
 * {@code docs/profiles.md} says how. What was found is kept by action, so that an event costs one
 * lookup. Thread-safe.
 */
public final class Classifier {

  /** Flag of an action that the catalog does not have. */
  public static final String UNKNOWN_ACTION = "unknown_action";

  /** Flag of an event without the reason that its action requires. */
  public static final String REASON_MISSING = "reason_missing";

  /** The source of an unknown action whose name points to no catalog. */
  public static final String NO_SOURCE = "none";

  /** The category of what belongs nowhere else; every profile has it. */
  public static final String OTHER_CATEGORY = "other";

  /** The most actions of which is kept what was found; beyond, all are looked up anew. */
  static final int MAX_KEPT = 4_096;

  /** Prefix of the program's own actions. */
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

  /** Words of unknown actions that a reason belongs to, in any profile. */
  private static final Set<String> REASON_WORDS =
      Set.of(
          "impersonate",
          "impersonated",
          "impersonates",
          "impersonating",
          "impersonation",
          "hold",
          "holds",
          "held",
          "legalhold");

  /** Prefix of the program's own actions about members. */
  private static final String OWN_MEMBERS = "audit.member.";

  private static final Set<String> OWN_ID_FIELDS =
      Set.of("granted_by", "release_asked_by", "asked_by", "owner");

  private final UnknownActions unknownActions;
  private final MissingReasons missingReasons;
  private final List<Category> categories;
  private final Map<String, Rule> exact = new HashMap<>();
  private final List<Rule> patterns = new ArrayList<>();
  private final Map<String, String> categoryOfFirstWord = new HashMap<>();
  private final PersonalRules unknownRules;
  private final List<Foreign> catalogs;
  private final SecretMarking.When marking;
  private final SecretKeys ownSecrets;
  private final Map<String, Found> kept = new ConcurrentHashMap<>();
  private final Map<Sources, PersonalRules> rules = new ConcurrentHashMap<>();

  /** Decision about an event. */
  public sealed interface Verdict {

    /**
     * The event is recorded.
     *
     * @param classification the profile's classification of it
     * @param personal the rules for its personal values
     * @param secrets the rules for its secret values
     * @param fails whether its outcome is a failure, whatever it says
     */
    record Recorded(
        Classification classification, PersonalRules personal, Secrets secrets, boolean fails)
        implements Verdict {}

    /**
     * The event is routine that this profile does not record; it is refused.
     *
     * @param action the catalog's name or pattern
     */
    record NotRecorded(String action) implements Verdict {}

    /**
     * The event's details do not match the catalog's schema.
     *
     * @param problems the problems, with pointers into the event
     */
    record WrongDetails(List<Problem> problems) implements Verdict {}

    /** The event's action is unknown, and the tenant refuses those. */
    record UnknownAction() implements Verdict {}

    /** The event lacks the reason that its action requires, and the tenant refuses that. */
    record ReasonMissing() implements Verdict {}
  }

  /**
   * Values of an event that are secret, and whether they are marked.
   *
   * @param keys the names of secrets
   * @param marked whether they are marked whatever was asked for
   * @param onRequest whether they are when whoever sends the event asks for it
   */
  public record Secrets(SecretKeys keys, boolean marked, boolean onRequest) {}

  /** Decisions known for an action, for the next events with it. */
  private record Found(
      Verdict complete,
      Verdict withoutReason,
      @Nullable DetailsSchema details,
      @Nullable String unknownSource) {}

  private record Rule(Action action, String prefix, Category category) {}

  private record Foreign(Catalog catalog, Catalog.Names names, SecretKeys secrets) {}

  private record Match(Catalog.Known known, Foreign foreign) {}

  /** Sources of the personal rules: an action of the profile, and a bit for each catalog. */
  private record Sources(@Nullable Action own, int mayBe) {}

  /** A classifier with the profile's own answers to unknown actions and missing reasons. */
  public Classifier(Profile profile) {
    this(profile, profile.unknownActions(), profile.missingReasons());
  }

  /** A classifier for a tenant that chose its own answers to both. */
  public Classifier(Profile profile, UnknownActions unknownActions, MissingReasons missingReasons) {
    this.unknownActions = unknownActions;
    this.missingReasons = missingReasons;
    this.categories = profile.categories();
    this.unknownRules =
        new PersonalRules(
                profile.personalFields(), profile.personalDetails(), profile.actorHashing())
            .with(
                profile.actorHashing()
                    ? new PersonalIds(PersonalIds.Which.ALL, profile.persons())
                    : PersonalIds.NONE);
    this.marking = profile.secrets().when();
    this.ownSecrets = new SecretKeys(profile.secrets().keys());
    this.catalogs =
        profile.catalogs().stream()
            .map(catalog -> foreign(catalog, profile.secrets().keys()))
            .toList();
    for (Category category : profile.categories()) {
      for (Action action : category.actions()) {
        String name = action.action();
        String prefix = action.isPattern() ? name.substring(0, name.length() - 1) : name;
        Rule rule = new Rule(action, prefix, category);
        if (action.isPattern()) {
          patterns.add(rule);
        } else {
          exact.put(name, rule);
        }
        categoryOfFirstWord.putIfAbsent(ActionWords.of(prefix).getFirst(), category.id());
      }
    }
    patterns.sort(Comparator.comparingInt((Rule rule) -> rule.prefix.length()).reversed());
  }

  private static Foreign foreign(Catalog catalog, List<String> ownKeys) {
    List<String> keys = new ArrayList<>(catalog.secrets());
    keys.addAll(ownKeys);
    return new Foreign(catalog, new Catalog.Names(catalog), new SecretKeys(keys));
  }

  /** Decides about an event. */
  public Verdict classify(Event event) {
    Found found = kept.get(event.action());
    if (found == null) {
      if (kept.size() >= MAX_KEPT) {
        kept.clear();
      }
      found = find(event.action());
      kept.put(event.action(), found);
    }
    if (found.details != null) {
      List<Problem> problems = found.details.problems(event.details());
      if (!problems.isEmpty()) {
        return new Verdict.WrongDetails(problems);
      }
    }
    String reason = event.reason();
    return reason == null || reason.isBlank() ? found.withoutReason : found.complete;
  }

  /**
   * The program that an unknown action's name points to: the catalog one of whose prefixes it
   * begins with, or {@link #NO_SOURCE}; null for an action that a catalog or the profile has.
   */
  public @Nullable String unknownSource(String action) {
    Found found = kept.get(action);
    return (found == null ? find(action) : found).unknownSource;
  }

  /** Number of actions that are kept. */
  int kept() {
    return kept.size();
  }

  /** Whether an action is security-relevant: by the catalogs, or, unknown, by its words. */
  public boolean isSecurityRelevant(String action) {
    return find(action).complete instanceof Verdict.Recorded recorded
        && recorded.classification().securityRelevant();
  }

  /** The catalog's action that an event's action is, or null. */
  public @Nullable Action action(String action) {
    Rule rule = rule(action);
    if (rule != null) {
      return rule.action;
    }
    Match match = match(action);
    return match == null ? null : match.known.action();
  }

  private @Nullable Rule rule(String action) {
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

  /** Whole names go before patterns, and longer patterns before shorter ones. */
  private @Nullable Match match(String action) {
    Match best = null;
    for (Foreign foreign : catalogs) {
      Catalog.Known known = foreign.names.find(action);
      if (known != null && (best == null || known.isCloserThan(best.known))) {
        best = new Match(known, foreign);
      }
    }
    return best;
  }

  private Found find(String action) {
    Rule rule = rule(action);
    if (rule != null) {
      return own(action, rule);
    }
    PersonalRules personal = personal(null, action);
    Match match = match(action);
    if (match != null) {
      boolean fails = match.known.action().fails();
      return always(recorded(classification(action, match), personal, action, fails));
    }
    return switch (unknownActions) {
      case REJECT -> always(new Verdict.UnknownAction());
      case ACCEPT_AND_FLAG -> guessed(action, personal);
    };
  }

  /**
   * An action that no catalog has. What seems to need a reason is flagged without one and never
   * refused: a guess must not lose evidence.
   */
  private Found guessed(String action, PersonalRules personal) {
    Classification guess = guess(action);
    Verdict complete = recorded(guess, personal, action, false);
    Verdict withoutReason =
        seemsToNeedReason(action, guess.verb())
            ? recorded(guess.withFlag(REASON_MISSING), personal, action, false)
            : complete;
    return new Found(complete, withoutReason, null, source(action));
  }

  private String source(String action) {
    for (Foreign foreign : catalogs) {
      if (foreign.names.mayBe(action)) {
        return foreign.catalog.name();
      }
    }
    return NO_SOURCE;
  }

  /** Whether it takes entries away, acts as somebody else, or holds something. */
  private static boolean seemsToNeedReason(String action, String verb) {
    return !action.startsWith(OWN_ACTIONS)
        && (verb.equals("export")
            || ActionWords.firstOf(ActionWords.of(action), REASON_WORDS) != null);
  }

  private static Found always(Verdict verdict) {
    return new Found(verdict, verdict, null, null);
  }

  /**
   * An action of the profile. What a catalog says is personal counts too, as the action may be of
   * both; but who acts in the product is as the profile says.
   */
  private Found own(String name, Rule rule) {
    Action action = rule.action;
    if (!action.recorded()) {
      return always(new Verdict.NotRecorded(action.action()));
    }
    PersonalRules personal = personal(action, name);
    Verdict complete = own(name, rule, List.of(), personal);
    Verdict withoutReason =
        !action.reasonRequired()
            ? complete
            : refusesWithoutReason(name)
                ? new Verdict.ReasonMissing()
                : own(name, rule, List.of(REASON_MISSING), personal);
    return new Found(complete, withoutReason, action.details(), null);
  }

  private Verdict own(String name, Rule rule, List<String> flags, PersonalRules personal) {
    Action action = rule.action;
    return recorded(
        new Classification(rule.category.id(), action.verb(), action.securityRelevant(), flags),
        personal,
        name,
        action.fails());
  }

  /**
   * Whether an event without a reason is refused. The program itself asks for a reason before it
   * acts, never after.
   */
  private boolean refusesWithoutReason(String action) {
    return missingReasons == MissingReasons.REJECT && !action.startsWith(OWN_ACTIONS);
  }

  private Verdict recorded(
      Classification classification, PersonalRules personal, String action, boolean fails) {
    return new Verdict.Recorded(classification, personal, secrets(action), fails);
  }

  /** The program's own entries hold no secrets, and say what they say. */
  private Secrets secrets(String action) {
    if (marking == SecretMarking.When.NEVER || action.startsWith(OWN_ACTIONS)) {
      return new Secrets(ownSecrets, false, false);
    }
    Match match = match(action);
    return match == null
        ? new Secrets(ownSecrets, marking == SecretMarking.When.ALL, true)
        : new Secrets(match.foreign.secrets, true, true);
  }

  /** Personal rules of an action, which is one of the profile or none. */
  private PersonalRules personal(@Nullable Action own, String action) {
    int mayBe = 0;
    for (int i = 0; i < catalogs.size(); i++) {
      mayBe |= catalogs.get(i).names.mayBe(action) ? 1 << i : 0;
    }
    return rules.computeIfAbsent(new Sources(own, mayBe), this::union);
  }

  private PersonalRules union(Sources sources) {
    PersonalRules foreign = PersonalRules.BASIC;
    for (int i = 0; i < catalogs.size(); i++) {
      if ((sources.mayBe & (1 << i)) != 0) {
        foreign = foreign.plus(catalogs.get(i).catalog.personal());
      }
    }
    Action own = sources.own;
    return own == null
        ? unknownRules.plus(foreign)
        : unknownRules
            .plus(new PersonalRules(own.personalFields(), own.personalDetails(), false))
            .plus(unknownRules.hashActor() ? ownIds(own.action()) : PersonalRules.BASIC)
            .plus(foreign.withoutIds());
  }

  /**
   * Fields of changes that the program records in which a person's id stands as it is: where ids
   * are hashed it would stand beside its hash.
   */
  private static PersonalRules ownIds(String action) {
    if (!action.startsWith(OWN_ACTIONS)) {
      return PersonalRules.BASIC;
    }
    Set<String> fields = new HashSet<>(OWN_ID_FIELDS);
    if (action.startsWith(OWN_MEMBERS)) {
      fields.add("id");
    }
    return new PersonalRules(fields, List.of(), false);
  }

  private Classification classification(String action, Match match) {
    Action known = match.known.action();
    String category = category(action, match.known.group());
    if (!known.isPattern()) {
      return new Classification(category, known.verb(), known.securityRelevant(), List.of());
    }
    String verb = match.foreign.catalog.verb(action, known);
    boolean security =
        (known.securityRelevant() && !verb.equals("read"))
            || ActionWords.firstOf(ActionWords.of(action), SECURITY_WORDS) != null;
    return new Classification(category, verb, security, List.of());
  }

  private String category(String action, Catalog.Group group) {
    String sameWord = null;
    for (Category category : categories) {
      if (category.id().equals(group.id())) {
        return category.id();
      }
      if (sameWord == null && category.words().stream().anyMatch(group.words()::contains)) {
        sameWord = category.id();
      }
    }
    return sameWord == null ? category(ActionWords.of(action)) : sameWord;
  }

  private Classification guess(String action) {
    List<String> words = ActionWords.of(action);
    String verb = ActionWords.verb(action);
    return new Classification(
        category(words),
        verb == null ? ActionWords.UNKNOWN_VERB : verb,
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
