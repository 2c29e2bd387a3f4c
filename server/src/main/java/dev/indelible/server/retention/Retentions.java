package dev.indelible.server.retention;

import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.Retention;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.RetentionPeriod;
import dev.indelible.server.profile.TenantProfiles;
import java.io.IOException;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.Optional;

/** Retention of each tenant's entries, and what it deletes at a given time. Thread-safe. */
public final class Retentions {

  private final Configuration configuration;
  private final TenantProfiles profiles;
  private final Holds holds;
  private final Selector selector;

  Retentions(Configuration configuration, TenantProfiles profiles, Holds holds, Selector selector) {
    this.holds = holds;
    this.configuration = configuration;
    this.profiles = profiles;
    this.selector = selector;
  }

  /**
   * Notes how long profiles keep the entries of tenants for which nothing is set, where it is
   * longer than before, so that whoever edits a profile again shortens nobody's retention by it. To
   * be called at each start, as profiles change at no other time.
   */
  void noteProfiles(ControlLog control) {
    for (Tenant tenant : configuration.tenants(null, Integer.MAX_VALUE)) {
      RetentionPeriod now = RetentionTerms.presetOf(profile(tenant));
      String noted = tenant.keptFor();
      if (configuration.retention(tenant.tenant()).isEmpty()
          && (noted == null || now.compareTo(RetentionPeriod.parse(noted)) > 0)) {
        control.change(
            new Change(
                tenant.keptFor(now.jsonName()),
                configuration.version(tenant),
                Change.ChangedBy.SYSTEM,
                "its profile keeps entries longer"));
      }
    }
  }

  /** Retention of the tenant's entries, and what it may be changed to. */
  public RetentionTerms terms(Tenant tenant) {
    return terms(tenant, profile(tenant));
  }

  /** Period for which the tenant's entries would be kept if it had that profile. */
  public RetentionPeriod period(Tenant tenant, Profile profile) {
    return terms(tenant, profile).period();
  }

  /** The version of the tenant's retention: 0 while it is what the profile presets. */
  public long version(TenantId tenant) {
    return configuration.version(new Retention(tenant, null, List.of()));
  }

  /** Checks whether {@code wanted} can be the tenant's retention; returns the refusal, if any. */
  public Optional<RetentionTerms.Refusal> refusal(Tenant tenant, Retention wanted) {
    return RetentionTerms.refusal(profile(tenant), wanted);
  }

  /** Retention that the profile presets, as a setting: a first change replaces it. */
  public Retention preset(Tenant tenant) {
    RetentionTerms terms = RetentionTerms.of(profile(tenant), Optional.empty(), tenant.keptFor());
    return new Retention(tenant.tenant(), terms.tier(), terms.requirements());
  }

  /** Within what time of its receipt a person's request for erasure is due. */
  public Period erasureDue(Tenant tenant) {
    Integer days = tenant.erasureDueDays();
    return days == null ? profile(tenant).retention().erasureDue() : Period.ofDays(days);
  }

  /** Whether the tenant's profile knows legal holds. */
  public boolean offersHolds(Tenant tenant) {
    return profile(tenant).retention().holds();
  }

  /**
   * Selects the entries that a purge at {@code at} deletes when entries are kept for {@code
   * period}. Reads all that is older.
   */
  public Selection preview(Tenant tenant, RetentionPeriod period, Instant at) throws IOException {
    Optional<Instant> cutOff = terms(tenant).cutOff(period, at);
    return cutOff.isEmpty() ? Selection.NOTHING : due(tenant, cutOff.get(), at);
  }

  /**
   * Selects the entries of the tenant's log that a purge at {@code at} deletes when everything
   * recorded before {@code cutOff} is to go.
   */
  Selection due(Tenant tenant, Instant cutOff, Instant at) throws IOException {
    TenantId id = tenant.tenant();
    return selector.before(id, cutOff, new Selector.Keeping(holds.ready(id), holds.told(id, at)));
  }

  /** Takes note that what a selection named is deleted. */
  void settle(TenantId tenant, Selection selection) {
    if (selection.complete()) {
      selector.settle(tenant, selection.settled());
    }
  }

  private RetentionTerms terms(Tenant tenant, Profile profile) {
    return RetentionTerms.of(profile, configuration.retention(tenant.tenant()), tenant.keptFor());
  }

  private Profile profile(Tenant tenant) {
    return profiles.of(tenant.tenant(), tenant.profile());
  }
}
