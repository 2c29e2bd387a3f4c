package dev.indelible.server.disk;

import dev.indelible.server.disk.SimulatedDirectory.DirectoryNode;
import dev.indelible.server.disk.SimulatedDirectory.FileNode;
import dev.indelible.server.disk.SimulatedDirectory.NameChange;
import dev.indelible.server.disk.SimulatedDirectory.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that forgets what was not forced, and fails when told to.
 *
 * <p>{@link #afterPowerLoss} gives the disk as it may be after power loss: for each file, writes
 * since its last force are dropped, torn at sectors of 512 bytes, or applied sector by sector in
 * any order; for each directory, any of the changes since its last force may be missing. Which, the
 * seed decides: the seeds 0 and 1 drop and keep everything.
 *
 * <p>Every operation that changes something is a write point, numbered from 1: {@link #losePowerAt}
 * makes that one and all later operations fail, so that a test can lose power at each of them.
 * Thread-safe.
 */
public final class SimulatedDisk implements Disk {

  /** Folder of tests' files on a simulated disk; it exists and is durable. */
  public static final Path ROOT = Path.of("/simulated");

  /** Operation that can be failed. */
  public enum Operation {
    CREATE,
    WRITE,
    FORCE,
    FORCE_DIRECTORY,
    RENAME,
    LINK,
    DELETE,
    READ
  }

  /** The error of a disk that cannot read or write. */
  public static final String IO_ERROR = "Input/output error";

  private record Fault(long after, Predicate<Path> files, IOException error) {}

  private final SimulatedDirectory root;
  private final Map<Operation, Fault> faults = new EnumMap<>(Operation.class);
  private final Map<Operation, Long> counts = new EnumMap<>(Operation.class);
  private final Set<Path> locks = new HashSet<>();
  private long writePoints;
  private long powerLossAt = Long.MAX_VALUE;
  private long capacityBytes = Long.MAX_VALUE;
  private volatile @Nullable HeldForces heldForces;

  /** An empty disk. */
  public SimulatedDisk() {
    this(new SimulatedDirectory());
  }

  private SimulatedDisk(SimulatedDirectory root) {
    this.root = root;
  }

  // ---- What tests do to it.

  /** How many operations changed something so far. */
  public synchronized long writePoints() {
    return writePoints;
  }

  /** Loses power during the {@code point}-th write point: it may have happened or not. */
  public synchronized void losePowerAt(long point) {
    powerLossAt = point;
  }

  /** Whether power was lost. */
  public synchronized boolean hasLostPower() {
    return writePoints >= powerLossAt;
  }

  /** Fails the {@code n}-th operation of that kind from now on (1 is the next), once. */
  public synchronized void fail(Operation operation, int n, IOException error) {
    faults.put(operation, new Fault(counts.getOrDefault(operation, 0L) + n, path -> true, error));
  }

  /** Fails the next operation of that kind on such a file with an input/output error, once. */
  public synchronized void failNext(Operation operation, Predicate<Path> files) {
    faults.put(operation, new Fault(0, files, new IOException(IO_ERROR)));
  }

  /** How many operations of that kind there were. */
  public synchronized long count(Operation operation) {
    return counts.getOrDefault(operation, 0L);
  }

  /** Sets how many bytes all files together may have. */
  public synchronized void setCapacityBytes(long bytes) {
    capacityBytes = bytes;
  }

  /** Bytes of all files together. */
  public synchronized long usedBytes() {
    return usedBytes(root);
  }

  /** Forces that wait, until this is closed. */
  public static final class HeldForces implements AutoCloseable {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private HeldForces() {}

    /** Counted down once a force waits. */
    public CountDownLatch reached() {
      return reached;
    }

    @Override
    public void close() {
      released.countDown();
    }
  }

  /** Makes every force of a file wait until what is returned is closed. */
  public HeldForces holdForces() {
    HeldForces held = new HeldForces();
    heldForces = held;
    return held;
  }

  /** The bytes of a file, as a process sees them. */
  public synchronized byte[] bytesOf(Path file) throws IOException {
    return file(file).content();
  }

  /** Replaces a file's bytes, durably, as damage does. */
  public synchronized void damage(Path file, byte[] bytes) throws IOException {
    SimulatedFile damaged = file(file);
    damaged.truncate(0);
    damaged.write(bytes, 0);
    damaged.force();
  }

  /** The disk as it may be after power loss now; this one is not changed. */
  public synchronized SimulatedDisk afterPowerLoss(long seed) {
    return new SimulatedDisk(root.afterPowerLoss(seed, new Random(seed), new IdentityHashMap<>()));
  }

  /**
   * The disk as the next process finds it after this one was killed: everything is there, and what
   * was not forced still is not. This one is not changed.
   */
  public synchronized SimulatedDisk afterKill() {
    return new SimulatedDisk(root.copy(new IdentityHashMap<>()));
  }

  // ---- The disk.

  @Override
  public synchronized DiskFile create(Path path) throws IOException {
    SimulatedDirectory directory = parent(path);
    String name = name(path);
    check(Operation.CREATE, path);
    if (directory.names.containsKey(name)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    SimulatedFile file = new SimulatedFile();
    directory.change(new NameChange(Map.of(name, new FileNode(file)), Set.of()));
    point(path);
    return new OpenFile(path, file);
  }

  @Override
  public synchronized DiskFile open(Path path) throws IOException {
    checkPower(path);
    return new OpenFile(path, file(path));
  }

  @Override
  public ReadableFile openUnchanging(Path path) throws IOException {
    return open(path);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    SimulatedDirectory directory = parent(from);
    if (directory != parent(to)) {
      throw new IllegalArgumentException(from + " and " + to + " are in different directories");
    }
    check(Operation.RENAME, from);
    Node node = new FileNode(file(from));
    directory.change(new NameChange(Map.of(name(to), node), Set.of(name(from))));
    point(from);
  }

  @Override
  public synchronized void link(Path existing, Path path) throws IOException {
    Node node = new FileNode(file(existing));
    SimulatedDirectory directory = parent(path);
    check(Operation.LINK, path);
    if (directory.names.containsKey(name(path))) {
      throw new FileAlreadyExistsException(path.toString());
    }
    directory.change(new NameChange(Map.of(name(path), node), Set.of()));
    point(path);
  }

  @Override
  public synchronized boolean delete(Path path) throws IOException {
    checkPower(path);
    Node node = find(path);
    if (node == null) {
      return false;
    }
    if (node instanceof DirectoryNode(SimulatedDirectory inner) && !inner.names.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    check(Operation.DELETE, path);
    parent(path).change(new NameChange(Map.of(), Set.of(name(path))));
    point(path);
    return true;
  }

  @Override
  public synchronized boolean exists(Path path) {
    return path.equals(ROOT) || find(path) != null;
  }

  @Override
  public synchronized boolean isDirectory(Path path) {
    return path.equals(ROOT) || find(path) instanceof DirectoryNode;
  }

  @Override
  public synchronized void createDirectory(Path path) throws IOException {
    SimulatedDirectory directory = parent(path);
    Node there = directory.names.get(name(path));
    if (there instanceof DirectoryNode) {
      return;
    }
    if (there != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    checkPower(path);
    directory.change(
        new NameChange(Map.of(name(path), new DirectoryNode(new SimulatedDirectory())), Set.of()));
    point(path);
  }

  @Override
  public synchronized List<Item> list(Path path) throws IOException {
    checkPower(path);
    return directory(path).names.entrySet().stream()
        .map(e -> new Item(path.resolve(e.getKey()), e.getValue() instanceof DirectoryNode))
        .sorted(Comparator.comparing(Item::name))
        .toList();
  }

  @Override
  public synchronized void forceDirectory(Path path) throws IOException {
    check(Operation.FORCE_DIRECTORY, path);
    point(path);
    SimulatedDirectory directory = directory(path);
    directory.force();
  }

  @Override
  public synchronized long freeBytes(Path directory) {
    return Math.max(0, capacityBytes - usedBytes(root));
  }

  @Override
  public synchronized Lock lock(Path path) throws IOException {
    if (!locks.add(path)) {
      throw new FileLockedException(path);
    }
    return () -> {
      synchronized (SimulatedDisk.this) {
        locks.remove(path);
      }
    };
  }

  private static long usedBytes(SimulatedDirectory directory) {
    long total = 0;
    for (Node node : directory.names.values()) {
      total +=
          switch (node) {
            case FileNode(SimulatedFile file) -> file.size();
            case DirectoryNode(SimulatedDirectory inner) -> usedBytes(inner);
          };
    }
    return total;
  }

  // ---- Names.

  private static String name(Path path) {
    return path.getName(path.getNameCount() - 1).toString();
  }

  private SimulatedDirectory parent(Path path) throws NoSuchFileException {
    Path parent = path.getParent();
    if (parent == null) {
      throw new NoSuchFileException(path.toString());
    }
    return directory(parent);
  }

  private SimulatedDirectory directory(Path path) throws NoSuchFileException {
    if (path.equals(ROOT)) {
      return root;
    }
    if (find(path) instanceof DirectoryNode(SimulatedDirectory directory)) {
      return directory;
    }
    throw new NoSuchFileException(path.toString());
  }

  private SimulatedFile file(Path path) throws NoSuchFileException {
    if (find(path) instanceof FileNode(SimulatedFile file)) {
      return file;
    }
    throw new NoSuchFileException(path.toString());
  }

  private @Nullable Node find(Path path) {
    if (!path.startsWith(ROOT) || path.equals(ROOT)) {
      return null;
    }
    SimulatedDirectory directory = root;
    Node node = null;
    for (Path segment : ROOT.relativize(path)) {
      if (node != null) {
        if (!(node instanceof DirectoryNode(SimulatedDirectory inner))) {
          return null;
        }
        directory = inner;
      }
      node = directory.names.get(segment.toString());
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  // ---- Faults.

  private void checkPower(Path path) throws IOException {
    if (hasLostPower()) {
      throw new IOException(path + ": power lost");
    }
  }

  private void check(Operation operation, Path path) throws IOException {
    checkPower(path);
    long count = counts.merge(operation, 1L, Long::sum);
    Fault fault = faults.get(operation);
    if (fault != null && count >= fault.after && fault.files.test(path)) {
      faults.remove(operation);
      throw fault.error;
    }
  }

  /** Marks a point after a change: power may go now, before the caller hears of it. */
  private void point(Path path) throws IOException {
    writePoints++;
    checkPower(path);
  }

  private final class OpenFile implements DiskFile {
    private final Path path;
    private final SimulatedFile file;
    private boolean closed;

    OpenFile(Path path, SimulatedFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public long sizeBytes() throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        return file.size();
      }
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        check(Operation.READ, path);
        return file.read(target, offset);
      }
    }

    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        check(Operation.WRITE, path);
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        long growth = Math.max(0, offset + bytes.length - file.size());
        if (growth > 0 && growth > capacityBytes - usedBytes(root)) {
          throw new DiskFullException(path, new IOException("No space left on device"));
        }
        file.write(bytes, offset);
        point(path);
      }
    }

    @Override
    public void writeZeros(long offset, long length) throws IOException {
      write(ByteBuffer.allocate(Math.toIntExact(length)), offset);
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        checkPower(path);
        file.truncate(sizeBytes);
        point(path);
      }
    }

    @Override
    public void force() throws IOException {
      HeldForces held = heldForces;
      if (held != null) {
        try {
          held.reached.countDown();
          held.released.await();
        } catch (InterruptedException e) {
          throw new java.io.InterruptedIOException();
        }
      }
      synchronized (SimulatedDisk.this) {
        checkOpen();
        check(Operation.FORCE, path);
        point(path);
        file.force();
      }
    }

    private void checkOpen() throws ClosedChannelException {
      if (closed) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public void close() {
      synchronized (SimulatedDisk.this) {
        closed = true;
      }
    }
  }
}
