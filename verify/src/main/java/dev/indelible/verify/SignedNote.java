package dev.indelible.verify;

import dev.indelible.verify.Verdict.Fails;
import dev.indelible.verify.Verdict.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A text and the signatures under it. Nothing in the text is to be believed before {@link #verify}
 * says who signed it.
 *
 * <pre>
 * text, one or more lines, each ending in a newline
 * (an empty line)
 * — name base64
 * — name base64
 * </pre>
 *
 * <p>Source: c2sp.org/signed-note. Format: {@code docs/formats/checkpoint.md}.
 *
 * @param text ends in a newline
 * @param signatures at least one
 */
public record SignedNote(String text, List<NoteSignature> signatures) {

  /** The longest note, in bytes: the most signatures at their longest would not all fit. */
  public static final int MAX_BYTES = 256 * 1024;

  /** The most signatures that a note can have; the source asks for at least 16. */
  public static final int MAX_SIGNATURES = 64;

  private static final String FORMAT = "note";

  /**
   * @throws IllegalArgumentException unless the text ends in a newline, has no other control
   *     character, and can be told from the signatures, of which there are 1 to {@value
   *     #MAX_SIGNATURES}
   */
  public SignedNote {
    signatures = List.copyOf(signatures);
    StrictText.decode(StrictText.encode(text), MAX_BYTES, FORMAT).orThrow();
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("a note's text ends in a newline");
    }
    if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
      throw new IllegalArgumentException("a note with " + signatures.size() + " signatures");
    }
  }

  /** Outcome of verifying a note's signatures. */
  public sealed interface Signers {

    /**
     * Accepted note: at least one of the keys signed, and no signature in the name of one of them
     * is invalid.
     *
     * @param keys those that signed, in the order of the signatures
     */
    record Known(List<VerifierKey> keys) implements Signers {}

    /** The note is not to be believed. */
    record Rejected(Fails failure) implements Signers {}
  }

  /** Reads a note. */
  public static Parsed<SignedNote> parse(byte[] note) {
    Parsed<String> decoded = StrictText.decode(note, MAX_BYTES, FORMAT);
    if (decoded instanceof Parsed.Malformed<String> malformed) {
      return malformed.as();
    }
    return parse(decoded.orThrow(), 1);
  }

  /** Reads a note whose characters have been looked at and whose first line is this one. */
  static Parsed<SignedNote> parse(String note, int firstLine) {
    int textEnd = note.lastIndexOf("\n\n") + 1;
    if (textEnd == 0) {
      return Parsed.malformed(
          FORMAT, "line " + firstLine, "no empty line before signatures was found");
    }
    int line =
        firstLine + 1 + (int) note.substring(0, textEnd).chars().filter(c -> c == '\n').count();
    String below = note.substring(textEnd + 1);
    if (below.isEmpty()) {
      return Parsed.malformed(FORMAT, "line " + line, "no signature follows the empty line");
    }
    if (!below.endsWith("\n")) {
      return Parsed.malformed(FORMAT, "end", "the last line does not end in a newline");
    }
    List<NoteSignature> signatures = new ArrayList<>();
    for (int at = 0; at < below.length(); line++) {
      if (signatures.size() == MAX_SIGNATURES) {
        return Parsed.malformed(
            FORMAT, "line " + line, "has more than " + MAX_SIGNATURES + " signatures");
      }
      int end = below.indexOf('\n', at);
      Parsed<NoteSignature> signature =
          NoteSignature.parse(below.substring(at, end), FORMAT, "line " + line);
      if (signature instanceof Parsed.Malformed<NoteSignature> malformed) {
        return malformed.as();
      }
      signatures.add(signature.orThrow());
      at = end + 1;
    }
    return new Parsed.Ok<>(new SignedNote(note.substring(0, textEnd), signatures));
  }

  /** The note with these signatures. */
  public static SignedNote of(String text, NoteSignature... signatures) {
    return new SignedNote(text, List.of(signatures));
  }

  /** The note with one more signature, or the same if it has it. */
  public SignedNote with(NoteSignature signature) {
    if (signatures.contains(signature)) {
      return this;
    }
    List<NoteSignature> more = new ArrayList<>(signatures);
    more.add(signature);
    return new SignedNote(text, more);
  }

  /**
   * Verifies the signatures by these keys. Signatures by other keys are ignored, and those that
   * this Java platform cannot check; an invalid one in the name of a known key rejects the note.
   */
  public Signers verify(Collection<VerifierKey> known) {
    Set<VerifierKey> signers = new LinkedHashSet<>();
    for (NoteSignature signature : signatures) {
      for (VerifierKey key : known) {
        if (!key.matches(signature) || !key.type().isCheckable()) {
          continue;
        }
        if (!key.verify(text, signature)) {
          return new Signers.Rejected(
              new Fails(
                  Problem.BAD_SIGNATURE, signature + " did not make the signature in its name"));
        }
        signers.add(key);
      }
    }
    return signers.isEmpty()
        ? new Signers.Rejected(
            new Fails(Problem.UNSIGNED, "signed by " + signatures + ", none of them known"))
        : new Signers.Known(List.copyOf(signers));
  }

  /** The note as UTF-8. */
  public byte[] encode() {
    return StrictText.encode(toString());
  }

  /** The note as text. */
  @Override
  public String toString() {
    StringBuilder note = new StringBuilder(text).append('\n');
    for (NoteSignature signature : signatures) {
      note.append(signature.line()).append('\n');
    }
    return note.toString();
  }
}
