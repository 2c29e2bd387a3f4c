package dev.indelible.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemDiskTest extends DiskContractTest {

  @TempDir Path directory;

  @Override
  void prepare() {
    disk = new SystemDisk();
    root = directory;
  }

  @Test
  void aFullDiskIsToldFromOtherFailures() {
    Path file = Path.of("f");
    assertThat(SystemDisk.naming(file, new IOException("No space left on device")))
        .isInstanceOf(DiskFullException.class)
        .hasMessageContaining("f: ");
    assertThat(SystemDisk.naming(file, new IOException("Disk quota exceeded")))
        .isInstanceOf(DiskFullException.class);
    assertThat(SystemDisk.naming(file, new IOException("Input/output error")))
        .isNotInstanceOf(DiskFullException.class)
        .hasMessage("f: Input/output error");
  }
}
