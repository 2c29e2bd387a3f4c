package dev.indelible.server.proof;

import dev.indelible.verify.NoteSignature;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.VerifierKey;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Quorum of witnesses: whose cosignatures a checkpoint is to have, and how many of them.
 *
 * @param witnesses the witnesses' keys
 * @param needed how many of them are to have cosigned; 0 when there are none
 */
public record WitnessQuorum(List<VerifierKey> witnesses, int needed) {

  /** Quorum without witnesses. */
  public static final WitnessQuorum NONE = new WitnessQuorum(List.of(), 0);

  /**
   * @throws IllegalArgumentException if the number is out of reach
   */
  public WitnessQuorum {
    witnesses = List.copyOf(witnesses);
    if (needed > witnesses.size() || (needed < 1 && !witnesses.isEmpty())) {
      throw new IllegalArgumentException(
          "a quorum of " + needed + " among " + witnesses.size() + " witnesses");
    }
  }

  /** Whether there is nobody to wait for. */
  public boolean isNone() {
    return witnesses.isEmpty();
  }

  /** Whether enough of the witnesses are among those who made these signature lines. */
  boolean isReachedBy(Collection<String> lines) {
    Set<VerifierKey> signers =
        lines.stream()
            .map(NoteSignature::parse)
            .filter(Parsed.Ok.class::isInstance)
            .map(Parsed::orThrow)
            .flatMap(line -> witnesses.stream().filter(key -> key.matches(line)))
            .collect(Collectors.toSet());
    return needed > 0 && signers.size() >= needed;
  }
}
