package dev.indelible.server.run;

/**
 * Summary of a run, from its footer.
 *
 * @param name the blob's name, which is also written in it
 * @param sizeBytes its length
 * @param tenants how many tenants have entries in it, at least 1
 * @param entries how many entries it holds, at least 1
 * @param minRecordedAtMillis the earliest {@code recorded_at}
 * @param maxRecordedAtMillis the latest {@code recorded_at}
 * @param sealedThrough the journal's position through which its entries were sealed
 */
public record RunInfo(
    String name,
    long sizeBytes,
    long tenants,
    long entries,
    long minRecordedAtMillis,
    long maxRecordedAtMillis,
    long sealedThrough) {}
