package dev.indelible.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of an export: what it holds is what was hashed, also after a crash. */
class ExportOutputTest {

  @TempDir Path directory;

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void theHashIsThatOfTheFileWhereverItWasGoneOnWith() throws Exception {
    Path file = directory.resolve("file");
    byte[] bytes = new byte[1_000_000];
    new Random(15).nextBytes(bytes);
    int durable = 0;
    for (int end : new int[] {0, 1, 300_000, 300_007, bytes.length}) {
      try (ExportOutput out = ExportOutput.open(file, durable)) {
        out.write(bytes, durable, end - durable);
        out.write(7); // which a crash takes
        out.flush();
        out.force();
      }
      durable = end;
    }
    try (ExportOutput out = ExportOutput.open(file, durable)) {
      out.flush();
      assertThat(out.bytes()).isEqualTo(bytes.length);
      assertThat(out.sha256()).isEqualTo(sha256(bytes));
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    assertThatThrownBy(() -> ExportOutput.open(file, bytes.length + 1))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void smallWritesAndSingleBytesAreTheFileToo() throws Exception {
    Path file = directory.resolve("file");
    byte[] bytes = new byte[700_000];
    try (ExportOutput out = ExportOutput.open(file, 0)) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) i;
        out.write(i);
      }
      out.flush();
      assertThat(out.sha256()).isEqualTo(sha256(bytes));
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @Test
  void whatIsMadeDurableBesideIsAwaitedAndItsFailureIsTheWriters() throws Exception {
    Forcing forcing = new Forcing();
    CountDownLatch goOn = new CountDownLatch(1);
    forcing.begin(
        () -> {
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    assertThat(forcing.isBegun()).isTrue();
    assertThat(forcing.isOver()).isFalse();
    assertThatThrownBy(() -> forcing.begin(() -> {})).isInstanceOf(IllegalStateException.class);
    goOn.countDown();
    forcing.await();
    assertThat(forcing.isBegun()).isFalse();
    forcing.await(); // nothing to wait for
    forcing.begin(
        () -> {
          throw new IOException("no room");
        });
    assertThatThrownBy(forcing::await)
        .isInstanceOf(IOException.class)
        .hasRootCauseMessage("no room");
    assertThat(forcing.isBegun()).isFalse();
  }
}
