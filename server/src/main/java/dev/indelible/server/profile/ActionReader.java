package dev.indelible.server.profile;

import dev.indelible.server.event.DetailPaths;
import dev.indelible.server.event.Problem;
import dev.indelible.server.event.SecretKeys;
import dev.indelible.server.profile.Profile.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads what a profile and a catalog of another program's log have in common: actions. */
final class ActionReader {

  private static final Pattern ACTION = Pattern.compile("[a-z0-9][a-z0-9_.:-]{0,127}\\*?");
  private static final Pattern PLACE = Pattern.compile("\\{([^}]*)}");
  private static final Pattern PLACE_NAME =
      Pattern.compile(
          "actor|action|target|targets|before|after|field|reason|account|outcome"
              + "|(target|before|after|details)\\.[a-z0-9_]+");

  private static final String PLACES =
      "{actor}, {action}, {target}, {target.TYPE}, {targets}, {before}, {after}, {before.FIELD},"
          + " {after.FIELD}, {field}, {reason}, {account}, {outcome}, {details.NAME}";

  /** Opening of a part of a sentence that is left out if one of its places is empty. */
  private static final String OPTIONAL = "{?";

  private ActionReader() {}

  /** The action that an object of a list of actions is. */
  static Action read(ProfileFields fields, List<Problem> problems) {
    String action =
        fields.value(
            "action",
            text -> {
              if (ACTION.matcher(text).matches()) {
                return text;
              }
              throw new IllegalArgumentException("\"" + text + "\" is not of an action's form");
            },
            "");
    String verb = fields.text("verb");
    if (!verb.isEmpty() && !ActionWords.VERBS.contains(verb)) {
      fields.fault(
          "verb",
          Problem.Code.UNKNOWN_VALUE,
          "\""
              + verb
              + "\" is no verb; there are "
              + String.join(", ", ActionWords.VERBS.stream().sorted().toList()));
    }
    String sentence = fields.text("says");
    Matcher place = PLACE.matcher(withOptionalParts(sentence));
    while (place.find()) {
      if (!PLACE_NAME.matcher(place.group(1)).matches()) {
        fields.fault(
            "says",
            Problem.Code.UNKNOWN_VALUE,
            "there is no place " + place.group() + "; there are " + PLACES);
      }
    }
    JsonNode schema = fields.any("details");
    return new Action(
        action,
        verb,
        sentence,
        fields.texts("targets"),
        fields.flag("reason_required", false),
        fields.flag("security_relevant", false),
        fields.flag("recorded", true),
        fields.flag("fails", false),
        Set.copyOf(fields.texts("personal_fields")),
        paths(fields, "personal_details"),
        paths(fields, "author"),
        schema == null ? null : DetailsSchema.read(schema, fields.pointerOf("details"), problems),
        AccessMarks.read(fields, action));
  }

  /**
   * The sentence with its optional parts, {@code {? to the team {target}}}, as if they were always
   * there. One that is not closed stays, and is no place.
   */
  private static String withOptionalParts(String sentence) {
    StringBuilder text = new StringBuilder(sentence.length());
    int opened = -1;
    int at = 0;
    while (at < sentence.length()) {
      char c = sentence.charAt(at);
      int end = at + 1;
      if (opened < 0 && sentence.startsWith(OPTIONAL, at)) {
        opened = text.length();
        end = at + OPTIONAL.length();
      } else if (opened >= 0 && c == '}') {
        opened = -1;
      } else {
        int close = c == '{' ? sentence.indexOf('}', at) : -1;
        end = close < 0 ? at + 1 : close + 1;
        text.append(sentence, at, end);
      }
      at = end;
    }
    return opened < 0 ? text.toString() : text.insert(opened, OPTIONAL + "}").toString();
  }

  /** Paths into the details; of those that are none, the problem is told. */
  static List<String> paths(ProfileFields fields, String key) {
    List<String> paths = fields.texts(key);
    List<String> sound = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      try {
        sound.addAll(DetailPaths.of(List.of(paths.get(i))).paths());
      } catch (IllegalArgumentException notAPath) {
        fields.fault(key, i, Problem.Code.BAD_FORMAT, String.valueOf(notAPath.getMessage()));
      }
    }
    return sound;
  }

  /** Names of members that are secrets; of those that are none, the problem is told. */
  static List<String> secretKeys(ProfileFields fields, String key) {
    List<String> names = fields.texts(key);
    List<String> sound = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      try {
        sound.add(SecretKeys.requireName(names.get(i)));
      } catch (IllegalArgumentException notAName) {
        fields.fault(key, i, Problem.Code.BAD_FORMAT, String.valueOf(notAName.getMessage()));
      }
    }
    return sound;
  }
}
