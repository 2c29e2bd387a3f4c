package dev.indelible.verify;

import java.security.MessageDigest;

/**
 * Text that a log signs under a file that certifies a deletion: the digest of the file's bytes
 * before the seal, as the text of a note.
 *
 * <pre>
 * indelible/certificate@v1
 * &lt;origin&gt;
 * &lt;base64 of SHA-256 over the bytes&gt;
 * </pre>
 *
 * <p>No checkpoint reads like it: there the second line is a number. Format: {@code
 * docs/formats/certificate.md}.
 *
 * @param origin the log's name
 * @param digest SHA-256 over the bytes that are sealed
 */
public record CertificateSeal(String origin, Hash digest) {

  /** The first line. */
  static final String HEADER = "indelible/certificate@v1";

  /** The seal of the first {@code length} bytes. */
  public static CertificateSeal over(String origin, byte[] bytes, int length) {
    MessageDigest sha256 = Sha256.create();
    sha256.update(bytes, 0, length);
    return new CertificateSeal(origin, Hash.of(sha256.digest()));
  }

  /** The text that is signed. */
  public String text() {
    return HEADER + "\n" + origin + "\n" + digest.toBase64() + "\n";
  }
}
