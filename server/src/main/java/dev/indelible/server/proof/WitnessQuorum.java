package dev.indelible.server.proof;

import dev.indelible.verify.NoteSignature;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.Quorum;
import dev.indelible.verify.VerifierKey;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Quorum of witnesses: whose cosignatures a checkpoint is to have, and how many of them.
 *
 * @param rule which witnesses are enough
 */
public record WitnessQuorum(Quorum rule) {

  /** Quorum without witnesses. */
  public static final WitnessQuorum NONE = new WitnessQuorum(Quorum.NONE);

  /**
   * @throws IllegalArgumentException if there are witnesses and none of them is needed
   */
  public WitnessQuorum {
    if (rule.fewest() < 1 && !rule.witnesses().isEmpty()) {
      throw new IllegalArgumentException("a quorum that needs none of its witnesses");
    }
  }

  /**
   * Any so many of these witnesses.
   *
   * @throws IllegalArgumentException if the number is out of reach
   */
  public WitnessQuorum(List<VerifierKey> witnesses, int needed) {
    this(Quorum.of(needed, witnesses));
  }

  /** The witnesses' keys. */
  public List<VerifierKey> witnesses() {
    return List.copyOf(rule.witnesses());
  }

  /** How many of them have to have cosigned at least; 0 when there are none. */
  public int needed() {
    return rule.fewest();
  }

  /** Whether there is nobody to wait for. */
  public boolean isNone() {
    return rule.witnesses().isEmpty();
  }

  /** Whether enough of the witnesses are among those who made these signature lines. */
  boolean isReachedBy(Collection<String> lines) {
    Set<VerifierKey> signers =
        lines.stream()
            .map(NoteSignature::parse)
            .filter(Parsed.Ok.class::isInstance)
            .map(Parsed::orThrow)
            .flatMap(line -> rule.witnesses().stream().filter(key -> key.matches(line)))
            .collect(Collectors.toSet());
    return !isNone() && rule.isReachedBy(signers);
  }
}
