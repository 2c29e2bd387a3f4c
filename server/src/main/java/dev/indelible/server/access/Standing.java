package dev.indelible.server.access;

import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Configuration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Caller as it can be asked about when no request of theirs is under way: for work that goes on
 * when a person has signed out. It says who they are; what they may is decided when it is asked.
 *
 * @param subject a member, a key, an auditor, a viewer's user or the operator
 * @param user their name when they asked for the work
 * @param since when that was, or when their session began
 * @param makers who made the session, as in {@link Session#makers}
 */
public record Standing(
    Subject subject, Session.User user, Instant since, @Nullable List<String> makers) {

  public Standing {
    makers = makers == null ? null : List.copyOf(makers);
  }

  /** Standing of whoever sends a request. */
  public static Standing of(Caller caller, Configuration configuration, Instant now) {
    Session session = caller.session();
    if (session != null) {
      return new Standing(session.subject(), session.user(), session.createdAt(), session.makers());
    }
    String keyId = caller.keyId();
    Subject subject =
        caller
            .home()
            .<Subject>map(tenant -> new Subject.OfKey(tenant, keyId))
            .orElseGet(() -> new Subject.OfOperator(keyId));
    String name = configuration.key(keyId).map(ApiKey::name).orElse(keyId);
    return new Standing(subject, new Session.User(keyId, name, null), now, null);
  }

  /** The session that it stands for; of no token. */
  Session session() {
    return new Session("", Token.Kind.SESSION, "", subject, user, since, since, since, makers);
  }

  /** Writes it. */
  public void write(ObjectNode json) {
    SessionCodec.write(json.putObject("subject"), subject);
    ObjectNode named = json.putObject("user");
    named.put("id", user.id());
    if (user.name() != null) {
      named.put("name", user.name());
    }
    if (user.email() != null) {
      named.put("email", user.email());
    }
    json.put("since", since.toEpochMilli());
    if (makers != null) {
      ArrayNode array = json.putArray("makers");
      makers.forEach(array::add);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static Standing read(JsonNode json) {
    JsonNode user = json.path("user");
    return new Standing(
        SessionCodec.subject(json.path("subject")),
        new Session.User(
            user.path("id").stringValue(),
            Optional.ofNullable(user.get("name")).map(JsonNode::stringValue).orElse(null),
            Optional.ofNullable(user.get("email")).map(JsonNode::stringValue).orElse(null)),
        Instant.ofEpochMilli(json.path("since").longValue()),
        json.has("makers")
            ? json.path("makers").valueStream().map(JsonNode::stringValue).toList()
            : null);
  }
}
