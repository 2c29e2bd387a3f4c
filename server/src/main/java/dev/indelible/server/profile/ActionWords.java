package dev.indelible.server.profile;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Guesses what an action does from the words of its name.
 *
 * <p>A name is split at {@code . _ : -}. Words are read from the last to the first, since names
 * mostly end with their verb ({@code user.role_changed}) and otherwise begin with it ({@code
 * create_ticket}); the first word that is known decides. A word that only qualifies ({@code
 * failed}, {@code bulk}) is passed over. A name without a known word is an {@code update}, the
 * broadest claim that hides nothing.
 */
final class ActionWords {

  /** The verb of a name without a known word. */
  static final String FALLBACK_VERB = "update";

  private static final Map<String, List<String>> WORDS =
      Map.ofEntries(
          Map.entry(
              "create",
              List.of(
                  "create",
                  "created",
                  "creation",
                  "add",
                  "added",
                  "new",
                  "open",
                  "opened",
                  "generate",
                  "generated",
                  "register",
                  "registered",
                  "uploaded",
                  "upload",
                  "issued",
                  "issue")),
          Map.entry(
              "read",
              List.of(
                  "read",
                  "view",
                  "viewed",
                  "access",
                  "accessed",
                  "list",
                  "listed",
                  "get",
                  "search",
                  "searched",
                  "seen",
                  "fetch",
                  "fetched",
                  "download",
                  "downloaded",
                  "preview",
                  "previewed",
                  "query",
                  "queried")),
          Map.entry(
              "update",
              List.of(
                  "update",
                  "updated",
                  "updates",
                  "change",
                  "changed",
                  "changes",
                  "edit",
                  "edited",
                  "modify",
                  "modified",
                  "set",
                  "saved",
                  "save",
                  "rename",
                  "renamed",
                  "move",
                  "moved",
                  "rotate",
                  "rotated",
                  "rotation",
                  "reset",
                  "merged",
                  "merge",
                  "renewed",
                  "renew",
                  "published",
                  "publish",
                  "reverted",
                  "revert",
                  "configured",
                  "closed",
                  "close",
                  "reopened",
                  "acknowledge",
                  "acknowledged")),
          Map.entry(
              "delete",
              List.of(
                  "delete",
                  "deleted",
                  "deletion",
                  "remove",
                  "removed",
                  "removal",
                  "purge",
                  "purged",
                  "erase",
                  "erased",
                  "destroy",
                  "destroyed",
                  "discarded",
                  "drop",
                  "dropped")),
          Map.entry(
              "assign",
              List.of(
                  "assign",
                  "assigned",
                  "assignment",
                  "apply",
                  "applied",
                  "attach",
                  "attached",
                  "grant",
                  "granted",
                  "join",
                  "joined",
                  "enroll",
                  "enrolled",
                  "enrollment")),
          Map.entry(
              "unassign",
              List.of(
                  "unassign", "unassigned", "unassignment", "detach", "detached", "leave", "left")),
          Map.entry(
              "login",
              List.of(
                  "login",
                  "logon",
                  "signin",
                  "authenticate",
                  "authenticated",
                  "authentication",
                  "sso",
                  "callback")),
          Map.entry("logout", List.of("logout", "logoff", "signout")),
          Map.entry(
              "revoke",
              List.of(
                  "revoke",
                  "revoked",
                  "revocation",
                  "terminate",
                  "terminated",
                  "termination",
                  "invalidated",
                  "invalidation",
                  "release",
                  "released",
                  "expired",
                  "expire")),
          Map.entry(
              "enable",
              List.of(
                  "enable",
                  "enabled",
                  "activate",
                  "activated",
                  "activation",
                  "unlock",
                  "unlocked",
                  "unsuspended",
                  "restored",
                  "restore",
                  "reactivated",
                  "start",
                  "started")),
          Map.entry(
              "disable",
              List.of(
                  "disable",
                  "disabled",
                  "deactivate",
                  "deactivated",
                  "deactivation",
                  "lock",
                  "locked",
                  "suspend",
                  "suspended",
                  "block",
                  "blocked",
                  "stop",
                  "stopped",
                  "pause",
                  "paused",
                  "archive",
                  "archived")),
          Map.entry("invite", List.of("invite", "invited", "invitation")),
          Map.entry(
              "approve",
              List.of(
                  "approve",
                  "approved",
                  "approval",
                  "accept",
                  "accepted",
                  "confirm",
                  "confirmed",
                  "verified",
                  "fulfilled",
                  "fulfil")),
          Map.entry(
              "reject",
              List.of("reject", "rejected", "decline", "declined", "deny", "denied", "refused")),
          Map.entry(
              "execute",
              List.of(
                  "execute",
                  "executed",
                  "run",
                  "ran",
                  "fire",
                  "fired",
                  "trigger",
                  "triggered",
                  "complete",
                  "completed",
                  "finished",
                  "processed",
                  "call",
                  "called",
                  "dispatch",
                  "dispatched",
                  "impersonate",
                  "impersonated",
                  "impersonation",
                  "sync",
                  "synced")),
          Map.entry(
              "send",
              List.of(
                  "send",
                  "sent",
                  "submit",
                  "submitted",
                  "received",
                  "deliver",
                  "delivered",
                  "notify",
                  "notified",
                  "reply",
                  "replied",
                  "posted",
                  "post")),
          Map.entry("export", List.of("export", "exported", "backup", "dump")),
          Map.entry("import", List.of("import", "imported")));

  /** Every verb that a catalog may use. */
  static final Set<String> VERBS = Set.copyOf(WORDS.keySet());

  private static final Map<String, String> VERB_OF_WORD = verbsOfWords();

  private ActionWords() {}

  private static Map<String, String> verbsOfWords() {
    Map<String, String> verbs = new HashMap<>();
    WORDS.forEach(
        (verb, words) ->
            words.forEach(
                word -> {
                  if (verbs.put(word, verb) != null) {
                    throw new IllegalStateException("two verbs for the word " + word);
                  }
                }));
    return Map.copyOf(verbs);
  }

  /** The words of a name. */
  static List<String> of(String action) {
    return List.of(joined(action.toLowerCase(Locale.ROOT)).split("[._:\\-]+"));
  }

  /** "sign_in" and "log-out" are one word each. */
  private static String joined(String action) {
    return action.replaceAll("(^|[._:\\-])(sign|log)[_\\-](in|out|on|off)(?=$|[._:\\-])", "$1$2$3");
  }

  /** Whether one of the words says what is done. */
  static boolean isKnown(List<String> words) {
    return words.stream().anyMatch(VERB_OF_WORD::containsKey);
  }

  /** What the words say is done. */
  static String verb(List<String> words) {
    for (int i = words.size() - 1; i >= 0; i--) {
      String verb = VERB_OF_WORD.get(words.get(i));
      if (verb != null) {
        return verb;
      }
    }
    return FALLBACK_VERB;
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
