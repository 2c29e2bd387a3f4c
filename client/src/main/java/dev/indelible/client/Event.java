package dev.indelible.client;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event to record, with an id, so that sending it again doubles nothing. Immutable.
 *
 * <p>It is text of JSON as {@code docs/formats/event.md} describes it, built here or by any JSON
 * library; the server checks it, the client does not.
 */
public final class Event {

  private final String id;
  private final String json;

  private Event(String id, String json) {
    this.id = id;
    this.json = json;
  }

  /**
   * An event that is there as JSON; one without an {@code id} gets a random one.
   *
   * @throws IllegalArgumentException if it is not one JSON object
   */
  public static Event ofJson(String json) {
    JsonText event = JsonText.of(json);
    if (!event.isObject()) {
      throw new IllegalArgumentException("an event is a JSON object");
    }
    String given = event.at("id").text().orElse("");
    String id = given.isEmpty() ? UUID.randomUUID().toString() : given;
    // The text of the reader, since a line's end inside would end the event.
    String line = event.toString();
    return new Event(id, given.isEmpty() ? with("id", JsonText.quote(id), line) : line);
  }

  /**
   * Begins an event.
   *
   * @param action the action, {@code [a-z0-9][a-z0-9_.:-]{0,127}}, such as {@code
   *     user.role_changed}
   */
  public static Builder of(String action) {
    return new Builder(action);
  }

  /** The id: the caller's idempotency key. */
  public String id() {
    return id;
  }

  /** The event, in one line. */
  public String json() {
    return json;
  }

  /** This event with a tenant, unless it names one or there is none to give. */
  Event inTenant(@Nullable String tenant) {
    return tenant == null || !JsonText.of(json).at("tenant").isMissing()
        ? this
        : new Event(id, with("tenant", JsonText.quote(tenant), json));
  }

  /** {@code object} with one member more, before the others. */
  private static String with(String name, String value, String object) {
    String rest = object.substring(1).strip();
    return "{\"" + name + "\":" + value + (rest.equals("}") ? "" : ",") + rest;
  }

  /** An event that is not whole yet. Not thread-safe. */
  public static final class Builder {

    private final StringJoiner members = new StringJoiner(",", "{", "}");
    private final List<String> targets = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private final List<String> context = new ArrayList<>();

    private Builder(String action) {
      add("action", JsonText.quote(action));
    }

    /** The idempotency key, at most 256 characters; a random one if not set. */
    public Builder id(String id) {
      return text("id", id);
    }

    /** The tenant, for keys that are bound to none; the client's unless given. */
    public Builder tenant(String id) {
      return text("tenant", id);
    }

    /** The account of the tenant. */
    public Builder account(String id) {
      return text("account", id);
    }

    /** The time that it happened, to the millisecond; that of the recording if not set. */
    public Builder occurredAt(Instant time) {
      return text("occurred_at", time.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    /**
     * Sets the actor.
     *
     * @param type such as {@code user}
     * @param name the name, or null; personal
     */
    public Builder actor(String type, String id, @Nullable String name) {
      return member("actor", party(type, id, name));
    }

    /** The program itself did it. */
    public Builder systemActor() {
      return member("actor", "{\"type\":\"system\"}");
    }

    /** One more thing that it was done to. */
    public Builder target(String type, String id, @Nullable String name) {
      targets.add(party(type, id, name));
      return this;
    }

    /** The outcome, such as {@code success} or {@code failure}. */
    public Builder outcome(String outcome) {
      return text("outcome", outcome);
    }

    /** Sets the reason of the outcome. */
    public Builder outcomeReason(String reason) {
      return text("outcome_reason", reason);
    }

    /** One more field that was changed, with its texts before and after; null for no value. */
    public Builder change(String field, @Nullable String before, @Nullable String after) {
      changes.add(
          "{\"field\":%s,\"before\":%s,\"after\":%s}"
              .formatted(JsonText.quote(field), textOrNull(before), textOrNull(after)));
      return this;
    }

    /** Sets the reason of the action. */
    public Builder reason(String reason) {
      return text("reason", reason);
    }

    /**
     * One more thing of where it came from: {@code ip}, {@code user_agent}, {@code session_id} ….
     */
    public Builder context(String name, String value) {
      context.add(JsonText.quote(name) + ":" + JsonText.quote(value));
      return this;
    }

    /** Anything else, a JSON object. */
    public Builder details(String json) {
      return member("details", json);
    }

    /**
     * A member by its name, whose value is any JSON.
     *
     * @throws IllegalArgumentException if it is not one JSON value
     */
    public Builder member(String name, String json) {
      add(name, JsonText.of(json).toString());
      return this;
    }

    private Builder text(String name, String value) {
      add(name, JsonText.quote(value));
      return this;
    }

    private void add(String name, String json) {
      members.add(JsonText.quote(name) + ":" + json);
    }

    private static String textOrNull(@Nullable String text) {
      return text == null ? "null" : JsonText.quote(text);
    }

    private static String party(String type, String id, @Nullable String name) {
      return "{\"type\":%s,\"id\":%s%s}"
          .formatted(
              JsonText.quote(type),
              JsonText.quote(id),
              name == null ? "" : ",\"name\":" + JsonText.quote(name));
    }

    /** The event. The builder is not used any more. */
    public Event build() {
      if (!targets.isEmpty()) {
        add("targets", "[" + String.join(",", targets) + "]");
      }
      if (!changes.isEmpty()) {
        add("changes", "[" + String.join(",", changes) + "]");
      }
      if (!context.isEmpty()) {
        add("context", "{" + String.join(",", context) + "}");
      }
      return ofJson(members.toString());
    }
  }
}
