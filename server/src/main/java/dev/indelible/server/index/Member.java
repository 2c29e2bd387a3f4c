package dev.indelible.server.index;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of the members of stored parts; see {@code docs/formats/parts.md}. */
enum Member {
  ID,
  ID_HASH,
  TENANT,
  ACCOUNT,
  OCCURRED_AT,
  ACTION,
  CATEGORY,
  VERB,
  SECURITY_RELEVANT,
  FLAGS,
  RECORDED_BY,
  ACTOR,
  TYPE,
  NAME,
  EMAIL,
  MODEL,
  VERSION,
  ROLES,
  PERMISSIONS,
  ON_BEHALF_OF,
  TARGETS,
  HREF,
  OUTCOME,
  OUTCOME_REASON,
  CHANGES,
  FIELD,
  BEFORE,
  AFTER,
  REASON,
  CONTEXT,
  IP,
  LOCATION,
  COUNTRY,
  REGION,
  CITY,
  LATITUDE,
  LONGITUDE,
  USER_AGENT,
  SESSION_ID,
  REQUEST_ID,
  TRACE_ID,
  PRODUCER,
  PRODUCER_SEQ,
  DETAILS;

  private static final int SLOTS = 256;
  private static final @Nullable Member[] TABLE = new Member[SLOTS];

  static {
    for (Member member : values()) {
      byte[] name = member.bytes;
      int slot = slot(name, 0, name.length);
      while (TABLE[slot] != null) {
        slot = next(slot);
      }
      TABLE[slot] = member;
    }
  }

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
  private final byte[] bytes = name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);

  /** The member of that name, or null; the name is not empty. */
  static @Nullable Member of(byte[] in, int from, int to) {
    int slot = slot(in, from, to);
    Member member;
    while ((member = TABLE[slot]) != null) {
      if (Arrays.equals(member.bytes, 0, member.bytes.length, in, from, to)) {
        return member;
      }
      slot = next(slot);
    }
    return null;
  }

  private static int slot(byte[] in, int from, int to) {
    return ((to - from) * 31 + in[from] * 7 + in[to - 1] * 13) & (SLOTS - 1);
  }

  private static int next(int slot) {
    return (slot + 1) & (SLOTS - 1);
  }
}
