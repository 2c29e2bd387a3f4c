package dev.indelible.server.run;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Zstandard contexts to decompress with, reused because making one costs more than decompressing a
 * block. Thread-safe.
 */
final class DecompressorPool implements AutoCloseable {

  /** The most idle contexts kept. */
  private static final int MAX_IDLE = 16;

  private final ArrayBlockingQueue<ZstdDecompressCtx> idle = new ArrayBlockingQueue<>(MAX_IDLE);
  private volatile boolean closed;

  /**
   * Decompresses one frame into all of {@code target}.
   *
   * @return how many bytes it gave; negative when it is no frame, or one of more bytes
   */
  int decompress(byte[] source, int offset, int length, byte[] target) {
    ZstdDecompressCtx context = idle.poll();
    if (context == null) {
      context = new ZstdDecompressCtx();
    }
    try {
      return context.decompressByteArray(target, 0, target.length, source, offset, length);
    } catch (ZstdException e) {
      context.reset();
      return -1;
    } finally {
      if (closed || !idle.offer(context)) {
        context.close();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (ZstdDecompressCtx context = idle.poll(); context != null; context = idle.poll()) {
      context.close();
    }
  }
}
