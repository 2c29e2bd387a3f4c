package dev.indelible.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefreshPaceTest {

  @Test
  void anIndexerThatKeepsUpRefreshesAtTheInterval() {
    RefreshPace pace = new RefreshPace(Duration.ofMillis(200));
    assertThat(pace.millis(0)).isEqualTo(200);
    assertThat(pace.millis(RefreshPace.BEHIND_ENTRIES)).isEqualTo(200);
  }

  @Test
  void anIndexerThatIsBehindRefreshesLessOften() {
    RefreshPace pace = new RefreshPace(Duration.ofMillis(200));
    assertThat(pace.millis(RefreshPace.BEHIND_ENTRIES + 1)).isEqualTo(800);
  }

  @Test
  void beingBehindNeverDelaysARefreshByMoreThanASecond() {
    assertThat(new RefreshPace(Duration.ofMillis(900)).millis(1_000_000)).isEqualTo(1_000);
    assertThat(new RefreshPace(Duration.ofSeconds(5)).millis(1_000_000)).isEqualTo(5_000);
  }
}
