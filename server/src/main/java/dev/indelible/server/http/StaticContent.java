package dev.indelible.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that never change while the server runs, with their entity tag and their gzip form.
 * Immutable; make it once, at start.
 */
public final class StaticContent {

  private final byte[] bytes;
  private final byte @Nullable [] gzip;
  private final String contentType;
  private final String etag;
  private final String cacheControl;

  /**
   * Takes the bytes; nobody writes to them afterwards.
   *
   * @param contentType such as {@code text/css; charset=utf-8}
   * @param cacheControl such as {@code no-cache}, which lets a browser keep it but ask every time
   */
  public StaticContent(byte[] bytes, String contentType, String cacheControl) {
    this.bytes = bytes;
    this.contentType = contentType;
    this.cacheControl = cacheControl;
    this.gzip = compress(bytes, contentType);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      this.etag = HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte @Nullable [] compress(byte[] bytes, String contentType) {
    if (bytes.length < ResponseBody.COMPRESS_FROM_BYTES
        || !ResponseBody.isCompressible(contentType)) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 3);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  byte[] bytes() {
    return bytes;
  }

  byte @Nullable [] gzip() {
    return gzip;
  }

  String contentType() {
    return contentType;
  }

  String cacheControl() {
    return cacheControl;
  }

  /** The entity tag of one form, quotes included: two forms of one thing have two tags. */
  String etag(boolean gzipped) {
    return gzipped ? "\"" + etag + "-gzip\"" : "\"" + etag + "\"";
  }
}
