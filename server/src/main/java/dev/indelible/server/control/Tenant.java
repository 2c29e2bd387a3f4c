package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tenant.
 *
 * @param tenant its id
 * @param name its name for people
 * @param profile the name of its profile
 * @param unknownActions what happens to actions that the profile does not list
 * @param refuseMissingReasons whether events without the reason that their action requires are
 *     refused; null: as the profile says
 * @param erasureDueDays within how many days requests for erasure are due; null: as the profile
 *     says
 * @param recordViews whether reading the log is recorded in it; null: as the profile says
 * @param supportAccess whether the tenant lets itself be given support
 * @param keptFor the longest that its profile has kept entries while nothing was set for the
 *     tenant, such as {@code P7Y}: a profile that keeps them for less later does not shorten it.
 *     Null: not known
 * @param erasureRule who has to agree before what is personal about somebody is erased
 * @param publishesLog whether the log's checkpoints, keys and tiles are shown to anybody
 * @param createdAt when it was created
 */
public record Tenant(
    TenantId tenant,
    String name,
    String profile,
    UnknownActions unknownActions,
    @Nullable Boolean refuseMissingReasons,
    @Nullable Integer erasureDueDays,
    @Nullable Boolean recordViews,
    boolean supportAccess,
    @Nullable String keptFor,
    ErasureRule erasureRule,
    boolean publishesLog,
    Instant createdAt)
    implements ConfigurationObject {
  static final Kind<Tenant> KIND = new TenantKind();

  /** The longest name, in UTF-16 units. */
  public static final int MAX_NAME_LENGTH = 200;

  /**
   * The most days within which a request for erasure may be due: the month of the GDPR's article 12
   * (3), and the two more that it grants for complex requests.
   */
  public static final int MAX_ERASURE_DUE_DAYS = 92;

  /** A tenant where one person is enough for an erasure. */
  public Tenant(
      TenantId tenant,
      String name,
      String profile,
      UnknownActions unknownActions,
      @Nullable Boolean refuseMissingReasons,
      @Nullable Integer erasureDueDays,
      @Nullable Boolean recordViews,
      boolean supportAccess,
      @Nullable String keptFor,
      Instant createdAt) {
    this(
        tenant,
        name,
        profile,
        unknownActions,
        refuseMissingReasons,
        erasureDueDays,
        recordViews,
        supportAccess,
        keptFor,
        ErasureRule.ONE,
        false,
        createdAt);
  }

  /** A tenant that has made no choices of its own. */
  public Tenant(
      TenantId tenant,
      String name,
      String profile,
      UnknownActions unknownActions,
      Instant createdAt) {
    this(tenant, name, profile, unknownActions, null, null, null, false, null, createdAt);
  }

  /** Returns a copy whose profile keeps entries for {@code period}. */
  public Tenant keptFor(String period) {
    return new Tenant(
        tenant,
        name,
        profile,
        unknownActions,
        refuseMissingReasons,
        erasureDueDays,
        recordViews,
        supportAccess,
        period,
        erasureRule,
        publishesLog,
        createdAt);
  }

  /** Returns a copy with another rule for erasures. */
  public Tenant with(ErasureRule rule) {
    return new Tenant(
        tenant,
        name,
        profile,
        unknownActions,
        refuseMissingReasons,
        erasureDueDays,
        recordViews,
        supportAccess,
        keptFor,
        rule,
        publishesLog,
        createdAt);
  }

  /** The treatment of actions that the tenant's profile does not list. */
  public enum UnknownActions {
    /** Record them with the flag {@code unknown_action}. */
    ACCEPT_AND_FLAG,
    /** Refuse them. */
    REJECT
  }

  @Override
  public String id() {
    return tenant.value();
  }

  @Override
  public Kind<Tenant> kind() {
    return KIND;
  }

  private static final class TenantKind extends Kind<Tenant> {

    private static final String ACCEPT_AND_FLAG = "accept_and_flag";
    private static final String REJECT = "reject";

    TenantKind() {
      super("tenant", Tenant.class);
    }

    @Override
    void write(Tenant tenant, ObjectNode json) {
      json.put("tenant", tenant.tenant().value());
      json.put("name", tenant.name());
      json.put("profile", tenant.profile());
      json.put("unknown_actions", jsonName(tenant.unknownActions()));
      if (tenant.refuseMissingReasons() != null) {
        json.put("missing_reasons", tenant.refuseMissingReasons() ? REJECT : ACCEPT_AND_FLAG);
      }
      if (tenant.erasureDueDays() != null) {
        json.put("erasure_due_days", tenant.erasureDueDays());
      }
      if (tenant.recordViews() != null) {
        json.put("record_views", tenant.recordViews());
      }
      if (tenant.supportAccess()) {
        json.put("support_access", true);
      }
      putIfPresent(json, "kept_for", tenant.keptFor());
      if (tenant.erasureRule().takesTwo()) {
        json.put("erasures_take_two", true);
      }
      if (tenant.erasureRule().waitDays() != null) {
        json.put("erasure_wait_days", tenant.erasureRule().waitDays());
      }
      if (tenant.publishesLog()) {
        json.put("publishes_log", true);
      }
      json.put("created_at", tenant.createdAt().toString());
    }

    @Override
    Tenant read(ObjectFields json) {
      return new Tenant(
          json.tenant(),
          json.text("name"),
          json.text("profile"),
          unknownActions(json.text("unknown_actions")),
          refuseMissingReasons(json),
          json.optionalNumber("erasure_due_days"),
          json.has("record_views") ? json.flag("record_views") : null,
          json.isOn("support_access"),
          json.optionalText("kept_for"),
          new ErasureRule(json.isOn("erasures_take_two"), json.optionalNumber("erasure_wait_days")),
          json.isOn("publishes_log"),
          json.instant("created_at"));
    }

    private static String jsonName(UnknownActions value) {
      return switch (value) {
        case ACCEPT_AND_FLAG -> ACCEPT_AND_FLAG;
        case REJECT -> REJECT;
      };
    }

    private static UnknownActions unknownActions(String value) {
      for (UnknownActions candidate : UnknownActions.values()) {
        if (jsonName(candidate).equals(value)) {
          return candidate;
        }
      }
      throw new IllegalStateException("control record with unknown_actions " + value);
    }

    private static @Nullable Boolean refuseMissingReasons(ObjectFields json) {
      String value = json.optionalText("missing_reasons");
      if (value == null) {
        return null;
      }
      if (value.equals(REJECT) || value.equals(ACCEPT_AND_FLAG)) {
        return value.equals(REJECT);
      }
      throw new IllegalStateException("control record with missing_reasons " + value);
    }

    @Override
    void check(Tenant tenant) {
      requireAtMost(MAX_NAME_LENGTH, "name", tenant.name());
    }

    @Override
    boolean isOnePerTenant() {
      return true;
    }

    @Override
    Event.Target target(Tenant tenant) {
      return new Event.Target("tenant", tenant.id(), tenant.name(), null);
    }

    @Override
    String action(@Nullable Tenant before, Tenant after) {
      return before == null ? "audit.tenant.create" : "audit.tenant.update";
    }

    @Override
    Set<String> switches() {
      return Set.of("support_access", "erasures_take_two", "publishes_log");
    }
  }
}
