package dev.indelible.cli.pull;

import dev.indelible.cli.pull.PullException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file that holds how far a log was pulled: {@code {"indelible_pull":1, "source":…, "server":…,
 * "tenant":…, "cursors":{NAME: …}}}.
 *
 * <p>It is replaced as a whole: written beside, synced, renamed, and the directory synced. A crash
 * leaves the old one or the new one. It belongs to one source, one server and one tenant, and to
 * one process at a time, which holds a lock on {@code FILE.lock}.
 */
public final class PullState implements AutoCloseable {

  /** The largest state that is read, in bytes. */
  static final int MAX_BYTES = 1 << 20;

  private static final int VERSION = 1;
  private static final String VERSION_FIELD = "indelible_pull";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path file;
  private final ObjectNode state;
  private final FileChannel lockFile;
  private final FileLock lock;

  /**
   * Source, server and tenant that a state belongs to.
   *
   * @param source kind and address of the log
   * @param server address of the server that it is recorded at
   * @param tenant the tenant, or empty when the key says which
   */
  public record Owner(String source, String server, String tenant) {}

  private PullState(Path file, ObjectNode state, FileChannel lockFile, FileLock lock) {
    this.file = file;
    this.state = state;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Opens the state of {@code owner}, or begins one where there is no file.
   *
   * @throws PullException when it is somebody else's, in use, or no state
   */
  public static PullState open(Path file, Owner owner) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new PullException(Kind.WRONG, "the directory of " + file + " does not exist");
    }
    FileChannel lockFile =
        FileChannel.open(
            beside(file, ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean opened = false;
    try {
      FileLock lock = lock(lockFile);
      if (lock == null) {
        throw new PullException(Kind.WRONG, file + " is in use by another indelible pull");
      }
      PullState state = new PullState(file, read(file, owner), lockFile, lock);
      opened = true;
      return state;
    } finally {
      if (!opened) {
        lockFile.close();
      }
    }
  }

  private static @Nullable FileLock lock(FileChannel lockFile) throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException ofThisProcess) {
      return null;
    }
  }

  private static Path beside(Path file, String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  private static ObjectNode read(Path file, Owner owner) throws IOException {
    ObjectNode fresh = JsonNodeFactory.instance.objectNode();
    fresh.put(VERSION_FIELD, VERSION);
    fresh.put("source", owner.source());
    fresh.put("server", owner.server());
    fresh.put("tenant", owner.tenant());
    fresh.putObject("cursors");
    if (!Files.exists(file)) {
      return fresh;
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new PullException(Kind.WRONG, file + " is too long for a state of indelible pull");
    }
    JsonNode read;
    try {
      read = JSON.readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new PullException(
          Kind.WRONG, file + " is no state of indelible pull; it was not touched");
    }
    if (!(read instanceof ObjectNode state)
        || state.path(VERSION_FIELD).asInt(0) != VERSION
        || !state.path("cursors").isObject()) {
      throw new PullException(
          Kind.WRONG, file + " is no state of indelible pull of this version; it was not touched");
    }
    for (String field : new String[] {"source", "server", "tenant"}) {
      String of = state.path(field).asString("");
      String wanted = fresh.path(field).asString("");
      if (!of.equals(wanted)) {
        throw new PullException(
            Kind.WRONG,
            "%s is of the %s \"%s\", and this is \"%s\": give each its own --state"
                .formatted(file, field, of, wanted));
      }
    }
    return state;
  }

  /** The cursor of a log; empty when it was never pulled. */
  public ObjectNode cursor(String log) {
    return state.path("cursors").path(log) instanceof ObjectNode cursor
        ? cursor.deepCopy()
        : JsonNodeFactory.instance.objectNode();
  }

  /** Makes a cursor durable. A crash before the return may leave the one before. */
  public void save(String log, ObjectNode cursor) throws IOException {
    if (cursor(log).equals(cursor)) {
      return;
    }
    ((ObjectNode) state.path("cursors")).set(log, cursor.deepCopy());
    Path next = beside(file, ".next");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(state));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(file.toAbsolutePath().getParent());
  }

  private static void sync(@Nullable Path directory) throws IOException {
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public void close() throws IOException {
    lock.release();
    lockFile.close();
  }
}
