package dev.indelible.server.witness;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.proof.WitnessQuorum;
import java.util.List;
import java.util.function.BiConsumer;

/** All witnesses of this server, each asked by itself. Thread-safe. */
public final class Witnesses implements AutoCloseable {

  /**
   * Witnesses that checkpoints are shown to.
   *
   * @param witnesses the witnesses
   * @param quorum how many of them are to have cosigned a checkpoint for it to count
   */
  public record Terms(List<WitnessAddress> witnesses, int quorum) {

    /** Terms without witnesses. */
    public static final Terms NONE = new Terms(List.of(), 0);

    /**
     * @throws IllegalArgumentException if the quorum is out of reach
     */
    public Terms {
      witnesses = List.copyOf(witnesses);
      if (quorum < 0 || quorum > witnesses.size()) {
        throw new IllegalArgumentException(
            "a quorum of " + quorum + " among " + witnesses.size() + " witnesses");
      }
    }

    /** Quorum of checkpoints: one at least, if there are witnesses. */
    public WitnessQuorum forCheckpoints() {
      return witnesses.isEmpty()
          ? WitnessQuorum.NONE
          : new WitnessQuorum(
              witnesses.stream().map(WitnessAddress::key).toList(), Math.max(1, quorum));
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
    return terms.quorum() == 0
        ? 0
        : all.stream().map(Cosigning::lagNanos).sorted().toList().get(terms.quorum() - 1);
  }

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
