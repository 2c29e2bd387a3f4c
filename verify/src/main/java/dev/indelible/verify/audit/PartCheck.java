package dev.indelible.verify.audit;

import dev.indelible.verify.Hash;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.Sha256;
import dev.indelible.verify.audit.EntryAudit.Content;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Compares the parts of an entry with its leaf; see {@code docs/formats/leaf.md}. Not thread-safe.
 */
final class PartCheck {

  private static final int TIME_OFFSET = 1;
  private static final int FACTS_OFFSET = TIME_OFFSET + Long.BYTES;
  private static final int PERSONAL_OFFSET = FACTS_OFFSET + Hash.BYTES;

  private final MessageDigest sha256 = Sha256.create();
  private final byte[] digest = new byte[Hash.BYTES];
  private final byte[] none = new byte[Hash.BYTES];

  void check(ExportLine line, Consumer<Finding> findings) {
    byte[] leaf = line.leaf;
    if (leaf[0] != Leaf.VERSION || leaf[TIME_OFFSET] < 0) {
      findings.accept(new Finding.Altered(line.seq, "leaf"));
      return;
    }
    long millis = 0;
    for (int i = TIME_OFFSET; i < FACTS_OFFSET; i++) {
      millis = millis << 8 | (leaf[i] & 0xff);
    }
    if (millis != line.recordedAtMillis) {
      findings.accept(new Finding.Altered(line.seq, "recorded_at"));
    }
    if (line.content == Content.PURGED) {
      return;
    }
    if (!matches(line.factsSalt, line.facts, leaf, FACTS_OFFSET)) {
      findings.accept(new Finding.Altered(line.seq, "facts"));
    }
    boolean hasPersonal = !Arrays.equals(leaf, PERSONAL_OFFSET, Leaf.BYTES, none, 0, Hash.BYTES);
    boolean shown = line.has(ExportLine.PERSONAL);
    if (line.content != Content.WHOLE) {
      if (!hasPersonal) {
        findings.accept(new Finding.Altered(line.seq, "state"));
      }
    } else if (hasPersonal != shown
        || (shown && !matches(line.personalSalt, line.personal, leaf, PERSONAL_OFFSET))) {
      findings.accept(new Finding.Altered(line.seq, "personal part"));
    }
  }

  private boolean matches(byte[] salt, Json.Bytes part, byte[] leaf, int offset) {
    sha256.update(salt);
    sha256.update(part.bytes, 0, part.length);
    try {
      sha256.digest(digest, 0, Hash.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
    return Arrays.equals(leaf, offset, offset + Hash.BYTES, digest, 0, Hash.BYTES);
  }
}
