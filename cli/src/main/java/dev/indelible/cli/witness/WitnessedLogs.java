package dev.indelible.cli.witness;

import dev.indelible.verify.Parsed;
import dev.indelible.verify.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Logs that a witness cosigns: a file with one verifier key on each line, read again when it has
 * changed. Lines that are empty or begin with {@code #} are left out. Thread-safe.
 */
public final class WitnessedLogs {

  /** The largest file, in bytes: some 100,000 keys. */
  static final long MAX_FILE_BYTES = 16 << 20;

  private final Path file;
  private @Nullable FileTime read; // guarded by this
  private List<VerifierKey> keys = List.of(); // guarded by this

  public WitnessedLogs(Path file) {
    this.file = file;
  }

  /**
   * The keys of the log of that origin; none when it is not witnessed.
   *
   * @throws IOException when the file cannot be read, or a line is no log's key
   */
  public synchronized List<VerifierKey> keys(String origin) throws IOException {
    read();
    return keys.stream().filter(key -> key.name().equals(origin)).toList();
  }

  /**
   * Reads the file if it has changed.
   *
   * @throws IOException when it cannot be read, or a line is no log's key
   */
  public synchronized void read() throws IOException {
    FileTime changed = Files.getLastModifiedTime(file);
    if (!changed.equals(read)) {
      keys = readAll();
      read = changed;
    }
  }

  private List<VerifierKey> readAll() throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
    }
    List<VerifierKey> all = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Parsed<VerifierKey> parsed = VerifierKey.parse(line.strip());
      if (!(parsed instanceof Parsed.Ok<VerifierKey>(VerifierKey key))
          || key.type() != VerifierKey.Type.ED25519) {
        throw new IOException(file + ", line " + number + ": no log's verifier key");
      }
      all.add(key);
    }
    return List.copyOf(all);
  }
}
