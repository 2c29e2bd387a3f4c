package dev.indelible.server;

import static dev.indelible.server.index.EventIndexContractTest.entry;
import static dev.indelible.server.index.Indexables.apply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.IndexHome;
import dev.indelible.server.index.IndexOpening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchIndexTest {

  private static final TenantId ACME = new TenantId("acme");

  @TempDir Path directory;

  @Test
  void aFailureThatWasNoDamageLeavesTheIndexInUse() throws IOException {
    fill();
    SearchIndex index = SearchIndex.open(directory, Position.START);
    try (EventIndex _ = index.index()) {
      index.check(_ -> {});
      index.examine(new IOException("No space left on device"));
    }
    assertThat(directory.resolve("CURRENT")).exists();
  }

  @Test
  void aFailureOfADamagedIndexHasItBuiltAgain() throws IOException {
    fill();
    SearchIndex index = SearchIndex.open(directory, Position.START);
    try (EventIndex _ = index.index()) {
      damageLargestFile();
      index.examine(new AssertionError("the library's own"));
      assertThat(directory.resolve("CURRENT")).doesNotExist();
      assertThatThrownBy(() -> index.check(_ -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("it is built again at the next start");
    }
    try (EventIndex again = SearchIndex.open(directory, Position.START).index()) {
      assertThat(again.stats().entries()).isZero();
    }
  }

  private void fill() throws IOException {
    IndexHome home = new IndexHome(directory);
    IndexHome.Building building = home.build();
    try (EventIndex index = building.index()) {
      apply(index, List.of(entry(ACME, 0, "ana"), entry(ACME, 1, "bo")));
      index.commit(Position.START);
      home.promote(building);
    }
    assertThat(home.open(true))
        .isInstanceOfSatisfying(
            IndexOpening.Opened.class,
            opened -> {
              try {
                opened.index().close();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  private void damageLargestFile() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      Path largest =
          files
              .filter(Files::isRegularFile)
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(largest);
      bytes[bytes.length / 2] ^= 1;
      Files.write(largest, bytes);
    }
  }
}
