package dev.indelible.server.deliver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * A part of a parcel's file, which is read where it is and never held in memory.
 *
 * @param file the parcel's
 * @param mediaType of the file
 * @param number of the part, from 1
 * @param offset where it begins
 * @param sizeBytes its length
 */
record FilePart(Path file, String mediaType, int number, long offset, long sizeBytes) {

  private static final int BUFFER_BYTES = 128 * 1024;

  /** The whole file. */
  static FilePart whole(Parcel parcel) {
    return new FilePart(parcel.file(), parcel.mediaType(), 1, 0, parcel.sizeBytes());
  }

  /** The file in parts of that size, the last one smaller. */
  static List<FilePart> parts(Parcel parcel, long partBytes) {
    List<FilePart> parts = new ArrayList<>();
    for (long at = 0; at < parcel.sizeBytes(); at += partBytes) {
      parts.add(
          new FilePart(
              parcel.file(),
              parcel.mediaType(),
              parts.size() + 1,
              at,
              Math.min(partBytes, parcel.sizeBytes() - at)));
    }
    return parts;
  }

  /** The part as a body, which can be sent again from its beginning. */
  RequestBody body() {
    return RequestBody.fromContentProvider(
        () -> {
          try {
            return open();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        sizeBytes,
        mediaType);
  }

  String sha256Base64() throws IOException {
    return Base64.getEncoder().encodeToString(sha256());
  }

  String sha256Hex() throws IOException {
    return HexFormat.of().formatHex(sha256());
  }

  private byte[] sha256() throws IOException {
    try (InputStream in = open()) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER_BYTES];
      int read;
      while ((read = in.read(buffer)) >= 0) {
        digest.update(buffer, 0, read);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private InputStream open() throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    channel.position(offset);
    return new Slice(Channels.newInputStream(channel), sizeBytes);
  }

  /** The first bytes of a stream. */
  private static final class Slice extends InputStream {
    private final InputStream in;
    private long left;

    Slice(InputStream in, long sizeBytes) {
      this.in = in;
      this.left = sizeBytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int read = in.read(target, from, (int) Math.min(length, left));
      if (read > 0) {
        left -= read;
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
