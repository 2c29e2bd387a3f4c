package dev.indelible.server.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Event as the caller sent it: already validated, every list immutable, absent fields null.
 *
 * @param id the caller's idempotency key, or null when the server is to choose one
 * @param tenant the tenant named in the event, or null when the key decides
 * @param account the account within the tenant, or null
 * @param occurredAt when it happened by the caller's clock, or null when the caller did not say
 * @param action the action, of the form {@link EventLimits#ACTION_FORM}
 * @param actor the party that acted
 * @param targets the objects acted on, at most {@link EventLimits#MAX_TARGETS}
 * @param outcome how it ended; {@link Outcome#UNKNOWN} when the caller did not say
 * @param outcomeReason why it ended so, or null
 * @param changes the changes, at most {@link EventLimits#MAX_CHANGES}
 * @param reason why it was done, or null
 * @param context where it came from
 * @param details anything else, or null
 */
public record Event(
    @Nullable String id,
    @Nullable TenantId tenant,
    @Nullable String account,
    @Nullable Instant occurredAt,
    String action,
    Actor actor,
    List<Target> targets,
    Outcome outcome,
    @Nullable String outcomeReason,
    List<Change> changes,
    @Nullable String reason,
    Context context,
    @Nullable ObjectNode details) {

  public Event {
    targets = List.copyOf(targets);
    changes = List.copyOf(changes);
  }

  /** Returns this event with another actor. */
  public Event with(Actor other) {
    return copy(other, targets, outcome, changes, context, details);
  }

  /** Returns this event with these targets instead of its own. */
  public Event withTargets(List<Target> some) {
    return copy(actor, some, outcome, changes, context, details);
  }

  /** Returns this event with another outcome. */
  public Event with(Outcome newOutcome) {
    return copy(actor, targets, newOutcome, changes, context, details);
  }

  /** Returns this event with another context. */
  public Event with(Context newContext) {
    return copy(actor, targets, outcome, changes, newContext, details);
  }

  /** Returns this event with other changes and details. */
  public Event with(List<Change> newChanges, @Nullable ObjectNode newDetails) {
    return copy(actor, targets, outcome, newChanges, context, newDetails);
  }

  private Event copy(
      Actor newActor,
      List<Target> newTargets,
      Outcome newOutcome,
      List<Change> newChanges,
      Context newContext,
      @Nullable ObjectNode newDetails) {
    return new Event(
        id,
        tenant,
        account,
        occurredAt,
        action,
        newActor,
        newTargets,
        newOutcome,
        outcomeReason,
        newChanges,
        reason,
        newContext,
        newDetails);
  }

  /** Outcome of an action; the values are those of ECS {@code event.outcome}. */
  public enum Outcome {
    SUCCESS,
    FAILURE,
    UNKNOWN;

    /** The name in JSON and in queries. */
    public String jsonName() {
      return switch (this) {
        case SUCCESS -> "success";
        case FAILURE -> "failure";
        case UNKNOWN -> "unknown";
      };
    }
  }

  /** Kind of party that acted. */
  public enum ActorType {
    USER,
    SYSTEM,
    API_CLIENT,
    SUPPORT,
    AI_AGENT;

    /** The name in JSON and in queries. */
    public String jsonName() {
      return switch (this) {
        case USER -> "user";
        case SYSTEM -> "system";
        case API_CLIENT -> "api_client";
        case SUPPORT -> "support";
        case AI_AGENT -> "ai_agent";
      };
    }
  }

  /**
   * Model and version of an actor of type {@link ActorType#AI_AGENT}.
   *
   * @param model the model, such as {@code acme-large-3}, or null
   * @param version the agent's own version, or null
   */
  public record Agent(@Nullable String model, @Nullable String version) {

    /** Agent of which neither is known, and of actors that are no agents. */
    public static final Agent NONE = new Agent(null, null);

    static Agent of(@Nullable String model, @Nullable String version) {
      return model == null && version == null ? NONE : new Agent(model, version);
    }
  }

  /**
   * Party that acted, with the roles and permissions held at that moment.
   *
   * @param type the kind of party
   * @param id its stable id; null for {@link ActorType#SYSTEM}, when it has been erased or
   *     withheld, and when a CloudEvent says what kind of party acted and not which
   * @param idHash the keyed hash that stands for the id in the facts where the profile hashes
   *     actors; callers never send it
   * @param name its name for people (personal), or null
   * @param email its e-mail address (personal), or null
   * @param agent its model and version; {@link Agent#NONE} unless it is an {@link
   *     ActorType#AI_AGENT}
   * @param roles roles held at that moment
   * @param permissions permissions held at that moment
   * @param onBehalfOf the party in whose place it acted, or who acted in its place, or null
   */
  public record Actor(
      ActorType type,
      @Nullable String id,
      @Nullable String idHash,
      @Nullable String name,
      @Nullable String email,
      Agent agent,
      List<String> roles,
      List<String> permissions,
      @Nullable Principal onBehalfOf) {
    public Actor {
      roles = List.copyOf(roles);
      permissions = List.copyOf(permissions);
    }

    /** An actor that is no agent and whose identity is not hashed. */
    public Actor(
        ActorType type,
        @Nullable String id,
        @Nullable String name,
        @Nullable String email,
        List<String> roles,
        List<String> permissions,
        @Nullable Principal onBehalfOf) {
      this(type, id, null, name, email, Agent.NONE, roles, permissions, onBehalfOf);
    }

    /** Returns this actor with its id and name filled in. */
    public Actor known(String itsId, @Nullable String itsName) {
      return new Actor(type, itsId, idHash, itsName, email, agent, roles, permissions, onBehalfOf);
    }

    /**
     * The parties on whose behalf it acted, the nearest first: an agent that a person's agent
     * started has both; at most {@link EventLimits#MAX_ON_BEHALF_OF}.
     */
    public List<Principal> chain() {
      Principal first = onBehalfOf;
      if (first == null) {
        return List.of();
      }
      if (first.onBehalfOf() == null) {
        return List.of(first);
      }
      List<Principal> chain = new ArrayList<>();
      for (Principal step = first; step != null; step = step.onBehalfOf()) {
        chain.add(step);
      }
      return chain;
    }
  }

  /**
   * The other party of an action done on behalf of somebody: one step of a chain.
   *
   * @param type the kind of party
   * @param id its stable id, or null for the system and when it has been erased or withheld
   * @param idHash as in {@link Actor}
   * @param name its name for people (personal), or null
   * @param email its e-mail address (personal), or null
   * @param agent as in {@link Actor}
   * @param onBehalfOf the party on whose behalf this one acted, or null at the end of the chain
   */
  public record Principal(
      ActorType type,
      @Nullable String id,
      @Nullable String idHash,
      @Nullable String name,
      @Nullable String email,
      Agent agent,
      @Nullable Principal onBehalfOf) {

    /** The end of a chain that is no agent and whose identity is not hashed. */
    public Principal(
        ActorType type, @Nullable String id, @Nullable String name, @Nullable String email) {
      this(type, id, null, name, email, Agent.NONE, null);
    }
  }

  /**
   * Object that was acted on.
   *
   * @param type its type, such as {@code ticket}
   * @param id its id within the type; its hash when the id names a person and is erased or withheld
   * @param idHash the keyed hash that stands for the id in the facts where the id names a person;
   *     callers never send it
   * @param name its name for people (personal), or null
   * @param href where it can be looked at (an {@code http} or {@code https} URL, or a path), or
   *     null
   */
  public record Target(
      String type,
      String id,
      @Nullable String idHash,
      @Nullable String name,
      @Nullable String href) {

    /** A target whose id is not hashed, as callers send it. */
    public Target(String type, String id, @Nullable String name, @Nullable String href) {
      this(type, id, null, name, href);
    }
  }

  /**
   * One changed field.
   *
   * @param field the field's name or path
   * @param before its value before, or null when absent (a JSON null is a {@code NullNode})
   * @param after its value after, or null when absent
   */
  public record Change(String field, @Nullable JsonNode before, @Nullable JsonNode after) {}

  /**
   * Origin of an action; every part may be null.
   *
   * @param ip IPv4 or IPv6 address in canonical text form (personal)
   * @param location place of the address (personal)
   * @param userAgent the client's user agent (personal)
   * @param sessionId session
   * @param requestId request
   * @param traceId trace
   * @param producer the program, or the instance of one, that made the event
   * @param producerSeq the event's number among those of its producer, from 0 to {@link
   *     EventLimits#MAX_PRODUCER_SEQ}; null without a producer
   */
  public record Context(
      @Nullable String ip,
      @Nullable Location location,
      @Nullable String userAgent,
      @Nullable String sessionId,
      @Nullable String requestId,
      @Nullable String traceId,
      @Nullable String producer,
      @Nullable Long producerSeq) {

    /** A context in which nothing is known. */
    public static final Context NONE = new Context(null, null, null, null, null, null);

    /** A context of which no producer is known. */
    public Context(
        @Nullable String ip,
        @Nullable Location location,
        @Nullable String userAgent,
        @Nullable String sessionId,
        @Nullable String requestId,
        @Nullable String traceId) {
      this(ip, location, userAgent, sessionId, requestId, traceId, null, null);
    }

    /** Returns this context with the location of its address. */
    public Context at(Location place) {
      return new Context(
          ip, place, userAgent, sessionId, requestId, traceId, producer, producerSeq);
    }
  }

  /**
   * A place on earth.
   *
   * @param country ISO 3166-1 alpha-2 code in capitals, or null
   * @param region name of the region, or null
   * @param city name of the city, or null
   * @param latitude degrees north, or null
   * @param longitude degrees east, or null
   */
  public record Location(
      @Nullable String country,
      @Nullable String region,
      @Nullable String city,
      @Nullable Double latitude,
      @Nullable Double longitude) {}
}
