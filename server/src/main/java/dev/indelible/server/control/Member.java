package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A person who may sign in to a tenant. It has no name, since control records are never deleted.
 *
 * @param tenant whose
 * @param localId the person's stable id
 * @param assignments what they have
 * @param removedAt when they were removed, or null
 */
public record Member(
    TenantId tenant, String localId, List<Assignment> assignments, @Nullable Instant removedAt)
    implements ConfigurationObject.Access {
  static final Kind<Member> KIND = new MemberKind();

  /** The most assignments. */
  public static final int MAX_ASSIGNMENTS = 50;

  public Member {
    assignments = List.copyOf(assignments);
  }

  @Override
  public Kind<Member> kind() {
    return KIND;
  }

  private static final class MemberKind extends Kind<Member> {

    MemberKind() {
      super("member", Member.class);
    }

    @Override
    void write(Member member, ObjectNode json) {
      json.put("tenant", member.tenant().value());
      json.put("id", member.localId());
      json.set("assignments", Assignment.toJson(member.assignments()));
      putIfPresent(json, "removed_at", member.removedAt());
    }

    @Override
    Member read(ObjectFields json) {
      return new Member(
          json.tenant(),
          json.text("id"),
          Assignment.listOf(json.required("assignments")),
          json.optionalInstant("removed_at"));
    }

    @Override
    void check(Member member) {
      requireAtMost(MAX_ASSIGNMENTS, "number of assignments", member.assignments().size());
    }

    @Override
    Event.Target target(Member member) {
      return new Event.Target("member", member.localId(), null, null);
    }

    @Override
    String action(@Nullable Member before, Member after) {
      return "audit.member." + verb(before, after, "remove");
    }
  }
}
