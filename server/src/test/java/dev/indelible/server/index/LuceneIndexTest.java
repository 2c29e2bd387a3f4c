package dev.indelible.server.index;

import static dev.indelible.server.index.Indexables.apply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneIndexTest extends EventIndexContractTest {

  @TempDir Path directory;

  @Override
  EventIndex create() throws IOException {
    return LuceneIndex.create(directory.resolve("contract"));
  }

  private static EventIndex opened(Path path) throws IOException {
    return switch (LuceneIndex.open(path, true)) {
      case IndexOpening.Opened(EventIndex index) -> index;
      case IndexOpening.Unusable unusable -> throw new AssertionError(unusable);
    };
  }

  private static IndexOpening.Reason reason(Path path) throws IOException {
    return switch (LuceneIndex.open(path, true)) {
      case IndexOpening.Opened(EventIndex index) -> {
        index.close();
        throw new AssertionError("it opened");
      }
      case IndexOpening.Unusable unusable -> unusable.reason();
    };
  }

  private static long[] seqs(EventIndex index, TenantId tenant, Filter filter) throws IOException {
    try (CompiledQuery query = index.compile(scope(tenant), filter, () -> false)) {
      return query.first(Order.NEWEST_FIRST, 1_000);
    }
  }

  @Test
  void keepsWhatWasCommittedAndNothingElse() throws IOException {
    Path path = directory.resolve("a");
    try (EventIndex index = LuceneIndex.create(path)) {
      apply(index, List.of(entry(ACME, 0, "ana"), entry(ACME, 1, "bo"), entry(BETA, 0, "cy")));
      index.commit(new Position(17));
      apply(index, List.of(entry(ACME, 2, "dee")));
      index.refresh();
    }
    try (EventIndex index = opened(path)) {
      assertThat(index.committed()).isEqualTo(new Position(17));
      assertThat(seqs(index, ACME, Filter.all())).containsExactly(1, 0);
      // The journal is read again from before the commit: nothing may be there twice.
      apply(index, List.of(entry(ACME, 1, "bo"), entry(ACME, 2, "dee"), entry(BETA, 0, "cy")));
      index.refresh();
      assertThat(seqs(index, ACME, Filter.all())).containsExactly(2, 1, 0);
      assertThat(seqs(index, BETA, Filter.all())).containsExactly(0);
    }
  }

  @Test
  void commitsAPositionAlthoughNothingElseChanged() throws IOException {
    Path path = directory.resolve("a");
    try (EventIndex index = LuceneIndex.create(path)) {
      index.commit(new Position(3));
      index.commit(new Position(4));
    }
    try (EventIndex index = opened(path)) {
      assertThat(index.committed()).isEqualTo(new Position(4));
    }
  }

  @Test
  void saysWhenThereIsNoIndex() throws IOException {
    assertThat(reason(directory.resolve("none"))).isEqualTo(IndexOpening.Reason.MISSING);
  }

  @Test
  void saysWhenTheIndexIsOfAnotherVersion() throws IOException {
    Path newer = directory.resolve("newer");
    Path foreign = directory.resolve("foreign");
    write(newer, Map.of("indelible.format", "4", "indelible.position", "0"));
    write(foreign, Map.of());
    assertThat(reason(newer)).isEqualTo(IndexOpening.Reason.NEWER_VERSION);
    assertThat(reason(foreign)).isEqualTo(IndexOpening.Reason.OLDER_VERSION);
  }

  private static void write(Path path, Map<String, String> data) throws IOException {
    try (FSDirectory files = FSDirectory.open(path);
        IndexWriter writer = new IndexWriter(files, new IndexWriterConfig(null))) {
      writer.setLiveCommitData(data.entrySet());
      writer.commit();
    }
  }

  @Test
  void isOpenOnlyOnce() throws IOException {
    Path path = directory.resolve("a");
    try (EventIndex index = LuceneIndex.create(path)) {
      assertThat(index.stats().segments()).isZero();
      assertThatThrownBy(() -> LuceneIndex.open(path, false))
          .isInstanceOf(LockObtainFailedException.class);
    }
  }

  @Test
  void noticesEveryFlippedBitAndEveryMissingFile() throws IOException {
    noticesFlippedBitsAndMissingFiles(15);
  }

  @Test
  @Tag("long")
  void noticesEveryOneOfManyFlippedBits() throws IOException {
    noticesFlippedBitsAndMissingFiles(500);
  }

  private void noticesFlippedBitsAndMissingFiles(int perFile) throws IOException {
    long seed = 20_261_120;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Path path = directory.resolve("a");
    List<Path> files = writeHundredEntries(path);
    assertThat(files).hasSizeGreaterThan(2);
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i < perFile; i++) {
        int bit = random.nextInt(bytes.length * 8);
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        Files.write(file, flipped);
        String description = "seed %d: bit %d of %s".formatted(seed, bit, file.getFileName());
        assertThat(LuceneIndex.open(path, true))
            .as(description)
            .isInstanceOf(IndexOpening.Unusable.class);
      }
      Files.delete(file);
      assertThat(LuceneIndex.open(path, true))
          .as("without %s", file)
          .isInstanceOf(IndexOpening.Unusable.class);
      Files.write(file, bytes);
    }
    opened(path).close();
  }

  /** Damage that only some question or a look at everything comes upon is for the scrubber. */
  @Test
  void openedWithoutVerificationEveryFlippedBitIsNoticedOrNotAndNothingStaysOpen()
      throws IOException {
    openWithFlippedBits(10);
  }

  @Test
  @Tag("long")
  void openedWithoutVerificationThousandsOfFlippedBitsAreNoticedOrNotAndNothingStaysOpen()
      throws IOException {
    openWithFlippedBits(3_000);
  }

  private void openWithFlippedBits(int perFile) throws IOException {
    long seed = 20_261_121;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Path path = directory.resolve("a");
    int noticed = 0;
    for (Path file : writeHundredEntries(path)) {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i < perFile; i++) {
        int bit = random.nextInt(bytes.length * 8);
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        Files.write(file, flipped);
        switch (LuceneIndex.open(path, false)) {
          case IndexOpening.Opened(EventIndex index) -> index.close();
          case IndexOpening.Unusable _ -> noticed++;
        }
        Files.write(file, bytes);
        // The lock would still be held if anything had stayed open.
        opened(path).close();
      }
    }
    assertThat(noticed).as("seed %d", seed).isGreaterThan(perFile);
  }

  /** Returns the files of the index, without its lock. */
  private static List<Path> writeHundredEntries(Path path) throws IOException {
    try (EventIndex index = LuceneIndex.create(path)) {
      for (int seq = 0; seq < 50; seq++) {
        apply(index, List.of(entry(ACME, seq, "actor " + seq), entry(BETA, seq, "x")));
      }
      index.commit(new Position(9));
    }
    try (Stream<Path> all = Files.list(path)) {
      return all.filter(f -> !f.endsWith("write.lock")).sorted().toList();
    }
  }

  @Test
  void leavesNoTraceOfAReplacedEntryInItsFilesOnceExpunged() throws IOException {
    Path path = directory.resolve("a");
    try (EventIndex index = LuceneIndex.create(path)) {
      for (int seq = 0; seq < 200; seq++) {
        apply(index, List.of(entry(ACME, seq, seq == 77 ? "qzxsecretqzx" : "ana")));
      }
      index.commit(new Position(1));
      assertThat(filesWith(path, "qzxsecretqzx")).isNotEmpty();
      apply(index, List.of(entry(ACME, 77, "erased")));
      index.expunge();
      assertThat(seqs(index, ACME, Filter.term(Field.ACTOR, "erased"))).containsExactly(77);
      assertThat(filesWith(path, "qzxsecretqzx")).isEmpty();
      assertThat(index.committed()).isEqualTo(new Position(1));
    }
  }

  private static List<Path> filesWith(Path path, String text) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (content.contains(text)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  @Test
  void findsBeginningsOfPackedIds() throws IOException {
    String uuid = "0199a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5b";
    String hex = "0199a1b23c4d7e5f8a9b0c1d2e3f4a5b";
    List<String> ids =
        List.of(
            uuid,
            hex,
            uuid.replace('5', '6'),
            "0199a1b2-x",
            "0199A1B2",
            uuid.substring(0, 24) + "ffffffffffff");
    try (EventIndex index = LuceneIndex.create(directory.resolve("a"))) {
      for (int seq = 0; seq < ids.size(); seq++) {
        apply(index, List.of(entry(ACME, seq, ids.get(seq))));
      }
      index.refresh();
      assertThat(seqs(index, ACME, beginning(uuid))).containsExactly(0);
      assertThat(seqs(index, ACME, beginning(uuid.substring(0, 20)))).containsExactly(5, 0);
      assertThat(seqs(index, ACME, beginning(uuid.substring(0, 24)))).containsExactly(5, 0);
      assertThat(seqs(index, ACME, beginning("0199a1b2-"))).containsExactly(5, 3, 2, 0);
      assertThat(seqs(index, ACME, beginning("0199a1b"))).containsExactly(5, 3, 2, 1, 0);
      assertThat(seqs(index, ACME, beginning("0199a1b23"))).containsExactly(1);
      assertThat(seqs(index, ACME, beginning("0199A"))).containsExactly(4);
      assertThat(seqs(index, ACME, beginning("019a"))).isEmpty();
      assertThat(seqs(index, ACME, beginning(uuid + "0"))).isEmpty();
    }
  }

  private static Filter beginning(String text) {
    return new Filter.Term(Field.ACTOR_ID, List.of(new Filter.Value(text, true)));
  }

  @Test
  void pagesThroughManySegmentsWithoutMissingOrDoublingAny() throws IOException {
    try (EventIndex index = LuceneIndex.create(directory.resolve("a"))) {
      int count = 3_000;
      for (int seq = 0; seq < count; seq += 50) {
        List<Entry> batch = new ArrayList<>();
        for (int i = seq; i < seq + 50; i++) {
          batch.add(entry(ACME, i, "ana"));
        }
        apply(index, batch);
        index.refresh();
      }
      for (Order order : Order.values()) {
        List<Long> all = new ArrayList<>();
        Place beyond = order.start();
        List<Place> page;
        do {
          try (CompiledQuery query =
              index.compile(scope(ACME), Filter.term(Field.ACTOR, "ana"), () -> false)) {
            page = query.page(order, beyond, 271);
          }
          for (Place place : page) {
            all.add(place.seq());
            beyond = place;
          }
        } while (!page.isEmpty());
        List<Long> sorted = new ArrayList<>();
        for (long seq = 0; seq < count; seq++) {
          sorted.add(order.isDescending() ? count - 1 - seq : seq);
        }
        assertThat(all).isEqualTo(sorted);
      }
    }
  }

  @Test
  void costsATenantNothingButItsEntries() throws IOException {
    try (EventIndex index = LuceneIndex.create(directory.resolve("a"))) {
      int tenants = 20_000;
      for (int first = 0; first < tenants; first += 1_000) {
        List<Entry> batch = new ArrayList<>();
        for (int t = first; t < first + 1_000; t++) {
          for (int seq = 0; seq < 3; seq++) {
            batch.add(entry(new TenantId("tenant-" + t), seq, "u" + t));
          }
        }
        apply(index, batch);
      }
      index.commit(new Position(1));
      index.refresh();
      IndexStats stats = index.stats();
      assertThat(stats.entries()).isEqualTo(3L * tenants);
      assertThat(stats.segments()).isLessThan(20);
      assertThat(stats.bytes()).isLessThan(3L * tenants * 120);
      assertThat(seqs(index, new TenantId("tenant-4711"), Filter.term(Field.ACTOR, "u4711")))
          .containsExactly(2, 1, 0);
    }
  }
}
