package dev.indelible.server.run;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry.PersonalErased;
import dev.indelible.server.run.StoredEntry.Purged;
import dev.indelible.server.run.StoredEntry.Whole;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Entries by tenant as a run should hold them, and the hashes that go with them. */
final class Sample {

  /** First time used, 2026-01-01. */
  static final long EPOCH_MILLIS = 1_767_225_600_000L;

  final SortedMap<TenantId, List<StoredEntry>> tenants = new TreeMap<>();

  void add(TenantId tenant, StoredEntry entry) {
    tenants.computeIfAbsent(tenant, _ -> new ArrayList<>()).add(entry);
  }

  long entries() {
    return tenants.values().stream().mapToLong(List::size).sum();
  }

  void write(BlobStore store, String name, long sealedThrough) throws IOException {
    boolean made = RunWriter.write(store, name, sealedThrough, this::writeTo);
    if (!made) {
      throw new IllegalStateException(name + " exists");
    }
  }

  private void writeTo(RunWriter writer) throws IOException {
    for (Map.Entry<TenantId, List<StoredEntry>> tenant : tenants.entrySet()) {
      List<StoredEntry> entries = tenant.getValue();
      writer.startTenant(tenant.getKey());
      for (StoredEntry entry : entries) {
        writer.add(entry, leafHash(entry));
        writer.addIdHash(idHash(tenant.getKey(), entry.seq()));
      }
      long first = entries.getFirst().seq();
      long end = entries.getLast().seq() + 1;
      writer.endTenant(subtrees(tenant.getKey(), first, end), frontier(tenant.getKey(), end));
    }
  }

  static List<Hash> subtrees(TenantId tenant, long first, long end) {
    List<Hash> hashes = new ArrayList<>();
    for (long i = first / 256; i < end / 256; i++) {
      hashes.add(sha256((tenant + "/subtree/" + i).getBytes(StandardCharsets.UTF_8)));
    }
    return hashes;
  }

  static List<Hash> frontier(TenantId tenant, long size) {
    List<Hash> hashes = new ArrayList<>();
    for (int i = 0; i < Long.bitCount(size); i++) {
      hashes.add(sha256((tenant + "/frontier/" + size + "/" + i).getBytes(StandardCharsets.UTF_8)));
    }
    return hashes;
  }

  /** Any 64-bit hash will do for the filter, even a poor one. */
  static long idHash(TenantId tenant, long seq) {
    return tenant.value().hashCode() * 31L + seq;
  }

  static Hash leafHash(StoredEntry entry) {
    byte[] leaf = leaf(entry);
    return sha256(ByteBuffer.allocate(1 + leaf.length).put((byte) 0).put(leaf).array());
  }

  /** The leaf as the design says. */
  static byte[] leaf(StoredEntry entry) {
    return switch (entry.body()) {
      case Whole(EntryParts parts) -> {
        byte[] personal = parts.personal();
        byte[] salt = parts.personalSalt();
        yield leaf(
            entry.recordedAtMillis(),
            digest(parts.factsSalt(), parts.facts()),
            personal == null || salt == null ? new byte[32] : digest(salt, personal));
      }
      case PersonalErased erased ->
          leaf(
              entry.recordedAtMillis(),
              digest(erased.factsSalt(), erased.facts()),
              erased.personalDigest());
      case Purged(byte[] leaf) -> leaf;
    };
  }

  static byte[] leaf(long millis, byte[] factsDigest, byte[] personalDigest) {
    return ByteBuffer.allocate(73)
        .put((byte) 1)
        .putLong(millis)
        .put(factsDigest)
        .put(personalDigest)
        .array();
  }

  private static byte[] digest(byte[] salt, byte[] part) {
    return sha256(ByteBuffer.allocate(salt.length + part.length).put(salt).put(part).array())
        .toBytes();
  }

  static Hash sha256(byte[] bytes) {
    try {
      return Hash.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Tenants and entries of every kind, sizes from nothing to a little beyond a block. */
  static Sample random(RandomGenerator random, int tenants, int maxEntries, int maxPartBytes) {
    Sample sample = new Sample();
    while (sample.tenants.size() < tenants) {
      TenantId tenant = new TenantId("t" + Long.toString(random.nextLong(1L << 40), 36));
      long first = random.nextBoolean() ? 0 : random.nextLong(1L << random.nextInt(1, 40));
      sample.extend(random, tenant, first, 1 + random.nextInt(maxEntries), maxPartBytes);
    }
    return sample;
  }

  void extend(RandomGenerator random, TenantId tenant, long first, int count, int maxPartBytes) {
    List<StoredEntry> before = tenants.getOrDefault(tenant, List.of());
    long millis =
        before.isEmpty() ? EPOCH_MILLIS + first * 1000 : before.getLast().recordedAtMillis();
    for (int i = 0; i < count; i++) {
      millis += random.nextInt(2000);
      add(tenant, randomEntry(random, first + i, millis, maxPartBytes));
    }
  }

  static StoredEntry randomEntry(RandomGenerator random, long seq, long millis, int maxPartBytes) {
    return switch (random.nextInt(8)) {
      case 0 ->
          new StoredEntry(
              seq, millis, new Purged(leaf(millis, bytes(random, 32), bytes(random, 32))));
      case 1 ->
          new StoredEntry(
              seq,
              millis,
              new PersonalErased(text(random, maxPartBytes), bytes(random, 16), bytes(random, 32)));
      case 2, 3 ->
          new StoredEntry(
              seq,
              millis,
              new Whole(withoutPersonal(text(random, maxPartBytes), bytes(random, 16))));
      default ->
          new StoredEntry(
              seq,
              millis,
              new Whole(
                  new EntryParts(
                      text(random, maxPartBytes),
                      bytes(random, 16),
                      text(random, maxPartBytes),
                      bytes(random, 16))));
    };
  }

  private static byte[] text(RandomGenerator random, int maxBytes) {
    byte[] bytes = new byte[random.nextInt(maxBytes + 1)];
    boolean noise = random.nextInt(4) == 0;
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (noise ? random.nextInt() : "{\"a\":1}".charAt(i % 7));
    }
    return bytes;
  }

  static byte[] bytes(RandomGenerator random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  @SuppressWarnings("NullAway") // the record's class file does not carry the arrays' @Nullable
  static EntryParts withoutPersonal(byte[] facts, byte[] salt) {
    return new EntryParts(facts, salt, null, null);
  }

  List<StoredEntry> of(TenantId tenant) {
    return tenants.getOrDefault(tenant, List.of());
  }
}
