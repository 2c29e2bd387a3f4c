package dev.indelible.server.witness;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.proof.WitnessQuorum;
import dev.indelible.verify.Quorum;
import dev.indelible.verify.VerifierKey;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** All witnesses of this server, each asked by itself. Thread-safe. */
public final class Witnesses implements AutoCloseable {

  /**
   * Witnesses that checkpoints are shown to.
   *
   * @param witnesses the witnesses
   * @param quorum which of them are to have cosigned a checkpoint for it to count
   */
  public record Terms(List<WitnessAddress> witnesses, Quorum quorum) {

    /** Terms without witnesses. */
    public static final Terms NONE = new Terms(List.of(), Quorum.NONE);

    /**
     * @throws IllegalArgumentException if the quorum needs one that is not asked
     */
    public Terms {
      witnesses = List.copyOf(witnesses);
      List<VerifierKey> asked = witnesses.stream().map(WitnessAddress::key).toList();
      for (VerifierKey needed : quorum.witnesses()) {
        if (!asked.contains(needed)) {
          throw new IllegalArgumentException("the witness " + needed.name() + " has no address");
        }
      }
    }

    /**
     * Any so many of these.
     *
     * @throws IllegalArgumentException if the quorum is out of reach
     */
    public Terms(List<WitnessAddress> witnesses, int quorum) {
      this(witnesses, Quorum.of(quorum, witnesses.stream().map(WitnessAddress::key).toList()));
    }

    /** Quorum of checkpoints: one at least, if there are witnesses. */
    public WitnessQuorum forCheckpoints() {
      if (witnesses.isEmpty()) {
        return WitnessQuorum.NONE;
      }
      return quorum.fewest() > 0
          ? new WitnessQuorum(quorum)
          : new WitnessQuorum(witnesses.stream().map(WitnessAddress::key).toList(), 1);
    }
  }

  private final Terms terms;
  private final List<Cosigning> all;

  /**
   * Witnesses that are not asked yet.
   *
   * @param contradicted is told when a witness contradicts a tenant's log, and how
   */
  public Witnesses(Terms terms, TenantLogs logs, BiConsumer<TenantId, String> contradicted) {
    this.terms = terms;
    this.all =
        terms.witnesses().stream()
            .map(witness -> new Cosigning(logs, witness, contradicted::accept))
            .toList();
  }

  /** Begins to ask them. */
  public void start() {
    all.forEach(Cosigning::start);
  }

  /**
   * How long the log that waits longest for its quorum has waited, in nanoseconds; 0 when there is
   * none to wait for.
   */
  public long quorumLagNanos() {
    if (terms.quorum().fewest() == 0) {
      return 0;
    }
    // As long as the slowest of those has waited who are enough, the quickest first.
    Set<VerifierKey> enough = new HashSet<>();
    List<Lag> lags =
        all.stream()
            .map(cosigning -> new Lag(cosigning.witness().key(), cosigning.lagNanos()))
            .sorted(Comparator.comparingLong(Lag::nanos))
            .toList();
    for (Lag lag : lags) {
      enough.add(lag.key);
      if (terms.quorum().isReachedBy(enough)) {
        return lag.nanos;
      }
    }
    return 0;
  }

  private record Lag(VerifierKey key, long nanos) {}

  /** Figures for metrics, of each witness. */
  public List<Statistics> statistics() {
    return all.stream()
        .map(
            cosigning ->
                new Statistics(
                    cosigning.witness().key().name(),
                    cosigning.cosignatures(),
                    cosigning.conflicts(),
                    cosigning.refusals(),
                    cosigning.lagNanos(),
                    cosigning.isFailing()))
        .toList();
  }

  /**
   * Figures of a witness.
   *
   * @param name its name
   * @param cosignatures how many it gave since the start
   * @param conflicts how often it contradicted a log
   * @param refusals how often it would not cosign
   * @param lagNanos how long the log that waits longest for it has waited
   * @param failing whether it cannot be asked now
   */
  public record Statistics(
      String name,
      long cosignatures,
      long conflicts,
      long refusals,
      long lagNanos,
      boolean failing) {}

  @Override
  public void close() {
    all.forEach(Cosigning::close);
  }
}
