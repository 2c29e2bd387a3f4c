package dev.indelible.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Request of a log to a witness: a checkpoint, and the proof that it extends the size that the
 * witness cosigned last. Nothing of it is believed before it is checked.
 *
 * <pre>
 * old &lt;size&gt;
 * &lt;hash, base64&gt;      none to 63
 *                     (an empty line)
 * &lt;the signed note&gt;
 * </pre>
 *
 * <p>Source: c2sp.org/tlog-witness. Format: {@code docs/formats/witness.md}.
 *
 * @param oldSize the size that the witness cosigned last, 0 when none
 * @param proof the consistency proof between the two sizes
 * @param checkpoint the checkpoint to cosign
 */
public record AddCheckpoint(long oldSize, List<Hash> proof, SignedCheckpoint checkpoint) {

  /** The most hashes of a proof that may be sent. */
  public static final int MAX_PROOF_HASHES = 63;

  /** The longest request, in bytes. */
  public static final int MAX_BYTES = SignedNote.MAX_BYTES + 4096;

  private static final String FORMAT = "add-checkpoint request";
  private static final String OLD = "old ";
  private static final int MIN_NOTE_LINES =
      4; // origin, size, root, and what follows the last newline

  public AddCheckpoint {
    proof = List.copyOf(proof);
    if (oldSize < 0 || proof.size() > MAX_PROOF_HASHES) {
      throw new IllegalArgumentException("old " + oldSize + ", " + proof.size() + " hashes");
    }
  }

  /** Reads a request's body. */
  public static Parsed<AddCheckpoint> parse(byte[] body) {
    Parsed<Lines> parsed = lines(body);
    if (parsed instanceof Parsed.Malformed<Lines> malformed) {
      return malformed.as();
    }
    Lines lines = parsed.orThrow();
    Parsed<SignedCheckpoint> checkpoint = SignedCheckpoint.parse(lines.note());
    return checkpoint instanceof Parsed.Malformed<SignedCheckpoint> malformed
        ? malformed.as()
        : new Parsed.Ok<>(new AddCheckpoint(lines.oldSize, lines.proof, checkpoint.orThrow()));
  }

  /**
   * Request with the checkpoint of an empty tree that has another root than the empty one: of the
   * right form, and of a tree that there cannot be.
   *
   * @param oldSize the size that the witness cosigned last, as the log believes
   * @param origin the log's name
   * @param note with the signatures, which are not checked yet
   */
  public record ImpossibleTree(long oldSize, String origin, SignedNote note) {}

  /** Reads a body that {@link #parse} refuses, if it is refused for an impossible tree alone. */
  public static Optional<ImpossibleTree> impossibleTree(byte[] body) {
    if (!(lines(body) instanceof Parsed.Ok<Lines> lines)
        || !(SignedNote.parse(lines.value().note()) instanceof Parsed.Ok<SignedNote> note)) {
      return Optional.empty();
    }
    String[] text = note.value().text().split("\n", -1);
    if (text.length < MIN_NOTE_LINES
        || !text[1].equals("0")
        || !(Hash.fromBase64(text[2], FORMAT, "root") instanceof Parsed.Ok<Hash> root)
        || root.value().equals(Rfc6962.EMPTY_ROOT)) {
      return Optional.empty();
    }
    text[2] = Rfc6962.EMPTY_ROOT.toBase64();
    return Checkpoint.parse(String.join("\n", text)) instanceof Parsed.Ok<Checkpoint> empty
        ? Optional.of(
            new ImpossibleTree(lines.value().oldSize, empty.value().origin(), note.value()))
        : Optional.empty();
  }

  /** Lines before the note, and the note. */
  private record Lines(long oldSize, List<Hash> proof, String rest) {
    byte[] note() {
      return StrictText.encode(rest);
    }
  }

  private static Parsed<Lines> lines(byte[] body) {
    Parsed<String> decoded = StrictText.decode(body, MAX_BYTES, FORMAT);
    if (decoded instanceof Parsed.Malformed<String> malformed) {
      return malformed.as();
    }
    String text = decoded.orThrow();
    int at = text.indexOf('\n');
    long oldSize =
        at > OLD.length() && text.startsWith(OLD)
            ? StrictText.decimal(text.substring(OLD.length(), at))
            : -1;
    if (oldSize < 0) {
      return Parsed.malformed(FORMAT, "line 1", "is not \"old\" and a size");
    }
    List<Hash> proof = new ArrayList<>();
    for (int line = 2; ; line++) {
      int end = text.indexOf('\n', at + 1);
      if (end < 0) {
        return Parsed.malformed(FORMAT, "line " + line, "no empty line ends the proof");
      }
      if (end == at + 1) {
        return new Parsed.Ok<>(new Lines(oldSize, proof, text.substring(end + 1)));
      }
      if (proof.size() == MAX_PROOF_HASHES) {
        return Parsed.malformed(
            FORMAT, "line " + line, "a proof has at most " + MAX_PROOF_HASHES + " hashes");
      }
      Parsed<Hash> hash = Hash.fromBase64(text.substring(at + 1, end), FORMAT, "line " + line);
      if (hash instanceof Parsed.Malformed<Hash> malformed) {
        return malformed.as();
      }
      proof.add(hash.orThrow());
      at = end;
    }
  }

  /** The request's body. */
  public byte[] encode() {
    StringBuilder text = new StringBuilder(OLD).append(oldSize).append('\n');
    proof.forEach(hash -> text.append(hash.toBase64()).append('\n'));
    return StrictText.encode(text.append('\n').append(checkpoint.note()).toString());
  }

  /** Whether the proof shows that the checkpoint goes on from that root at the old size. */
  public Verdict checkGrowth(Hash oldRoot) {
    Checkpoint next = checkpoint.checkpoint();
    if (oldSize == 0) {
      return proof.isEmpty()
          ? new Verdict.Holds()
          : Verdict.fails(Verdict.Problem.WRONG_LENGTH, "nothing is proven from size 0");
    }
    return ConsistencyProof.betweenSizes(oldSize, next.size(), proof)
        .checkGrowth(oldRoot, next.root());
  }
}
