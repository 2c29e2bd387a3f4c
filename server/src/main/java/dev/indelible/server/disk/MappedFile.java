package dev.indelible.server.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that never changes, mapped into memory. Thread-safe.
 *
 * <p>A mapping, not a channel, because an interrupted reader closes a channel for all the others,
 * and a deleted file could not be opened again. It holds no file descriptor.
 */
final class MappedFile implements ReadableFile {

  private final Path path;
  private final Arena arena;
  private final MemorySegment bytes;

  private MappedFile(Path path, Arena arena, MemorySegment bytes) {
    this.path = path;
    this.arena = arena;
    this.bytes = bytes;
  }

  static MappedFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedFile(path, arena, bytes);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public long sizeBytes() {
    return bytes.byteSize();
  }

  @Override
  public int read(ByteBuffer target, long offset) throws IOException {
    if (offset < 0) {
      throw new IllegalArgumentException("negative offset " + offset);
    }
    int count = (int) Math.max(0, Math.min(target.remaining(), bytes.byteSize() - offset));
    if (count == 0) {
      return 0;
    }
    try {
      MemorySegment.ofBuffer(target).copyFrom(bytes.asSlice(offset, count));
    } catch (IllegalStateException e) {
      ClosedChannelException closed = new ClosedChannelException();
      closed.initCause(e);
      throw closed;
    } catch (InternalError e) {
      // How the JVM reports that the disk could not supply a mapped page.
      throw new IOException(path + ": cannot be read at offset " + offset, e);
    }
    target.position(target.position() + count);
    return count;
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
