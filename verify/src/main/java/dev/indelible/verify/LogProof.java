package dev.indelible.verify;

import dev.indelible.verify.Verdict.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that proves an entry to be in a log to somebody who is offline: its index, its inclusion
 * proof, and the checkpoint that the proof leads to.
 *
 * <pre>
 * c2sp.org/tlog-proof@v1
 * extra &lt;base64&gt;                 may be absent
 * index &lt;decimal&gt;
 * &lt;base64 hash&gt;                  any number, from the leaf up
 * (an empty line)
 * &lt;checkpoint with its signatures&gt;
 * </pre>
 *
 * <p>Source: c2sp.org/tlog-proof. Format: {@code docs/formats/proof.md}. Immutable.
 */
public final class LogProof {

  /** The longest extra data, in bytes. */
  public static final int MAX_EXTRA_BYTES = 64 * 1024;

  /** The longest file, in bytes: what surrounds the note has less than half of this. */
  public static final int MAX_BYTES = SignedNote.MAX_BYTES + 2 * MAX_EXTRA_BYTES;

  /** The first line. */
  static final String HEADER = "c2sp.org/tlog-proof@v1";

  private static final String FORMAT = "proof";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";

  private final byte @Nullable [] extra;
  private final long leafIndex;
  private final List<Hash> hashes;
  private final SignedCheckpoint checkpoint;

  private LogProof(
      byte @Nullable [] extra, long leafIndex, List<Hash> hashes, SignedCheckpoint checkpoint) {
    this.extra = extra;
    this.leafIndex = leafIndex;
    this.hashes = List.copyOf(hashes);
    this.checkpoint = checkpoint;
  }

  /**
   * A proof that carries the leaf as its extra data, so that a reader needs nothing else to check
   * it. Logs of this program make them so.
   *
   * @throws IllegalArgumentException if the proof is not one for the checkpoint's tree
   */
  public static LogProof ofLeaf(Leaf leaf, InclusionProof proof, SignedCheckpoint checkpoint) {
    return of(leaf.encode(), proof, checkpoint);
  }

  /**
   * A proof with any extra data, which nothing vouches for, or with none.
   *
   * @throws IllegalArgumentException if the proof is not one for the checkpoint's tree, or the
   *     extra data is empty or longer than {@value #MAX_EXTRA_BYTES} bytes
   */
  public static LogProof of(
      byte @Nullable [] extra, InclusionProof proof, SignedCheckpoint checkpoint) {
    if (!proof.subtree().equals(new Subtree(0, checkpoint.checkpoint().size()))
        || proof.leafIndex() < 0
        || proof.hashes().size() > InclusionProof.MAX_HASHES) {
      throw new IllegalArgumentException(
          "a proof in " + proof.subtree() + " for size " + checkpoint.checkpoint().size());
    }
    if (extra != null && (extra.length == 0 || extra.length > MAX_EXTRA_BYTES)) {
      throw new IllegalArgumentException("extra data of " + extra.length + " bytes");
    }
    return new LogProof(
        extra == null ? null : extra.clone(), proof.leafIndex(), proof.hashes(), checkpoint);
  }

  /** Reads a proof; whether to believe it is for {@link #check} to say. */
  public static Parsed<LogProof> parse(byte[] file) {
    Parsed<String> decoded = StrictText.decode(file, MAX_BYTES, FORMAT);
    if (decoded instanceof Parsed.Malformed<String> malformed) {
      return malformed.as();
    }
    String text = decoded.orThrow();
    int noteAt = text.indexOf("\n\n") + 2;
    if (noteAt == 1) {
      return malformed(1, "no empty line before a checkpoint was found");
    }
    String[] lines = text.substring(0, noteAt - 2).split("\n", -1);
    int indexLine = lines.length > 1 && lines[1].startsWith(EXTRA) ? 2 : 1;
    if (!lines[0].equals(HEADER)) {
      return malformed(1, "is not " + HEADER);
    }
    byte @Nullable [] extra = null;
    if (indexLine == 2) {
      extra = CanonicalBase64.decode(lines[1].substring(EXTRA.length()));
      if (extra == null || extra.length == 0 || extra.length > MAX_EXTRA_BYTES) {
        return malformed(2, "extra data is canonical base64 of 1 to " + MAX_EXTRA_BYTES + " bytes");
      }
    }
    if (lines.length <= indexLine || !lines[indexLine].startsWith(INDEX)) {
      return malformed(indexLine + 1, "is not the line of the index");
    }
    long leafIndex = StrictText.decimal(lines[indexLine].substring(INDEX.length()));
    if (leafIndex < 0) {
      return malformed(indexLine + 1, "an index is a decimal below 2^63 without leading zeroes");
    }
    return parse(
        extra,
        leafIndex,
        List.of(lines).subList(indexLine + 1, lines.length),
        text.substring(noteAt),
        indexLine + 2);
  }

  private static Parsed<LogProof> parse(
      byte @Nullable [] extra, long leafIndex, List<String> hashLines, String note, int line) {
    if (hashLines.size() > InclusionProof.MAX_HASHES) {
      return malformed(line, "more than " + InclusionProof.MAX_HASHES + " hashes follow");
    }
    List<Hash> hashes = new ArrayList<>(hashLines.size());
    for (int i = 0; i < hashLines.size(); i++) {
      Parsed<Hash> hash = Hash.fromBase64(hashLines.get(i), FORMAT, "line " + (line + i));
      if (hash instanceof Parsed.Malformed<Hash> malformed) {
        return malformed.as();
      }
      hashes.add(hash.orThrow());
    }
    Parsed<SignedCheckpoint> checkpoint =
        SignedCheckpoint.read(SignedNote.parse(note, line + hashLines.size() + 1));
    if (checkpoint instanceof Parsed.Malformed<SignedCheckpoint> malformed) {
      return malformed.as();
    }
    return new Parsed.Ok<>(new LogProof(extra, leafIndex, hashes, checkpoint.orThrow()));
  }

  /**
   * Whether the leaf with this hash is in the log, at the index that the proof states, as of a
   * checkpoint that the policy believes.
   */
  public Verdict check(Hash leafHash, TrustPolicy policy) {
    Verdict signed = checkpoint.check(policy);
    return signed.holds()
        ? inclusionProof().check(leafHash, checkpoint.checkpoint().root())
        : signed;
  }

  /**
   * Whether the leaf that the proof carries is in the log; as above. That it is the leaf of a
   * certain event is for its digests to show.
   */
  public Verdict check(TrustPolicy policy) {
    byte[] carried = extra;
    return carried == null
        ? Verdict.fails(Problem.OUT_OF_RANGE, "the proof carries no leaf")
        : check(Rfc6962.leafHash(carried), policy);
  }

  /** The data beside the proof, a copy. Nothing vouches for it before it is hashed. */
  public Optional<byte[]> extra() {
    byte[] carried = extra;
    return carried == null ? Optional.empty() : Optional.of(carried.clone());
  }

  /** Index of the leaf that is said to be in the log. */
  public long leafIndex() {
    return leafIndex;
  }

  /** The proof that it is in the checkpoint's tree. */
  public InclusionProof inclusionProof() {
    return InclusionProof.inTree(leafIndex, checkpoint.checkpoint().size(), hashes);
  }

  /** The checkpoint that the proof leads to. */
  public SignedCheckpoint checkpoint() {
    return checkpoint;
  }

  /** The file, as UTF-8. */
  public byte[] encode() {
    return StrictText.encode(toString());
  }

  /** The file, as text. */
  @Override
  public String toString() {
    StringBuilder file = new StringBuilder(HEADER).append('\n');
    extra()
        .ifPresent(
            carried -> file.append(EXTRA).append(CanonicalBase64.encode(carried)).append('\n'));
    file.append(INDEX).append(leafIndex).append('\n');
    hashes.forEach(hash -> file.append(hash.toBase64()).append('\n'));
    return file.append('\n').append(checkpoint.note()).toString();
  }

  private static Parsed<LogProof> malformed(int line, String problem) {
    return Parsed.malformed(FORMAT, "line " + line, problem);
  }
}
