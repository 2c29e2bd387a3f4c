package dev.indelible.verify.audit;

import dev.indelible.verify.Checkpoint;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Files of a pack that are made again from its entries while these are checked. */
public interface PackReadings {

  /** The longest such file, in bytes. */
  int MAX_BYTES = 256 << 20;

  /** Whether a file of this path is made again. */
  boolean reads(String path);

  /**
   * Takes such a file, as it is in the pack, before the entries.
   *
   * @throws IOException when it is not of its form; the message says why
   */
  void file(String path, byte[] content) throws IOException;

  /** Takes the pack's entries; null when no file is to be made of them. */
  @Nullable EntrySink sink();

  /**
   * Compares what the entries yield, when they have all been taken and hold.
   *
   * @param checkpoint of the entries
   */
  void compare(Checkpoint checkpoint, Consumer<Finding> findings);
}
