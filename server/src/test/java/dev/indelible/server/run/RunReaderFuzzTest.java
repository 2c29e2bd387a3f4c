package dev.indelible.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that the reader answers or throws a {@link RunException}, and nothing else, whatever the
 * bytes are.
 */
class RunReaderFuzzTest {

  private static final String NAME = "r";

  /** Location of a section in the sample run. */
  private record Span(int offset, int length) {}

  private static Sample sample() {
    Random random = new Random(20260101);
    Sample sample = new Sample();
    sample.extend(random, new TenantId("a"), 250, 70, 12);
    sample.extend(random, new TenantId("b"), 0, 3, 12);
    sample.extend(random, new TenantId("c"), 7, 1, 12);
    return sample;
  }

  @FuzzTest
  void anyBytesAreAnsweredOrRefused(byte[] bytes) throws IOException {
    exercise(bytes);
  }

  /**
   * Damages the sample run behind its checksums: each five bytes of input choose a section, a place
   * in it and a value; the checksum of the section is made good again.
   */
  @FuzzTest
  void damageBehindGoodChecksumsIsAnsweredOrRefused(byte[] edits) throws IOException {
    HeapBlobStore store = new HeapBlobStore();
    sample().write(store, NAME, 1);
    exercise(damaged(store.bytes(NAME).clone(), sections(store), ByteBuffer.wrap(edits)));
  }

  @Test
  void randomDamageBehindGoodChecksumsIsAnsweredOrRefused() throws IOException {
    damage(4_000);
  }

  @Test
  @Tag("long")
  void muchRandomDamageBehindGoodChecksumsIsAnsweredOrRefused() throws IOException {
    damage(20_000);
  }

  private static void damage(int rounds) throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    HeapBlobStore store = new HeapBlobStore();
    sample().write(store, NAME, 1);
    byte[] good = store.bytes(NAME);
    List<Span> sections = sections(store);
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      byte[] edits = Sample.bytes(random, 5 * (1 + random.nextInt(4)));
      refused += exercise(damaged(good.clone(), sections, ByteBuffer.wrap(edits))) ? 0 : 1;
    }
    System.out.println(refused + " of " + rounds + " damaged runs refused");
    assertThat(refused).isBetween(rounds / 4, rounds - 1);
  }

  @Test
  void aRunOfVersion1StaysReadable() throws IOException {
    try (InputStream in =
        RunReaderFuzzTest.class.getResourceAsStream(
            "RunReaderFuzzTestInputs/anyBytesAreAnsweredOrRefused/small.run")) {
      assertThat(in).isNotNull();
      HeapBlobStore store = new HeapBlobStore();
      store.replace(NAME, in.readAllBytes());
      try (RunCache cache = new RunCache(1 << 20);
          RunReader run = RunReader.open(store, NAME, cache)) {
        RunAssertions.assertHolds(run, sample());
      }
    }
  }

  private static List<Span> sections(HeapBlobStore store) throws IOException {
    List<Span> sections = new ArrayList<>();
    try (RunCache cache = new RunCache(0);
        RunReader run = RunReader.open(store, NAME, cache)) {
      new RunVerification(
              run,
              RunAssertions.strict(),
              (offset, length) -> sections.add(new Span((int) offset, length)))
          .run();
    }
    return sections;
  }

  private static byte[] damaged(byte[] run, List<Span> sections, ByteBuffer edits) {
    while (edits.remaining() >= 5) {
      Span section = sections.get((edits.getShort() & 0xffff) % sections.size());
      int content = section.length - RunFormat.CRC_BYTES;
      int place = (edits.getShort() & 0xffff) % Math.max(1, content);
      run[section.offset + place] = edits.get();
      CRC32C crc = new CRC32C();
      crc.update(run, section.offset, content);
      ByteBuffer.wrap(run).putInt(section.offset + content, (int) crc.getValue());
    }
    return run;
  }

  /** Reads all there is, in every way. */
  private static boolean exercise(byte[] bytes) throws IOException {
    HeapBlobStore store = new HeapBlobStore();
    store.replace(NAME, bytes);
    boolean answered = true;
    try (RunCache cache = new RunCache(0);
        RunReader run = RunReader.open(store, NAME, cache)) {
      try {
        run.verify(tolerant());
      } catch (RunException _) {
        answered = false;
      }
      run.mightContain(1);
      run.slice(new TenantId("b"));
      RunReader.SliceCursor slices = run.slices();
      for (Slice slice = slices.next(); slice != null; slice = slices.next()) {
        long first = slice.firstSeq();
        long end = Math.min(first + 500, slice.endSeq());
        run.subtrees(
            slice, slice.firstSubtree(), slice.firstSubtree() + Math.min(9, slice.subtreeCount()));
        run.leafHashes(slice, first, end);
        run.entry(slice, slice.endSeq() - 1);
        RunAssertions.all(run.entries(slice, first, end));
        RunAssertions.all(
            run.entriesBackward(slice, Math.max(first, slice.endSeq() - 500), slice.endSeq()));
      }
    } catch (RunException e) {
      assertThat(e.run()).isEqualTo(NAME);
      return false;
    }
    return answered;
  }

  private static RunInspector tolerant() {
    return new RunInspector() {
      @Override
      public Hash leafHash(TenantId tenant, StoredEntry entry) {
        return Sample.leafHash(entry);
      }

      @Override
      public void altered(TenantId tenant, StoredEntry entry, Hash stored, Hash computed) {}
    };
  }
}
