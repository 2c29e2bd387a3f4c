package dev.indelible.server.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * JSON of entries made of stored parts, byte for byte that of {@link EventJson}, several times as
 * fast: no entry is built, each value is copied from where it stands, since both are written by
 * {@link JsonOut}. Not thread-safe.
 */
public final class StoredJson {

  private static final int MARGIN_BYTES = 256;

  private final StoredMembers members = new StoredMembers();
  private JsonOut out = new JsonOut(0);

  /**
   * Writes an entry that nothing was erased of and that no legal hold keeps.
   *
   * @param facts the facts as they are stored
   * @param personal the personal part, or null where there is none or it is withheld
   * @return its JSON; null for an entry that has to be read
   */
  public byte @Nullable [] write(
      long seq, long recordedAtMillis, byte[] facts, byte @Nullable [] personal) {
    if (!members.find(facts, personal)) {
      return null;
    }
    out = new JsonOut(facts.length + (personal == null ? 0 : personal.length) + MARGIN_BYTES);
    Instant recordedAt = Instant.ofEpochMilli(recordedAtMillis);
    out.open('{');
    text(FieldNames.ID, StoredMembers.ID);
    text(FieldNames.TENANT, StoredMembers.TENANT);
    text(FieldNames.ACCOUNT, StoredMembers.ACCOUNT);
    out.number(FieldNames.SEQ, seq);
    if (members.has(StoredMembers.OCCURRED_AT)) {
      text(FieldNames.OCCURRED_AT, StoredMembers.OCCURRED_AT);
    } else {
      out.time(FieldNames.OCCURRED_AT, recordedAt);
    }
    out.time(FieldNames.RECORDED_AT, recordedAt);
    text(FieldNames.ACTION, StoredMembers.ACTION);
    text(FieldNames.CATEGORY, StoredMembers.CATEGORY);
    text(FieldNames.VERB, StoredMembers.VERB);
    plain(FieldNames.SECURITY_RELEVANT, StoredMembers.SECURITY_RELEVANT);
    plain(FieldNames.FLAGS, StoredMembers.FLAGS);
    recordedBy();
    actor();
    targets();
    text(FieldNames.OUTCOME, StoredMembers.OUTCOME);
    text(FieldNames.OUTCOME_REASON, StoredMembers.OUTCOME_REASON);
    plain(FieldNames.CHANGES, StoredMembers.CHANGES);
    text(FieldNames.REASON, StoredMembers.REASON);
    context();
    plain(FieldNames.DETAILS, StoredMembers.DETAILS);
    out.close('}');
    return out.toBytes();
  }

  private void recordedBy() {
    if (members.has(StoredMembers.RECORDED_BY_TYPE)) {
      out.member(FieldNames.RECORDED_BY).open('{');
      text(FieldNames.TYPE, StoredMembers.RECORDED_BY_TYPE);
      text(FieldNames.ID, StoredMembers.RECORDED_BY_ID);
      out.close('}');
    }
  }

  private void actor() {
    out.member(FieldNames.ACTOR).open('{');
    text(FieldNames.TYPE, StoredMembers.ACTOR_TYPE);
    text(FieldNames.ID, StoredMembers.ACTOR_ID);
    text(FieldNames.ID_HASH, StoredMembers.ACTOR_ID_HASH);
    text(FieldNames.NAME, StoredMembers.ACTOR_NAME);
    text(FieldNames.EMAIL, StoredMembers.ACTOR_EMAIL);
    text(FieldNames.MODEL, StoredMembers.ACTOR_MODEL);
    text(FieldNames.VERSION, StoredMembers.ACTOR_VERSION);
    plain(FieldNames.ROLES, StoredMembers.ACTOR_ROLES);
    plain(FieldNames.PERMISSIONS, StoredMembers.ACTOR_PERMISSIONS);
    out.close('}');
  }

  private void targets() {
    if (members.targets() == 0) {
      return;
    }
    out.member(FieldNames.TARGETS).open('[');
    for (int i = 0; i < members.targets(); i++) {
      int target = StoredMembers.TARGETS + StoredMembers.OF_TARGET * i;
      out.element().open('{');
      text(FieldNames.TYPE, target);
      text(FieldNames.ID, target + StoredMembers.TARGET_ID);
      text(FieldNames.NAME, target + StoredMembers.TARGET_NAME);
      text(FieldNames.HREF, target + StoredMembers.TARGET_HREF);
      out.close('}');
    }
    out.close(']');
  }

  private void context() {
    boolean located = hasAny(StoredMembers.COUNTRY, StoredMembers.LONGITUDE);
    if (!located
        && !hasAny(StoredMembers.SESSION_ID, StoredMembers.PRODUCER_SEQ)
        && !members.has(StoredMembers.IP)
        && !members.has(StoredMembers.USER_AGENT)) {
      return;
    }
    out.member(FieldNames.CONTEXT).open('{');
    text(FieldNames.IP, StoredMembers.IP);
    if (located) {
      out.member(FieldNames.LOCATION).open('{');
      text(FieldNames.COUNTRY, StoredMembers.COUNTRY);
      text(FieldNames.REGION, StoredMembers.REGION);
      text(FieldNames.CITY, StoredMembers.CITY);
      plain(FieldNames.LATITUDE, StoredMembers.LATITUDE);
      plain(FieldNames.LONGITUDE, StoredMembers.LONGITUDE);
      out.close('}');
    }
    text(FieldNames.USER_AGENT, StoredMembers.USER_AGENT);
    text(FieldNames.SESSION_ID, StoredMembers.SESSION_ID);
    text(FieldNames.REQUEST_ID, StoredMembers.REQUEST_ID);
    text(FieldNames.TRACE_ID, StoredMembers.TRACE_ID);
    text(FieldNames.PRODUCER, StoredMembers.PRODUCER);
    plain(FieldNames.PRODUCER_SEQ, StoredMembers.PRODUCER_SEQ);
    out.close('}');
  }

  /** Whether there is any of the members whose numbers are between two, both included. */
  private boolean hasAny(int first, int last) {
    for (int member = first; member <= last; member++) {
      if (members.has(member)) {
        return true;
      }
    }
    return false;
  }

  /** A text, with the quotation marks that stand around it. */
  private void text(byte[] name, int member) {
    if (members.has(member)) {
      out.member(name).raw(members.in(member), members.from(member) - 1, members.to(member) + 1);
    }
  }

  /** Anything else, as it is written. */
  private void plain(byte[] name, int member) {
    if (members.has(member)) {
      out.member(name).raw(members.in(member), members.from(member), members.to(member));
    }
  }
}
