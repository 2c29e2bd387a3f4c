package dev.indelible.server;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.access.AccessServices;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.deliver.Deliveries;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.ingest.UuidV7;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.query.HashedActors;
import dev.indelible.server.seal.TenantCipher;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The parts of a server that there are once, whichever shards it owns.
 *
 * @param config its configuration
 * @param disk the disk; the index and the keys are not on it
 * @param data where its files are
 * @param blobs where runs and states are
 * @param secrets keys that others are derived from
 * @param control tenants, keys, who may what
 * @param access who may what, as requests ask for it
 * @param profiles the tenants' profiles
 * @param watch whether the clock is believed
 * @param metrics figures for operators
 * @param started parts that are stopped with the server
 * @param chance sources of what is not determined
 */
record Installation(
    ServerConfig config,
    Disk disk,
    DataDirectory data,
    BlobStore blobs,
    Secrets secrets,
    ControlLog control,
    AccessServices access,
    TenantProfiles profiles,
    ClockWatch watch,
    ServerMetrics metrics,
    StartedParts started,
    Chance chance) {

  /**
   * Sources of what is not determined.
   *
   * @param clock the time
   * @param random a cryptographically strong generator
   * @param pooled the same, for many small pieces
   * @param ids new ids
   * @param nanos a clock that nobody sets
   */
  record Chance(
      InstantSource clock,
      SecureRandom random,
      PooledRandom pooled,
      UuidV7 ids,
      LongSupplier nanos) {}

  /** Surroundings of deliveries to destinations. */
  Deliveries.Around deliveries() {
    return new Deliveries.Around(
        config.delivery(),
        new AddressGuard(config.delivery().allowPrivate(), InetAddress::getAllByName),
        new SystemDisk(),
        new TenantCipher(secrets::destinationSecret, chance.random()),
        chance.clock(),
        metrics::attempted);
  }

  /** Actors' ids as a tenant's entries have them, where its profile hashes them. */
  HashedActors hashed(TenantId tenant) {
    return new HashedActors(secrets.actorHasher(tenant)::hash);
  }
}
