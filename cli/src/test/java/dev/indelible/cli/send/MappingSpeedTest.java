package dev.indelible.cli.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.source.JsonSource;
import dev.indelible.cli.source.SourceRecord;
import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.Mapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Speed of preparing records for sending on one core: read, mapped, written as events. The same
 * events, sent as NDJSON, are what a map is measured against. Says its figures.
 */
@Tag("long")
class MappingSpeedTest {

  private static final int LINES = Integer.getInteger("mapping.lines", 1_000_000);
  private static final int ROUNDS = 3;

  @TempDir private Path folder = Path.of(".");

  @ParameterizedTest
  @CsvSource({"github,github.json", "okta,okta.ndjson", "cloudtrail,cloudtrail.json"})
  void aMappedLogIsPreparedAsFastAsItsEvents(String name, String sample) throws IOException {
    LogMap map = LogMap.builtIn(name).orElseThrow();
    Path log = folder.resolve(name + ".ndjson");
    Path events = folder.resolve(name + ".events");
    repeat(samples(map, sample), log);
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(events))) {
      assertThat(print(map, log, out)).isZero();
    }
    double mapped = 0;
    double plain = 0;
    for (int round = 0; round < ROUNDS; round++) {
      mapped = Math.max(mapped, linesPerSecond(map, log));
      plain = Math.max(plain, linesPerSecond(null, events));
    }
    System.out.printf(
        "%s: %,.0f lines/s mapped (%,d bytes each), %,.0f lines/s as NDJSON (%,d bytes each)%n",
        name, mapped, Files.size(log) / LINES, plain, Files.size(events) / LINES);
    assertThat(mapped).isGreaterThan(plain / 4);
  }

  private static double linesPerSecond(@Nullable LogMap map, Path file) throws IOException {
    long start = System.nanoTime();
    try (PrintWriter nowhere = new PrintWriter(Writer.nullWriter())) {
      assertThat(print(map, file, nowhere)).isZero();
    }
    return LINES * 1e9 / (System.nanoTime() - start);
  }

  private static long print(@Nullable LogMap map, Path file, PrintWriter out) throws IOException {
    Preparation preparation = new Preparation(map == null ? null : new Mapper(map), "acme");
    try (InputStream in = Files.newInputStream(file);
        JsonSource source = new JsonSource(file.toString(), in, null)) {
      return preparation.print(source, out, out);
    }
  }

  private static List<String> samples(LogMap map, String sample) throws IOException {
    List<String> lines = new ArrayList<>();
    try (InputStream in = LogMap.class.getResourceAsStream("/dev/indelible/cli/map/" + sample);
        JsonSource source = new JsonSource(sample, in, map.records())) {
      for (var record = source.next(); record != null; record = source.next()) {
        if (record instanceof SourceRecord.Parsed parsed) {
          lines.add(parsed.tree().toString());
        }
      }
    }
    return lines;
  }

  private static void repeat(List<String> samples, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < LINES; i++) {
        out.write(samples.get(i % samples.size()).getBytes(UTF_8));
        out.write('\n');
      }
    }
  }
}
