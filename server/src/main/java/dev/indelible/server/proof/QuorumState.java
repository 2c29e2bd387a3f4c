package dev.indelible.server.proof;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.proof.Cosignatures.Cosigned;
import dev.indelible.verify.NoteSignature;
import dev.indelible.verify.VerifierKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far the witnesses have come with a log.
 *
 * @param needed how many of them are to have cosigned a checkpoint; 0 when there are none
 * @param newestSize the size of the newest checkpoint
 * @param cosignedSize the size of the newest checkpoint that the quorum has cosigned, or, when it
 *     has cosigned none, that any witness has; empty when none has
 * @param reached whether the quorum has cosigned that one
 * @param witnesses each witness, and what it said of that one
 */
public record QuorumState(
    int needed,
    long newestSize,
    Optional<Long> cosignedSize,
    boolean reached,
    List<OfWitness> witnesses) {

  public QuorumState {
    witnesses = List.copyOf(witnesses);
  }

  static QuorumState of(TenantId tenant, long newestSize, Cosignatures cosignatures) {
    Optional<Cosigned> reached = cosignatures.reached(tenant);
    List<Cosigned> all = cosignatures.of(tenant);
    Optional<Cosigned> shown =
        reached.isPresent() || all.isEmpty() ? reached : Optional.of(all.getLast());
    List<NoteSignature> lines =
        shown.stream()
            .flatMap(cosigned -> cosigned.lines().stream())
            .map(line -> NoteSignature.parse(line).orThrow())
            .toList();
    WitnessQuorum quorum = cosignatures.quorum();
    return new QuorumState(
        quorum.needed(),
        newestSize,
        shown.map(cosigned -> cosigned.head().size()),
        reached.isPresent(),
        quorum.witnesses().stream()
            .map(key -> new OfWitness(key, cosignedAt(key, lines)))
            .toList());
  }

  private static Optional<Instant> cosignedAt(VerifierKey key, List<NoteSignature> lines) {
    return lines.stream()
        .filter(key::matches)
        .flatMap(line -> line.cosignedAt().stream())
        .findFirst();
  }

  /**
   * A witness.
   *
   * @param key its verifier key
   * @param cosignedAt when it cosigned, as it says; empty when it has not
   */
  public record OfWitness(VerifierKey key, Optional<Instant> cosignedAt) {}
}
