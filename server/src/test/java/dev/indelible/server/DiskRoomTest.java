package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The reserve of the disk: when it is touched, and when it no longer is. */
class DiskRoomTest {

  private static final long RESERVE = 512L << 20;

  private static void letItAskAgain() throws InterruptedException {
    Thread.sleep(DiskRoom.FRESH.plusMillis(50));
  }

  @Test
  void isLowBelowTheReserveAndNotAnyMoreWhenThereIsRoom() throws InterruptedException {
    AtomicLong usable = new AtomicLong(RESERVE);
    DiskRoom room = new DiskRoom(usable::get, RESERVE);
    assertThat(room.isLow()).isFalse();
    usable.set(RESERVE - 1);
    letItAskAgain();
    assertThat(room.isLow()).isTrue();
    usable.set(RESERVE);
    letItAskAgain();
    assertThat(room.isLow()).isFalse();
  }

  @Test
  void asksTheDiskAtMostTwiceASecond() {
    AtomicLong asked = new AtomicLong();
    DiskRoom room =
        new DiskRoom(
            () -> {
              asked.incrementAndGet();
              return 0;
            },
            RESERVE);
    long begun = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      assertThat(room.isLow()).isTrue();
    }
    long elapsed = System.nanoTime() - begun;
    assertThat(asked.get()).isBetween(1L, 1 + elapsed / DiskRoom.FRESH.toNanos());
  }

  @Test
  void aDiskThatCannotBeAskedStopsNothing() {
    DiskRoom room =
        new DiskRoom(
            () -> {
              throw new IOException("gone");
            },
            RESERVE);
    assertThat(room.isLow()).isFalse();
  }
}
