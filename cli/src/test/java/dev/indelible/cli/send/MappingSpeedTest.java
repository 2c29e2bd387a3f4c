package dev.indelible.cli.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.source.JsonSource;
import dev.indelible.cli.source.SourceRecord;
import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Sample;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processor time of making a log's lines ready for sending: read, mapped, written as events. The
 * same events, read and written as NDJSON, are what a map is measured against, in turns in one run.
 * Says its figures.
 */
@Tag("long")
class MappingSpeedTest {

  private static final int LINES = Integer.getInteger("mapping.lines", 200_000);
  private static final int ROUNDS = 4;

  /**
   * The most that a mapped line may take, in lines of its events as NDJSON. Measured: 1.5 to 1.65;
   * 3 before a record was walked once for all rules.
   */
  private static final double MOST = 2.0;

  @TempDir private Path folder = Path.of(".");

  @ParameterizedTest
  @ValueSource(strings = {"github", "okta", "kubernetes"})
  void aMappedLineTakesLittleMoreThanItsEvent(String name) throws IOException {
    LogMap map = LogMap.builtIn(name).orElseThrow();
    Path log = folder.resolve(name + ".ndjson");
    Path events = folder.resolve(name + ".events");
    repeat(sample(map), log);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(events))) {
      prepare(map, log, out);
    }
    double mapped = Double.MAX_VALUE;
    double plain = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      mapped = Math.min(mapped, microsOfLine(map, log));
      plain = Math.min(plain, microsOfLine(null, events));
    }
    System.out.printf(
        "%s: %.2f µs a line mapped (%,d bytes each), %.2f µs as NDJSON (%,d bytes each)%n",
        name, mapped, Files.size(log) / LINES, plain, Files.size(events) / LINES);
    assertThat(mapped).isLessThan(plain * MOST);
  }

  private static double microsOfLine(@Nullable LogMap map, Path file) throws IOException {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    prepare(map, file, OutputStream.nullOutputStream());
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    return nanos / 1e3 / LINES;
  }

  private static void prepare(@Nullable LogMap map, Path file, OutputStream out)
      throws IOException {
    Preparation preparation = new Preparation(map == null ? null : new Mapper(map), "acme");
    LineIds ids = new LineIds("speed");
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (JsonSource source = new JsonSource(file.toString(), Files.newInputStream(file), null)) {
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        for (Prepared prepared : preparation.prepare(record, ids)) {
          if (prepared instanceof Prepared.Ready ready) {
            lines.reset();
            ready.line().writeTo(lines);
            lines.writeTo(out);
          } else {
            throw new AssertionError(prepared);
          }
        }
      }
    }
  }

  /** The records of the map's sample that become events. */
  private static List<String> sample(LogMap map) throws IOException {
    Sample sample = Sample.of(map.name()).orElseThrow();
    List<String> lines = new ArrayList<>();
    try (InputStream in = sample.open();
        JsonSource source = new JsonSource(sample.fileName(), in, map.records())) {
      for (var record = source.next(); record != null; record = source.next()) {
        String line = ((SourceRecord.Parsed) record).tree().toString();
        if (!line.contains("\"RequestReceived\"")) {
          lines.add(line);
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
