package dev.indelible.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.disk.DiskFullException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FullDiskTest {

  private final IOException full = new DiskFullException(Path.of("f"), new IOException("no"));

  @Test
  void aFullDiskIsFoundAmongTheCauses() {
    assertThat(FullDisk.isCauseOf(full)).isTrue();
    assertThat(FullDisk.isCauseOf(new IllegalStateException(new UncheckedIOException(full))))
        .isTrue();
    assertThat(
            FullDisk.isCauseOf(
                new JournalUnavailableException(
                    JournalUnavailableException.Cause.DISK_FULL, "full")))
        .isTrue();
    assertThat(
            FullDisk.isCauseOf(
                new JournalUnavailableException(JournalUnavailableException.Cause.FAILED, "no")))
        .isFalse();
    assertThat(FullDisk.isCauseOf(new IOException("another"))).isFalse();
  }

  @Test
  void aRingOfCausesEnds() {
    Exception first = new Exception("a");
    Exception second = new Exception("b", first);
    first.initCause(second);
    assertThat(FullDisk.isCauseOf(first)).isFalse();
    Throwable deep = full;
    Throwable lessDeep = full;
    for (int i = 0; i < FullDisk.MAX_CAUSES; i++) {
      lessDeep = deep;
      deep = new Exception("c", deep);
    }
    assertThat(FullDisk.isCauseOf(deep)).isFalse();
    assertThat(FullDisk.isCauseOf(lessDeep)).isTrue();
  }
}
