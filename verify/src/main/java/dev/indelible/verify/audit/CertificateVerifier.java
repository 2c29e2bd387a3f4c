package dev.indelible.verify.audit;

import dev.indelible.verify.CertificateSeal;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.InclusionProof;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.SignedNote;
import dev.indelible.verify.Verdict;
import dev.indelible.verify.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the certificate of a deletion, as JSON or as PDF: that the log's key sealed every byte of
 * it, and that the log recorded what it certifies.
 *
 * <p>Format: {@code docs/formats/certificate.md}.
 */
public final class CertificateVerifier {

  /** The longest certificate, in bytes: what the most ranges take, in the PDF and in its JSON. */
  public static final int MAX_BYTES = 32 * 1024 * 1024;

  private static final byte[] PDF = ascii("%PDF-");
  private static final byte[] JSON = ascii("{\"certificate\":\"deletion\"");
  private static final byte[] JSON_SEAL = ascii(",\"seal\":");
  private static final byte[] PDF_SEAL = ascii("%indelible-seal ");

  private final Trust trust;
  private final Findings findings = new Findings();
  private final @Nullable RequestCheck request;

  private CertificateVerifier(Trust trust, @Nullable ErasureReceipt receipt) {
    this.trust = trust;
    this.request = receipt == null ? null : new RequestCheck(receipt);
  }

  /** Whether a file that begins like this may be a certificate. */
  public static boolean looksLikeOne(byte[] beginning) {
    return startsWith(beginning, PDF) || startsWith(beginning, JSON);
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  /** Number of bytes that {@link #looksLikeOne} needs. */
  public static int beginningBytes() {
    return JSON.length;
  }

  /**
   * Checks a certificate.
   *
   * @param file all of it
   * @param trust the reader's keys; without any, those are used that the certificate names
   */
  public static AuditReport verify(byte[] file, Trust trust) {
    return verify(file, trust, null);
  }

  /** Checks a certificate, and that it is of the request that a receipt, unless null, is of. */
  public static AuditReport verify(byte[] file, Trust trust, @Nullable ErasureReceipt receipt) {
    return new CertificateVerifier(trust, receipt).verify(file);
  }

  private AuditReport verify(byte[] file) {
    boolean pdf = startsWith(file, PDF);
    int from = pdf ? indexOf(file, JSON) : 0;
    if (from < 0 || !startsWith(Arrays.copyOfRange(file, from, file.length), JSON)) {
      add(new Finding.Malformed("certificate", "there is none in it"));
      return report(null);
    }
    int to = from;
    while (to < file.length && file[to] != '\n' && file[to] != '\r') {
      to++;
    }
    if (!pdf && to != file.length) {
      add(new Finding.Malformed("certificate", "has something behind its end"));
      return report(null);
    }
    byte[] json = Arrays.copyOfRange(file, from, to);
    CertificateText text;
    try {
      text = CertificateText.read(json);
    } catch (Json.MalformedJsonException e) {
      add(new Finding.Malformed("certificate", String.valueOf(e.getMessage())));
      return report(null);
    }
    return verify(text, json, pdf ? file : null);
  }

  private AuditReport verify(CertificateText text, byte[] json, byte @Nullable [] pdf) {
    if (!(SignedCheckpoint.parse(text.checkpoint.getBytes(StandardCharsets.UTF_8))
        instanceof Parsed.Ok<SignedCheckpoint> parsed)) {
      add(new Finding.Malformed("certificate", "its checkpoint cannot be read"));
      return report(null);
    }
    SignedCheckpoint checkpoint = parsed.value();
    trust.checkFile(checkpoint, text.ownKeys(), this::add);
    checkSeal(text.seal, json, lastIndexOf(json, JSON_SEAL), text);
    if (pdf != null) {
      checkPdf(pdf, text);
    }
    checkRecord(text, checkpoint.checkpoint());
    if (request != null) {
      request.entry(text.recordSeq, text.facts, text.facts.length);
      request.finish(this::add);
    }
    return report(checkpoint.checkpoint());
  }

  private void checkPdf(byte[] pdf, CertificateText text) {
    int at = lastIndexOf(pdf, PDF_SEAL);
    if (at < 0) {
      add(new Finding.SealBad("there is none behind the PDF's end"));
      return;
    }
    String rest =
        new String(
            pdf,
            at + PDF_SEAL.length,
            pdf.length - at - PDF_SEAL.length,
            StandardCharsets.ISO_8859_1);
    byte[] note = rest.endsWith("\n") ? base64(rest.substring(0, rest.length() - 1)) : null;
    if (note == null) {
      add(new Finding.SealBad("what stands behind the PDF's end is not one"));
      return;
    }
    checkSeal(new String(note, StandardCharsets.UTF_8), pdf, at, text);
  }

  /** Whether a key that is believed signed the digest of the first {@code length} bytes. */
  private void checkSeal(String seal, byte[] sealed, int length, CertificateText text) {
    Parsed<SignedNote> parsed = SignedNote.parse(seal.getBytes(StandardCharsets.UTF_8));
    if (!(parsed instanceof Parsed.Ok<SignedNote> ok)) {
      add(new Finding.SealBad(((Parsed.Malformed<SignedNote>) parsed).message()));
      return;
    }
    SignedNote note = ok.value();
    if (!note.text().equals(CertificateSeal.over(text.origin, sealed, length).text())) {
      add(new Finding.SealBad("it is not that of these bytes: something was changed"));
      return;
    }
    List<VerifierKey> believed =
        (trust.keys().isEmpty() ? text.ownKeys() : trust.keys())
            .stream().filter(key -> key.name().equals(text.origin)).toList();
    if (believed.isEmpty()) {
      add(new Finding.SealBad("no key of " + text.origin + " is at hand"));
    } else if (note.verify(believed) instanceof SignedNote.Signers.Rejected rejected) {
      add(new Finding.SealBad(rejected.failure().detail()));
    }
  }

  /** Whether the log has a record that says what the certificate says. */
  private void checkRecord(CertificateText text, Checkpoint checkpoint) {
    byte[] leafBytes = base64(text.leaf);
    byte[] salt = base64(text.salt);
    if (text.proofSeq < 0
        || leafBytes == null
        || !(Leaf.decode(leafBytes) instanceof Parsed.Ok<Leaf> decoded)) {
      add(new Finding.Malformed("certificate", "its leaf or its number cannot be read"));
      return;
    }
    Leaf leaf = decoded.value();
    if (salt == null
        || salt.length != Leaf.SALT_BYTES
        || !leaf.facts().equals(Leaf.digest(salt, text.facts))) {
      add(new Finding.Altered(text.proofSeq, "facts"));
    }
    Verdict verdict =
        InclusionProof.inTree(text.proofSeq, checkpoint.size(), text.hashes())
            .check(leaf.hash(), checkpoint.root());
    if (verdict instanceof Verdict.Fails fails) {
      add(new Finding.NotInTree(text.proofSeq, fails.detail()));
    }
    agree("log", text.origin.equals(checkpoint.origin()));
    agree("number of the record", text.recordSeq == text.proofSeq);
    DeletionEntry record = new DeletionEntry();
    if (!record.read(text.facts, text.facts.length)) {
      add(new Finding.Contradicted("kind of the deletion"));
      return;
    }
    agree("kind of the deletion", text.kind.equals(record.isPurge() ? "purge" : "erasure"));
    long entries = 0;
    for (long[] range : record.ranges()) {
      entries += range[1] - range[0];
    }
    DeletionEntry said = new DeletionEntry();
    byte[] asRecord = text.deletedAsRecord(record.isPurge());
    agree(
        "entries that were deleted",
        said.read(asRecord, asRecord.length)
            && Arrays.deepEquals(said.ranges().toArray(), record.ranges().toArray()));
    if (!findings.broken()) {
      add(new Finding.Certified(entries, record.isPurge(), text.proofSeq, leaf.recordedAtMillis()));
    }
  }

  private void agree(String what, boolean agrees) {
    if (!agrees) {
      add(new Finding.Contradicted(what));
    }
  }

  private void add(Finding finding) {
    findings.accept(finding);
  }

  private AuditReport report(@Nullable Checkpoint checkpoint) {
    return findings.report(checkpoint, 1);
  }

  private static byte @Nullable [] base64(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return Base64.getEncoder().encodeToString(bytes).equals(text) ? bytes : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i <= bytes.length - wanted.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  private static int lastIndexOf(byte[] bytes, byte[] wanted) {
    for (int i = bytes.length - wanted.length; i >= 0; i--) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
