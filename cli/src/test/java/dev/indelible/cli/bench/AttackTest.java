package dev.indelible.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One tenant, and somebody without a key, do what they can to stop a server in a process of its
 * own. What is measured by {@code indelible bench --only attack} on a quiet machine is in {@code
 * docs/reliability.md}; here it is bounded loosely, as other tests run beside.
 */
@Tag("long")
class AttackTest {

  private static final int SECONDS = 20;
  private static final long EVENTS = 300_000;

  /** Loose limit: before there were shares, nothing was answered in 12 s, or everything was 503. */
  private static final double LOOSE_MILLIS = 1_000;

  @Test
  void nobodyElseIsRefusedOrWaitsLong() throws Exception {
    Plan plan = new Plan(SECONDS, EVENTS, 1, Plan.DEFAULT_BATCHES, EnumSet.of(Plan.Part.ATTACK));
    List<Report.Query> measured =
        new Benchmark(plan, InstantSource.system(), _ -> {}).run().queries();
    assertThat(measured).hasSize(12);
    assertThat(measured)
        .allSatisfy(
            one -> {
              assertThat(one.rows()).as("refused: %s", one.name()).isZero();
              assertThat(one.latency().p99()).as(one.name()).isLessThan(LOOSE_MILLIS);
              assertThat(one.latency().count()).as(one.name()).isGreaterThan(SECONDS);
            });
  }
}
