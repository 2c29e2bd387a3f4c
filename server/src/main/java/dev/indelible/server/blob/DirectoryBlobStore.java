package dev.indelible.server.blob;

import dev.indelible.ports.blob.BlobName;
import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.blob.Leases;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.disk.ReadableFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs and states as files of one directory:
 *
 * <pre>
 * LOCK           held while the store is open
 * tmp/           files being written; emptied at start
 * blobs/NAME     blobs, as they are
 * states/NAME    states, see {@link StateFile}
 * </pre>
 *
 * <p>A blob is written to {@code tmp/}, forced, linked to its name, and the name's directory
 * forced. A state is written beside its file, forced, renamed over it, and the directory forced. A
 * crash leaves the old or the new, and files that the next start, or the next change of that state,
 * deletes.
 *
 * <p>When a directory cannot be forced, nobody knows which names are durable: the store refuses
 * every further change, and every state, until it is opened anew.
 */
public final class DirectoryBlobStore implements BlobStore {

  private static final Logger LOG = LoggerFactory.getLogger(DirectoryBlobStore.class);

  /** Bytes gathered before they are written to a file. */
  static final int WRITE_BUFFER_BYTES = 256 * 1024;

  /** Directories that are remembered to be durable; for others it costs a force to be sure. */
  static final int MAX_KNOWN_DIRECTORIES = 10_000;

  /** Locks that the states share among them. */
  private static final int STATE_LOCKS = 64;

  private static final String STATE_TEMPORARY_SUFFIX = ".new";

  private final Disk disk;
  private final Path blobs;
  private final Path states;
  private final Path temporary;
  private final Disk.Lock processLock;
  private final Leases leases = new Leases();
  private final AtomicLong temporaryNumber = new AtomicLong();
  private final List<ReentrantLock> stateLocks = new ArrayList<>();

  /** Oldest first; its own monitor guards it. */
  private final LinkedHashSet<Path> durableDirectories = new LinkedHashSet<>();

  private volatile @Nullable IOException failure;
  private volatile boolean closed;

  private DirectoryBlobStore(Disk disk, Path directory, Disk.Lock processLock) {
    this.disk = disk;
    this.blobs = directory.resolve("blobs");
    this.states = directory.resolve("states");
    this.temporary = directory.resolve("tmp");
    this.processLock = processLock;
    for (int i = 0; i < STATE_LOCKS; i++) {
      stateLocks.add(new ReentrantLock());
    }
  }

  /**
   * Opens the store in a directory, which is made if need be.
   *
   * @throws dev.indelible.server.disk.FileLockedException when another process has it open
   */
  public static DirectoryBlobStore open(Disk disk, Path directory) throws IOException {
    disk.createDirectories(directory);
    Disk.Lock lock = disk.lock(directory.resolve("LOCK"));
    boolean opened = false;
    try {
      DirectoryBlobStore store = new DirectoryBlobStore(disk, directory, lock);
      disk.createDirectory(store.blobs);
      disk.createDirectory(store.states);
      disk.createDirectory(store.temporary);
      disk.forceDirectory(directory);
      for (Disk.Item item : disk.list(store.temporary)) {
        disk.delete(item.path());
      }
      opened = true;
      return store;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  @Override
  public boolean putIfAbsent(String name, Content content) throws IOException {
    Path target = blobs.resolve(BlobName.checked(name));
    checkUsable();
    leases.checkFree(name);
    if (isBlob(target)) {
      return alreadyThere(target);
    }
    Path written = newTemporary();
    try {
      write(written, content);
      ensureDirectory(parent(target));
      try {
        disk.link(written, target);
      } catch (FileAlreadyExistsException e) {
        isBlob(target);
        return alreadyThere(target);
      }
      forceDirectory(parent(target));
      return true;
    } finally {
      deleteTemporary(written);
    }
  }

  /** Whether it works does not matter: the next start deletes what is left. */
  private void deleteTemporary(Path file) {
    try {
      disk.delete(file);
    } catch (IOException e) {
      LOG.warn("{}: cannot be deleted", file, e);
    }
  }

  /** Makes a blob durable that another call created, perhaps just now. */
  private boolean alreadyThere(Path target) throws IOException {
    ensureDirectory(parent(target));
    forceDirectory(parent(target));
    return false;
  }

  private boolean isBlob(Path target) throws IOException {
    if (!disk.exists(target)) {
      return false;
    }
    if (disk.isDirectory(target)) {
      throw new IOException(target + ": other blobs are below this name");
    }
    return true;
  }

  private void write(Path file, Content content) throws IOException {
    try (DiskFile out = disk.create(file)) {
      FileOutput stream = new FileOutput(out);
      content.writeTo(stream);
      stream.flush();
      out.force();
    }
  }

  @Override
  public Blob open(String name) throws IOException {
    Path path = blobs.resolve(BlobName.checked(name));
    checkOpen();
    return new FileBlob(name, disk.openUnchanging(path), leases);
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    checkOpen();
    String folder = BlobName.folderOf(prefix);
    if (!folder.isEmpty()) {
      BlobName.checked(folder.substring(0, folder.length() - 1));
    }
    List<String> names = new ArrayList<>();
    collect(folder, prefix, names);
    Collections.sort(names);
    return names;
  }

  private void collect(String folder, String prefix, List<String> names) throws IOException {
    List<Disk.Item> items;
    try {
      items = disk.list(blobs.resolve(folder));
    } catch (NoSuchFileException e) {
      return;
    }
    for (Disk.Item item : items) {
      String name = folder + item.name();
      if (item.directory()) {
        String inner = name + "/";
        if (inner.startsWith(prefix) || prefix.startsWith(inner)) {
          collect(inner, prefix, names);
        }
      } else if (name.startsWith(prefix)) {
        names.add(name);
      }
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Path path = blobs.resolve(BlobName.checked(name));
    checkUsable();
    if (disk.isDirectory(path)) {
      return;
    }
    disk.delete(path);
    leases.deleted(name);
    // Even when it was gone: another call may have deleted it and not forced it yet.
    if (disk.exists(parent(path))) {
      forceDirectory(parent(path));
    }
  }

  @Override
  public Optional<State> state(String name) throws IOException {
    Path path = states.resolve(BlobName.checked(name));
    checkUsable();
    // Under the lock, so that a version that is not durable yet is never seen.
    ReentrantLock lock = stateLock(name);
    lock.lock();
    try {
      checkUsable();
      return readState(path);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean compareAndSetState(String name, long expectedVersion, byte[] bytes)
      throws IOException {
    if (bytes.length > MAX_STATE_BYTES) {
      throw new IllegalArgumentException("a state of " + bytes.length + " bytes");
    }
    Path path = states.resolve(BlobName.checked(name));
    ReentrantLock lock = stateLock(name);
    lock.lock();
    try {
      checkUsable();
      long version = readState(path).map(State::version).orElse(0L);
      if (version != expectedVersion) {
        return false;
      }
      writeState(path, new State(version + 1, bytes));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private Optional<State> readState(Path path) throws IOException {
    try (ReadableFile file = disk.openUnchanging(path)) {
      long size = file.sizeBytes();
      if (size > StateFile.HEAD_BYTES + (long) MAX_STATE_BYTES + StateFile.TAIL_BYTES) {
        throw new BlobCorruptException(path, size, "the file is too long");
      }
      byte[] content = new byte[(int) size];
      file.readFully(ByteBuffer.wrap(content), 0);
      return Optional.of(StateFile.decode(path, content));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void writeState(Path path, State state) throws IOException {
    ensureDirectory(parent(path));
    // A name that no state can have. The state's lock is held: nobody else writes this file.
    Path next = path.resolveSibling("." + path.getFileName() + STATE_TEMPORARY_SUFFIX);
    disk.delete(next);
    try (DiskFile file = disk.create(next)) {
      file.write(StateFile.encode(state), 0);
      file.force();
    } catch (IOException e) {
      deleteTemporary(next);
      throw e;
    }
    disk.rename(next, path);
    forceDirectory(parent(path));
  }

  private ReentrantLock stateLock(String name) {
    return stateLocks.get(Math.floorMod(name.hashCode(), STATE_LOCKS));
  }

  /** Makes a directory below the store's, and its name and those above it durable. */
  private void ensureDirectory(Path directory) throws IOException {
    if (directory.equals(blobs) || directory.equals(states)) {
      return;
    }
    synchronized (durableDirectories) {
      if (durableDirectories.contains(directory)) {
        return;
      }
    }
    Path above = parent(directory);
    ensureDirectory(above);
    disk.createDirectory(directory);
    forceDirectory(above);
    synchronized (durableDirectories) {
      durableDirectories.add(directory);
      if (durableDirectories.size() > MAX_KNOWN_DIRECTORIES) {
        durableDirectories.removeFirst();
      }
    }
  }

  private void forceDirectory(Path directory) throws IOException {
    checkUsable();
    try {
      disk.forceDirectory(directory);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private void checkUsable() throws IOException {
    checkOpen();
    IOException earlier = failure;
    if (earlier != null) {
      throw new IOException(
          "the blob store changes nothing any more until it is opened anew: "
              + earlier.getMessage(),
          earlier);
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException(blobs + ": the blob store is closed");
    }
  }

  private Path newTemporary() {
    return temporary.resolve(Long.toString(temporaryNumber.incrementAndGet()));
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalStateException(path + " has no directory");
    }
    return parent;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      processLock.close();
    }
  }

  /** An open file: its bytes stay readable when its name is deleted. */
  private static final class FileBlob implements Blob {
    private final String name;
    private final ReadableFile file;
    private final long sizeBytes;
    private final Leases leases;
    private final AtomicBoolean closed = new AtomicBoolean();

    FileBlob(String name, ReadableFile file, Leases leases) throws IOException {
      this.name = name;
      this.file = file;
      this.sizeBytes = file.sizeBytes();
      this.leases = leases;
      leases.taken(name);
    }

    @Override
    public long sizeBytes() {
      return sizeBytes;
    }

    @Override
    public ByteBuffer read(long offset, int length) throws IOException {
      if (offset < 0 || length < 0) {
        throw new IllegalArgumentException("offset " + offset + ", length " + length);
      }
      if (length > sizeBytes - offset) {
        throw new java.io.EOFException(
            file.path() + ": " + length + " bytes wanted at " + offset + " of " + sizeBytes);
      }
      ByteBuffer bytes = ByteBuffer.allocate(length);
      file.readFully(bytes, offset);
      return bytes.flip();
    }

    @Override
    public void close() throws IOException {
      if (!closed.getAndSet(true)) {
        leases.givenBack(name);
        file.close();
      }
    }
  }

  /** Gathers bytes and writes them one after the other. Closing it does nothing. */
  private static final class FileOutput extends OutputStream {
    private final DiskFile file;
    private final ByteBuffer buffer = ByteBuffer.allocate(WRITE_BUFFER_BYTES);
    private long offset;

    FileOutput(DiskFile file) {
      this.file = file;
    }

    @Override
    public void write(int value) throws IOException {
      if (!buffer.hasRemaining()) {
        flush();
      }
      buffer.put((byte) value);
    }

    @Override
    public void write(byte[] source, int from, int length) throws IOException {
      for (int done = 0; done < length; ) {
        if (!buffer.hasRemaining()) {
          flush();
        }
        int count = Math.min(buffer.remaining(), length - done);
        buffer.put(source, from + done, count);
        done += count;
      }
    }

    @Override
    public void flush() throws IOException {
      buffer.flip();
      int count = buffer.remaining();
      file.write(buffer, offset);
      offset += count;
      buffer.clear();
    }
  }
}
