package dev.indelible.cli.source;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.indelible.mapping.Input;
import dev.indelible.mapping.MapReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/** Any file in any form ends, in records and refusals that are numbered without a gap. */
class SourcesFuzzTest {

  private static final List<String> FORMS =
      List.of(
          "json",
          "csv",
          "{form: csv, separator: ;, columns: [a, b]}",
          "keyvalue",
          "ldif",
          "lines",
          "{form: lines, start: '^\\d'}",
          "auditd");

  @FuzzTest(maxDuration = "5m")
  void anyFileEnds(FuzzedDataProvider data) throws IOException {
    String form = data.pickValue(FORMS);
    Input input =
        MapReader.read(
                "fuzzed",
                "version: 2\ninput: %s\nevent: {action: a, actor: {type: system}}".formatted(form))
            .input();
    byte[] file = data.consumeRemainingAsBytes();
    try (RecordSource source =
        Sources.open(input, "file", "file", new ByteArrayInputStream(file), "Records")) {
      long ordinal = 0;
      long line = 0;
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        if (record.place().ordinal() != ++ordinal || record.place().line() < 0) {
          throw new AssertionError(record + " after " + ordinal + " and line " + line);
        }
        line = record.place().line();
      }
    }
  }
}
