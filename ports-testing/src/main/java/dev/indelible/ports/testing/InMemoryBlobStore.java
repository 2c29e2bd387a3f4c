package dev.indelible.ports.testing;

import dev.indelible.ports.blob.BlobName;
import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.blob.Leases;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A blob store in memory, for tests of what is built on one. {@link #failNextChange} makes the next
 * put, delete or set fail without effect; {@link #reopened} is the store of the next start.
 * Thread-safe.
 */
public final class InMemoryBlobStore implements BlobStore {

  private final NavigableMap<String, byte[]> blobs;
  private final NavigableMap<String, State> states;
  private final Leases leases = new Leases();
  private @Nullable IOException nextFailure;
  private boolean closed;

  /** An empty store. */
  public InMemoryBlobStore() {
    this(new TreeMap<>(), new TreeMap<>());
  }

  private InMemoryBlobStore(
      NavigableMap<String, byte[]> blobs, NavigableMap<String, State> states) {
    this.blobs = blobs;
    this.states = states;
  }

  /** Fails the next change. */
  public synchronized void failNextChange(IOException failure) {
    nextFailure = failure;
  }

  /** A store with what is in this one, which is closed. */
  public synchronized InMemoryBlobStore reopened() {
    closed = true;
    return new InMemoryBlobStore(blobs, states);
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("the blob store is closed");
    }
  }

  private void change() throws IOException {
    checkOpen();
    IOException failure = nextFailure;
    nextFailure = null;
    if (failure != null) {
      throw failure;
    }
  }

  private static void checkFolders(NavigableMap<String, ?> names, String name) throws IOException {
    String below = names.ceilingKey(name + "/");
    if (below != null && below.startsWith(name + "/")) {
      throw new IOException(name + ": other names are below this one");
    }
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      if (names.containsKey(name.substring(0, slash))) {
        throw new IOException(name + ": is below another name");
      }
    }
  }

  @Override
  public boolean putIfAbsent(String name, Content content) throws IOException {
    BlobName.checked(name);
    synchronized (this) {
      checkOpen();
      leases.checkFree(name);
      checkFolders(blobs, name);
      if (blobs.containsKey(name)) {
        return false;
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.writeTo(out);
    synchronized (this) {
      change();
      return blobs.putIfAbsent(name, out.toByteArray()) == null;
    }
  }

  @Override
  public synchronized Blob open(String name) throws IOException {
    byte[] bytes = blobs.get(BlobName.checked(name));
    checkOpen();
    if (bytes == null) {
      throw new NoSuchFileException(name);
    }
    return new MemoryBlob(name, bytes, leases);
  }

  @Override
  public synchronized List<String> list(String prefix) throws IOException {
    checkOpen();
    return blobs.tailMap(prefix).keySet().stream().takeWhile(n -> n.startsWith(prefix)).toList();
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    BlobName.checked(name);
    change();
    blobs.remove(name);
    leases.deleted(name);
  }

  @Override
  public synchronized Optional<State> state(String name) throws IOException {
    checkOpen();
    return Optional.ofNullable(states.get(BlobName.checked(name)))
        .map(state -> new State(state.version(), state.bytes().clone()));
  }

  @Override
  public synchronized boolean compareAndSetState(String name, long expectedVersion, byte[] bytes)
      throws IOException {
    BlobName.checked(name);
    if (bytes.length > MAX_STATE_BYTES) {
      throw new IllegalArgumentException("a state of " + bytes.length + " bytes");
    }
    checkOpen();
    State now = states.get(name);
    if ((now == null ? 0 : now.version()) != expectedVersion) {
      return false;
    }
    checkFolders(states, name);
    change();
    states.put(name, new State(expectedVersion + 1, bytes.clone()));
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private static final class MemoryBlob implements Blob {
    private final String name;
    private final byte[] bytes;
    private final Leases leases;
    private final AtomicBoolean closed = new AtomicBoolean();

    MemoryBlob(String name, byte[] bytes, Leases leases) {
      this.name = name;
      this.bytes = bytes;
      this.leases = leases;
      leases.taken(name);
    }

    @Override
    public long sizeBytes() {
      return bytes.length;
    }

    @Override
    public ByteBuffer read(long offset, int length) throws IOException {
      if (offset < 0 || length < 0) {
        throw new IllegalArgumentException("offset " + offset + ", length " + length);
      }
      if (offset + length > bytes.length) {
        throw new EOFException(length + " bytes wanted at " + offset + " of " + bytes.length);
      }
      return ByteBuffer.wrap(Arrays.copyOfRange(bytes, (int) offset, (int) offset + length));
    }

    @Override
    public void close() {
      if (!closed.getAndSet(true)) {
        leases.givenBack(name);
      }
    }
  }
}
