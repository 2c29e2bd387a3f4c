package dev.indelible.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RebuildProgressTest {

  private final List<String> said = new ArrayList<>();
  private long now = 5;

  private void pass(long seconds) {
    now += seconds * 1_000_000_000L;
  }

  @Test
  void saysHowFarItIsEveryTenSecondsAndAtTheEnd() {
    RebuildProgress progress = new RebuildProgress(1_000_000, () -> now, said::add);
    progress.add(2_000);
    pass(9);
    progress.add(2_000);
    assertThat(said).hasSize(1);
    pass(1);
    progress.add(246_000);
    progress.add(2_000);
    pass(12);
    progress.add(500_000);
    pass(1);
    progress.add(248_000);
    progress.end();
    assertThat(said)
        .containsExactly(
            "building the search index of 1,000,000 entries from the runs",
            "building the search index: 250,000 of 1,000,000 entries (25 %), about 30 s left",
            "building the search index: 752,000 of 1,000,000 entries (75 %), about 7 s left",
            "built the search index: 1,000,000 entries in 23 s");
  }

  @Test
  void aLogWithoutEntriesIsNoDivision() {
    RebuildProgress progress = new RebuildProgress(0, () -> now, said::add);
    pass(60);
    progress.add(0);
    progress.end();
    assertThat(said).last().isEqualTo("built the search index: 0 entries in 60 s");
  }
}
