package dev.indelible.cli.source;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Decompresses a Zstandard file (RFC 8878) to its very end, however many frames it is joined of. A
 * file that is damaged or cut off is a {@link DamagedGzipException}, once all that came before has
 * been given out. Not thread-safe.
 */
final class ZstdFrames extends FilterInputStream {

  /** The first bytes of a frame. */
  private static final int[] MAGIC = {0x28, 0xb5, 0x2f, 0xfd};

  static final int MAGIC_BYTES = MAGIC.length;

  ZstdFrames(InputStream in) throws IOException {
    super(new ZstdInputStream(in));
  }

  /** Whether {@code head} begins as a frame does. */
  static boolean isMagic(byte[] head) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (head.length <= i || (head[i] & 0xff) != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (ZstdIOException damage) {
      throw new DamagedGzipException(
          "its zstd stream is damaged or cut off: " + damage.getMessage());
    }
  }
}
