package dev.indelible.verify.audit;

import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Quorum;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.SignedNote;
import dev.indelible.verify.TrustPolicy;
import dev.indelible.verify.Verdict;
import dev.indelible.verify.VerifierKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keys and checkpoints that the reader brings from elsewhere. The more, the more can be shown: with
 * nothing at all, whoever has the log's key can show any log.
 *
 * @param keys the log's verifier keys as the reader holds them; empty when it holds none
 * @param held a checkpoint that the reader kept, or null
 * @param quorum the witnesses whose cosignatures count for the reader, and which of them have to
 *     have cosigned what is shown
 */
public record Trust(List<VerifierKey> keys, @Nullable SignedCheckpoint held, Quorum quorum) {

  /** The reader has nothing. */
  public static final Trust NOTHING = new Trust(List.of(), null);

  public Trust {
    keys = List.copyOf(keys);
  }

  /** A reader who knows no witnesses. */
  public Trust(List<VerifierKey> keys, @Nullable SignedCheckpoint held) {
    this(keys, held, Quorum.NONE);
  }

  /** The keys of the witnesses that count. */
  public List<VerifierKey> witnesses() {
    return List.copyOf(quorum.witnesses());
  }

  /**
   * Checks the signatures of what the log shows and of what the reader holds, and compares the two
   * as far as that takes no entries.
   *
   * @param ownKeys the keys that the log itself names, used when the reader holds none
   * @return the held checkpoint, when the entries can be compared with it
   */
  public @Nullable Checkpoint check(
      SignedCheckpoint shown, List<VerifierKey> ownKeys, Consumer<Finding> findings) {
    return check(shown, ownKeys, Source.LOG, findings);
  }

  /**
   * Checks a checkpoint that a file holds, as {@link #check} does. A file that is older than what
   * the reader holds says nothing against the log.
   */
  public @Nullable Checkpoint checkFile(
      SignedCheckpoint shown, List<VerifierKey> ownKeys, Consumer<Finding> findings) {
    return check(shown, ownKeys, Source.FILE, findings);
  }

  /** Origin of a checkpoint. */
  private enum Source {
    /** The log itself, now: it never shows less than it did. */
    LOG,
    /** A file, which may be of any age. */
    FILE
  }

  private @Nullable Checkpoint check(
      SignedCheckpoint shown,
      List<VerifierKey> ownKeys,
      Source source,
      Consumer<Finding> findings) {
    List<VerifierKey> believed = keys.isEmpty() ? ownKeys : keys;
    if (keys.isEmpty()) {
      findings.accept(
          new Finding.NotShown(
              "You gave no key: the signature was checked with the key that the log names itself."));
    }
    checkSignature("that is shown", shown, shown.checkpoint().origin(), believed, findings);
    checkWitnesses(shown, findings);
    SignedCheckpoint kept = held;
    if (kept == null) {
      findings.accept(
          new Finding.NotShown(
              "You gave no earlier checkpoint: whether the log was rolled back or rewritten as a"
                  + " whole since then cannot be shown."));
      return null;
    }
    checkSignature("that you hold", kept, shown.checkpoint().origin(), believed, findings);
    return compare(kept.checkpoint(), shown.checkpoint(), source, findings);
  }

  /** Whether enough of the reader's witnesses cosigned the checkpoint. */
  public boolean hasQuorum(SignedCheckpoint shown) {
    return quorum.isReachedBy(
        shown.note().verify(witnesses()) instanceof SignedNote.Signers.Known known
            ? known.keys()
            : List.of());
  }

  private void checkWitnesses(SignedCheckpoint shown, Consumer<Finding> findings) {
    List<VerifierKey> witnesses = witnesses();
    if (witnesses.isEmpty()) {
      return;
    }
    witnesses.stream()
        .filter(key -> !key.type().isCheckable())
        .forEach(
            key ->
                findings.accept(
                    new Finding.NotShown(
                        "This Java platform has no ML-DSA-44: whether "
                            + key.name()
                            + " cosigned could not be checked. Java 24 and later can.")));
    List<VerifierKey> signers = List.of();
    SignedNote.Signers found = shown.note().verify(witnesses);
    if (found instanceof SignedNote.Signers.Known known) {
      signers = known.keys();
    } else if (found instanceof SignedNote.Signers.Rejected rejected
        && rejected.failure().problem() == Verdict.Problem.BAD_SIGNATURE) {
      findings.accept(new Finding.SignatureBad("that is shown", rejected.failure().detail()));
    }
    List<String> names = signers.stream().map(VerifierKey::name).toList();
    if (!quorum.isReachedBy(signers)) {
      findings.accept(new Finding.QuorumMissed(names, quorum));
      return;
    }
    List<VerifierKey> by = signers;
    Instant latest =
        shown.note().signatures().stream()
            .filter(signature -> by.stream().anyMatch(key -> key.matches(signature)))
            .flatMap(signature -> signature.cosignedAt().stream())
            .max(Comparator.naturalOrder())
            .orElse(Instant.EPOCH);
    findings.accept(new Finding.Cosigned(names, witnesses.size(), latest));
  }

  private static @Nullable Checkpoint compare(
      Checkpoint held, Checkpoint shown, Source source, Consumer<Finding> findings) {
    if (!held.origin().equals(shown.origin())) {
      return null;
    }
    if (held.size() > shown.size()) {
      findings.accept(
          switch (source) {
            case LOG -> new Finding.RolledBack(held.size(), shown.size());
            case FILE -> new Finding.CheckpointNotReached(held.size(), shown.size());
          });
      return null;
    }
    if (held.size() == shown.size() && !held.root().equals(shown.root())) {
      findings.accept(new Finding.ForkedHistory(held.size(), 0));
      return null;
    }
    return held;
  }

  private static void checkSignature(
      String which,
      SignedCheckpoint checkpoint,
      String origin,
      List<VerifierKey> keys,
      Consumer<Finding> findings) {
    List<VerifierKey> named = keys.stream().filter(key -> key.name().equals(origin)).toList();
    if (named.isEmpty()) {
      findings.accept(new Finding.SignatureBad(which, "no key of " + origin + " is at hand"));
      return;
    }
    Verdict verdict = checkpoint.check(new TrustPolicy(origin, named, List.of(), 0));
    if (verdict instanceof Verdict.Fails fails) {
      findings.accept(new Finding.SignatureBad(which, fails.detail()));
    }
  }
}
