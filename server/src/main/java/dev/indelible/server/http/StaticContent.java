package dev.indelible.server.http;

import dev.indelible.verify.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that never change while the server runs, with their entity tag and their gzip form. They
 * are read, compressed and hashed when somebody first asks for them: a start does not wait for it.
 * Thread-safe.
 */
public final class StaticContent {

  @SuppressWarnings("ArrayRecordComponent") // internal carrier; identity is never compared
  private record Forms(byte[] plain, byte @Nullable [] gzip, String etag) {}

  private final Supplier<byte[]> source;
  private final String contentType;
  private final String cacheControl;
  private volatile @Nullable Forms forms; // written once, under this object's lock

  /**
   * Content that has not been read.
   *
   * @param source yields the bytes, and is asked once; nobody writes to them afterwards
   * @param contentType such as {@code text/css; charset=utf-8}
   * @param cacheControl such as {@code no-cache}, which lets a browser keep it but ask every time
   */
  public StaticContent(Supplier<byte[]> source, String contentType, String cacheControl) {
    this.source = source;
    this.contentType = contentType;
    this.cacheControl = cacheControl;
  }

  private Forms forms() {
    Forms known = forms;
    return known == null ? read() : known;
  }

  private synchronized Forms read() {
    Forms known = forms;
    if (known == null) {
      byte[] plain = source.get();
      known = new Forms(plain, compress(plain, contentType), etag(plain));
      forms = known;
    }
    return known;
  }

  private static String etag(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.of(bytes), 0, 12);
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
    return forms().plain();
  }

  byte @Nullable [] gzip() {
    return forms().gzip();
  }

  String contentType() {
    return contentType;
  }

  String cacheControl() {
    return cacheControl;
  }

  /** The entity tag of one form, quotes included: two forms of one thing have two tags. */
  String etag(boolean gzipped) {
    String etag = forms().etag();
    return gzipped ? "\"" + etag + "-gzip\"" : "\"" + etag + "\"";
  }
}
