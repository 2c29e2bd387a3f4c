package dev.indelible.server.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Places of an entry's members within its stored parts, found in one pass and without a tree or a
 * string: parts are compact JSON whose members stand in one order ({@code docs/formats/parts.md}).
 * What it does not take, such as parties on whose behalf somebody acted, is for {@link
 * EntryCodec#decode}. One object is used for many entries; not thread-safe.
 */
final class StoredMembers {

  // Members, by their number.
  static final int ID = 0;
  static final int TENANT = 1;
  static final int ACCOUNT = 2;
  static final int OCCURRED_AT = 3;
  static final int ACTION = 4;
  static final int CATEGORY = 5;
  static final int VERB = 6;
  static final int SECURITY_RELEVANT = 7;
  static final int FLAGS = 8;
  static final int RECORDED_BY_TYPE = 9;
  static final int RECORDED_BY_ID = 10;
  static final int ACTOR_TYPE = 11;
  static final int ACTOR_ID = 12;
  static final int ACTOR_ID_HASH = 13;
  static final int ACTOR_NAME = 14;
  static final int ACTOR_EMAIL = 15;
  static final int ACTOR_MODEL = 16;
  static final int ACTOR_VERSION = 17;
  static final int ACTOR_ROLES = 18;
  static final int ACTOR_PERMISSIONS = 19;
  static final int OUTCOME = 20;
  static final int OUTCOME_REASON = 21;
  static final int CHANGES = 22;
  static final int REASON = 23;
  static final int SESSION_ID = 24;
  static final int REQUEST_ID = 25;
  static final int TRACE_ID = 26;
  static final int PRODUCER = 27;
  static final int PRODUCER_SEQ = 28;
  static final int DETAILS = 29;
  static final int IP = 30;
  static final int COUNTRY = 31;
  static final int REGION = 32;
  static final int CITY = 33;
  static final int LATITUDE = 34;
  static final int LONGITUDE = 35;
  static final int USER_AGENT = 36;

  /** The first target's type; its other members follow, and the other targets. */
  static final int TARGETS = 37;

  static final int TARGET_ID = 1;
  static final int TARGET_NAME = 2;
  static final int TARGET_HREF = 3;

  /** Members of a target. */
  static final int OF_TARGET = 4;

  private static final int COUNT = TARGETS + OF_TARGET * EventLimits.MAX_TARGETS;

  private final byte[][] in = new byte[COUNT][];
  private final int[] from = new int[COUNT];
  private final int[] to = new int[COUNT];
  private byte[] bytes = {};
  private int at;
  private int targets;
  private boolean isTaken;

  /**
   * Finds the members of an entry.
   *
   * @param personal the personal part, or null
   * @return false when there is something that is not taken; nothing may be asked for then
   */
  boolean find(byte[] facts, byte @Nullable [] personal) {
    Arrays.fill(from, -1);
    targets = 0;
    isTaken = true;
    begin(facts);
    facts();
    if (isTaken && personal != null) {
      begin(personal);
      personal();
    }
    return isTaken;
  }

  /** Whether the entry has the member. */
  boolean has(int member) {
    return from[member] >= 0;
  }

  /** The array that the member stands in. */
  byte[] in(int member) {
    return in[member];
  }

  /** Beginning of the member's text, which is as JSON escapes it: behind the quotation mark. */
  int from(int member) {
    return from[member];
  }

  /** End of the member's text: before the quotation mark. */
  int to(int member) {
    return to[member];
  }

  /** How many targets there are. */
  int targets() {
    return targets;
  }

  private void begin(byte[] part) {
    bytes = part;
    at = 0;
    open('{');
  }

  private void facts() {
    required(FieldNames.ID, ID);
    required(FieldNames.TENANT, TENANT);
    optional(FieldNames.ACCOUNT, ACCOUNT);
    optional(FieldNames.OCCURRED_AT, OCCURRED_AT);
    required(FieldNames.ACTION, ACTION);
    required(FieldNames.CATEGORY, CATEGORY);
    required(FieldNames.VERB, VERB);
    take(member(FieldNames.SECURITY_RELEVANT));
    plain(SECURITY_RELEVANT);
    list(FieldNames.FLAGS, FLAGS);
    if (member(FieldNames.RECORDED_BY)) {
      open('{');
      required(FieldNames.TYPE, RECORDED_BY_TYPE);
      optional(FieldNames.ID, RECORDED_BY_ID);
      close('}');
    }
    actor();
    factsOfTargets();
    required(FieldNames.OUTCOME, OUTCOME);
    optional(FieldNames.OUTCOME_REASON, OUTCOME_REASON);
    if (member(FieldNames.CHANGES)) {
      tree(CHANGES);
    }
    optional(FieldNames.REASON, REASON);
    if (member(FieldNames.CONTEXT)) {
      open('{');
      optional(FieldNames.SESSION_ID, SESSION_ID);
      optional(FieldNames.REQUEST_ID, REQUEST_ID);
      optional(FieldNames.TRACE_ID, TRACE_ID);
      optional(FieldNames.PRODUCER, PRODUCER);
      if (member(FieldNames.PRODUCER_SEQ)) {
        plain(PRODUCER_SEQ);
      }
      close('}');
    }
    if (member(FieldNames.DETAILS)) {
      tree(DETAILS);
    }
    end();
  }

  private void actor() {
    take(member(FieldNames.ACTOR));
    open('{');
    required(FieldNames.TYPE, ACTOR_TYPE);
    optional(FieldNames.ID, ACTOR_ID);
    optional(FieldNames.ID_HASH, ACTOR_ID_HASH);
    optional(FieldNames.MODEL, ACTOR_MODEL);
    optional(FieldNames.VERSION, ACTOR_VERSION);
    list(FieldNames.ROLES, ACTOR_ROLES);
    list(FieldNames.PERMISSIONS, ACTOR_PERMISSIONS);
    close('}');
  }

  private void factsOfTargets() {
    if (!member(FieldNames.TARGETS)) {
      return;
    }
    open('[');
    int target = TARGETS;
    do {
      take(target < COUNT);
      open('{');
      if (isTaken) {
        required(FieldNames.TYPE, target);
        required(FieldNames.ID, target + TARGET_ID);
        optional(FieldNames.HREF, target + TARGET_HREF);
      }
      close('}');
      target += OF_TARGET;
      targets++;
    } while (isTaken && another());
    close(']');
  }

  /** Reads the personal part, whose members stand over those of the facts. */
  private void personal() {
    if (member(FieldNames.ACTOR)) {
      open('{');
      optional(FieldNames.ID, ACTOR_ID);
      optional(FieldNames.NAME, ACTOR_NAME);
      optional(FieldNames.EMAIL, ACTOR_EMAIL);
      close('}');
    }
    if (member(FieldNames.TARGETS)) {
      personalOfTargets();
    }
    optional(FieldNames.REASON, REASON);
    if (member(FieldNames.CONTEXT)) {
      open('{');
      optional(FieldNames.IP, IP);
      if (member(FieldNames.LOCATION)) {
        location();
      }
      optional(FieldNames.USER_AGENT, USER_AGENT);
      close('}');
    }
    end();
  }

  private void personalOfTargets() {
    open('[');
    int target = TARGETS;
    do {
      take(target < TARGETS + OF_TARGET * targets);
      open('{');
      if (isTaken) {
        optional(FieldNames.ID, target + TARGET_ID);
        optional(FieldNames.NAME, target + TARGET_NAME);
        optional(FieldNames.HREF, target + TARGET_HREF);
      }
      close('}');
      target += OF_TARGET;
    } while (isTaken && another());
    close(']');
  }

  private void location() {
    open('{');
    optional(FieldNames.COUNTRY, COUNTRY);
    optional(FieldNames.REGION, REGION);
    optional(FieldNames.CITY, CITY);
    if (member(FieldNames.LATITUDE)) {
      plain(LATITUDE);
    }
    if (member(FieldNames.LONGITUDE)) {
      plain(LONGITUDE);
    }
    take(bytes[at - 1] != '{'); // an empty one is none of the members here
    close('}');
  }

  // ---- Bytes.

  private void take(boolean is) {
    isTaken &= is;
  }

  private void open(char bracket) {
    if (at < bytes.length && bytes[at] == bracket) {
      at++;
    } else {
      isTaken = false;
    }
  }

  private void close(char bracket) {
    open(bracket);
  }

  private void end() {
    close('}');
    take(at == bytes.length);
  }

  private boolean another() {
    boolean is = at < bytes.length && bytes[at] == ',';
    at += is ? 1 : 0;
    return is;
  }

  /** Passes over a member's name, and the comma before it, where it is the next one. */
  private boolean member(byte[] name) {
    int begin = at;
    if (begin < 1 || begin >= bytes.length) {
      return false;
    }
    if (bytes[begin] == ',') {
      begin++;
    } else if (bytes[begin - 1] != '{') {
      return false;
    }
    int end = begin + name.length;
    if (end > bytes.length || bytes[begin + 1] != name[1]) {
      return false;
    }
    if (!Arrays.equals(bytes, begin, end, name, 0, name.length)) {
      return false;
    }
    at = end;
    return true;
  }

  private void required(byte[] name, int member) {
    if (member(name)) {
      text(member);
    } else {
      isTaken = false;
    }
  }

  private void optional(byte[] name, int member) {
    if (member(name)) {
      text(member);
    }
  }

  private void text(int member) {
    int begin = at + 1;
    string();
    found(member, begin, at - 1);
  }

  private void found(int member, int begin, int end) {
    in[member] = bytes;
    from[member] = begin;
    to[member] = end;
  }

  /** Passes over a text with its quotation marks. */
  private void string() {
    open('"');
    while (at < bytes.length) {
      byte b = bytes[at++];
      if (b == '"') {
        return;
      }
      if (b == '\\') {
        at++;
      }
    }
    isTaken = false;
  }

  /** Takes a list of texts, with its brackets. */
  private void list(byte[] name, int member) {
    if (!member(name)) {
      return;
    }
    int begin = at;
    open('[');
    do {
      string();
    } while (isTaken && another());
    close(']');
    found(member, begin, at);
  }

  /** Takes a number or a truth value, as it is written. */
  private void plain(int member) {
    int begin = at;
    while (at < bytes.length && bytes[at] != ',' && bytes[at] != '}') {
      take(bytes[at] != 'E');
      at++;
    }
    found(member, begin, at);
  }

  /** Takes an object or a list as it is written; a number with an exponent may be written anew. */
  private void tree(int member) {
    int begin = at;
    int depth = 0;
    while (at < bytes.length) {
      switch (bytes[at]) {
        case '"' -> {
          string();
          continue;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case 'E' -> isTaken = false;
        default -> {}
      }
      at++;
      if (depth == 0) {
        found(member, begin, at);
        return;
      }
    }
    isTaken = false;
  }
}
