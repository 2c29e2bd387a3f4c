package dev.indelible.server.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry.Whole;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that what is written is read, by every way of reading. */
class RunRoundTripTest {

  private static final TenantId ACME = new TenantId("acme");
  private static final String NAME = "runs/1.run";

  private final HeapBlobStore store = new HeapBlobStore();
  private final RunCache cache = new RunCache(1 << 20);
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @AfterEach
  void close() {
    cache.close();
  }

  private RunReader open() throws IOException {
    return RunReader.open(store, NAME, cache);
  }

  @Test
  void randomRunsAreReadBackAsTheyWereWritten() throws IOException {
    readBack(10);
  }

  @Test
  @Tag("long")
  void manyRandomRunsAreReadBackAsTheyWereWritten() throws IOException {
    readBack(300);
  }

  private void readBack(int rounds) throws IOException {
    System.out.println("seed " + seed);
    for (int round = 0; round < rounds; round++) {
      Sample sample = Sample.random(random, 1 + random.nextInt(20), 1 + random.nextInt(700), 200);
      store.delete(NAME);
      cache.clear();
      sample.write(store, NAME, round);
      try (RunReader run = open()) {
        assertThat(run.info().sealedThrough()).isEqualTo(round);
        RunAssertions.assertHolds(run, sample);
      }
    }
  }

  @Test
  void anyRangeAndAnySetOfSeqsIsRead() throws IOException {
    readRangesAndSets(50);
  }

  @Test
  @Tag("long")
  void anyOfManyRangesAndSetsOfSeqsIsRead() throws IOException {
    readRangesAndSets(1_500);
  }

  private void readRangesAndSets(int rounds) throws IOException {
    System.out.println("seed " + seed);
    Sample sample = new Sample();
    sample.extend(random, ACME, 1000, 5000, 60);
    sample.write(store, NAME, 1);
    List<StoredEntry> all = sample.of(ACME);
    try (RunReader run = open()) {
      Slice slice = run.slice(ACME).orElseThrow();
      for (int round = 0; round < rounds; round++) {
        int from = random.nextInt(5001);
        int to = from + random.nextInt(5001 - from);
        List<StoredEntry> expected = all.subList(from, to);
        RunAssertions.assertSame(
            RunAssertions.all(run.entries(slice, 1000 + from, 1000 + to)), expected);
        RunAssertions.assertSame(
            RunAssertions.all(run.entriesBackward(slice, 1000 + from, 1000 + to)),
            expected.reversed());
        assertThat(run.leafHashes(slice, 1000 + from, 1000 + to))
            .isEqualTo(expected.stream().map(Sample::leafHash).toList());
        long[] seqs = random.longs(random.nextInt(50), 1000, 6000).toArray();
        RunAssertions.assertSame(
            run.entries(slice, seqs),
            LongStream.of(seqs).mapToObj(seq -> all.get((int) seq - 1000)).toList());
        int one = random.nextInt(5000);
        RunAssertions.assertSame(run.entry(slice, 1000 + one), all.get(one));
      }
    }
  }

  @Test
  void eachBlockOfSeveralSeqsIsReadOnce() throws IOException {
    Sample sample = new Sample();
    sample.extend(random, ACME, 0, 640, 60);
    sample.write(store, NAME, 1);
    try (RunCache none = new RunCache(0);
        RunReader run = RunReader.open(store, NAME, none)) {
      Slice slice = run.slice(ACME).orElseThrow();
      store.reads.set(0);
      run.entries(slice, 130, 1, 0, 128, 2, 129);
      // Two blocks, and the page that lists them.
      assertThat(store.reads.get()).isEqualTo(3);
    }
  }

  @Test
  void entriesOfTheGreatestSizeHaveBlocksOfTheirOwn() throws IOException {
    Sample sample = new Sample();
    for (int seq = 0; seq < 5; seq++) {
      byte[] noise = Sample.bytes(random, StoredEntry.MAX_PART_BYTES);
      sample.add(
          ACME,
          new StoredEntry(
              seq,
              Sample.EPOCH_MILLIS,
              new Whole(
                  new EntryParts(
                      noise, Sample.bytes(random, 16), noise, Sample.bytes(random, 16)))));
    }
    sample.write(store, NAME, 1);
    try (RunReader run = open()) {
      assertThat(run.slice(ACME).orElseThrow().blocks()).isEqualTo(5);
      RunAssertions.assertHolds(run, sample);
    }
    assertThatThrownBy(
            () ->
                new Whole(
                    Sample.withoutPersonal(new byte[StoredEntry.MAX_PART_BYTES + 1], new byte[16])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void largeEventsMakeSmallBlocks() throws IOException {
    Sample sample = new Sample();
    for (int seq = 0; seq < 10; seq++) {
      byte[] facts = Sample.bytes(random, 100 * 1024);
      sample.add(
          ACME,
          new StoredEntry(
              seq, 0, new Whole(Sample.withoutPersonal(facts, Sample.bytes(random, 16)))));
    }
    sample.write(store, NAME, 1);
    try (RunReader run = open()) {
      assertThat(run.slice(ACME).orElseThrow().blocks()).isEqualTo(5);
      RunAssertions.assertHolds(run, sample);
    }
  }

  @Test
  void tenantsThatAreNotThereAreNotFound() throws IOException {
    Sample sample = Sample.random(random, 500, 2, 10);
    sample.write(store, NAME, 1);
    try (RunReader run = open()) {
      for (String name : List.of("0", "a", "t", "tzzzzzzzzzzzzzz", "zz")) {
        assertThat(run.slice(new TenantId(name))).isEmpty();
      }
      for (TenantId tenant : sample.tenants.keySet()) {
        assertThat(run.slice(new TenantId(tenant.value() + "-"))).isEmpty();
      }
    }
  }

  @Test
  void aRunIsWrittenOnce() throws IOException {
    Sample sample = Sample.random(random, 1, 2, 10);
    sample.write(store, NAME, 1);
    byte[] before = store.bytes(NAME);
    assertThat(RunWriter.write(store, NAME, 2, _ -> {})).isFalse();
    assertThat(store.bytes(NAME)).isSameAs(before);
  }

  @Test
  void whatBreaksAnInvariantLeavesNoRun() {
    StoredEntry zero = Sample.randomEntry(random, 0, 10, 10);
    StoredEntry one = Sample.randomEntry(random, 1, 9, 10);
    StoredEntry two = Sample.randomEntry(random, 2, 10, 10);
    Hash hash = Sample.leafHash(zero);
    assertRefused(_ -> {});
    assertRefused(writer -> writer.add(zero, hash));
    assertRefused(writer -> writer.startTenant(ACME));
    assertRefused(
        writer -> {
          writer.startTenant(ACME);
          writer.endTenant(List.of(), List.of());
        });
    assertRefused(
        writer -> {
          writer.startTenant(ACME);
          writer.add(zero, hash);
          writer.add(one, hash); // earlier than the one before
        });
    assertRefused(
        writer -> {
          writer.startTenant(ACME);
          writer.add(zero, hash);
          writer.add(two, hash); // 1 is missing
        });
    assertRefused(
        writer -> {
          writer.startTenant(ACME);
          writer.add(zero, hash);
          writer.endTenant(List.of(), List.of()); // a tree of one leaf has a frontier
        });
    assertRefused(
        writer -> {
          writer.startTenant(ACME);
          writer.add(zero, hash);
          writer.endTenant(List.of(), List.of(hash));
          writer.startTenant(ACME);
        });
  }

  private void assertRefused(RunWriter.Source source) {
    assertThatThrownBy(() -> RunWriter.write(store, NAME, 1, source))
        .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class);
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void seqsOutsideTheSliceAreTheCallersMistake() throws IOException {
    Sample sample = new Sample();
    sample.extend(random, ACME, 5, 10, 10);
    sample.write(store, NAME, 1);
    try (RunReader run = open()) {
      Slice slice = run.slice(ACME).orElseThrow();
      assertThatThrownBy(() -> run.entry(slice, 4)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> run.entry(slice, 15)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> run.entries(slice, 5, 16))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theFilterIsRarelyWrong() throws IOException {
    System.out.println("seed " + seed);
    int ids = 100_000;
    RunWriter.write(
        store,
        NAME,
        1,
        writer -> {
          StoredEntry entry = Sample.randomEntry(random, 0, 10, 10);
          writer.startTenant(ACME);
          writer.add(entry, Sample.leafHash(entry));
          writer.endTenant(List.of(), Sample.frontier(ACME, 1));
          for (long id = 0; id < ids; id++) {
            writer.addIdHash(id);
          }
        });
    int wrong = 0;
    try (RunReader run = open()) {
      for (long id = 0; id < ids; id++) {
        // Plain comparisons: there are too many for assertions of their own.
        if (!run.mightContain(id) || run.mightContain(ids + id)) {
          throw new AssertionError("what the hashes settle: " + id);
        }
        if (run.filterMightContain(run.filterParts().getFirst(), ids + id)) {
          wrong++;
        }
      }
    }
    System.out.println("false positives: " + 100.0 * wrong / ids + " %");
    assertThat(wrong).isLessThan(ids * 3 / 1000);
    assertThat(store.bytes(NAME).length).isLessThan(ids * (17 + 65) / 8);
  }

  @Test
  void hashesThatAreUnevenlySpreadAreFoundToo() throws IOException {
    long[] hashes = new long[100_000];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = i % 3 == 0 ? Long.MIN_VALUE + i : i % 3 == 1 ? Long.MAX_VALUE - i : 1L << i % 50;
    }
    writeHashes(hashes);
    try (RunReader run = open()) {
      for (long hash : hashes) {
        if (!run.mightContain(hash) || run.mightContain(hash ^ 1L << 55)) {
          throw new AssertionError("hash " + hash);
        }
      }
    }
  }

  private void writeHashes(long... hashes) throws IOException {
    RunWriter.write(
        store,
        NAME,
        1,
        writer -> {
          StoredEntry entry = Sample.randomEntry(random, 0, 10, 10);
          writer.startTenant(ACME);
          writer.add(entry, Sample.leafHash(entry));
          writer.endTenant(List.of(), Sample.frontier(ACME, 1));
          for (long hash : hashes) {
            writer.addIdHash(hash);
          }
        });
  }

  @Test
  void filtersOfTheFirstVersionAreReadAsWell() throws IOException {
    long[] ascending = {2, 3, 5, 7, 11};
    writeHashes(ascending);
    int table;
    try (RunReader run = open()) {
      table = (int) run.footer().filterTableOffset();
    }
    byte[] bytes = store.bytes(NAME);
    ByteBuffer run = ByteBuffer.wrap(bytes);
    int header = RunFormat.VERSION_OFFSET + 4 + 2 + NAME.length();
    run.putInt(RunFormat.VERSION_OFFSET, 1);
    checksum(bytes, 0, header);
    int hashes = table - RunFormat.CRC_BYTES - ascending.length * Long.BYTES;
    run.putLong(hashes, 11).putLong(hashes + 4 * Long.BYTES, 2); // no longer ascending
    checksum(bytes, hashes, ascending.length * Long.BYTES);
    run.put(table + 8, (byte) FilterPart.Kept.IN_ANY_ORDER.number);
    checksum(bytes, table, FilterPart.TABLE_BYTES);
    try (RunReader old = open()) {
      for (long hash : ascending) {
        assertThat(old.mightContain(hash)).isTrue();
      }
      assertThat(old.mightContain(4)).isFalse();
      RunMerger.merge(store, "merged", List.of(old));
      try (RunReader merged = RunReader.open(store, "merged", cache)) {
        assertThat(merged.filterParts().getFirst().kept()).isEqualTo(FilterPart.Kept.ASCENDING);
        assertThat(merged.mightContain(11)).isTrue();
      }
    }
    run.put(table + 8, (byte) 3);
    checksum(bytes, table, FilterPart.TABLE_BYTES);
    assertThatThrownBy(this::open).isInstanceOf(RunException.Corrupt.class);
  }

  private static void checksum(byte[] run, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(run, from, length);
    ByteBuffer.wrap(run).putInt(from + length, (int) crc.getValue());
  }

  @Test
  void theCacheIsBounded() throws IOException {
    Sample sample = new Sample();
    sample.extend(random, ACME, 0, 20_000, 300);
    sample.write(store, NAME, 1);
    try (RunReader run = open()) {
      Slice slice = run.slice(ACME).orElseThrow();
      for (int seq = 0; seq < 20_000; seq += 32) {
        run.entry(slice, seq);
      }
      assertThat(cache.weightBytes()).isBetween(1L << 18, 1L << 20);
    }
  }
}
