package dev.indelible.verify.audit;

import dev.indelible.verify.Sha256;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The receipt of a request for erasure: whom the request is about, and the salt without which
 * nobody can tell that from the hash that the log keeps. Immutable.
 *
 * <p>Format: {@code docs/formats/erasure-receipt.md}.
 *
 * @param tenant the tenant of the log
 * @param erasureId the request
 * @param identifiers ids, names and e-mail addresses of the person, as they were received
 * @param salt {@value #SALT_BYTES} random bytes, base64
 * @param commitment the hash that the log keeps, lower-case hexadecimal
 */
public record ErasureReceipt(
    String tenant, String erasureId, List<String> identifiers, String salt, String commitment) {

  /** The bytes of a salt. */
  public static final int SALT_BYTES = 32;

  /** The longest receipt, in bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final int VERSION = 1;
  private static final int MAX_IDENTIFIERS = 1_000;
  private static final byte[] DOMAIN =
      "indelible/erasure-receipt@v1\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BEGINNING =
      "{\"receipt\":\"erasure\"".getBytes(StandardCharsets.US_ASCII);

  public ErasureReceipt {
    identifiers = List.copyOf(identifiers);
  }

  /** The receipt of a request, whose commitment is computed. */
  public static ErasureReceipt of(
      String tenant, String erasureId, List<String> identifiers, byte[] salt) {
    return new ErasureReceipt(
        tenant,
        erasureId,
        identifiers,
        Base64.getEncoder().encodeToString(salt),
        commitment(tenant, erasureId, identifiers, salt));
  }

  /**
   * The hash that the log keeps of whom a request is about: SHA-256 over a name of its own, the
   * salt, and each text with its length before it, so that no two requests give the same bytes.
   */
  private static String commitment(
      String tenant, String erasureId, List<String> identifiers, byte[] salt) {
    if (salt.length != SALT_BYTES) {
      throw new IllegalArgumentException("a salt of " + salt.length + " bytes");
    }
    MessageDigest digest = Sha256.create();
    digest.update(DOMAIN);
    digest.update(salt);
    update(digest, tenant);
    update(digest, erasureId);
    digest.update(bytes(identifiers.size()));
    identifiers.forEach(identifier -> update(digest, identifier));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(bytes(bytes.length));
    digest.update(bytes);
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  /** Whether its commitment is that of its identifiers and its salt. */
  public boolean agrees() {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(salt);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
    return bytes.length == SALT_BYTES
        && commitment(tenant, erasureId, identifiers, bytes).equals(commitment);
  }

  /** Whether a file that begins like this may be a receipt. */
  public static boolean looksLikeOne(byte[] beginning) {
    return beginning.length >= BEGINNING.length
        && Arrays.equals(beginning, 0, BEGINNING.length, BEGINNING, 0, BEGINNING.length);
  }

  /**
   * Reads a receipt.
   *
   * @throws ExportFormatException when it is none, or of an unknown version
   */
  public static ErasureReceipt read(byte[] file) throws ExportFormatException {
    if (!looksLikeOne(file)) {
      throw new ExportFormatException("it is no receipt of a request for erasure");
    }
    try {
      return new Reader(file).read();
    } catch (MalformedJsonException e) {
      throw new ExportFormatException("it is no receipt: " + e.getMessage());
    }
  }

  private static final class Reader {
    private final Json in = new Json();
    private final Json.Bytes text = new Json.Bytes();
    private final List<String> identifiers = new ArrayList<>();
    private String tenant = "";
    private String erasure = "";
    private String salt = "";
    private String commitment = "";
    private long version = -1;

    Reader(byte[] file) {
      int end = file.length;
      while (end > 0 && (file[end - 1] == '\n' || file[end - 1] == '\r')) {
        end--;
      }
      in.over(file, 0, end);
    }

    ErasureReceipt read() throws MalformedJsonException {
      in.expect('{');
      do {
        String name = string();
        in.expect(':');
        member(name);
      } while (in.take(','));
      in.expect('}');
      in.expectEnd();
      if (version != VERSION) {
        throw in.malformed("this program reads version " + VERSION);
      }
      return new ErasureReceipt(tenant, erasure, identifiers, salt, commitment);
    }

    private void member(String name) throws MalformedJsonException {
      switch (name) {
        case "version" -> version = in.integer();
        case "tenant" -> tenant = string();
        case "erasure" -> erasure = string();
        case "salt" -> salt = string();
        case "commitment" -> commitment = string();
        case "identifiers" -> list();
        default -> in.skip();
      }
    }

    private void list() throws MalformedJsonException {
      in.expect('[');
      do {
        if (identifiers.size() == MAX_IDENTIFIERS) {
          throw in.malformed("more than " + MAX_IDENTIFIERS + " identifiers");
        }
        identifiers.add(string());
      } while (in.take(','));
      in.expect(']');
    }

    private String string() throws MalformedJsonException {
      in.string(text);
      return text.toString();
    }
  }
}
