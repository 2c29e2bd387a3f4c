package dev.indelible.server.event;

import org.jspecify.annotations.Nullable;

/**
 * Sender of an event: stated by the server alone, from what the request showed. It names a key or a
 * session by its public id and holds nothing of its secret.
 *
 * @param kind the kind of sender
 * @param id its id; null for {@link Kind#SERVER} alone
 */
public record RecordedBy(Kind kind, @Nullable String id) {

  /** The server's own entries, which nobody sent. */
  public static final RecordedBy THE_SERVER = new RecordedBy(Kind.SERVER, null);

  /** Kind of sender. */
  public enum Kind {
    /** A key of the tenant. */
    API_KEY,
    /** A key of the operator, who sends for any tenant. */
    OPERATOR_KEY,
    /** The session of somebody who signed in, or whom a key let in. */
    SESSION,
    /** The server itself. */
    SERVER;

    /** The name in JSON and in queries. */
    public String jsonName() {
      return switch (this) {
        case API_KEY -> "api_key";
        case OPERATOR_KEY -> "operator_key";
        case SESSION -> "session";
        case SERVER -> "server";
      };
    }

    /** The kind of that name, or null. */
    static @Nullable Kind named(String name) {
      return switch (name) {
        case "api_key" -> API_KEY;
        case "operator_key" -> OPERATOR_KEY;
        case "session" -> SESSION;
        case "server" -> SERVER;
        default -> null;
      };
    }
  }

  public RecordedBy {
    if ((id == null) != (kind == Kind.SERVER)) {
      throw new IllegalArgumentException("all but the server have an id");
    }
  }

  /** Search term of the sender: its id, or {@code server}. */
  public String term() {
    return id == null ? kind.jsonName() : id;
  }
}
