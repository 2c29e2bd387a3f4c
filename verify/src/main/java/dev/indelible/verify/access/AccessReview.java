package dev.indelible.verify.access;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Statement of who had access as of a date, by the entries of a log up to a position. Of one
 * position, date and set of rules there is one review, byte for byte. Immutable.
 *
 * @param basis what it was made from
 * @param completeness how far back the entries reach
 * @param people everybody who has anything, by realm, type and id
 * @param leavers those whose account was closed, the latest first
 * @param differences what changed since an earlier date, or null when none was asked for
 */
public record AccessReview(
    Basis basis,
    Completeness completeness,
    List<Person> people,
    List<Leaver> leavers,
    @Nullable Differences differences) {

  /** The value of the member {@code format}. */
  public static final String FORMAT = "indelible-access-review";

  /** The version that is written and read. */
  public static final int VERSION = 1;

  /** The largest file that is read, in bytes. */
  public static final int MAX_BYTES = 256 << 20;

  private static final double MILLIS_PER_HOUR = 3_600_000.0;

  public AccessReview {
    people = List.copyOf(people);
    leavers = List.copyOf(leavers);
  }

  /**
   * Source of a review.
   *
   * @param tenant whose log
   * @param checkpoint the signed note of the position
   * @param size the position: how many entries were read
   * @param asOfMillis what happened later is left out
   * @param sinceMillis the earlier date that it is compared with, or null
   * @param accounts the accounts whose entries alone were read, or null
   * @param filtered whether a fixed filter of the reader's left entries out: what a reader sees who
   *     sees a part of the log
   * @param rules the actions that give and take access
   */
  public record Basis(
      String tenant,
      String checkpoint,
      long size,
      long asOfMillis,
      @Nullable Long sinceMillis,
      @Nullable List<String> accounts,
      boolean filtered,
      AccessRules rules) {
    public Basis {
      accounts = accounts == null ? null : List.copyOf(accounts);
    }
  }

  /**
   * A person and what they have.
   *
   * @param realm {@code product}, {@code log}, or the name of another program's catalog
   * @param type {@code user}, or the type of an actor that is no person
   * @param id their id, or its hash where ids are hashed
   * @param name their name, where it may be seen
   * @param openSessions sessions that have begun and whose end was not recorded
   * @param grants what they have, without sessions, by kind and name
   */
  public record Person(
      String realm,
      String type,
      String id,
      @Nullable String name,
      long openSessions,
      List<Grant> grants) {
    public Person {
      grants = List.copyOf(grants);
    }

    /** The person as one text. */
    public String key() {
      return realm + "/" + type + "/" + id;
    }
  }

  /**
   * One access that somebody has, and the entry that gave it.
   *
   * @param kind the kind of access
   * @param what its name, such as a role's
   * @param account the account that it is for, or null
   * @param grantedAtMillis when it was given
   * @param entryId the entry that gave it
   * @param seq that entry's number
   * @param grantedBy who gave it, such as {@code user/u_1}
   * @param selfGranted whether that is the person themselves
   * @param untilMillis when it ends by itself, or null
   */
  public record Grant(
      AccessKind kind,
      String what,
      @Nullable String account,
      long grantedAtMillis,
      String entryId,
      long seq,
      String grantedBy,
      boolean selfGranted,
      @Nullable Long untilMillis) {
    /** Name of the access, without who has it. */
    public String key() {
      return kind.jsonName() + "/" + what + (account == null ? "" : "@" + account);
    }
  }

  /**
   * A person whose account was closed.
   *
   * @param person who, with what they still have, sessions included
   * @param leftAtMillis when it was closed
   * @param entryId the entry that closed it
   * @param seq that entry's number
   * @param leftBy who closed it
   * @param lastAccessGoneAtMillis when the last of their access was gone; null while there is some
   */
  public record Leaver(
      Person person,
      long leftAtMillis,
      String entryId,
      long seq,
      String leftBy,
      @Nullable Long lastAccessGoneAtMillis) {
    /** Hours from the closing to the end of the last access; null while there is some. */
    public @Nullable Double hours() {
      return lastAccessGoneAtMillis == null
          ? null
          : (lastAccessGoneAtMillis - leftAtMillis) / MILLIS_PER_HOUR;
    }
  }

  /**
   * A grant and whose it is.
   *
   * @param realm whose realm
   * @param type whose type
   * @param id whose id
   * @param grant the grant
   */
  public record Difference(String realm, String type, String id, Grant grant) {}

  /**
   * Changes between two dates.
   *
   * @param peopleAdded those who have something and had nothing
   * @param peopleGone those who had something and have nothing
   * @param grantsAdded what was given
   * @param grantsRemoved what was taken
   */
  public record Differences(
      List<String> peopleAdded,
      List<String> peopleGone,
      List<Difference> grantsAdded,
      List<Difference> grantsRemoved) {
    public Differences {
      peopleAdded = List.copyOf(peopleAdded);
      peopleGone = List.copyOf(peopleGone);
      grantsAdded = List.copyOf(grantsAdded);
      grantsRemoved = List.copyOf(grantsRemoved);
    }
  }

  /** The review without what people are called, for those who may not see it. */
  public AccessReview withoutNames() {
    return new AccessReview(
        basis,
        completeness,
        people.stream().map(AccessReview::nameless).toList(),
        leavers.stream()
            .map(
                left ->
                    new Leaver(
                        nameless(left.person),
                        left.leftAtMillis,
                        left.entryId,
                        left.seq,
                        left.leftBy,
                        left.lastAccessGoneAtMillis))
            .toList(),
        differences);
  }

  private static Person nameless(Person person) {
    return new Person(
        person.realm, person.type, person.id, null, person.openSessions, person.grants);
  }

  /** How many grants all people have together. */
  public long grants() {
    return people.stream().mapToLong(person -> person.grants.size()).sum();
  }

  /** How many of the grants somebody gave who is not to review them, such as {@code user/u_1}. */
  public long grantsBy(String actor) {
    return people.stream()
        .flatMap(person -> person.grants.stream())
        .filter(grant -> grant.grantedBy.equals(actor))
        .count();
  }

  /** The file, UTF-8; {@code docs/formats/access-review.md}. */
  public byte[] toJson() {
    return JsonText.bytes(tree());
  }

  Map<String, Object> tree() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("version", (long) VERSION);
    json.put("tenant", basis.tenant);
    json.put("checkpoint", basis.checkpoint);
    json.put("size", basis.size);
    json.put("as_of", time(basis.asOfMillis));
    putIfPresent(json, "since", basis.sinceMillis == null ? null : time(basis.sinceMillis));
    putIfPresent(json, "accounts", basis.accounts);
    putIfPresent(json, "filter", basis.filtered ? Boolean.TRUE : null);
    Map<String, Object> rules = new LinkedHashMap<>();
    rules.put("sha256", basis.rules.sha256());
    rules.put("list", basis.rules.toJson());
    json.put("rules", rules);
    json.put("completeness", completeness.toJson());
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("people", (long) people.size());
    counts.put("grants", grants());
    counts.put("leavers", (long) leavers.size());
    json.put("counts", counts);
    json.put("people", people.stream().map(AccessReview::json).toList());
    json.put("leavers", leavers.stream().map(AccessReview::json).toList());
    if (differences != null) {
      json.put("differences", json(differences));
    }
    return json;
  }

  static String time(long millis) {
    String text = Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.MILLIS).toString();
    // Always with milliseconds, as everywhere in this program's documents.
    return text.contains(".") ? text : text.replace("Z", ".000Z");
  }

  private static void putIfPresent(Map<String, Object> json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  static Map<String, Object> json(Person person) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("realm", person.realm);
    json.put("type", person.type);
    json.put("id", person.id);
    putIfPresent(json, "name", person.name);
    json.put("open_sessions", person.openSessions);
    json.put("grants", person.grants.stream().map(AccessReview::json).toList());
    return json;
  }

  static Map<String, Object> json(Grant grant) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", grant.kind.jsonName());
    json.put("what", grant.what);
    putIfPresent(json, "account", grant.account);
    json.put("granted_at", time(grant.grantedAtMillis));
    json.put("entry", grant.entryId);
    json.put("seq", grant.seq);
    json.put("granted_by", grant.grantedBy);
    json.put("self_granted", grant.selfGranted);
    putIfPresent(json, "until", grant.untilMillis == null ? null : time(grant.untilMillis));
    return json;
  }

  static Map<String, Object> json(Leaver left) {
    Map<String, Object> json = new LinkedHashMap<>(json(left.person));
    json.put("left_at", time(left.leftAtMillis));
    json.put("entry", left.entryId);
    json.put("seq", left.seq);
    json.put("left_by", left.leftBy);
    Long gone = left.lastAccessGoneAtMillis;
    putIfPresent(json, "last_access_gone_at", gone == null ? null : time(gone));
    Double hours = left.hours();
    if (hours != null) {
      json.put("hours", Math.round(hours * 100) / 100.0);
    }
    return json;
  }

  private static Map<String, Object> json(Differences differences) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("people_added", differences.peopleAdded);
    json.put("people_gone", differences.peopleGone);
    json.put("grants_added", list(differences.grantsAdded));
    json.put("grants_removed", list(differences.grantsRemoved));
    return json;
  }

  private static List<Map<String, Object>> list(List<Difference> differences) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Difference difference : differences) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("realm", difference.realm);
      json.put("type", difference.type);
      json.put("id", difference.id);
      json.put("grant", json(difference.grant));
      list.add(json);
    }
    return list;
  }
}
