package dev.indelible.verify;

import dev.indelible.verify.Verdict.Problem;
import java.time.Instant;

/**
 * A checkpoint and the note that carries it, as a log serves it.
 *
 * <p>Source: c2sp.org/tlog-checkpoint.
 *
 * @param checkpoint the parsed text of the note
 * @param note the text with its signatures
 */
public record SignedCheckpoint(Checkpoint checkpoint, SignedNote note) {

  public SignedCheckpoint {
    if (!note.text().equals(checkpoint.text())) {
      throw new IllegalArgumentException("the note is not that of the checkpoint");
    }
  }

  /** Reads a checkpoint; whether to believe it is for {@link #check} to say. */
  public static Parsed<SignedCheckpoint> parse(byte[] note) {
    return read(SignedNote.parse(note));
  }

  static Parsed<SignedCheckpoint> read(Parsed<SignedNote> parsed) {
    if (parsed instanceof Parsed.Malformed<SignedNote> malformed) {
      return malformed.as();
    }
    SignedNote note = parsed.orThrow();
    Parsed<Checkpoint> checkpoint = Checkpoint.parse(note.text());
    if (checkpoint instanceof Parsed.Malformed<Checkpoint> malformed) {
      return malformed.as();
    }
    return new Parsed.Ok<>(new SignedCheckpoint(checkpoint.orThrow(), note));
  }

  /** Whether this is a checkpoint of that log, signed by it and by enough of its witnesses. */
  public Verdict check(TrustPolicy policy) {
    if (!checkpoint.origin().equals(policy.origin())) {
      return Verdict.fails(
          Problem.WRONG_ORIGIN,
          "a checkpoint of " + checkpoint.origin() + ", not of " + policy.origin());
    }
    SignedNote.Signers byLog = note.verify(policy.logKeys());
    if (byLog instanceof SignedNote.Signers.Rejected rejected) {
      return rejected.failure();
    }
    if (policy.quorum() == 0) {
      return new Verdict.Holds();
    }
    SignedNote.Signers byWitnesses = note.verify(policy.witnesses());
    int cosigned = 0;
    if (byWitnesses instanceof SignedNote.Signers.Known known) {
      cosigned = known.keys().size();
    } else if (byWitnesses instanceof SignedNote.Signers.Rejected rejected
        && rejected.failure().problem() == Problem.BAD_SIGNATURE) {
      return rejected.failure();
    }
    return cosigned >= policy.quorum()
        ? new Verdict.Holds()
        : Verdict.fails(
            Problem.UNSIGNED,
            "cosigned by " + cosigned + " witnesses, not by " + policy.quorum() + " or more");
  }

  /**
   * Returns this checkpoint with a witness's cosignature, its statement that the checkpoint is
   * consistent with those before.
   */
  public SignedCheckpoint cosign(NoteSigner witness, Instant time) {
    return new SignedCheckpoint(checkpoint, note.with(witness.cosign(note.text(), time)));
  }

  /** The note as UTF-8. */
  public byte[] encode() {
    return note.encode();
  }
}
