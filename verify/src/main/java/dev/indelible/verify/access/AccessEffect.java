package dev.indelible.verify.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One effect of an action on somebody's access, as {@code docs/profiles.md} describes it.
 *
 * @param deed the kind of effect
 * @param kind the kind of access
 * @param of places that say whose access it is; the first that the entry has counts
 * @param what places that say which access; the first that the entry has counts
 * @param until places that say when it ends by itself; may be empty
 */
public record AccessEffect(
    Deed deed, AccessKind kind, List<String> of, List<String> what, List<String> until) {

  /** The most places of one list. */
  public static final int MAX_PLACES = 8;

  /** Place that stands for all access of the kind. */
  public static final String ALL = "*";

  /** Place that stands for whoever holds the key or session. */
  public static final String HOLDER = "holder";

  private static final Pattern OF =
      Pattern.compile("actor|holder|target(\\.[a-z0-9_]+)?|details(\\.[A-Za-z0-9_]+)+");
  private static final Pattern WHAT =
      Pattern.compile(
          "\\*|session|account|target(\\.[a-z0-9_]+)?|(before|after)(\\.[A-Za-z0-9_./]+)?"
              + "|details(\\.[A-Za-z0-9_]+)+|=.{1,100}");

  /** Kind of effect. */
  public enum Deed {
    /** Gives access. */
    GRANTS,
    /** Takes access. */
    REVOKES,
    /** Takes all access of the kind, then gives. */
    REPLACES;

    /** Name in profiles and reviews. */
    public String jsonName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public AccessEffect {
    of = List.copyOf(of);
    what = List.copyOf(what);
    until = List.copyOf(until);
    check(kind, of, what, until);
    if (deed != Deed.REVOKES && (what.contains(ALL) || of.contains(HOLDER))) {
      throw new IllegalArgumentException("\"*\" and \"holder\" belong to what is revoked");
    }
  }

  private static void check(
      AccessKind kind, List<String> of, List<String> what, List<String> until) {
    if (of.isEmpty() || what.isEmpty()) {
      throw new IllegalArgumentException("an effect on access says \"of\" whom and \"what\"");
    }
    for (List<String> places : List.of(of, what, until)) {
      if (places.size() > MAX_PLACES) {
        throw new IllegalArgumentException("at most " + MAX_PLACES + " places");
      }
    }
    for (String place : of) {
      require(OF, place, "actor, holder, target, target.TYPE, details.NAME");
    }
    if (of.contains(HOLDER) && !kind.isHeld()) {
      throw new IllegalArgumentException("only keys and sessions have a holder");
    }
    for (List<String> places : List.of(what, until)) {
      for (String place : places) {
        require(
            WHAT,
            place,
            "target, target.TYPE, before.FIELD, after.FIELD, details.NAME, session, account, *,"
                + " =TEXT");
      }
    }
  }

  private static void require(Pattern pattern, String place, String known) {
    if (!pattern.matcher(place).matches()) {
      throw new IllegalArgumentException(
          "\"" + place + "\" is no place of an entry; there are " + known);
    }
  }

  /** Returns its form in a review, which is that of a profile. */
  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(deed.jsonName(), kind.jsonName());
    json.put("of", of);
    json.put("what", what);
    if (!until.isEmpty()) {
      json.put("until", until);
    }
    return json;
  }

  /**
   * The effect of a review.
   *
   * @throws IllegalArgumentException when it is none
   */
  static AccessEffect of(Map<String, Object> json) {
    for (Deed deed : Deed.values()) {
      String kind = JsonTree.text(json.get(deed.jsonName()));
      if (kind != null) {
        return new AccessEffect(
            deed,
            AccessKind.of(kind)
                .orElseThrow(() -> new IllegalArgumentException("no kind of access: " + kind)),
            texts(json.get("of")),
            texts(json.get("what")),
            texts(json.get("until")));
      }
    }
    throw new IllegalArgumentException("an effect grants, revokes or replaces");
  }

  private static List<String> texts(@org.jspecify.annotations.Nullable Object value) {
    List<String> texts = new ArrayList<>();
    for (Object element : JsonTree.list(value)) {
      texts.add(String.valueOf(element));
    }
    return texts;
  }
}
