package dev.indelible.server.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damage is found, and never read as data. */
class RunCorruptionTest {

  private static final String NAME = "r";

  private final HeapBlobStore store = new HeapBlobStore();

  /** Every kind of entry, a slice of several blocks, one with a subtree. */
  private Sample small() {
    Random random = new Random(20260101);
    Sample sample = new Sample();
    sample.extend(random, new TenantId("a"), 250, 70, 12);
    sample.extend(random, new TenantId("b"), 0, 3, 12);
    sample.extend(random, new TenantId("c"), 7, 1, 12);
    return sample;
  }

  @Test
  void aFlippedBitOfAnyByteIsFoundAndNeverChangesAnAnswer() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    // Few flips concern no read, and chance decides whether one of them is among these.
    int _ =
        flip(length -> IntStream.range(0, length).map(at -> at * Byte.SIZE + random.nextInt(8)));
  }

  @Test
  @Tag("long")
  void everyFlippedBitIsFoundAndNeverChangesAnAnswer() throws IOException {
    assertThat(flip(length -> IntStream.range(0, length * Byte.SIZE))).isPositive();
  }

  /** Flips each of the bits alone; returns how many reads were right all the same. */
  private int flip(IntFunction<IntStream> bits) throws IOException {
    Sample sample = small();
    sample.write(store, NAME, 3);
    byte[] good = store.bytes(NAME);
    int silent = 0;
    for (int bit : bits.apply(good.length).toArray()) {
      byte[] bad = good.clone();
      bad[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      store.replace(NAME, bad);
      int at = bit;
      assertThatThrownBy(this::openAndVerify)
          .as("bit %d of byte %d", at % 8, at / 8)
          .isInstanceOf(RunException.class);
      if (bit % 7 == 0) {
        silent += readsRightOrFails(sample) ? 1 : 0;
      }
    }
    System.out.println(good.length + " bytes; reads that a flip did not concern: " + silent);
    return silent;
  }

  private void openAndVerify() throws IOException {
    try (RunCache cache = new RunCache(0);
        RunReader run = RunReader.open(store, NAME, cache)) {
      run.verify(RunAssertions.strict());
    }
  }

  /** Reads everything but does not verify: right answers, or an error that names the file. */
  private boolean readsRightOrFails(Sample sample) throws IOException {
    try (RunCache cache = new RunCache(0);
        RunReader run = RunReader.open(store, NAME, cache)) {
      for (TenantId tenant : sample.tenants.keySet()) {
        List<StoredEntry> expected = sample.of(tenant);
        Slice slice = run.slice(tenant).orElseThrow();
        long first = expected.getFirst().seq();
        long end = expected.getLast().seq() + 1;
        assertThat(slice.frontier()).isEqualTo(Sample.frontier(tenant, end));
        RunAssertions.assertSame(RunAssertions.all(run.entries(slice, first, end)), expected);
        assertThat(run.leafHashes(slice, first, end))
            .isEqualTo(expected.stream().map(Sample::leafHash).toList());
        assertThat(run.mightContain(Sample.idHash(tenant, first))).isTrue();
      }
      return true;
    } catch (RunException e) {
      assertThat(e.run()).isEqualTo(NAME);
      return false;
    }
  }

  @Test
  void aRunCutShortOrLongerIsCorrupt() throws IOException {
    small().write(store, NAME, 3);
    byte[] good = store.bytes(NAME);
    for (int length = 0; length < good.length; length++) {
      store.replace(NAME, Arrays.copyOf(good, length));
      assertThatThrownBy(this::openAndVerify).isInstanceOf(RunException.Corrupt.class);
    }
    store.replace(NAME, Arrays.copyOf(good, good.length + 1));
    assertThatThrownBy(this::openAndVerify).isInstanceOf(RunException.Corrupt.class);
  }

  @Test
  void aRunUnderAnotherNameIsRefused() throws IOException {
    small().write(store, NAME, 3);
    byte[] good = store.bytes(NAME);
    for (String other : List.of("s", "rr")) {
      store.replace(other, good);
      assertThatThrownBy(() -> RunReader.open(store, other, new RunCache(0)))
          .isInstanceOf(RunException.Corrupt.class)
          .hasMessageContaining("run " + other + " at byte 0")
          .hasMessageContaining("another name");
    }
  }

  @Test
  void anotherVersionIsNotCorruption() throws IOException {
    small().write(store, NAME, 3);
    byte[] bytes = store.bytes(NAME);
    ByteBuffer.wrap(bytes).putInt(RunFormat.VERSION_OFFSET, RunFormat.VERSION + 1);
    assertThatThrownBy(this::openAndVerify).isInstanceOf(RunException.TooNew.class);
    ByteBuffer.wrap(bytes).putInt(RunFormat.VERSION_OFFSET, RunFormat.OLDEST_VERSION - 1);
    assertThatThrownBy(this::openAndVerify).isInstanceOf(RunException.TooOld.class);
  }

  @Test
  void anAlteredEntryWithGoodChecksumsIsTold() throws IOException {
    Sample sample = small();
    sample.write(store, NAME, 3);
    List<Long> altered = new ArrayList<>();
    try (RunCache cache = new RunCache(0);
        RunReader run = RunReader.open(store, NAME, cache)) {
      Slice slice = run.slice(new TenantId("b")).orElseThrow();
      int at = (int) slice.offset() + Hash.BYTES; // the second leaf hash
      byte[] bytes = store.bytes(NAME);
      bytes[at] ^= 1;
      CRC32C crc = new CRC32C();
      crc.update(bytes, (int) slice.offset(), 3 * Hash.BYTES);
      ByteBuffer.wrap(bytes).putInt((int) slice.offset() + 3 * Hash.BYTES, (int) crc.getValue());
      run.verify(
          new RunInspector() {
            @Override
            public Hash leafHash(TenantId tenant, StoredEntry entry) {
              return Sample.leafHash(entry);
            }

            @Override
            public void altered(TenantId tenant, StoredEntry entry, Hash stored, Hash computed) {
              assertThat(tenant.value()).isEqualTo("b");
              altered.add(entry.seq());
            }
          });
    }
    assertThat(altered).containsExactly(1L);
  }
}
