package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Tests that each byte of the source is given out once, to whichever thread asks. */
class PooledRandomTest {

  /** Gives the bytes 0, 1, 2, … of a counter, so that a byte given twice shows. */
  private static final class Counting implements RandomGenerator {
    private int next;

    @Override
    public void nextBytes(byte[] bytes) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (next++ * 31);
      }
    }

    @Override
    public long nextLong() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void givesTheSourcesBytesInOrderAndNoneTwice() {
    PooledRandom random = new PooledRandom(new Counting());
    int expected = 0;
    for (int size : new int[] {1, 16, 16, 7, 8_191, 20_000, 16, 0, 8_192}) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      for (byte one : bytes) {
        assertThat(one).isEqualTo((byte) (expected++ * 31));
      }
    }
  }

  @Test
  void manyThreadsNeverGetTheSame() throws InterruptedException {
    PooledRandom random = new PooledRandom(new SecureRandom());
    Set<String> seen = ConcurrentHashMap.newKeySet();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    byte[] salt = new byte[16];
                    for (int i = 0; i < 5_000; i++) {
                      random.nextBytes(salt);
                      seen.add(HexFormat.of().formatHex(salt));
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(seen).hasSize(40_000);
  }

  @Test
  void numbersUseAllBits() {
    PooledRandom random = new PooledRandom(new SecureRandom());
    long ones = 0;
    long all = -1;
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      long value = random.nextLong();
      ones |= value;
      all &= value;
      seen.add(value);
    }
    assertThat(ones).isEqualTo(-1L);
    assertThat(all).isZero();
    assertThat(seen).hasSize(1_000);
  }
}
