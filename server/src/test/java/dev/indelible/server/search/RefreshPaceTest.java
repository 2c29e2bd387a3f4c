package dev.indelible.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefreshPaceTest {

  private static final int BEHIND = RefreshPace.BEHIND_ENTRIES + 1;

  private final RefreshPace pace = new RefreshPace(Duration.ofMillis(200));

  @Test
  void anIndexerThatKeepsUpRefreshesAtTheInterval() {
    assertThat(pace.isDue(199, RefreshPace.BEHIND_ENTRIES, 0)).isFalse();
    assertThat(pace.isDue(200, 0, 1_000_000)).isTrue();
    assertThat(pace.isDue(200, RefreshPace.BEHIND_ENTRIES, 1_000_000)).isTrue();
  }

  @Test
  void anIndexerThatIsBehindRefreshesLessOften() {
    assertThat(pace.isDue(799, BEHIND, BEHIND)).isFalse();
    assertThat(pace.isDue(800, BEHIND, BEHIND)).isTrue();
  }

  @Test
  void whatIsLeftWhenNothingComesAnyMoreIsNotKeptWaiting() {
    int few = BEHIND / RefreshPace.HARDLY_ANY;
    assertThat(pace.isDue(199, BEHIND, 0)).isFalse();
    assertThat(pace.isDue(200, BEHIND, 0)).isTrue();
    assertThat(pace.isDue(200, BEHIND, few)).isTrue();
    assertThat(pace.isDue(200, BEHIND, few + 1)).isFalse();
  }

  @Test
  void beingBehindNeverDelaysARefreshByMoreThanASecond() {
    RefreshPace slow = new RefreshPace(Duration.ofMillis(900));
    assertThat(slow.isDue(999, BEHIND, BEHIND)).isFalse();
    assertThat(slow.isDue(1_000, BEHIND, BEHIND)).isTrue();
    assertThat(new RefreshPace(Duration.ofSeconds(5)).isDue(4_999, BEHIND, BEHIND)).isFalse();
  }

  @Test
  void itIsAskedAgainAtTheIntervalAndWhenBeingBehindEnds() {
    assertThat(pace.waitMillis(0)).isEqualTo(200);
    assertThat(pace.waitMillis(150)).isEqualTo(50);
    assertThat(pace.waitMillis(300)).isEqualTo(500);
    assertThat(pace.waitMillis(5_000)).isEqualTo(1);
  }
}
