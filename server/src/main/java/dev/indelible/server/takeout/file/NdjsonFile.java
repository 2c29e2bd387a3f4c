package dev.indelible.server.takeout.file;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.run.StoredEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Stored parts with salts, leaves and proofs, a line each, as {@code docs/formats/export.md} says:
 * anybody can check it without the server.
 */
public final class NdjsonFile implements EntryFile {

  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final byte[] SEQ = ascii("{\"seq\":");
  private static final byte[] RECORDED_AT = ascii(",\"recorded_at\":");
  private static final byte[] STATE = ascii(",\"state\":\"");
  private static final byte[] LEAF = ascii("\",\"leaf\":\"");
  private static final byte[] FACTS = ascii("\",\"facts\":\"");
  private static final byte[] FACTS_SALT = ascii("\",\"facts_salt\":\"");
  private static final byte[] PERSONAL = ascii("\",\"personal\":\"");
  private static final byte[] PERSONAL_SALT = ascii("\",\"personal_salt\":\"");
  private static final byte[] PROOF = ascii("\",\"proof\":[");
  private static final byte[] BETWEEN = ascii("\",\"");
  private static final byte[] END = ascii("]}\n");

  private final OutputStream out;
  private final Proofs proofs;
  private final boolean withhold;
  private byte[] line = new byte[4_096];
  private int length;
  private long entries;

  /**
   * Begins or goes on.
   *
   * @param out the file, not closed here
   * @param header the first line, or null when it is there
   * @param proofs by the checkpoint in it
   * @param withhold whether what is personal stays out
   */
  public NdjsonFile(OutputStream out, byte @Nullable [] header, Proofs proofs, boolean withhold)
      throws IOException {
    this.out = out;
    this.proofs = proofs;
    this.withhold = withhold;
    if (header != null) {
      out.write(header);
    }
  }

  @Override
  public void add(TakenEntry entry) throws IOException {
    add(entry.stored());
  }

  /** Takes the next entry as it is stored, without having it read. */
  public void add(StoredEntry entry) throws IOException {
    add(entry, withhold);
  }

  /** Takes the next entry as it is stored, without what is personal if that stays out. */
  public void add(StoredEntry entry, boolean isWithheld) throws IOException {
    entries++;
    Proofs.Proof proof = proofs.of(entry);
    length = 0;
    put(SEQ);
    put(entry.seq());
    put(RECORDED_AT);
    put(entry.recordedAtMillis());
    put(STATE);
    switch (entry.body()) {
      case StoredEntry.Whole(EntryParts parts) -> whole(parts, proof.leaf(), isWithheld);
      case StoredEntry.PersonalErased(byte[] facts, byte[] salt, byte[] _) -> {
        put(ascii("personal_erased"));
        put(LEAF);
        base64(proof.leaf());
        part(FACTS, facts, FACTS_SALT, salt);
      }
      case StoredEntry.Purged _ -> {
        put(ascii("purged"));
        put(LEAF);
        base64(proof.leaf());
      }
    }
    put(PROOF);
    byte[][] hashes = proof.hashes();
    for (int i = 0; i < hashes.length; i++) {
      if (i == 0) {
        put(BETWEEN, 2, 1);
      } else {
        put(BETWEEN);
      }
      put(hashes[i]);
    }
    if (hashes.length > 0) {
      put(BETWEEN, 0, 1);
    }
    put(END);
    out.write(line, 0, length);
  }

  /** Number of entries that this object took. */
  public long entries() {
    return entries;
  }

  private void whole(EntryParts parts, byte[] leaf, boolean isWithheld) {
    byte[] personal = parts.personal();
    byte[] salt = parts.personalSalt();
    boolean withheld = isWithheld && personal != null;
    put(ascii(withheld ? "personal_withheld" : "whole"));
    put(LEAF);
    base64(leaf);
    part(FACTS, parts.facts(), FACTS_SALT, parts.factsSalt());
    if (!withheld && personal != null && salt != null) {
      part(PERSONAL, personal, PERSONAL_SALT, salt);
    }
  }

  private void part(byte[] name, byte[] bytes, byte[] saltName, byte[] salt) {
    put(name);
    ensure(6L * bytes.length);
    byte[] into = line;
    int at = length;
    for (byte b : bytes) {
      if (b == '"' || b == '\\') {
        into[at++] = '\\';
        into[at++] = b;
      } else if (b >= 0 && b < ' ') {
        into[at++] = '\\';
        into[at++] = 'u';
        into[at++] = '0';
        into[at++] = '0';
        into[at++] = HEX[b >> 4];
        into[at++] = HEX[b & 15];
      } else {
        into[at++] = b;
      }
    }
    length = at;
    put(saltName);
    base64(salt);
  }

  private void base64(byte[] bytes) {
    put(Base64.getEncoder().encode(bytes));
  }

  private void put(long number) {
    put(ascii(Long.toString(number)));
  }

  private void put(byte[] bytes) {
    put(bytes, 0, bytes.length);
  }

  private void put(byte[] bytes, int from, int count) {
    ensure(count);
    System.arraycopy(bytes, from, line, length, count);
    length += count;
  }

  private void ensure(long more) {
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.toIntExact(Math.max(length + more, 2L * line.length)));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void end(FileTotals totals) throws IOException {
    out.write(ascii("{\"entries\":" + totals.entries() + "}\n"));
  }

  @Override
  public void close() {}
}
