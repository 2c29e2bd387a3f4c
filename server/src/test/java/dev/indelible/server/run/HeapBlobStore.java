package dev.indelible.server.run;

import dev.indelible.ports.blob.BlobStore;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Blobs in heap, which a test may damage; counts reads. States are not needed here. */
final class HeapBlobStore implements BlobStore {

  private final ConcurrentSkipListMap<String, byte[]> blobs = new ConcurrentSkipListMap<>();
  final AtomicLong reads = new AtomicLong();

  @Override
  public boolean putIfAbsent(String name, Content content) throws IOException {
    if (blobs.containsKey(name)) {
      return false;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.writeTo(out);
    return blobs.putIfAbsent(name, out.toByteArray()) == null;
  }

  byte[] bytes(String name) throws IOException {
    byte[] bytes = blobs.get(name);
    if (bytes == null) {
      throw new NoSuchFileException(name);
    }
    return bytes;
  }

  void replace(String name, byte[] bytes) {
    blobs.put(name, bytes);
  }

  @Override
  public Blob open(String name) throws IOException {
    byte[] bytes = bytes(name);
    return new Blob() {
      @Override
      public long sizeBytes() {
        return bytes.length;
      }

      @Override
      public ByteBuffer read(long offset, int length) throws IOException {
        reads.incrementAndGet();
        if (offset + length > bytes.length) {
          throw new EOFException(name);
        }
        return ByteBuffer.wrap(Arrays.copyOfRange(bytes, (int) offset, (int) offset + length));
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public List<String> list(String prefix) {
    return blobs.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  @Override
  public void delete(String name) {
    blobs.remove(name);
  }

  @Override
  public Optional<State> state(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean compareAndSetState(String name, long expectedVersion, byte[] bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
