package dev.indelible.server.profile;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Entries as sentences: the one of each action in a tenant's catalog, as the viewer shows it. Where
 * there is none, or the entry lacks what it names, who, what and on what stand beside each other:
 * nothing is said that nobody said. Immutable and thread-safe.
 *
 * <p>The same rules as those of {@code web/src/viewer/sentence.ts}; both are held to the sentences
 * of the samples in {@code web/test/samples}.
 */
public final class Sentences {

  /** Stands between what is known of an entry and not put into a sentence. */
  private static final String BESIDE = " · ";

  private static final int SHORT_CHARACTERS = 40;

  private static final Pattern OPTIONAL = Pattern.compile("\\{\\?(?:[^{}]|\\{[^{}]*\\})*\\}");
  private static final Pattern PLACE = Pattern.compile("\\{([a-z_.0-9]+)\\}");
  private static final Pattern FROM = Pattern.compile("(?<!\\{\\?) (from|von) \\{before\\}");
  private static final Pattern TO = Pattern.compile("\\{\\? (to|zu) \\{after\\}\\}");

  private final Actions own;
  private final Actions foreign;
  private final SentenceWords words;

  /** The sentences of a profile; English where the language has none. */
  public Sentences(Profile profile, Locale language) {
    this(
        profile.categories().stream().flatMap(category -> category.actions().stream()).toList(),
        profile.catalogs(),
        language);
  }

  /** The sentences of actions, and of other programs' catalogs. */
  Sentences(List<Profile.Action> actions, List<Catalog> catalogs, Locale language) {
    own = new Actions(actions);
    foreign =
        new Actions(
            catalogs.stream()
                .flatMap(catalog -> catalog.groups().stream())
                .flatMap(group -> group.actions().stream())
                .toList());
    words = SentenceWords.of(language);
  }

  /** Actions by their whole names, then by the longest patterns. */
  private static final class Actions {
    private final Map<String, Profile.Action> exact = new HashMap<>();
    private final List<Profile.Action> patterns = new ArrayList<>();

    Actions(List<Profile.Action> actions) {
      for (Profile.Action action : actions) {
        if (action.isPattern()) {
          patterns.add(action);
        } else {
          exact.put(action.action(), action);
        }
      }
      patterns.sort(Comparator.comparingInt(action -> -action.action().length()));
    }

    Profile.@Nullable Action exact(String name) {
      return exact.get(name);
    }

    Profile.@Nullable Action find(String name) {
      Profile.Action known = exact.get(name);
      if (known != null) {
        return known;
      }
      for (Profile.Action pattern : patterns) {
        String prefix = pattern.action().substring(0, pattern.action().length() - 1);
        if (name.startsWith(prefix)) {
          return pattern;
        }
      }
      return null;
    }
  }

  /**
   * The sentence of an entry; one of something that failed says so first, unless its action does.
   */
  public String of(Entry entry) {
    Profile.Action action = action(entry);
    String said = action == null ? null : said(action, entry);
    boolean saysOutcome =
        action != null
            && said != null
            && (action.fails() || action.sentence().contains("{outcome}"));
    boolean failed = entry.event().outcome() == Event.Outcome.FAILURE && !saysOutcome;
    return (failed ? words.of("failed") + " " : "") + (said == null ? plain(entry) : said);
  }

  /**
   * The action in the catalogs. Patterns of other programs mean what the server took them to mean;
   * whole names, also what was recorded before they were known.
   */
  private Profile.@Nullable Action action(Entry entry) {
    String name = entry.event().action();
    Profile.Action known = own.find(name);
    if (known == null) {
      boolean unknown = entry.classification().flags().contains(Classifier.UNKNOWN_ACTION);
      known = unknown ? foreign.exact(name) : foreign.find(name);
    }
    return known == null || known.sentence().isEmpty() ? null : known;
  }

  /** Values that the places of a sentence are filled with. */
  private record Filling(
      Entry entry, Event.@Nullable Target target, Event.@Nullable Change change) {}

  private @Nullable String said(Profile.Action action, Entry entry) {
    List<Event.Change> changes = entry.event().changes();
    Event.Change change = meantChange(action.sentence(), changes);
    Event.Target target = meantTarget(action.targetTypes(), entry.event().targets());
    String filled =
        fill(
            shortened(words.sentence(action.sentence()), change),
            new Filling(entry, target, change));
    int further = changes.size() - 1;
    return filled != null && action.sentence().contains("{field}") && further > 0
        ? filled + " (" + words.of("further", Integer.toString(further)) + ")"
        : filled;
  }

  /** The target of the first type of which there is one. */
  private static Event.@Nullable Target meantTarget(
      List<String> types, List<Event.Target> targets) {
    if (types.isEmpty()) {
      return targets.isEmpty() ? null : targets.getFirst();
    }
    for (String type : types) {
      for (Event.Target target : targets) {
        if (target.type().equals(type)) {
          return target;
        }
      }
    }
    return null;
  }

  /**
   * The change of which a sentence without a field's name speaks: the first where it names the
   * field itself, the only one, or the only one whose field it mentions.
   */
  private static Event.@Nullable Change meantChange(String template, List<Event.Change> changes) {
    if (changes.size() < 2 || template.contains("{field}")) {
      return changes.isEmpty() ? null : changes.getFirst();
    }
    String text = " " + template.toLowerCase(Locale.ROOT) + " ";
    List<Event.Change> mentioned =
        changes.stream()
            .filter(
                change ->
                    text.contains(
                        " "
                            + fieldName(change.field())
                                .replaceAll("[_-]+", " ")
                                .toLowerCase(Locale.ROOT)
                            + " "))
            .toList();
    return mentioned.size() == 1 ? mentioned.getFirst() : null;
  }

  /** The last part of a field's path. */
  private static String fieldName(String field) {
    return field.substring(Math.max(field.lastIndexOf('.'), field.lastIndexOf('/')) + 1);
  }

  /**
   * The sentence without the part that speaks of a value before where there was none, and with
   * "nothing" for a value that is gone.
   */
  private String shortened(String template, Event.@Nullable Change change) {
    if (change == null) {
      return template;
    }
    JsonNode before = change.before();
    JsonNode after = change.after();
    if (before == null || before.isNull()) {
      return FROM.matcher(template).replaceFirst("");
    }
    return after != null && after.isNull() && !before.isContainer()
        ? TO.matcher(template).replaceFirst(" $1 " + Matcher.quoteReplacement(words.of("nothing")))
        : template;
  }

  /**
   * The sentence with its places filled, or null when the entry lacks what one of them needs. A
   * part of the form {@code {? to the team {target}}} is left out where it does.
   */
  private @Nullable String fill(String template, Filling filling) {
    StringBuilder text = new StringBuilder();
    Matcher optional = OPTIONAL.matcher(template);
    int at = 0;
    while (optional.find()) {
      String required = fillPlaces(template.substring(at, optional.start()), filling);
      if (required == null) {
        return null;
      }
      String piece = optional.group();
      String filled = fillPlaces(piece.substring(2, piece.length() - 1), filling);
      text.append(required).append(filled == null ? "" : filled);
      at = optional.end();
    }
    String rest = fillPlaces(template.substring(at), filling);
    return rest == null ? null : text.append(rest).toString();
  }

  private @Nullable String fillPlaces(String template, Filling filling) {
    StringBuilder text = new StringBuilder();
    Matcher place = PLACE.matcher(template);
    int at = 0;
    while (place.find()) {
      String filled = place(place.group(1), filling);
      if (filled == null) {
        return null;
      }
      text.append(template, at, place.start()).append(filled);
      at = place.end();
    }
    return text.append(template.substring(at)).toString();
  }

  private @Nullable String place(String name, Filling filling) {
    Entry entry = filling.entry();
    Event event = entry.event();
    Event.Target target = filling.target();
    Event.Change change = filling.change();
    return switch (name) {
      case "actor" -> actor(entry);
      case "action" -> event.action();
      case "target" -> target == null ? null : called(target);
      case "targets" -> event.targets().isEmpty() ? null : listed(event.targets());
      case "before" -> change == null ? null : quoted(change.before());
      case "after" -> change == null ? null : quoted(change.after());
      case "field" -> change == null ? null : change.field();
      case "reason" -> {
        String reason = event.reason();
        yield reason == null || reason.isEmpty() ? null : reason;
      }
      case "account" -> event.account();
      case "outcome" -> words.of("outcome." + event.outcome().jsonName());
      default -> namedPlace(name, event);
    };
  }

  /** A place that says which target, change or detail it means. */
  private static @Nullable String namedPlace(String name, Event event) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      return null;
    }
    String which = name.substring(dot + 1);
    String side = name.substring(0, dot);
    return switch (side) {
      case "target" -> {
        Event.Target target = meantTarget(List.of(which), event.targets());
        yield target == null ? null : called(target);
      }
      case "before", "after" -> {
        List<Event.Change> changes =
            event.changes().stream()
                .filter(change -> fieldName(change.field()).equals(which))
                .toList();
        if (changes.size() != 1) {
          yield null;
        }
        Event.Change one = changes.getFirst();
        yield quoted(side.equals("before") ? one.before() : one.after());
      }
      case "details" -> {
        JsonNode details = event.details();
        yield details == null ? null : quoted(details.get(which));
      }
      default -> null;
    };
  }

  private static @Nullable String quoted(@Nullable JsonNode value) {
    if (value == null || value.isNull() || value.isContainer()) {
      return null;
    }
    return value.isString() ? value.stringValue() : value.toString();
  }

  private static String called(Event.Target target) {
    return target.name() == null ? target.id() : target.name();
  }

  private static String listed(List<Event.Target> targets) {
    return String.join(", ", targets.stream().map(Sentences::called).toList());
  }

  /**
   * Facts beside each other, without a claim how they hang together: actor, action, targets, and a
   * change that is short.
   */
  private String plain(Entry entry) {
    Event event = entry.event();
    StringBuilder text = new StringBuilder(actor(entry)).append(BESIDE).append(event.action());
    if (!event.targets().isEmpty()) {
      text.append(BESIDE).append(listed(event.targets()));
    }
    if (event.changes().size() == 1) {
      Event.Change change = event.changes().getFirst();
      String before = quoted(change.before());
      String after = quoted(change.after());
      if (isShort(before) && isShort(after)) {
        text.append(BESIDE).append(change.field()).append(": ");
        text.append(before).append(" → ").append(after);
      }
    }
    return text.toString();
  }

  private static boolean isShort(@Nullable String value) {
    return value != null && value.length() <= SHORT_CHARACTERS;
  }

  /** The actor's name, and those on whose behalf it acted who are no target of the entry. */
  private String actor(Entry entry) {
    Event event = entry.event();
    Event.Actor actor = event.actor();
    StringBuilder text =
        new StringBuilder(
            isOperator(actor)
                ? words.of("operator")
                : called(
                    actor.name(), actor.email(), actor.id(), actor.idHash(), actor.type(), entry));
    for (Event.Principal party : actor.chain()) {
      boolean isTarget =
          party.id() != null
              && event.targets().stream().anyMatch(target -> target.id().equals(party.id()));
      if (!isTarget) {
        text.append(' ').append(words.of("behalf")).append(' ');
        text.append(
            called(party.name(), party.email(), party.id(), party.idHash(), party.type(), entry));
      }
    }
    return text.toString();
  }

  /**
   * Whether it is the operator's key, or who signed in with it, whose id says nothing to anybody.
   */
  private static boolean isOperator(Event.Actor actor) {
    return actor.roles().contains("operator")
        && switch (actor.type()) {
          case API_CLIENT -> actor.name() == null;
          case USER -> "operator".equals(actor.name());
          case SYSTEM, AI_AGENT, SUPPORT -> false;
        };
  }

  private String called(
      @Nullable String name,
      @Nullable String email,
      @Nullable String id,
      @Nullable String idHash,
      Event.ActorType type,
      Entry entry) {
    String known = name != null ? name : email != null ? email : id;
    if (known != null) {
      return known;
    }
    if (type == Event.ActorType.SYSTEM) {
      return words.of("system");
    }
    return words.of(entry.personalErased() ? "erased" : idHash == null ? "unknown" : "withheld");
  }
}
