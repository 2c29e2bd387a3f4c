package dev.indelible.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.audit.DataDirectoryAudit;
import dev.indelible.server.audit.DataDirectoryAudit.TenantReport;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
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

  @TempDir private Path folder;

  /** A class of bytes: part of a file whose name begins so. */
  private record ByteClass(String name, Path file, long from, long to) {}

  /** What became of the flips of a class. */
  private static final class Count {
    private int flips;
    private int found;
    private int withoutEffect;
  }

  @Test
  void aFlippedBitIsFoundOrHasNoEffect() throws Exception {
    flip(40);
  }

  @Test
  @Tag("long")
  void thousandsOfFlippedBitsAreFoundOrHaveNoEffect() throws Exception {
    flip(750);
  }

  private Path directory() throws Exception {
    Path data = folder.resolve("data");
    Path copy = folder.resolve("copy");
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
      server.copyTo(copy);
    }
    return copy;
  }

  private void flip(int perClass) throws Exception {
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
        assertThat(count.getValue().found).as(count.getKey()).isGreaterThan(perClass * 8 / 10);
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

  @Test
  void aFlippedBitInTheIndexIsHealedByARebuild() throws Exception {
    heal(4);
  }

  @Test
  @Tag("long")
  void manyFlippedBitsInTheIndexAreHealedByARebuild() throws Exception {
    heal(60);
  }

  private void heal(int flips) throws Exception {
    long seed = Long.getLong("indelible.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path original = directory();
    AuditedServer.delete(original.resolve("index"));
    List<String> expected;
    try (AuditedServer server = AuditedServer.start(original)) {
      expected = everything(server);
    }
    Path data = folder.resolve("flipped");
    int seen = 0;
    for (int i = 0; i < flips; i++) {
      AuditedServer.copy(original, data);
      List<Path> index = files(data.resolve("index"), "");
      Path file = index.get(random.nextInt(index.size()));
      long size = Files.size(file);
      if (size > 0) {
        toggle(file, (long) (random.nextDouble() * size), random.nextInt(8));
      }
      if (!answersAs(data, expected)) {
        seen++;
        AuditedServer.delete(data.resolve("index"));
        assertThat(indexed(data)).as("%s rebuilt, seed %d", file, seed).isEqualTo(expected);
      }
      AuditedServer.delete(data);
    }
    System.out.printf("index: %d flips, %d of them took a rebuild%n", flips, seen);
  }

  private static boolean answersAs(Path data, List<String> expected) throws Exception {
    try {
      return indexed(data).equals(expected);
    } catch (IOException | RuntimeException e) {
      System.out.println(data + " does not answer: " + e);
      return false;
    }
  }

  private static List<String> indexed(Path data) throws Exception {
    try (AuditedServer server = AuditedServer.start(data)) {
      return everything(server);
    }
  }

  private static List<String> everything(AuditedServer server) throws Exception {
    List<String> answers = new ArrayList<>();
    for (String tenant : TENANTS) {
      // The entry that a server makes of a checkpoint of itself differs from start to start.
      answers.add(server.everything(tenant).replaceAll("\"indexed_through\":\\d+", ""));
    }
    return answers;
  }
}
