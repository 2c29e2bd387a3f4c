package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The reserve of the disk: when it is touched, and when it no longer is. */
class DiskRoomTest {

  private static final long RESERVE = 512L << 20;

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // which overflows soon

  private void letItAskAgain() {
    clock.addAndGet(DiskRoom.FRESH.toNanos());
  }

  @Test
  void isLowBelowTheReserveAndNotAnyMoreWhenThereIsRoom() {
    AtomicLong usable = new AtomicLong(RESERVE);
    DiskRoom room = new DiskRoom(usable::get, RESERVE, clock::get);
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
            RESERVE,
            clock::get);
    for (int i = 0; i < 100; i++) {
      assertThat(room.isLow()).isTrue();
      clock.addAndGet(DiskRoom.FRESH.toNanos() / 10);
    }
    assertThat(asked.get()).as("within %d intervals", 10).isEqualTo(10);
  }

  @Test
  void aDiskThatCannotBeAskedStopsNothing() {
    DiskRoom room =
        new DiskRoom(
            () -> {
              throw new IOException("gone");
            },
            RESERVE,
            clock::get);
    assertThat(room.isLow()).isFalse();
  }
}
