package dev.indelible.server.takeout.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeBucketsTest {

  private static final Instant FIRST = Instant.parse("2026-11-02T23:30:00Z");

  private final TimeBuckets buckets = new TimeBuckets(ZoneId.of("Europe/Berlin"));

  @ParameterizedTest
  @CsvSource({
    "PT0S, HOUR, 2026-11-03 00:00, 1",
    "PT61H, HOUR, 2026-11-03 00:00, 62",
    "PT62H, DAY, 2026-11-03, 3",
    "P61D, DAY, 2026-11-03, 62",
    "P62D, WEEK, 2026-11-02, 10",
    "P500D, MONTH, 2026-11, 17",
    "P10000D, YEAR, 2026, 29",
    "P30000D, CENTURY, 2000, 2"
  })
  void theStepIsAsShortAsTheBarsAllow(String until, TimeBuckets.Step step, String name, int bars) {
    buckets.add(FIRST);
    buckets.add(FIRST.plus(Duration.parse(until)));
    assertThat(buckets.bars()).hasSize(bars).hasSizeLessThanOrEqualTo(TimeBuckets.MAX_BARS);
    assertThat(buckets.step()).isEqualTo(step);
    assertThat(buckets.bars().getFirst().name()).isEqualTo(name);
    assertThat(buckets.bars().stream().mapToLong(TimeBuckets.Bucket::entries).sum()).isEqualTo(2);
  }

  @Test
  void stepsWithoutEntriesHaveABarOfNothing() {
    buckets.add(FIRST);
    buckets.add(FIRST.plusSeconds(7200));
    assertThat(buckets.bars())
        .containsExactly(
            new TimeBuckets.Bucket("2026-11-03 00:00", 1),
            new TimeBuckets.Bucket("2026-11-03 01:00", 0),
            new TimeBuckets.Bucket("2026-11-03 02:00", 1));
  }

  @Test
  void noMoreStepsAreHeldThanTheLimitHoweverManyThereAre() {
    for (int hour = 0; hour < TimeBuckets.MAX_BUCKETS + 10; hour++) {
      buckets.add(FIRST.plusSeconds(3600L * hour));
    }
    assertThat(buckets.step()).isEqualTo(TimeBuckets.Step.DAY);
    assertThat(buckets.bars().stream().mapToLong(TimeBuckets.Bucket::entries).sum())
        .isEqualTo(TimeBuckets.MAX_BUCKETS + 10);
  }

  @Test
  void aTimeOfAnyCenturyHasItsPlace() {
    buckets.add(Instant.parse("0001-01-01T00:00:00Z"));
    buckets.add(Instant.parse("9999-12-31T23:59:59Z"));
    assertThat(buckets.bars().stream().mapToLong(TimeBuckets.Bucket::entries).sum()).isEqualTo(2);
    assertThat(buckets.step()).isEqualTo(TimeBuckets.Step.ALL);
  }

  @Test
  void withoutEntriesThereAreNoBars() {
    assertThat(buckets.bars()).isEmpty();
  }
}
