package dev.indelible.server.profile;

import dev.indelible.server.event.Classification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an action does from the words of its name, where they leave no doubt.
 *
 * <p>A name is split at {@code . _ : -}; what follows its last {@code .} or {@code :} says what was
 * done. That ends with a word for a deed ({@code role_changed}, {@code bulk_export}), or begins
 * with a command ({@code create_access_key}). Words that mean one thing here and another there
 * ({@code remove}, {@code add}, {@code access}, {@code open}) say nothing, nor does a name that
 * speaks of something that was not done ({@code delete_requested}). A word that only qualifies
 * ({@code failed}, {@code bulk}) is passed over. A wrong verb would be found by those who look for
 * something else, and missed by those who look for it, so what is in doubt is {@value
 * #UNKNOWN_VERB}.
 */
final class ActionWords {

  /** The verb of a name that does not say for certain what was done. */
  static final String UNKNOWN_VERB = "unknown";

  /** Every verb that a catalog may use. */
  static final Set<String> VERBS =
      Classification.VERBS.stream()
          .filter(verb -> !verb.equals(UNKNOWN_VERB))
          .collect(Collectors.toUnmodifiableSet());

  /** Words for deeds, at the end of a name; each means the same whatever it is done to. */
  private static final Map<String, String> DEEDS =
      verbs(
          "create: created creation generated generation issued registered registration",
          "read: read viewed accessed searched queried fetched seen previewed",
          "update: updated changed edited modified modification renamed moved rotated rotation",
          "update: reset merged renewed reverted configured change",
          "delete: deleted deletion purged erased erasure destroyed destruction",
          "assign: assigned assignment granted attached",
          "unassign: unassigned unassignment detached",
          "login: login logon signin loggedin signedin authenticated authentication",
          "logout: logout logoff signout loggedout signedout",
          "revoke: revoked revocation invalidated invalidation",
          "enable: enabled activated activation reactivated reactivation unlocked unsuspended",
          "disable: disabled deactivated deactivation suspended suspension",
          "invite: invited",
          "approve: approved approval accepted",
          "reject: rejected rejection declined denied refused",
          "execute: executed execution ran triggered invoked",
          "send: sent delivered notified",
          "export: exported export",
          "import: imported import");

  /** Words that begin a name as a command, and are nothing else in that place. */
  private static final Map<String, String> COMMANDS =
      verbs(
          "create: create generate register",
          "read: get fetch describe",
          "update: update modify edit rename rotate reset configure",
          "delete: delete purge erase destroy",
          "assign: assign grant attach",
          "unassign: unassign detach",
          "revoke: revoke invalidate",
          "enable: enable activate reactivate unlock unsuspend",
          "disable: disable deactivate suspend",
          "invite: invite",
          "approve: approve accept",
          "reject: reject decline deny refuse",
          "execute: execute invoke",
          "send: send notify deliver",
          "export: export",
          "import: import");

  /** Words that are a command where nothing stands beside them. */
  private static final Map<String, String> ALONE =
      verbs(
          "read: view list search query preview",
          "update: set move merge renew revert",
          "execute: run trigger");

  /** Words that say how it was done, or how it ended, and not what. */
  private static final Set<String> QUALIFIERS =
      Set.of(
          "failed",
          "failure",
          "succeeded",
          "success",
          "successful",
          "successfully",
          "bulk",
          "mass",
          "auto",
          "automatic",
          "automatically",
          "manual",
          "manually");

  /** Words by which something was not done, or not yet. */
  private static final Set<String> NOT_DONE =
      Set.of(
          "request",
          "requests",
          "attempt",
          "attempts",
          "pending",
          "available",
          "ready",
          "intent",
          "proposal",
          "reminder",
          "warning",
          "error",
          "dryrun",
          "dry",
          "not",
          "no",
          "never",
          "cancel",
          "canceled",
          "cancelled",
          "cancellation",
          "undo",
          "undone",
          "before",
          "will");

  private static final String PARTICIPLE_ENDING = "ed";

  private ActionWords() {}

  /** Lines such as {@code read: viewed seen}, by word. */
  private static Map<String, String> verbs(String... lines) {
    Map<String, String> verbs = new HashMap<>();
    for (String line : lines) {
      String[] parts = line.split(": ", 2);
      for (String word : parts[1].split(" ", -1)) {
        if (!VERBS.contains(parts[0]) || verbs.put(word, parts[0]) != null) {
          throw new IllegalStateException("two verbs, or none, for the word " + word);
        }
      }
    }
    return Map.copyOf(verbs);
  }

  /** The words of a name. */
  static List<String> of(String action) {
    return List.of(joined(action.toLowerCase(Locale.ROOT)).split("[._:\\-]+", 0));
  }

  /** "sign_in", "logged_in" and "log-out" are one word each. */
  private static String joined(String action) {
    return action.replaceAll(
        "(^|[._:\\-])(sign|log|signed|logged)[_\\-](in|out|on|off)(?=$|[._:\\-])", "$1$2$3");
  }

  /** Verb that an action's name states for certain, else null. */
  static @Nullable String verb(String action) {
    String[] parts = joined(action.toLowerCase(Locale.ROOT)).split("[.:]+", 0);
    for (int i = parts.length - 1; i >= 0; i--) {
      List<String> words = new ArrayList<>(List.of(parts[i].split("[_\\-]+", -1)));
      words.removeIf(word -> word.isEmpty() || QUALIFIERS.contains(word));
      if (!words.isEmpty()) {
        return verb(words);
      }
    }
    return null;
  }

  private static @Nullable String verb(List<String> words) {
    if (firstOf(words, NOT_DONE) != null) {
      return null;
    }
    String last = words.getLast();
    String deed = DEEDS.get(last);
    String command = COMMANDS.get(words.getFirst());
    if (words.size() == 1) {
      return deed != null ? deed : command != null ? command : ALONE.get(last);
    }
    if (last.endsWith(PARTICIPLE_ENDING) || command == null) {
      return deed;
    }
    return command;
  }

  /** The first of the words that is in the set, or null. */
  static @Nullable String firstOf(List<String> words, Set<String> set) {
    for (String word : words) {
      if (set.contains(word)) {
        return word;
      }
    }
    return null;
  }
}
