package dev.indelible.server;

import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ProfileChanges;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.ProfileFormatException;
import dev.indelible.server.profile.Profiles;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.QueryProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads profiles as a server does. */
public final class ProfileFiles {

  private static final int PAGE = 1_000;

  private ProfileFiles() {}

  /**
   * Reads the profile in a file that is not in a server's folder yet.
   *
   * @throws ConfigurationException when it is none that a server would take; says all that is wrong
   */
  public static Profile read(Path file) throws ConfigurationException {
    try {
      return Profiles.with(null, ProfileFiles::queryFault).readOwn(file);
    } catch (ProfileFormatException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new ConfigurationException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The profiles of the tenants that there are.
   *
   * @param folder profiles of one's own, or null
   * @throws ConfigurationException when one of them is broken, or a tenant's is not there
   */
  static TenantProfiles open(@Nullable Path folder, Configuration configuration)
      throws ConfigurationException {
    Profiles profiles;
    try {
      profiles = Profiles.with(folder, ProfileFiles::queryFault);
    } catch (ProfileFormatException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new ConfigurationException(
          Setting.PROFILES.key() + ": " + folder + " cannot be read: " + e.getMessage(), e);
    }
    requireKnown(profiles, configuration);
    return new TenantProfiles(
        profiles,
        tenant -> configuration.profileChanges(tenant).map(ProfileChanges::changes).orElse(null));
  }

  static @Nullable String queryFault(String query) {
    return switch (QueryParser.parse(query, Instant.EPOCH, ZoneOffset.UTC)) {
      case ParsedQuery.Valid _ -> null;
      case QueryProblem problem -> problem.message();
    };
  }

  /**
   * Requires the profile of every tenant: without it nothing could be said of the tenant's events.
   */
  private static void requireKnown(Profiles profiles, Configuration configuration)
      throws ConfigurationException {
    TenantId after = null;
    List<Tenant> page;
    do {
      page = configuration.tenants(after, PAGE);
      for (Tenant tenant : page) {
        if (profiles.find(tenant.profile()) == null) {
          throw new ConfigurationException(
              "Tenant %s has the profile %s, which is not there: set %s to the folder that has %s.yaml."
                  .formatted(
                      tenant.id(), tenant.profile(), Setting.PROFILES.key(), tenant.profile()));
        }
        after = tenant.tenant();
      }
    } while (page.size() == PAGE);
  }
}
