package dev.indelible.verify.access;

import dev.indelible.verify.access.AccessReview.Grant;
import dev.indelible.verify.access.AccessReview.Leaver;
import dev.indelible.verify.access.AccessReview.Person;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a person who leaves was shut out of everything, as of a date: the account closed, roles,
 * permission sets and memberships taken, keys revoked, sessions ended. Immutable.
 *
 * @param person who, with all that they still have, sessions included
 * @param leaver when their account was closed; null while it is open, or when it never was there
 * @param taken what they had and have no more, the latest first
 * @param sessionEndedAtMillis when the last of their sessions ended, or null
 */
public record Offboarding(
    Person person,
    @Nullable Leaver leaver,
    List<Taken> taken,
    @Nullable Long sessionEndedAtMillis) {

  public Offboarding {
    taken = List.copyOf(taken);
  }

  /**
   * Access that was taken.
   *
   * @param grant what it was, and which entry had given it
   * @param atMillis when it was taken, or ended by itself
   * @param entryId the entry that took it; null when it ended by itself
   * @param seq that entry's number; negative when it ended by itself
   * @param by who took it; null when it ended by itself
   */
  public record Taken(
      Grant grant, long atMillis, @Nullable String entryId, long seq, @Nullable String by) {}

  /** One question of the check. */
  public enum Step {
    /** The account is closed. */
    ACCOUNT(AccessKind.SIGN_IN),
    /** Roles, permission sets, memberships and access to single things are taken. */
    RIGHTS(AccessKind.ROLE, AccessKind.PERMISSION_SET, AccessKind.MEMBERSHIP, AccessKind.ACCESS),
    /** Keys are revoked. */
    KEYS(AccessKind.KEY),
    /** Sessions have ended. */
    SESSIONS(AccessKind.SESSION);

    @SuppressWarnings("ImmutableEnumChecker") // a list that cannot be changed
    private final List<AccessKind> kinds;

    Step(AccessKind... kinds) {
      this.kinds = List.of(kinds);
    }

    /** Name in answers. */
    public String jsonName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Grants that are still there of a step; none when it is done, or never was anything. */
  public List<Grant> remaining(Step step) {
    return person.grants().stream().filter(grant -> step.kinds.contains(grant.kind())).toList();
  }

  /** Grants of a step that were taken. */
  public List<Taken> taken(Step step) {
    return taken.stream().filter(one -> step.kinds.contains(one.grant.kind())).toList();
  }

  /** Whether nothing is left. */
  public boolean done() {
    return person.grants().isEmpty();
  }

  /** The answer, UTF-8. */
  public byte[] toJson(String tenant, long size, long asOfMillis, Completeness completeness) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tenant", tenant);
    json.put("size", size);
    json.put("as_of", AccessReview.time(asOfMillis));
    json.put("completeness", completeness.toJson());
    json.put("done", done());
    Map<String, Object> who = AccessReview.json(person);
    who.remove("grants");
    json.put("person", who);
    if (leaver != null) {
      Map<String, Object> left = AccessReview.json(leaver);
      left.keySet()
          .retainAll(List.of("left_at", "entry", "seq", "left_by", "last_access_gone_at", "hours"));
      json.put("left", left);
    }
    if (sessionEndedAtMillis != null) {
      json.put("session_ended_at", AccessReview.time(sessionEndedAtMillis));
    }
    List<Object> steps = new ArrayList<>();
    for (Step step : Step.values()) {
      Map<String, Object> one = new LinkedHashMap<>();
      List<Grant> remaining = remaining(step);
      List<Taken> gone = taken(step);
      boolean sessionsEnded = step == Step.SESSIONS && sessionEndedAtMillis != null;
      one.put("step", step.jsonName());
      one.put(
          "state",
          !remaining.isEmpty() ? "missing" : gone.isEmpty() && !sessionsEnded ? "nothing" : "done");
      one.put("remaining", remaining.stream().map(AccessReview::json).toList());
      one.put("taken", gone.stream().map(Offboarding::json).toList());
      steps.add(one);
    }
    json.put("steps", steps);
    return JsonText.bytes(json);
  }

  private static Map<String, Object> json(Taken taken) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("grant", AccessReview.json(taken.grant));
    json.put("at", AccessReview.time(taken.atMillis));
    if (taken.entryId != null && taken.by != null) {
      json.put("entry", taken.entryId);
      json.put("seq", taken.seq);
      json.put("by", taken.by);
    }
    return json;
  }
}
