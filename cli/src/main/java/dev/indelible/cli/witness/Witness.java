package dev.indelible.cli.witness;

import dev.indelible.verify.AddCheckpoint;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Hash;
import dev.indelible.verify.NoteSignature;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.Rfc6962;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.SignedNote;
import dev.indelible.verify.Verdict;
import dev.indelible.verify.VerifierKey;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Decides what is cosigned: a checkpoint of a log that it knows, signed by that log, that is proven
 * to go on from the one that it cosigned last. It never cosigns two that contradict each other, nor
 * a smaller one after a larger one; what it cosigned is durable before anybody is told.
 *
 * <p>Source: c2sp.org/tlog-witness. Thread-safe: one request at a time.
 */
public final class Witness {

  private final WitnessState state;
  private final WitnessedLogs logs;
  private final InstantSource clock;

  public Witness(WitnessState state, WitnessedLogs logs, InstantSource clock) {
    this.state = state;
    this.logs = logs;
    this.clock = clock;
  }

  /** Answer of a witness to a request. */
  public sealed interface Answer {

    /** Cosignatures of the requested checkpoint, one by each key. */
    record Cosigned(List<NoteSignature> signatures) implements Answer {
      public Cosigned {
        signatures = List.copyOf(signatures);
      }
    }

    /** Conflict: the checkpoint that the witness cosigned last does not have the stated size. */
    record Conflict(long size, String detail) implements Answer {}

    /** The request is not well-formed. */
    record Malformed(String detail) implements Answer {}

    /** Refusal of a log that it does not witness. */
    record UnknownLog(String origin) implements Answer {}

    /** The checkpoint is not signed by the log. */
    record NotSigned(String detail) implements Answer {}

    /**
     * The log did not only grow: the proof does not show it, another root was cosigned at this
     * size, or no tree of size 0 has this root.
     */
    record NotProven(String detail) implements Answer {}
  }

  /**
   * Takes a checkpoint.
   *
   * @throws IOException when nothing can be remembered now, and so nothing is cosigned
   */
  public synchronized Answer add(byte[] body) throws IOException {
    Parsed<AddCheckpoint> parsed = AddCheckpoint.parse(body);
    if (parsed instanceof Parsed.Malformed<AddCheckpoint> malformed) {
      Optional<AddCheckpoint.ImpossibleTree> impossible = AddCheckpoint.impossibleTree(body);
      return impossible.isPresent()
          ? refuse(impossible.get(), body)
          : new Answer.Malformed(malformed.message());
    }
    AddCheckpoint request = parsed.orThrow();
    SignedCheckpoint signed = request.checkpoint();
    Checkpoint next = signed.checkpoint();
    List<VerifierKey> keys = logs.keys(next.origin());
    Optional<Answer> refusal = refusal(next.origin(), signed.note(), keys);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (request.oldSize() > next.size()) {
      return new Answer.Malformed("size " + next.size() + " is not after " + request.oldSize());
    }
    Optional<SignedCheckpoint> newest = state.newest(next.origin());
    long size = size(newest);
    Hash root = newest.map(known -> known.checkpoint().root()).orElse(Rfc6962.EMPTY_ROOT);
    if (request.oldSize() != size) {
      return conflict(size);
    }
    if (next.size() == size && !next.root().equals(root)) {
      state.keepEvidence(next.origin(), body);
      return new Answer.NotProven("another root was cosigned at size " + size);
    }
    if (request.checkGrowth(root) instanceof Verdict.Fails fails) {
      state.keepEvidence(next.origin(), body);
      return new Answer.NotProven(fails.detail());
    }
    String text = signed.note().text();
    Instant now = clock.instant();
    List<NoteSignature> signatures =
        state.signers().stream().map(signer -> signer.cosign(text, now)).toList();
    // The log's own signatures and these: others' are not looked at, and not kept.
    SignedNote own = new SignedNote(text, byLog(signed, keys));
    for (NoteSignature signature : signatures) {
      own = own.with(signature);
    }
    state.remember(new SignedCheckpoint(next, own));
    return new Answer.Cosigned(signatures);
  }

  /** Refuses an unknown log, and what its keys did not sign. */
  private static Optional<Answer> refusal(String origin, SignedNote note, List<VerifierKey> keys) {
    if (keys.isEmpty()) {
      return Optional.of(new Answer.UnknownLog(origin));
    }
    return note.verify(keys) instanceof SignedNote.Signers.Rejected rejected
        ? Optional.of(new Answer.NotSigned(rejected.failure().detail()))
        : Optional.empty();
  }

  private Answer refuse(AddCheckpoint.ImpossibleTree tree, byte[] body) throws IOException {
    Optional<Answer> refusal = refusal(tree.origin(), tree.note(), logs.keys(tree.origin()));
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (tree.oldSize() > 0) {
      return new Answer.Malformed("size 0 is not after " + tree.oldSize());
    }
    long size = size(state.newest(tree.origin()));
    if (size != 0) {
      return conflict(size);
    }
    state.keepEvidence(tree.origin(), body);
    return new Answer.NotProven("no tree of size 0 has this root");
  }

  private static Answer conflict(long size) {
    return new Answer.Conflict(size, "the newest cosigned size is " + size);
  }

  private static long size(Optional<SignedCheckpoint> newest) {
    return newest.map(known -> known.checkpoint().size()).orElse(0L);
  }

  private static List<NoteSignature> byLog(SignedCheckpoint signed, List<VerifierKey> keys) {
    return signed.note().signatures().stream()
        .filter(signature -> keys.stream().anyMatch(key -> key.matches(signature)))
        .distinct()
        .limit(keys.size())
        .toList();
  }

  /** The largest checkpoint of a log that it cosigned. */
  public synchronized Optional<SignedCheckpoint> newest(String origin) throws IOException {
    return state.newest(origin);
  }

  /**
   * The largest checkpoint that it cosigned of the log whose origin has this SHA-256.
   *
   * @param originHash 64 hexadecimal digits in lower case
   */
  public synchronized Optional<SignedCheckpoint> newestByHash(String originHash)
      throws IOException {
    return state.newestByHash(originHash);
  }
}
