package dev.indelible.server.disk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file operations that durable formats are built on.
 *
 * <p>Nothing is durable by itself: a file's bytes and size are after {@link DiskFile#force}, its
 * name (created, linked, renamed or deleted) after {@link #forceDirectory} of its directory. Every
 * exception names the file. Thread-safe.
 */
public interface Disk {

  /**
   * Creates an empty file, open for reading and writing.
   *
   * @throws java.nio.file.FileAlreadyExistsException when there is one
   */
  DiskFile create(Path file) throws IOException;

  /**
   * Opens an existing file for reading and writing.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  DiskFile open(Path file) throws IOException;

  /**
   * Opens a file that never changes again for reading. It stays readable after it is deleted, until
   * closed, and an interrupted reader harms no other.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  ReadableFile openUnchanging(Path file) throws IOException;

  /** Gives a file another name in the same directory, atomically, in place of what had it. */
  void rename(Path from, Path to) throws IOException;

  /**
   * Gives a file a second name.
   *
   * @throws java.nio.file.FileAlreadyExistsException when the name is taken
   */
  void link(Path existing, Path name) throws IOException;

  /** Deletes a file; false when there was none. */
  boolean delete(Path file) throws IOException;

  /** Whether there is a file or a directory of that name. */
  boolean exists(Path path);

  /** Whether there is a directory of that name. */
  boolean isDirectory(Path path);

  /**
   * Identity that tells the file of that name from every other, also from one that gets its name
   * later; a disk without such identities gives the name.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  default Object identity(Path file) throws IOException {
    if (!exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return file;
  }

  /** Creates one directory, in an existing one, unless it exists. */
  void createDirectory(Path directory) throws IOException;

  /** Creates a directory and what is missing above it, durably. */
  default void createDirectories(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent == null || exists(directory)) {
      return;
    }
    createDirectories(parent);
    createDirectory(directory);
    forceDirectory(parent);
  }

  /**
   * Lists a directory, sorted by name.
   *
   * @throws java.nio.file.NoSuchFileException when there is no such directory
   */
  List<Item> list(Path directory) throws IOException;

  /**
   * Makes the names in a directory durable. The calling thread's interruption neither stops it nor
   * hides its outcome.
   */
  void forceDirectory(Path directory) throws IOException;

  /** Bytes that can still be written where {@code directory} is. */
  long freeBytes(Path directory) throws IOException;

  /**
   * Takes the lock that {@code file} stands for (created if need be), until closed or the process
   * ends.
   *
   * @throws FileLockedException when somebody holds it, in this process or another
   */
  Lock lock(Path file) throws IOException;

  /**
   * Entry of a directory.
   *
   * @param path the directory's path and the name
   * @param directory whether it is a directory itself
   */
  record Item(Path path, boolean directory) {

    /** The last segment of the path. */
    public String name() {
      return path.getName(path.getNameCount() - 1).toString();
    }
  }

  /** A lock that is held. */
  interface Lock extends AutoCloseable {
    @Override
    void close() throws IOException;
  }
}
