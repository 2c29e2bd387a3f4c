package dev.indelible.verify;

import java.util.HashSet;
import java.util.List;

/**
 * Keys and witnesses that a verifier accepts for a log. They come from the verifier's own records,
 * never from the log.
 *
 * @param origin the log's name, as in its checkpoints
 * @param logKeys the log's keys, any of which suffices
 * @param witnesses the witnesses whose cosignatures count
 * @param quorum how many of them have to have cosigned, from 0
 */
public record TrustPolicy(
    String origin, List<VerifierKey> logKeys, List<VerifierKey> witnesses, int quorum) {

  /**
   * @throws IllegalArgumentException if no log key is given, a key is of the other kind, a witness
   *     is given twice, or the quorum is out of reach
   */
  public TrustPolicy {
    logKeys = List.copyOf(logKeys);
    witnesses = List.copyOf(witnesses);
    if (logKeys.isEmpty()
        || logKeys.stream().anyMatch(key -> key.type() != VerifierKey.Type.ED25519)) {
      throw new IllegalArgumentException("a log has at least one key, of type ED25519");
    }
    if (witnesses.stream().anyMatch(key -> !key.type().isCosignature())
        || new HashSet<>(witnesses).size() != witnesses.size()) {
      throw new IllegalArgumentException("witnesses have one key each, of a type that cosigns");
    }
    if (quorum < 0 || quorum > witnesses.size()) {
      throw new IllegalArgumentException(
          "a quorum of " + quorum + " among " + witnesses.size() + " witnesses");
    }
  }

  /**
   * Believes the log's key alone: a log that shows different people different trees goes unseen.
   */
  public static TrustPolicy ofLog(VerifierKey logKey) {
    return new TrustPolicy(logKey.name(), List.of(logKey), List.of(), 0);
  }
}
