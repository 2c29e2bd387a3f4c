package dev.indelible.server.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The operating system's files. Thread-safe. */
public final class SystemDisk implements Disk {

  @Override
  public DiskFile create(Path file) throws IOException {
    return openChannel(file, StandardOpenOption.CREATE_NEW);
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return openChannel(file, StandardOpenOption.WRITE);
  }

  private static DiskFile openChannel(Path file, StandardOpenOption how) throws IOException {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, how);
      return new ChannelFile(file, channel);
    } catch (IOException e) {
      throw naming(file, e);
    }
  }

  @Override
  public ReadableFile openUnchanging(Path file) throws IOException {
    return MappedFile.open(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    if (!siblings(from, to)) {
      throw new IllegalArgumentException(from + " and " + to + " are in different directories");
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean siblings(Path a, Path b) {
    Path parent = a.getParent();
    return parent == null ? b.getParent() == null : parent.equals(b.getParent());
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    try {
      Files.createLink(name, existing);
    } catch (IOException e) {
      throw naming(name, e);
    }
  }

  @Override
  public boolean delete(Path file) throws IOException {
    try {
      return Files.deleteIfExists(file);
    } catch (FileSystemException e) {
      // Below something that is a file, not a directory: nothing of that name can exist.
      if (!Files.exists(file)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public Object identity(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file : key;
  }

  @Override
  public boolean isDirectory(Path path) {
    return Files.isDirectory(path);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    } catch (IOException e) {
      throw naming(directory, e);
    }
  }

  @Override
  public List<Item> list(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children
          .map(child -> new Item(child, Files.isDirectory(child)))
          .sorted(Comparator.comparing(Item::name))
          .toList();
    } catch (NotDirectoryException e) {
      NoSuchFileException none = new NoSuchFileException(directory.toString());
      none.initCause(e);
      throw none;
    }
  }

  /**
   * The work is done on a thread that nobody interrupts: a channel that is interrupted during a
   * force reports the interruption instead of the force's failure.
   */
  @Override
  public void forceDirectory(Path directory) throws IOException {
    CompletableFuture<@Nullable Void> forced = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
            forced.complete(null);
          } catch (IOException | RuntimeException e) {
            forced.completeExceptionally(e);
          }
        });
    try {
      forced.join();
    } catch (CompletionException e) {
      throw new IOException(directory + ": the directory cannot be made durable", e.getCause());
    }
  }

  @Override
  public long freeBytes(Path directory) throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  @Override
  public Lock lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean held = false;
    try {
      FileLock lock = channel.tryLock();
      held = lock != null;
    } catch (OverlappingFileLockException e) {
      FileLockedException locked = new FileLockedException(file);
      locked.initCause(e);
      throw locked;
    } finally {
      if (!held) {
        channel.close();
      }
    }
    if (!held) {
      throw new FileLockedException(file);
    }
    return channel::close;
  }

  /** The exception as one that names the file and tells a full disk from other failures. */
  static IOException naming(Path file, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("No space left on device") || message.contains("quota exceeded")) {
      return new DiskFullException(file, e);
    }
    // An interrupted channel is not a failing disk; callers tell them apart by type.
    if (e instanceof FileSystemException
        || e instanceof java.nio.channels.ClosedChannelException
        || message.contains(file.toString())) {
      return e;
    }
    return new IOException(file + ": " + message, e);
  }
}
