package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A legal hold: entries that its query finds are not deleted while it is in force.
 *
 * @param tenant whose entries
 * @param holdId its id, unique within the tenant
 * @param name its name for people
 * @param query which entries, in the query language; relative times count from {@code appliedAt}
 * @param twoPeople whether two different people release it
 * @param appliedAt when it was applied
 * @param releaseAskedBy who asked for its release first, or null; with {@code twoPeople}
 * @param releasedAt when it was released, or null
 */
public record Hold(
    TenantId tenant,
    String holdId,
    String name,
    String query,
    boolean twoPeople,
    Instant appliedAt,
    @Nullable String releaseAskedBy,
    @Nullable Instant releasedAt)
    implements ConfigurationObject {
  static final Kind<Hold> KIND = new HoldKind();

  /** The longest name, in UTF-16 units. */
  public static final int MAX_NAME_LENGTH = 200;

  @Override
  public String id() {
    return tenant.value() + "/" + holdId;
  }

  /** Whether it keeps entries. */
  public boolean isActive() {
    return releasedAt == null;
  }

  /** The hold's state, as one word for people and programs. */
  public String state() {
    return !isActive() ? "released" : releaseAskedBy == null ? "in_force" : "release_asked";
  }

  /** Returns a copy with another query. */
  public Hold withQuery(String other) {
    return new Hold(tenant, holdId, name, other, twoPeople, appliedAt, releaseAskedBy, releasedAt);
  }

  /** Returns a copy whose release one person has asked for. */
  public Hold releaseAsked(String by) {
    return new Hold(tenant, holdId, name, query, twoPeople, appliedAt, by, null);
  }

  /** Returns a released copy. */
  public Hold released(Instant at) {
    return new Hold(tenant, holdId, name, query, twoPeople, appliedAt, releaseAskedBy, at);
  }

  @Override
  public Kind<Hold> kind() {
    return KIND;
  }

  private static final class HoldKind extends Kind<Hold> {

    HoldKind() {
      super("hold", Hold.class);
    }

    @Override
    void write(Hold hold, ObjectNode json) {
      json.put("tenant", hold.tenant().value());
      json.put("id", hold.holdId());
      json.put("name", hold.name());
      json.put("query", hold.query());
      json.put("two_people", hold.twoPeople());
      json.put("applied_at", hold.appliedAt().toString());
      putIfPresent(json, "release_asked_by", hold.releaseAskedBy());
      putIfPresent(json, "released_at", hold.releasedAt());
    }

    @Override
    Hold read(ObjectFields json) {
      return new Hold(
          json.tenant(),
          json.text("id"),
          json.text("name"),
          json.text("query"),
          json.flag("two_people"),
          json.instant("applied_at"),
          json.optionalText("release_asked_by"),
          json.optionalInstant("released_at"));
    }

    @Override
    void check(Hold hold) {
      requireAtMost(MAX_NAME_LENGTH, "name", hold.name());
    }

    @Override
    Event.Target target(Hold hold) {
      return new Event.Target("legal_hold", hold.holdId(), hold.name(), null);
    }

    @Override
    String action(@Nullable Hold before, Hold after) {
      if (before == null) {
        return "audit.hold.apply";
      }
      return after.isActive() ? "audit.hold.release_request" : "audit.hold.release";
    }

    @Override
    boolean keepsHistory() {
      return true;
    }
  }
}
