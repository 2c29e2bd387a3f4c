package dev.indelible.server.event;

import dev.indelible.server.event.Event.Actor;
import dev.indelible.server.event.Event.ActorType;
import dev.indelible.server.event.Event.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads who acted, and for whom. */
final class ActorReader {

  private static final List<String> ACTOR_FIELDS =
      List.of("type", "id", "name", "email", "roles", "permissions", "on_behalf_of");
  private static final List<String> PRINCIPAL_FIELDS = List.of("type", "id", "name", "email");
  private static final List<String> ACTOR_TYPES =
      List.of("user", "system", "api_client", "support");
  private static final int BIT_TYPE = 1;
  private static final int BIT_ID = 1 << 1;

  private ActorReader() {}

  private static @Nullable ActorType actorType(StrictReader in) {
    String text = in.text(EventLimits.MAX_ID_LENGTH);
    in.missingIfNull();
    return switch (text) {
      case "user" -> ActorType.USER;
      case "system" -> ActorType.SYSTEM;
      case "api_client" -> ActorType.API_CLIENT;
      case "support" -> ActorType.SUPPORT;
      case null -> null;
      default -> {
        in.unknownValue(text, ACTOR_TYPES);
        yield null;
      }
    };
  }

  /** The actor; null when it is JSON null or wrong. */
  static @Nullable Actor read(StrictReader in) {
    JsonParser parser = in.parser;
    if (!in.startObject()) {
      in.missingIfNull();
      return null;
    }
    int seen = 0;
    ActorType type = null;
    String actorId = null;
    String name = null;
    String email = null;
    List<String> roles = List.of();
    List<String> permissions = List.of();
    Principal onBehalfOf = null;
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      switch (field) {
        case "type" -> {
          seen = in.once(seen, BIT_TYPE);
          type = actorType(in);
        }
        case "id" -> {
          seen = in.once(seen, BIT_ID);
          actorId = in.id();
          seen = forgetNullId(parser, seen);
        }
        case "name" -> {
          seen = in.once(seen, 1 << 2);
          name = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "email" -> {
          seen = in.once(seen, 1 << 3);
          email = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "roles" -> {
          seen = in.once(seen, 1 << 4);
          roles = in.ids(EventLimits.MAX_ROLES);
        }
        case "permissions" -> {
          seen = in.once(seen, 1 << 5);
          permissions = in.ids(EventLimits.MAX_ROLES);
        }
        case "on_behalf_of" -> {
          seen = in.once(seen, 1 << 6);
          onBehalfOf = principal(in);
        }
        default -> in.unknownField(field, "an actor", ACTOR_FIELDS);
      }
    }
    requireIdentity(in, seen, type);
    return type == null
        ? null
        : new Actor(type, actorId, name, email, roles, permissions, onBehalfOf);
  }

  /** An id that is JSON null counts as absent: whether it may be depends on the type. */
  private static int forgetNullId(JsonParser parser, int seen) {
    return parser.currentToken() == JsonToken.VALUE_NULL ? seen & ~BIT_ID : seen;
  }

  private static void requireIdentity(StrictReader in, int seen, @Nullable ActorType type) {
    in.requireMember(seen, BIT_TYPE, "type", "one of " + String.join(", ", ACTOR_TYPES));
    if (type != ActorType.SYSTEM) {
      in.requireMember(seen, BIT_ID, "id", "only the type \"system\" may leave it out");
    }
  }

  private static @Nullable Principal principal(StrictReader in) {
    JsonParser parser = in.parser;
    if (!in.startObject()) {
      return null;
    }
    int seen = 0;
    ActorType type = null;
    String principalId = null;
    String name = null;
    String email = null;
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      switch (field) {
        case "type" -> {
          seen = in.once(seen, BIT_TYPE);
          type = actorType(in);
        }
        case "id" -> {
          seen = in.once(seen, BIT_ID);
          principalId = in.id();
          seen = forgetNullId(parser, seen);
        }
        case "name" -> {
          seen = in.once(seen, 1 << 2);
          name = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "email" -> {
          seen = in.once(seen, 1 << 3);
          email = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        default -> in.unknownField(field, "on_behalf_of", PRINCIPAL_FIELDS);
      }
    }
    requireIdentity(in, seen, type);
    return type == null ? null : new Principal(type, principalId, name, email);
  }
}
