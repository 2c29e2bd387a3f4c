package dev.indelible.server.access;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.ErasableJournal;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.query.HashedActors;
import java.io.IOException;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Services that decide who may do what.
 *
 * @param keys makes and recognises keys
 * @param sessions the sessions
 * @param roles the permissions of roles
 * @param people the names of members and guests
 * @param authentication finds out who sends a request
 */
public record AccessServices(
    KeyRing keys, Sessions sessions, Roles roles, People people, Authentication authentication) {

  /**
   * Opens them.
   *
   * @param journal the sessions journal, which is not closed
   * @param random a cryptographically strong generator
   * @param hashed the translation of fixed filters where actors are hashed
   */
  public static AccessServices open(
      Configuration configuration,
      TenantProfiles profiles,
      ErasableJournal journal,
      BlobStore blobs,
      InstantSource clock,
      RandomGenerator random,
      Function<TenantId, HashedActors> hashed)
      throws IOException, InterruptedException {
    KeyRing keys = new KeyRing(configuration, clock, random);
    Sessions sessions = Sessions.open(journal, clock, random);
    Roles roles = new Roles(configuration, profiles);
    return new AccessServices(
        keys,
        sessions,
        roles,
        new People(blobs),
        new Authentication(
            configuration, keys, sessions, new Authentication.Meaning(roles, hashed), clock));
  }
}
