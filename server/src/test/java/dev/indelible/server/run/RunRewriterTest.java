package dev.indelible.server.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.RunRewriter.Treatment;
import dev.indelible.server.run.StoredEntry.PersonalErased;
import dev.indelible.server.run.StoredEntry.Purged;
import dev.indelible.server.run.StoredEntry.Whole;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A rewritten run lacks exactly what was to go, and every proof still holds. */
class RunRewriterTest {

  private static final RunRewriter.IdHashes NO_IDS = (_, _) -> OptionalLong.empty();

  private final HeapBlobStore store = new HeapBlobStore();
  private final RunCache cache = new RunCache(1 << 20);
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @AfterEach
  void close() {
    cache.close();
  }

  @Test
  void exactlyWhatWasToGoIsGone() throws IOException {
    System.out.println("seed " + seed);
    for (int round = 0; round < 40; round++) {
      Sample before = Sample.random(random, 1 + random.nextInt(8), 400, 60);
      Sample after = new Sample();
      Map<TenantId, RunRewriter.Treatments> treatments = new HashMap<>();
      for (TenantId tenant : before.tenants.keySet()) {
        int salt = random.nextInt();
        boolean touched = random.nextInt(3) > 0;
        RunRewriter.Treatments choice =
            seq ->
                switch ((Long.hashCode(seq / 3 * 0x9e3779b97f4a7c15L) ^ salt) & 15) {
                  case 0 -> Treatment.PURGE;
                  case 1 -> Treatment.ERASE_PERSONAL;
                  default -> Treatment.KEEP;
                };
        if (touched) {
          treatments.put(tenant, choice);
        }
        for (StoredEntry entry : before.of(tenant)) {
          after.add(tenant, touched ? treated(choice.of(entry.seq()), entry) : entry);
        }
      }
      before.write(store, "before" + round, 7);
      try (RunReader source = RunReader.open(store, "before" + round, cache)) {
        assertThat(
                RunRewriter.rewrite(
                    store, "after" + round, source, treatments, Sample::leaf, NO_IDS))
            .isTrue();
      }
      try (RunReader run = RunReader.open(store, "after" + round, cache)) {
        assertThat(run.info().sealedThrough()).isEqualTo(7);
        RunAssertions.assertHolds(run, after);
      }
    }
  }

  private static StoredEntry treated(Treatment treatment, StoredEntry entry) {
    byte[] leaf = Sample.leaf(entry);
    boolean personal = entry.body() instanceof Whole(EntryParts parts) && parts.personal() != null;
    return switch (treatment) {
      case KEEP -> entry;
      case PURGE -> new StoredEntry(entry.seq(), entry.recordedAtMillis(), new Purged(leaf));
      case ERASE_PERSONAL ->
          personal && entry.body() instanceof Whole(EntryParts parts)
              ? new StoredEntry(
                  entry.seq(),
                  entry.recordedAtMillis(),
                  new PersonalErased(
                      parts.facts(), parts.factsSalt(), Arrays.copyOfRange(leaf, 41, 73)))
              : entry;
    };
  }

  @Test
  void whatIsPurgedIsNowhereInTheFile() throws IOException {
    TenantId acme = new TenantId("acme");
    Sample sample = new Sample();
    for (int seq = 0; seq < 3; seq++) {
      // Alone in its block and too random to shrink, so that it would be seen.
      byte[] facts = Sample.bytes(random, 200 * 1024);
      byte[] secret = ("SECRET-" + seq).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(secret, 0, facts, 1000, secret.length);
      sample.add(
          acme, new StoredEntry(seq, 5, new Whole(Sample.withoutPersonal(facts, new byte[16]))));
    }
    sample.write(store, "before", 1);
    try (RunReader source = RunReader.open(store, "before", cache)) {
      RunRewriter.rewrite(
          store,
          "after",
          source,
          Map.of(acme, seq -> seq == 1 ? Treatment.PURGE : Treatment.KEEP),
          Sample::leaf,
          NO_IDS);
    }
    assertThat(text("before")).contains("SECRET-0", "SECRET-1", "SECRET-2");
    assertThat(text("after")).contains("SECRET-0", "SECRET-2").doesNotContain("SECRET-1");
  }

  @Test
  void theIdsOfPurgedEntriesGo() throws IOException {
    TenantId acme = new TenantId("acme");
    Sample sample = new Sample();
    sample.extend(random, acme, 0, 1_000, 10);
    sample.write(store, "before", 1);
    RunRewriter.IdHashes own =
        (tenant, entry) -> OptionalLong.of(Sample.idHash(tenant, entry.seq()));
    rewrite("before", "after", Map.of(acme, seq -> purgeIf(seq >= 500)), own);
    try (RunReader run = RunReader.open(store, "after", cache)) {
      for (long seq = 0; seq < 1_000; seq++) {
        assertThat(run.mightContain(Sample.idHash(acme, seq))).isEqualTo(seq < 500);
      }
    }
    rewrite("after", "none", Map.of(acme, _ -> Treatment.PURGE), own);
    try (RunReader run = RunReader.open(store, "none", cache)) {
      assertThat(run.mightContain(Sample.idHash(acme, 1))).isFalse();
      run.verify(RunAssertions.strict());
    }
  }

  private static Treatment purgeIf(boolean purged) {
    return purged ? Treatment.PURGE : Treatment.KEEP;
  }

  private void rewrite(
      String from,
      String to,
      Map<TenantId, RunRewriter.Treatments> treatments,
      RunRewriter.IdHashes ids)
      throws IOException {
    try (RunReader source = RunReader.open(store, from, cache)) {
      assertThat(RunRewriter.rewrite(store, to, source, treatments, Sample::leaf, ids)).isTrue();
    }
  }

  @Test
  void anIdThatTwoEntriesHadGoesWithTheLastOfThem() {
    HashBag bag = new HashBag();
    for (long hash : new long[] {7, -3, 7, 9}) {
      bag.add(hash);
    }
    assertThat(bag.take(7)).isTrue();
    assertThat(bag.take(7)).isTrue();
    assertThat(bag.take(7)).isFalse();
    assertThat(bag.take(-3)).isTrue();
    assertThat(bag.take(8)).isFalse();
    assertThat(bag.take(9)).isTrue();
  }

  private String text(String name) throws IOException {
    return new String(store.bytes(name), StandardCharsets.ISO_8859_1);
  }

  @Test
  void anAlteredEntryLosesNothing() throws IOException {
    TenantId acme = new TenantId("acme");
    StoredEntry entry =
        new StoredEntry(
            0, 5, new Whole(Sample.withoutPersonal(new byte[] {'{', '}'}, new byte[16])));
    Hash wrong = Sample.sha256(new byte[0]);
    RunWriter.write(
        store,
        "before",
        1,
        writer -> {
          writer.startTenant(acme);
          writer.add(entry, wrong);
          writer.endTenant(List.of(), List.of(wrong));
        });
    try (RunReader source = RunReader.open(store, "before", cache)) {
      assertThatThrownBy(
              () ->
                  RunRewriter.rewrite(
                      store,
                      "after",
                      source,
                      Map.of(acme, _ -> Treatment.PURGE),
                      Sample::leaf,
                      NO_IDS))
          .isInstanceOf(RunException.Corrupt.class)
          .hasMessageContaining("entry 0 of acme was altered");
    }
    assertThat(store.list("after")).isEmpty();
  }
}
