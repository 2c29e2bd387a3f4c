package dev.indelible.cli.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard error of a process, read on a thread of its own so that the process never blocks on a
 * full pipe.
 */
final class ProcessErrors {

  /** Most bytes that are kept. */
  static final int MAX_BYTES = 8 * 1024;

  private final Thread reader;
  private volatile String text = "";

  private ProcessErrors(InputStream stream) {
    this.reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (stream) {
                    text = new String(stream.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
                    stream.skipNBytes(Long.MAX_VALUE);
                  } catch (IOException _) {
                    // The end of the stream; what came before it is in text.
                  }
                });
  }

  static ProcessErrors of(Process process) {
    return new ProcessErrors(process.getErrorStream());
  }

  /** All of it, once the process has ended. */
  String text() throws InterruptedException {
    reader.join();
    return text.strip();
  }
}
