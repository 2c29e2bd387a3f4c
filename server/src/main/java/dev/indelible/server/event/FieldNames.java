package dev.indelible.server.event;

/** The names of an entry's JSON members as they are written. */
final class FieldNames {
  static final byte[] ID = JsonOut.name("id");
  static final byte[] ID_HASH = JsonOut.name("id_hash");
  static final byte[] TENANT = JsonOut.name("tenant");
  static final byte[] ACCOUNT = JsonOut.name("account");
  static final byte[] SEQ = JsonOut.name("seq");
  static final byte[] OCCURRED_AT = JsonOut.name("occurred_at");
  static final byte[] RECORDED_AT = JsonOut.name("recorded_at");
  static final byte[] ACTION = JsonOut.name("action");
  static final byte[] CATEGORY = JsonOut.name("category");
  static final byte[] VERB = JsonOut.name("verb");
  static final byte[] SECURITY_RELEVANT = JsonOut.name("security_relevant");
  static final byte[] FLAGS = JsonOut.name("flags");
  static final byte[] RECORDED_BY = JsonOut.name("recorded_by");
  static final byte[] ACTOR = JsonOut.name("actor");
  static final byte[] TYPE = JsonOut.name("type");
  static final byte[] NAME = JsonOut.name("name");
  static final byte[] EMAIL = JsonOut.name("email");
  static final byte[] MODEL = JsonOut.name("model");
  static final byte[] VERSION = JsonOut.name("version");
  static final byte[] ROLES = JsonOut.name("roles");
  static final byte[] PERMISSIONS = JsonOut.name("permissions");
  static final byte[] ON_BEHALF_OF = JsonOut.name("on_behalf_of");
  static final byte[] TARGETS = JsonOut.name("targets");
  static final byte[] HREF = JsonOut.name("href");
  static final byte[] OUTCOME = JsonOut.name("outcome");
  static final byte[] OUTCOME_REASON = JsonOut.name("outcome_reason");
  static final byte[] CHANGES = JsonOut.name("changes");
  static final byte[] FIELD = JsonOut.name("field");
  static final byte[] BEFORE = JsonOut.name("before");
  static final byte[] AFTER = JsonOut.name("after");
  static final byte[] REASON = JsonOut.name("reason");
  static final byte[] CONTEXT = JsonOut.name("context");
  static final byte[] IP = JsonOut.name("ip");
  static final byte[] LOCATION = JsonOut.name("location");
  static final byte[] COUNTRY = JsonOut.name("country");
  static final byte[] REGION = JsonOut.name("region");
  static final byte[] CITY = JsonOut.name("city");
  static final byte[] LATITUDE = JsonOut.name("latitude");
  static final byte[] LONGITUDE = JsonOut.name("longitude");
  static final byte[] USER_AGENT = JsonOut.name("user_agent");
  static final byte[] SESSION_ID = JsonOut.name("session_id");
  static final byte[] REQUEST_ID = JsonOut.name("request_id");
  static final byte[] TRACE_ID = JsonOut.name("trace_id");
  static final byte[] PRODUCER = JsonOut.name("producer");
  static final byte[] PRODUCER_SEQ = JsonOut.name("producer_seq");
  static final byte[] DETAILS = JsonOut.name("details");
  static final byte[] PERSONAL_ERASED = JsonOut.name("personal_erased");
  static final byte[] HOLDS = JsonOut.name("holds");

  private FieldNames() {}
}
