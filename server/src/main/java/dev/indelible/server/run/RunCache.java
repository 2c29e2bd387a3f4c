package dev.indelible.server.run;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Decompressed blocks and small pages of runs, shared by all readers, bounded in bytes; and the
 * contexts to decompress with. Thread-safe. Close it after the readers.
 */
public final class RunCache implements AutoCloseable {

  /** Heap that an entry costs beside its bytes. */
  private static final int OVERHEAD_BYTES = 128;

  private final Cache<Key, Cached> cache;
  private final DecompressorPool decompressors = new DecompressorPool();

  /** Cached value. */
  private sealed interface Cached {
    int weightBytes();
  }

  private record Key(String run, long offset) {}

  @SuppressWarnings("ArrayRecordComponent") // internal carrier; identity is never compared
  private record Page(byte[] bytes) implements Cached {
    @Override
    public int weightBytes() {
      return bytes.length;
    }
  }

  private record Block(DecodedBlock block) implements Cached {
    @Override
    public int weightBytes() {
      return block.weightBytes();
    }
  }

  /**
   * A cache.
   *
   * @param maxBytes the most bytes of heap it fills; 0 keeps nothing
   */
  public RunCache(long maxBytes) {
    cache =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Key _, Cached value) -> value.weightBytes() + OVERHEAD_BYTES)
            .executor(Runnable::run)
            .build();
  }

  DecompressorPool decompressors() {
    return decompressors;
  }

  /** Bytes held now, roughly; after pending evictions. */
  long weightBytes() {
    cache.cleanUp();
    return cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  /**
   * A cursor over a checked section.
   *
   * @param keep whether to hold it for the next one who asks
   */
  Section section(RunFile file, long offset, int length, boolean keep) throws IOException {
    byte[] bytes = page(file, offset, length, keep);
    return new Section(file.name(), offset, bytes, 0, bytes.length - RunFormat.CRC_BYTES);
  }

  /** A checked section with its checksum; not to be written to. */
  byte[] page(RunFile file, long offset, int length, boolean keep) throws IOException {
    Key key = new Key(file.name(), offset);
    if (cache.getIfPresent(key) instanceof Page(byte[] bytes) && bytes.length == length) {
      return bytes;
    }
    byte[] bytes = file.checked(offset, length);
    if (keep) {
      cache.put(key, new Page(bytes));
    }
    return bytes;
  }

  @Nullable DecodedBlock block(String run, long offset) {
    return cache.getIfPresent(new Key(run, offset)) instanceof Block(DecodedBlock block)
        ? block
        : null;
  }

  void keep(String run, long offset, DecodedBlock block) {
    cache.put(new Key(run, offset), new Block(block));
  }

  /** Forgets everything. */
  public void clear() {
    cache.invalidateAll();
  }

  @Override
  public void close() {
    clear();
    decompressors.close();
  }
}
