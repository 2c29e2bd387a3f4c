package dev.indelible.server.profile;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.indelible.server.event.TenantId;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The profile that holds for each tenant: the one that it has, with what it changed of it.
 * Thread-safe; asked for every event, so what was worked out is kept.
 */
public final class TenantProfiles {

  /** The most changed profiles that are kept. */
  static final int MAX_KEPT = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(TenantProfiles.class);

  private record Kept(String name, String changes, Profile profile) {}

  private final Profiles profiles;
  private final Function<TenantId, @Nullable String> changes;
  private final Cache<TenantId, Kept> kept =
      Caffeine.newBuilder().maximumSize(MAX_KEPT).executor(Runnable::run).build();

  /**
   * The profiles of tenants.
   *
   * @param changes yields the JSON of what a tenant changed, or null
   */
  public TenantProfiles(Profiles profiles, Function<TenantId, @Nullable String> changes) {
    this.profiles = profiles;
    this.changes = changes;
  }

  /** All profiles that tenants can have. */
  public Profiles profiles() {
    return profiles;
  }

  /**
   * The profile that holds for a tenant. What it changed holds as long as it fits the profile; a
   * later program's profile that it no longer fits holds unchanged, and the program's log says so.
   *
   * @param name the name of the profile that it has
   */
  public Profile of(TenantId tenant, String name) {
    String changed = changes.apply(tenant);
    if (changed == null) {
      return unchanged(name);
    }
    Kept known = kept.getIfPresent(tenant);
    if (known != null && known.name.equals(name) && known.changes.equals(changed)) {
      return known.profile;
    }
    Profile profile = changed(tenant, name, changed);
    kept.put(tenant, new Kept(name, changed, profile));
    return profile;
  }

  /** Number of changed profiles that are kept. */
  long kept() {
    kept.cleanUp();
    return kept.estimatedSize();
  }

  private Profile changed(TenantId tenant, String name, String changed) {
    try {
      return profiles.changed(name, JsonMapper.shared().readTree(changed));
    } catch (ProfileFormatException noLongerFits) {
      LOG.error(
          "what tenant {} changed of the profile {} no longer fits it and does not hold: {}",
          tenant,
          name,
          noLongerFits.getMessage());
      return unchanged(name);
    }
  }

  private Profile unchanged(String name) {
    Profile profile = profiles.find(name);
    // A server does not start without the profile of an open tenant; what is left to record of a
    // closed one is the program's own, which every profile knows.
    return profile == null ? profiles.standard() : profile;
  }
}
