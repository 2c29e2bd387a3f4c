package dev.indelible.server.event;

import dev.indelible.server.event.Event.Actor;
import dev.indelible.server.event.Event.ActorType;
import dev.indelible.server.event.Event.Agent;
import dev.indelible.server.event.Event.Principal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads who acted, and for whom. One instance reads one party: the actor, or one of its chain. */
final class ActorReader {

  private static final List<String> ACTOR_FIELDS =
      List.of(
          "type",
          "id",
          "name",
          "email",
          "model",
          "version",
          "roles",
          "permissions",
          "on_behalf_of");
  private static final List<String> PRINCIPAL_FIELDS =
      List.of("type", "id", "name", "email", "model", "version", "on_behalf_of");
  private static final List<String> ACTOR_TYPES =
      Arrays.stream(ActorType.values()).map(ActorType::jsonName).toList();
  private static final String ONE_OF_TYPES = "one of " + String.join(", ", ACTOR_TYPES);
  private static final int BIT_TYPE = 1;
  private static final int BIT_ID = 1 << 1;
  private static final int BIT_MODEL = 1 << 2;
  private static final int BIT_VERSION = 1 << 3;

  private final StrictReader in;

  /** Distance from the actor in the chain: 0 is the actor. */
  private final int step;

  private int seen;
  private @Nullable ActorType type;
  private @Nullable String id;
  private @Nullable String name;
  private @Nullable String email;
  private @Nullable String model;
  private @Nullable String version;
  private List<String> roles = List.of();
  private List<String> permissions = List.of();
  private @Nullable Principal onBehalfOf;

  private ActorReader(StrictReader in, int step) {
    this.in = in;
    this.step = step;
  }

  /**
   * The actor; null when it is JSON null or wrong.
   *
   * @param mayBeUnknown whether any type may lack an id, not the system's alone
   */
  static @Nullable Actor read(StrictReader in, boolean mayBeUnknown) {
    if (!in.startObject()) {
      in.missingIfNull();
      return null;
    }
    ActorReader actor = new ActorReader(in, 0);
    actor.members();
    actor.check(mayBeUnknown);
    return actor.type == null
        ? null
        : new Actor(
            actor.type,
            actor.id,
            null,
            actor.name,
            actor.email,
            Agent.of(actor.model, actor.version),
            actor.roles,
            actor.permissions,
            actor.onBehalfOf);
  }

  private static @Nullable Principal principal(StrictReader in, int step) {
    if (!in.startObject()) {
      return null;
    }
    if (step > EventLimits.MAX_ON_BEHALF_OF) {
      in.problems.addHere(
          in.parser,
          Problem.Code.TOO_DEEP,
          "is a step too many: at most "
              + EventLimits.MAX_ON_BEHALF_OF
              + " parties may stand one behind the other.");
      in.parser.skipChildren();
      return null;
    }
    ActorReader party = new ActorReader(in, step);
    party.members();
    party.check(false);
    return party.type == null
        ? null
        : new Principal(
            party.type,
            party.id,
            null,
            party.name,
            party.email,
            Agent.of(party.model, party.version),
            party.onBehalfOf);
  }

  private void members() {
    JsonParser parser = in.parser;
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      switch (field) {
        case "type" -> {
          seen = in.once(seen, BIT_TYPE);
          type = actorType();
        }
        case "id" -> {
          seen = in.once(seen, BIT_ID);
          id = in.id();
          // An id that is JSON null counts as absent: whether it may be depends on the type.
          seen = parser.currentToken() == JsonToken.VALUE_NULL ? seen & ~BIT_ID : seen;
        }
        case "model" -> {
          seen = in.once(seen, BIT_MODEL);
          model = in.id();
        }
        case "version" -> {
          seen = in.once(seen, BIT_VERSION);
          version = in.id();
        }
        case "name" -> {
          seen = in.once(seen, 1 << 4);
          name = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "email" -> {
          seen = in.once(seen, 1 << 5);
          email = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "on_behalf_of" -> {
          seen = in.once(seen, 1 << 6);
          onBehalfOf = principal(in, step + 1);
        }
        default -> held(field);
      }
    }
  }

  /** Reads a field that only the actor itself has. */
  private void held(String field) {
    if (step == 0 && field.equals("roles")) {
      seen = in.once(seen, 1 << 7);
      roles = in.ids(EventLimits.MAX_ROLES);
    } else if (step == 0 && field.equals("permissions")) {
      seen = in.once(seen, 1 << 8);
      permissions = in.ids(EventLimits.MAX_ROLES);
    } else if (step == 0) {
      in.unknownField(field, "an actor", ACTOR_FIELDS);
    } else {
      in.unknownField(field, "on_behalf_of", PRINCIPAL_FIELDS);
    }
  }

  private @Nullable ActorType actorType() {
    String text = in.text(EventLimits.MAX_ID_LENGTH);
    in.missingIfNull();
    return switch (text) {
      case "user" -> ActorType.USER;
      case "system" -> ActorType.SYSTEM;
      case "api_client" -> ActorType.API_CLIENT;
      case "support" -> ActorType.SUPPORT;
      case "ai_agent" -> ActorType.AI_AGENT;
      case null -> null;
      default -> {
        in.unknownValue(text, ACTOR_TYPES);
        yield null;
      }
    };
  }

  private void check(boolean mayBeUnknown) {
    in.requireMember(seen, BIT_TYPE, "type", ONE_OF_TYPES);
    if (type != ActorType.SYSTEM && !mayBeUnknown) {
      in.requireMember(seen, BIT_ID, "id", "only the type \"system\" may leave it out");
    }
    if (type != null && type != ActorType.AI_AGENT && (model != null || version != null)) {
      String field = model != null ? "model" : "version";
      in.problems.addMember(
          in.parser,
          field,
          Problem.Code.UNKNOWN_FIELD,
          "\"" + field + "\" is a field of parties of the type \"ai_agent\" alone.");
    }
  }
}
