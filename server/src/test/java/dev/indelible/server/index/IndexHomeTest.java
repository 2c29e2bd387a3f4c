package dev.indelible.server.index;

import static dev.indelible.server.index.Indexables.apply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.query.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexHomeTest {

  @TempDir Path directory;

  private static EventIndex opened(IndexHome home) throws IOException {
    return switch (home.open(true)) {
      case IndexOpening.Opened(EventIndex index) -> index;
      case IndexOpening.Unusable unusable -> throw new AssertionError(unusable);
    };
  }

  private static void fill(EventIndex index, int entries) throws IOException {
    for (int seq = 0; seq < entries; seq++) {
      apply(
          index,
          List.of(EventIndexContractTest.entry(EventIndexContractTest.ACME, seq, "u" + seq)));
    }
    index.commit(new Position(entries));
    index.refresh();
  }

  private static long count(EventIndex index) throws IOException {
    try (CompiledQuery query =
        index.compile(
            EventIndexContractTest.scope(EventIndexContractTest.ACME), Filter.all(), () -> false)) {
      return query.count();
    }
  }

  @Test
  void saysThatThereIsNoIndexYet() throws IOException {
    IndexHome home = new IndexHome(directory.resolve("index"));
    assertThat(home.open(true))
        .isInstanceOfSatisfying(
            IndexOpening.Unusable.class,
            unusable -> assertThat(unusable.reason()).isEqualTo(IndexOpening.Reason.MISSING));
  }

  @Test
  void servesTheOldIndexUntilTheNewOneIsPromoted() throws IOException {
    IndexHome home = new IndexHome(directory.resolve("index"));
    IndexHome.Building first = home.build();
    fill(first.index(), 3);
    home.promote(first);
    assertThat(count(first.index())).isEqualTo(3);

    IndexHome.Building second = home.build();
    fill(second.index(), 5);
    assertThat(count(first.index())).isEqualTo(3);
    first.index().close();
    second.index().close();
    // As after a crash: what was being built is not in use.
    try (EventIndex index = opened(home)) {
      assertThat(count(index)).isEqualTo(3);
      IndexHome.Building third = home.build();
      fill(third.index(), 7);
      home.promote(third);
      assertThat(count(third.index())).isEqualTo(7);
      third.index().close();
    }
    try (EventIndex index = opened(home)) {
      assertThat(count(index)).isEqualTo(7);
      assertThat(index.committed()).isEqualTo(new Position(7));
      home.build().index().close();
      assertThat(count(index)).isEqualTo(7);
    }
    try (Stream<Path> files = Files.list(directory.resolve("index"))) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void noticesADamagedPointer() throws IOException {
    IndexHome home = new IndexHome(directory.resolve("index"));
    IndexHome.Building first = home.build();
    home.promote(first);
    first.index().close();
    Path current = directory.resolve("index").resolve("CURRENT");
    assertThat(current).hasContent("generation-0\n");
    for (String text :
        List.of(
            "",
            "generation-",
            "../x",
            "generation-9\n",
            "generation-0",
            "generation-0\u000b",
            "generation-0\n\n")) {
      Files.writeString(current, text);
      assertThat(home.open(false)).isInstanceOf(IndexOpening.Unusable.class);
    }
    try (EventIndex index = home.build().index()) {
      assertThat(count(index)).isZero();
    }
  }
}
