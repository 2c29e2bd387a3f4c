package dev.indelible.server.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.control.ReviewProcess;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times of reviews. */
class ReviewTimesTest {

  private static Instant next(String every, String due, String now) {
    return ReviewTimes.next(new ReviewProcess.When(every, Instant.parse(due)), Instant.parse(now));
  }

  @ParameterizedTest
  @CsvSource({
    "P3M, 2026-01-31T08:00:00Z, 2026-02-02T00:00:00Z, 2026-04-30T08:00:00Z",
    "P1M, 2026-01-31T08:00:00Z, 2026-03-05T00:00:00Z, 2026-03-31T08:00:00Z",
    "P7D, 2026-01-05T08:00:00Z, 2026-01-05T08:00:00Z, 2026-01-12T08:00:00Z",
    "P1M, 2026-01-31T08:00:00Z, 2026-01-20T00:00:00Z, 2026-02-28T08:00:00Z"
  })
  void theNextOneIsTheFirstOfItsTimesThatIsToCome(
      String every, String due, String now, String wanted) {
    assertThat(next(every, due, now)).isEqualTo(Instant.parse(wanted));
  }

  @ParameterizedTest
  @ValueSource(strings = {"P0D", "P-1M", "PT1H", "P37M", "P2000D", "monthly", "", "P1M-1D"})
  void aPeriodOutsideOfItsBoundsIsNone(String text) {
    assertThat(ReviewTimes.period(text)).isEmpty();
  }

  @Test
  void periodsOfTheCalendarAreRead() {
    assertThat(ReviewTimes.period("P1D")).isPresent();
    assertThat(ReviewTimes.period("P" + ReviewTimes.MOST_MONTHS + "M")).isPresent();
  }
}
