package dev.indelible.server.export;

import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Session;
import dev.indelible.server.access.Standing;
import dev.indelible.server.access.Subject;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Person or program whose rights an export has, each time that it is looked at.
 *
 * @param kind of it
 * @param id of a member, a key, an invitation, or the operator's key
 * @param standing who it is in full, where kind and id do not say all; or null
 */
public record ExportMaker(Kind kind, String id, @Nullable Standing standing) {

  /** Kind of a maker. */
  public enum Kind {
    /** A member of the tenant. */
    MEMBER,
    /** A key of the tenant, or a viewer's session that it made. */
    KEY,
    /** An auditor or support staff, by their invitation. */
    GUEST,
    /** The operator, by a key. */
    OPERATOR;

    /** The name in the API. */
    public String jsonName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A maker whom kind and id name. */
  public ExportMaker(Kind kind, String id) {
    this(kind, id, null);
  }

  /** The maker that a request speaks for. */
  public static ExportMaker of(Caller caller, Configuration configuration, Instant now) {
    Standing standing = Standing.of(caller, configuration, now);
    return switch (standing.subject()) {
      case Subject.OfOperator(String keyId) -> new ExportMaker(Kind.OPERATOR, keyId, standing);
      case Subject.OfKey(TenantId _, String keyId) -> new ExportMaker(Kind.KEY, keyId, standing);
      case Subject.OfMember member -> new ExportMaker(Kind.MEMBER, member.memberId(), standing);
      case Subject.OfGuest guest -> new ExportMaker(Kind.GUEST, guest.guestId(), standing);
      case Subject.OfViewer viewer -> new ExportMaker(Kind.KEY, viewer.keyId(), standing);
    };
  }

  /** The maker in full, to ask what they may. */
  public Standing standing(TenantId tenant) {
    if (standing != null) {
      return standing;
    }
    Subject subject =
        switch (kind) {
          case MEMBER -> new Subject.OfMember(tenant, id, null);
          case KEY -> new Subject.OfKey(tenant, id);
          case GUEST -> new Subject.OfGuest(tenant, id, false);
          case OPERATOR -> new Subject.OfOperator(id);
        };
    return new Standing(subject, new Session.User(id, null, null), Instant.EPOCH, null);
  }

  /** Their name for people: as they were named when they asked, else their id. */
  public String name() {
    String name = standing == null ? null : standing.user().name();
    return name == null ? id : name;
  }

  /** Whether it is the one who sends a request. */
  public boolean isSame(ExportMaker other) {
    return kind == other.kind
        && id.equals(other.id)
        && (standing == null
            || other.standing == null
            || standing.user().id().equals(other.standing.user().id()));
  }
}
