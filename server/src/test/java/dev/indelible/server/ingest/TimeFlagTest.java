package dev.indelible.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Tests the limits beyond which an event's own time is flagged. */
class TimeFlagTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00.123Z");

  @Test
  void moreThanFiveMinutesAheadIsEarly() {
    assertThat(Ingest.EARLY_AFTER).isEqualTo(Duration.ofMinutes(5));
    Instant last = NOW.plus(Ingest.EARLY_AFTER);
    assertThat(Ingest.timeFlag(last, NOW)).isNull();
    assertThat(Ingest.timeFlag(last.plusMillis(1), NOW)).isEqualTo("early");
    assertThat(Ingest.timeFlag(Instant.parse("2199-01-01T00:00:00Z"), NOW)).isEqualTo("early");
  }

  @Test
  void moreThanAnHourAgoIsLate() {
    assertThat(Ingest.LATE_AFTER).isEqualTo(Duration.ofHours(1));
    Instant last = NOW.minus(Ingest.LATE_AFTER);
    assertThat(Ingest.timeFlag(last, NOW)).isNull();
    assertThat(Ingest.timeFlag(last.minusMillis(1), NOW)).isEqualTo("late");
    assertThat(Ingest.timeFlag(Instant.EPOCH, NOW)).isEqualTo("late");
  }

  @Test
  void whatHappensNowIsNeither() {
    assertThat(Ingest.timeFlag(NOW, NOW)).isNull();
  }
}
