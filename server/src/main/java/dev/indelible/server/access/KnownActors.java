package dev.indelible.server.access;

import dev.indelible.server.control.Assignment;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Member;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Permission;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Actors of changes, as far as they are known when the change gets its entry: the control log,
 * which is never cut, has nothing but their ids. Thread-safe.
 */
public final class KnownActors {

  private final Configuration configuration;
  private final AccessServices access;

  /** Creates the directory of actors that {@code access} lets in. */
  public KnownActors(Configuration configuration, AccessServices access) {
    this.configuration = configuration;
    this.access = access;
  }

  /** Actor with name, roles and permissions, where they are known; with the id alone otherwise. */
  public Event.Actor of(TenantId tenantId, ChangedBy by) throws IOException {
    Event.Actor bare = by.actor();
    String id = by.id();
    Optional<Tenant> tenant = configuration.tenant(tenantId);
    if (id == null || tenant.isEmpty()) {
      return bare;
    }
    return switch (by.type()) {
      case "user" -> ofUser(tenant.get(), id, bare);
      case "api_key" ->
          configuration
              .key(id)
              .map(key -> with(bare, null, List.of(), KeyNames.permissions(key.scopes())))
              .orElse(bare);
      default -> bare;
    };
  }

  private Event.Actor ofUser(Tenant tenant, String id, Event.Actor bare) throws IOException {
    Optional<Session> session =
        access
            .sessions()
            .list(
                held ->
                    held.subject() instanceof Subject.OfMember member
                        && member.tenant().equals(tenant.tenant())
                        && held.user().id().equals(id))
            .stream()
            .max(Comparator.comparing(Session::createdAt));
    Session.User user =
        session.isPresent() ? session.get().user() : access.people().member(tenant.tenant(), id);
    List<Assignment> held =
        assignments(
            configuration,
            session.isPresent() && session.get().subject() instanceof Subject.OfMember member
                ? member
                : new Subject.OfMember(tenant.tenant(), id, null));
    return with(bare, user, Roles.names(held), access.roles().grant(tenant, held).permissions());
  }

  /** Assignments of a member: of this session alone, or as the tenant says. */
  public static List<Assignment> assignments(
      Configuration configuration, Subject.OfMember subject) {
    List<Assignment> ofSession = subject.assignments();
    return ofSession != null
        ? ofSession
        : configuration
            .access(subject.tenant(), Member.class, subject.memberId())
            .map(Member::assignments)
            .orElse(List.of());
  }

  private static Event.Actor with(
      Event.Actor bare,
      Session.@Nullable User user,
      List<String> roles,
      Set<Permission> permissions) {
    return new Event.Actor(
        bare.type(),
        bare.id(),
        user == null ? null : user.name(),
        user == null ? null : user.email(),
        roles,
        List.copyOf(KeyNames.names(permissions)),
        null);
  }
}
