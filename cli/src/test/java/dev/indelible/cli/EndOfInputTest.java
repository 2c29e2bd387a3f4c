package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EndOfInputTest {

  private static CompletableFuture<Boolean> watched(InputStream input) {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    EndOfInput.watch(input, () -> ended.complete(Thread.currentThread().isDaemon()));
    return ended;
  }

  @Test
  void theEndIsToldOnceItIsThereAndNotBefore() throws Exception {
    PipedInputStream input = new PipedInputStream();
    CompletableFuture<Boolean> ended;
    try (PipedOutputStream held = new PipedOutputStream(input)) {
      ended = watched(input);
      held.write("what is written means nothing".getBytes(StandardCharsets.UTF_8));
      held.flush();
      Eventually.holds("what was written is read", () -> input.available() == 0);
      assertThat(ended).isNotDone();
    }
    assertThat(Eventually.done("the end", ended)).isTrue();
    assertThat(Eventually.done("an end at once", watched(new ByteArrayInputStream(new byte[0]))))
        .isTrue();
  }

  @Test
  void anInputThatBreaksHasEnded() throws Exception {
    PipedInputStream broken = new PipedInputStream(); // connected to nothing: each read fails
    assertThat(Eventually.done("the end", watched(broken))).isTrue();
  }
}
