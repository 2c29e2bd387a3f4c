package dev.indelible.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Watches for the end of an input that nobody writes to: the end of the program that holds its
 * other side, however that ended.
 */
final class EndOfInput {

  private EndOfInput() {}

  /** Runs {@code act} once the input ends; returns at once. */
  static void watch(InputStream input, Runnable act) {
    Thread.ofPlatform()
        .name("end-of-input")
        .daemon()
        .start(
            () -> {
              try (input) {
                input.transferTo(OutputStream.nullOutputStream());
              } catch (IOException broken) {
                // Whoever held it is gone as well.
              }
              act.run();
            });
  }
}
