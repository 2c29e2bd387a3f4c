package dev.indelible.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.Setting;
import dev.indelible.server.audit.DataDirectoryAudit;
import dev.indelible.server.audit.DataDirectoryAudit.TenantReport;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.IndexHome;
import dev.indelible.server.index.IndexOpening;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Single bits of a data directory are flipped, one at a time: each flip is found, or what the logs
 * answer is the same to the last byte. The directory is as a kill leaves it: several tenants, runs,
 * a journal with entries that are in no run yet.
 */
class BitFlipTest {

  private static final List<String> TENANTS = List.of("acme", "bolt", "cray");

  /** Events of each tenant. */
  private static final int RECORDED = 315;

  /** The directory, made once; what a test changes is a copy. */
  @TempDir private static Path made;

  @TempDir private Path folder;

  /** A class of bytes: part of a file whose name begins so. */
  private record ByteClass(String name, Path file, long from, long to) {}

  /** Outcome of the flips of a class. */
  private static final class Count {
    private int flips;
    private int found;
    private int withoutEffect;
  }

  @Test
  void aFlippedBitIsFoundOrHasNoEffect() throws Exception {
    flip(3, 0); // by far the most are found, but which are flipped is left to chance
  }

  @Test
  @Tag("long")
  void thousandsOfFlippedBitsAreFoundOrHaveNoEffect() throws Exception {
    flip(750, 600);
  }

  @BeforeAll
  static void makeDirectory() throws Exception {
    Path data = made.resolve("data");
    for (int run = 0; run < 2; run++) {
      try (AuditedServer server = AuditedServer.start(data)) {
        for (String tenant : TENANTS) {
          if (run == 0) {
            server.createTenant(tenant);
          }
          server.record(tenant, run * 150, 150);
        }
      }
    }
    try (AuditedServer server = AuditedServer.start(data)) {
      for (String tenant : TENANTS) {
        server.record(tenant, 300, 15);
        server.awaitCheckpoint(tenant, 315);
      }
      server.copyTo(made.resolve("copy"));
    }
  }

  private Path directory() throws IOException {
    Path copy = folder.resolve("copy");
    AuditedServer.copy(made.resolve("copy"), copy);
    return copy;
  }

  private void flip(int perClass, int leastFound) throws Exception {
    long seed = Long.getLong("indelible.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path data = directory();
    List<String> before = answers(data);
    assertThat(before).as("the untouched directory").noneMatch(line -> line.startsWith("!"));
    List<ByteClass> places = places(data);
    Map<String, List<ByteClass>> classes = new LinkedHashMap<>();
    places.forEach(
        place -> classes.computeIfAbsent(place.name(), _ -> new ArrayList<>()).add(place));
    Map<String, Count> counts = new LinkedHashMap<>();
    List<String> changed = new ArrayList<>();
    for (Map.Entry<String, List<ByteClass>> of : classes.entrySet()) {
      Count count = counts.computeIfAbsent(of.getKey(), _ -> new Count());
      for (int i = 0; i < perClass; i++) {
        ByteClass place = of.getValue().get(random.nextInt(of.getValue().size()));
        long offset = place.from() + (long) (random.nextDouble() * (place.to() - place.from()));
        int bit = random.nextInt(8);
        toggle(place.file(), offset, bit);
        List<String> after = answers(data);
        toggle(place.file(), offset, bit);
        count.flips++;
        if (after.equals(before)) {
          count.withoutEffect++;
        } else if (after.stream().anyMatch(line -> !before.contains(line) && isFinding(line))) {
          count.found++;
        } else {
          changed.add(place.name() + " " + place.file() + " byte " + offset + " bit " + bit);
        }
      }
    }
    counts.forEach(
        (name, count) ->
            System.out.printf(
                "%-40s %6d flips %6d found %6d without effect%n",
                name, count.flips, count.found, count.withoutEffect));
    assertThat(changed)
        .as("flips that changed an answer and were not found, seed %d", seed)
        .isEmpty();
    assertThat(answers(data)).isEqualTo(before);
    for (Map.Entry<String, Count> count : counts.entrySet()) {
      if (!count.getKey().contains("unused")) {
        // Alignment between frames, at most 7 bytes each, is the only thing that nothing reads.
        assertThat(count.getValue().found).as(count.getKey()).isGreaterThan(leastFound);
      }
    }
  }

  private static boolean isFinding(String line) {
    return line.startsWith("!") || line.startsWith("?");
  }

  /** Every finding, and of every log its size and root, which commit to every byte of it. */
  private static List<String> answers(Path data) throws InterruptedException {
    DataDirectoryAudit.Result result = AuditedServer.audit(data, null, Trust.NOTHING);
    List<String> lines = new ArrayList<>();
    for (Finding finding : result.directory()) {
      lines.add((finding.breaks() ? "! " : "? ") + finding.sentence());
    }
    for (TenantReport tenant : result.tenants()) {
      lines.add(tenant.tenant() + " " + tenant.report().entries() + " " + tenant.root());
      for (Finding finding : tenant.report().findings()) {
        lines.add((finding.breaks() ? "! " : "? ") + tenant.tenant() + " " + finding.sentence());
      }
    }
    return lines;
  }

  private static void toggle(Path file, long offset, int bit) throws IOException {
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      random.seek(offset);
      int value = random.read();
      random.seek(offset);
      random.write(value ^ 1 << bit);
    }
  }

  private static List<ByteClass> places(Path data) throws IOException {
    List<ByteClass> places = new ArrayList<>();
    for (String journal : List.of("events", "control", "heads")) {
      for (Path segment : files(data.resolve("journal").resolve(journal), ".segment")) {
        long end = lastByte(segment) + 1;
        long size = Files.size(segment);
        places.add(new ByteClass(journal + " journal: header", segment, 0, 64));
        places.add(new ByteClass(journal + " journal: unused, in the header", segment, 64, 4096));
        if (end > 4096) {
          places.add(new ByteClass(journal + " journal: frames", segment, 4096, end));
        }
        places.add(
            new ByteClass(
                journal + " journal: unused, preallocated",
                segment,
                Math.max(end, 4096) + 8,
                size));
      }
    }
    for (Path run : files(data.resolve("blobs/blobs/run"), ".run")) {
      places.add(new ByteClass("runs", run, 0, Files.size(run)));
    }
    for (Path state : files(data.resolve("blobs/states"), "")) {
      places.add(new ByteClass("states (manifest and others)", state, 0, Files.size(state)));
    }
    return places;
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(suffix))
          .sorted()
          .toList();
    }
  }

  private static long lastByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = bytes.length - 1;
    while (at >= 0 && bytes[at] == 0) {
      at--;
    }
    return at;
  }

  /** Check that notices a flipped bit of the search index. */
  private enum Notice {
    THE_START,
    THE_SCRUBBER,
    NOTHING
  }

  @Test
  void aFlippedBitInTheIndexIsNoticedAndHealedAndLetsNothingBeRecordedTwice() throws Exception {
    flipIndex(2);
  }

  @Test
  @Tag("long")
  void hundredsOfFlippedBitsInTheIndexAreNoticedAndHealedAndLetNothingBeRecordedTwice()
      throws Exception {
    flipIndex(300);
  }

  private void flipIndex(int flips) throws Exception {
    long seed = Long.getLong("indelible.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path original = directory();
    AuditedServer.delete(original.resolve("index"));
    List<String> expected = answersOfServer(original);
    Path data = folder.resolve("flipped");
    Map<Notice, Integer> noticed = new EnumMap<>(Notice.class);
    int changed = 0;
    for (int i = 0; i < flips; i++) {
      AuditedServer.copy(original, data);
      List<Path> index =
          files(data.resolve("index"), "").stream().filter(f -> f.toFile().length() > 0).toList();
      // Most of the files are tiny; nearly all that is searched is in one of them.
      Path file =
          i % 2 == 0
              ? index.get(random.nextInt(index.size()))
              : Collections.max(index, Comparator.comparingLong(f -> f.toFile().length()));
      long offset = (long) (random.nextDouble() * Files.size(file));
      int bit = random.nextInt(8);
      toggle(file, offset, bit);
      String flip = "%s byte %d bit %d, seed %d".formatted(file, offset, bit, seed);
      Notice notice = notice(data.resolve("index"));
      noticed.merge(notice, 1, Integer::sum);
      if (!answersOfServer(data).equals(expected)) {
        changed++;
        System.out.println("changed an answer: " + flip);
        assertThat(notice).as(flip).isEqualTo(Notice.THE_SCRUBBER);
        awaitScrubbed(data);
        assertThat(answersOfServer(data)).as("healed: %s", flip).isEqualTo(expected);
      }
      AuditedServer.delete(data);
    }
    System.out.printf(
        "index: %d flips, noticed by %s; %d changed an answer%n", flips, noticed, changed);
    assertThat(noticed).doesNotContainKey(Notice.NOTHING);
  }

  /**
   * Finds the check that notices the flip, on a copy: opening an index may delete files that it
   * does not need.
   */
  private Notice notice(Path index) throws IOException {
    Path copy = folder.resolve("index");
    AuditedServer.copy(index, copy);
    try {
      return switch (new IndexHome(copy).open(false)) {
        case IndexOpening.Unusable _ -> Notice.THE_START;
        case IndexOpening.Opened(EventIndex opened) -> {
          try (opened) {
            opened.checkIntegrity(_ -> {});
            yield Notice.NOTHING;
          } catch (IOException e) {
            yield Notice.THE_SCRUBBER;
          }
        }
      };
    } finally {
      AuditedServer.delete(copy);
    }
  }

  /** Runs a server until its scrubber, or the log itself, has taken the index out of use. */
  private static void awaitScrubbed(Path data) throws Exception {
    Path inUse = data.resolve("index/CURRENT");
    if (!Files.exists(inUse)) {
      return;
    }
    try (AuditedServer _ =
        AuditedServer.start(data, Map.of(Setting.SCRUB_EVERY, "1s", Setting.SCRUB_RATE, "1GiB"))) {
      Eventually.holds("the index out of use", () -> !Files.exists(inUse));
    }
  }

  /** Answers of a server on {@code data} to every question, and to all events sent again. */
  private static List<String> answersOfServer(Path data) throws Exception {
    List<String> answers = new ArrayList<>();
    try (AuditedServer server = AuditedServer.start(data)) {
      for (String tenant : TENANTS) {
        // The entry that a server makes of a checkpoint of itself differs from start to start.
        answers.add(server.everything(tenant).replaceAll("\"indexed_through\":\\d+", ""));
      }
      for (String tenant : TENANTS) {
        String answer = server.send(tenant, 0, RECORDED);
        assertThat(answer.split("\"duplicate\":true", -1).length - 1)
            .as("events of %s that were known: %s", tenant, answer)
            .isEqualTo(RECORDED);
      }
    }
    return answers;
  }
}
