package dev.indelible.server.access;

import dev.indelible.server.control.Assignment;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.JsonForm;
import dev.indelible.server.journal.KeyedJournal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of the sessions journal; see {@code docs/formats/sessions.md}. */
final class SessionCodec {

  static final int VERSION = 1;

  /** The form of the sessions journal. */
  static final KeyedJournal.Form<Step> FORM =
      new JsonForm<>("sessions", VERSION, "steps") {
        @Override
        protected void write(Step step, ObjectNode json) {
          switch (step) {
            case Step.Began(Session session) -> json.set("began", toJson(session));
            case Step.Ended(String id) -> json.put("ended", id);
            case Step.Used(String keyId, Instant at) ->
                json.put("used", keyId).put("at", at.toEpochMilli());
          }
        }

        @Override
        protected Step read(JsonNode json) {
          if (json.has("began")) {
            return new Step.Began(session(json.path("began")));
          }
          return json.has("ended")
              ? new Step.Ended(json.path("ended").stringValue())
              : new Step.Used(
                  json.path("used").stringValue(),
                  Instant.ofEpochMilli(json.path("at").longValue()));
        }
      };

  private SessionCodec() {}

  /** One thing that happened. */
  sealed interface Step {

    /** A session, or a link, is there. */
    record Began(Session session) implements Step {}

    /** The session ended. */
    record Ended(String id) implements Step {}

    /** A key was used. */
    record Used(String keyId, Instant at) implements Step {}
  }

  private static ObjectNode toJson(Session session) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", session.id());
    json.put("kind", session.kind().name());
    json.put("secret_hash", session.secretHash());
    ObjectNode user = json.putObject("user");
    user.put("id", session.user().id());
    put(user, "name", session.user().name());
    put(user, "email", session.user().email());
    json.put("created_at", session.createdAt().toEpochMilli());
    json.put("expires_at", session.expiresAt().toEpochMilli());
    json.put("lasts_until", session.lastsUntil().toEpochMilli());
    List<String> makers = session.makers();
    if (makers != null) {
      array(json, "makers", makers);
    }
    write(json.putObject("subject"), session.subject());
    return json;
  }

  static void write(ObjectNode json, Subject subject) {
    TenantId tenant = subject.tenant();
    if (tenant != null) {
      json.put("tenant", tenant.value());
    }
    switch (subject) {
      case Subject.OfOperator(String keyId) -> json.put("of", "operator").put("key_id", keyId);
      case Subject.OfKey(TenantId _, String keyId) -> json.put("of", "key").put("key_id", keyId);
      case Subject.OfMember member -> {
        json.put("of", "member").put("member_id", member.memberId());
        if (member.assignments() != null) {
          json.set("assignments", Assignment.toJson(member.assignments()));
        }
      }
      case Subject.OfGuest guest ->
          json.put("of", "guest")
              .put("guest_id", guest.guestId())
              .put("support", guest.isSupport());
      case Subject.OfViewer viewer -> {
        json.put("of", "viewer").put("key_id", viewer.keyId());
        array(json, "permissions", viewer.permissions());
        viewer.accounts().ifPresent(accounts -> array(json, "accounts", accounts));
        json.put("filter", viewer.filter());
        array(json, "origins", viewer.origins());
      }
    }
  }

  private static Session session(JsonNode json) {
    JsonNode user = json.path("user");
    return new Session(
        json.path("id").stringValue(),
        Token.Kind.valueOf(json.path("kind").stringValue()),
        json.path("secret_hash").stringValue(),
        subject(json.path("subject")),
        new Session.User(user.path("id").stringValue(), text(user, "name"), text(user, "email")),
        Instant.ofEpochMilli(json.path("created_at").longValue()),
        Instant.ofEpochMilli(json.path("expires_at").longValue()),
        Instant.ofEpochMilli(json.path("lasts_until").longValue()),
        json.has("makers") ? list(json.path("makers")) : null);
  }

  static Subject subject(JsonNode json) {
    String of = json.path("of").stringValue();
    if (of.equals("operator")) {
      return new Subject.OfOperator(json.path("key_id").stringValue());
    }
    TenantId tenant = new TenantId(json.path("tenant").stringValue());
    return switch (of) {
      case "key" -> new Subject.OfKey(tenant, json.path("key_id").stringValue());
      case "member" ->
          new Subject.OfMember(
              tenant,
              json.path("member_id").stringValue(),
              json.has("assignments") ? Assignment.listOf(json.path("assignments")) : null);
      case "guest" ->
          new Subject.OfGuest(
              tenant, json.path("guest_id").stringValue(), json.path("support").booleanValue());
      case "viewer" ->
          new Subject.OfViewer(
              tenant,
              json.path("key_id").stringValue(),
              set(json.path("permissions")),
              json.has("accounts") ? Optional.of(set(json.path("accounts"))) : Optional.empty(),
              json.path("filter").stringValue(),
              set(json.path("origins")));
      default -> throw new IllegalStateException("a session of unknown kind " + of);
    };
  }

  private static void array(ObjectNode json, String field, Iterable<String> values) {
    ArrayNode array = json.putArray(field);
    values.forEach(array::add);
  }

  private static List<String> list(JsonNode array) {
    return array.valueStream().map(JsonNode::stringValue).toList();
  }

  private static Set<String> set(JsonNode array) {
    Set<String> result = new HashSet<>();
    array.forEach(element -> result.add(element.stringValue()));
    return result;
  }

  private static void put(ObjectNode json, String field, @Nullable String value) {
    if (value != null) {
      json.put(field, value);
    }
  }

  private static @Nullable String text(JsonNode json, String field) {
    return json.has(field) ? json.path(field).stringValue() : null;
  }
}
