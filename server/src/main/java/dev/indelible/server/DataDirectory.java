package dev.indelible.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Layout of the data directory.
 *
 * <pre>
 * operator.key       the operator's key, mode 0600, written at the first start
 * installation.key   32 bytes in hexadecimal, mode 0600: what tenants' own keys are derived from
 * journal/events     the events journal
 * journal/control    the control log; never truncated
 * journal/heads      the size and root that were last signed of each log
 * journal/sessions   who is signed in
 * journal/exports    exports that were asked for
 * exports            their files, by tenant
 * journal/schedules  runs of schedules of exports
 * journal/streams    states of streams and the newest lines of their ledgers
 * journal/cursors    how far streams have read
 * streams            their ledgers, by tenant and stream
 * blobs              runs and states
 * index              the search index; may be deleted, is made again
 * </pre>
 *
 * @param root the directory
 */
public record DataDirectory(Path root) {

  /** The operator's key. */
  public Path operatorKey() {
    return root.resolve("operator.key");
  }

  /** The installation's key. */
  public Path installationKey() {
    return root.resolve("installation.key");
  }

  /** The events journal. */
  public Path eventsJournal() {
    return root.resolve("journal").resolve("events");
  }

  /** The control log. */
  public Path controlJournal() {
    return root.resolve("journal").resolve("control");
  }

  /** Journal of what was signed of each log. */
  public Path headsJournal() {
    return root.resolve("journal").resolve("heads");
  }

  /** Journal of sessions. */
  public Path sessionsJournal() {
    return root.resolve("journal").resolve("sessions");
  }

  /** Journal of exports. */
  public Path exportsJournal() {
    return root.resolve("journal").resolve("exports");
  }

  /** Journal of the runs of schedules. */
  public Path schedulesJournal() {
    return root.resolve("journal").resolve("schedules");
  }

  /** Journal of the states of streams and their ledgers. */
  public Path streamsJournal() {
    return root.resolve("journal").resolve("streams");
  }

  /** Journal of the places of followers. */
  public Path cursorsJournal() {
    return root.resolve("journal").resolve("cursors");
  }

  /** Ledgers of streams. */
  public Path ledgers() {
    return root.resolve("streams");
  }

  /** Files of exports. */
  public Path exports() {
    return root.resolve("exports");
  }

  /** Runs and states. */
  public Path blobs() {
    return root.resolve("blobs");
  }

  /** The states among them. */
  public Path states() {
    return blobs().resolve("states");
  }

  /** The search index. */
  public Path index() {
    return root.resolve("index");
  }

  /** Makes the directory, for its owner alone, and what is missing above it, durably. */
  void create() throws IOException {
    create(root.toAbsolutePath());
  }

  private static void create(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent == null || Files.isDirectory(directory)) {
      return;
    }
    create(parent);
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    force(parent);
  }

  /**
   * Makes a directory durable. Without it, power loss could take a new directory away with all that
   * is durable in it.
   */
  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The secret in a file, if there is one. */
  static Optional<String> readSecret(Path file) throws IOException {
    return Files.exists(file)
        ? Optional.of(Files.readString(file, StandardCharsets.US_ASCII).strip())
        : Optional.empty();
  }

  /**
   * Writes a secret to a new file that its owner alone may read; durable when this returns.
   *
   * @throws FileAlreadyExistsException when there is one
   */
  static void writeSecret(Path file, String secret) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    replaceSecret(file, secret);
  }

  /**
   * Writes a secret to a file that its owner alone may read, in place of what is there; durable
   * when this returns.
   */
  static void replaceSecret(Path file, String secret) throws IOException {
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(written);
    Files.createFile(
        written,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap((secret + "\n").getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      force(parent);
    }
  }
}
