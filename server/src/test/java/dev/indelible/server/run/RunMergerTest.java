package dev.indelible.server.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A merged run holds what its sources held, and nothing else. */
class RunMergerTest {

  private static final TenantId ACME = new TenantId("acme");

  private final HeapBlobStore store = new HeapBlobStore();
  private final RunCache cache = new RunCache(1 << 20);
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final List<RunReader> open = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (RunReader run : open) {
      run.close();
    }
    cache.close();
  }

  private RunReader open(String name) throws IOException {
    RunReader run = RunReader.open(store, name, cache);
    open.add(run);
    return run;
  }

  @Test
  void randomMergesEqualConcatenation() throws IOException {
    mergeAtRandom(8);
  }

  @Test
  @Tag("long")
  void manyRandomMergesEqualConcatenation() throws IOException {
    mergeAtRandom(200);
  }

  private void mergeAtRandom(int rounds) throws IOException {
    System.out.println("seed " + seed);
    for (int round = 0; round < rounds; round++) {
      Sample whole = new Sample();
      List<RunReader> sources = new ArrayList<>();
      int runs = 1 + random.nextInt(6);
      for (int run = 0; run < runs; run++) {
        Sample part = new Sample();
        do {
          extendBoth(whole, part);
        } while (random.nextInt(8) > 0);
        String name = round + "/" + run;
        part.write(store, name, run);
        sources.add(open(name));
      }
      String merged = round + "/merged";
      assertThat(RunMerger.merge(store, merged, sources)).isTrue();
      RunReader run = open(merged);
      assertThat(run.info().sealedThrough()).isEqualTo(runs - 1);
      assertThat(run.filterParts()).hasSize(1);
      RunAssertions.assertHolds(run, whole);
    }
  }

  /** Adds to a tenant that the part does not have yet, after what the whole has of it. */
  private void extendBoth(Sample whole, Sample part) {
    TenantId tenant = new TenantId("t" + random.nextInt(12));
    if (part.tenants.containsKey(tenant)) {
      return;
    }
    List<StoredEntry> before = whole.of(tenant);
    long first = before.isEmpty() ? 0 : before.getLast().seq() + 1;
    int from = before.size();
    whole.extend(random, tenant, first, 1 + random.nextInt(300), 40);
    for (StoredEntry entry : whole.of(tenant).subList(from, whole.of(tenant).size())) {
      part.add(tenant, entry);
    }
  }

  @Test
  void smallBlocksBecomeFullOnesAndFullOnesAreCopied() throws IOException {
    Sample whole = new Sample();
    List<RunReader> sources = new ArrayList<>();
    for (int run = 0; run < 64; run++) {
      sources.add(append(whole, "small" + run, 10));
    }
    assertThat(RunMerger.merge(store, "filled", sources)).isTrue();
    RunReader filled = open("filled");
    Slice slice = filled.slice(ACME).orElseThrow();
    assertThat(slice.blocks()).isEqualTo(10);
    RunAssertions.assertHolds(filled, whole);

    RunReader more = append(whole, "more", 640);
    assertThat(RunMerger.merge(store, "copied", List.of(filled, more))).isTrue();
    RunReader copied = open("copied");
    RunAssertions.assertHolds(copied, whole);
    byte[] block = filled.unit(slice, filled.blockList(slice).get(3));
    Slice copiedSlice = copied.slice(ACME).orElseThrow();
    assertThat(copied.unit(copiedSlice, copied.blockList(copiedSlice).get(3))).isEqualTo(block);
  }

  private RunReader append(Sample whole, String name, int count) throws IOException {
    int from = whole.of(ACME).size();
    whole.extend(random, ACME, from, count, 40);
    Sample part = new Sample();
    whole.of(ACME).subList(from, from + count).forEach(entry -> part.add(ACME, entry));
    part.write(store, name, 1);
    return open(name);
  }

  @Test
  void aGapBetweenSourcesIsRefused() throws IOException {
    Sample whole = new Sample();
    RunReader one = append(whole, "1", 5);
    append(whole, "2", 5);
    RunReader three = append(whole, "3", 5);
    assertThatThrownBy(() -> RunMerger.merge(store, "gap", List.of(one, three)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not follow");
    assertThatThrownBy(() -> RunMerger.merge(store, "gap", List.of(three, one)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RunMerger.merge(store, "gap", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(store.list("gap")).isEmpty();
  }

  @Test
  void largeFiltersStandSideBySideAndKnowEveryIdForCertain() throws IOException {
    List<RunReader> sources = new ArrayList<>();
    int ids = RunFormat.FILTER_JOINED_BELOW;
    Sample whole = new Sample();
    for (int run = 0; run < 3; run++) {
      int first = run * ids;
      int seq = run;
      whole.extend(random, ACME, seq, 1, 10);
      StoredEntry entry = whole.of(ACME).getLast();
      RunWriter.write(
          store,
          "run" + run,
          1,
          writer -> {
            writer.startTenant(ACME);
            writer.add(entry, Sample.leafHash(entry));
            writer.endTenant(List.of(), Sample.frontier(ACME, seq + 1));
            for (int id = first; id < first + ids - seq; id++) {
              writer.addIdHash(id);
            }
          });
      sources.add(open("run" + run));
    }
    RunMerger.merge(store, "merged", sources);
    RunReader merged = open("merged");
    // The first is copied as it is; the two others become one.
    assertThat(merged.filterParts()).hasSize(2);
    for (int id = 0; id < 3 * ids - 2; id += 11) {
      // Plain comparisons: there are too many for assertions of their own.
      if ((id != 2 * ids - 1 && !merged.mightContain(id)) || merged.mightContain(-1L - id)) {
        throw new AssertionError("id " + id);
      }
    }
    merged.verify(RunAssertions.strict());
  }

  @Test
  void aCorruptSourceLeavesNoRun() throws IOException {
    RunReader source = append(new Sample(), "source", 300);
    byte[] bytes = store.bytes("source");
    bytes[bytes.length / 3] ^= 1;
    assertThatThrownBy(() -> RunMerger.merge(store, "merged", List.of(source)))
        .isInstanceOf(RunException.Corrupt.class)
        .hasMessageContaining("source");
    assertThat(store.list("merged")).isEmpty();
  }
}
