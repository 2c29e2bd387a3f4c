package dev.indelible.server.takeout.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NameCountsTest {

  private final NameCounts counts = new NameCounts();

  @Test
  void theNamesWithMostEntriesComeFirstAndEqualOnesByName() {
    for (String name : new String[] {"b", "a", "c", "c"}) {
      counts.add(name);
    }
    assertThat(counts.top(2))
        .containsExactly(new NameCounts.Count("c", 2), new NameCounts.Count("a", 1));
    assertThat(counts.names()).isEqualTo(3);
    assertThat(counts.others()).isZero();
  }

  @Test
  void namesBeyondTheLimitAreCountedTogether() {
    for (int i = 0; i < NameCounts.MAX_NAMES + 2; i++) {
      counts.add("name" + i);
    }
    counts.add("name0");
    assertThat(counts.names()).isEqualTo(NameCounts.MAX_NAMES);
    assertThat(counts.others()).isEqualTo(2);
    assertThat(counts.top(1)).containsExactly(new NameCounts.Count("name0", 2));
  }
}
