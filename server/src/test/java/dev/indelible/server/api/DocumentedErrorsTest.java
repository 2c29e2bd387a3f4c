package dev.indelible.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.Problem;
import dev.indelible.server.ingest.ItemResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/errors.md} against the sources: every code is there, and no other. */
class DocumentedErrorsTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/indelible/server");
  private static final Path PAGE = Path.of("../docs/errors.md");
  private static final Pattern ROW = Pattern.compile("^\\| (?:(\\d{3}) \\| )?`([a-z_]+)` \\|.*$");

  /** A status and a code beside it, as every problem is made. */
  private static final Pattern PROBLEM =
      Pattern.compile(
          "\\b([45]\\d\\d),\\s*\"([a-z_]+)\"|(unavailable|overloaded)\\(\\s*\"([a-z_]+)\"");

  private static final Pattern REFUSED_TERMS = Pattern.compile("case [A-Z_]+ -> \"([a-z_]+)\"");
  private static final Pattern FAULT =
      Pattern.compile("\\b(?:fault|ofParameter|ofPointer)\\([^;]*?,\\s*\"([a-z_]+)\",");

  @Test
  void everyCodeOfAnAnswerIsOnThePage() throws IOException {
    Set<String> made = new TreeSet<>();
    PROBLEM
        .matcher(sources("http", "api"))
        .results()
        .forEach(
            match -> {
              if (match.group(1) != null) {
                made.add(match.group(1) + " " + match.group(2));
              } else if (match.group(3).equals("unavailable")) {
                made.add("503 " + match.group(4));
              }
            });
    made.add("503 overloaded");
    made.add("422 all_rejected"); // a condition lies between this status and its code
    made.add("413 too_large");
    made.add("413 too_many");
    REFUSED_TERMS
        .matcher(Files.readString(SOURCES.resolve("api/governance/RetentionRoutes.java")))
        .results()
        .forEach(match -> made.add("422 " + match.group(1)));
    assertThat(made).hasSizeGreaterThan(40);
    assertThat(rows("Codes of an answer")).isEqualTo(made);
  }

  @Test
  void everyCodeOfARefusedEventIsOnThePage() throws IOException {
    assertThat(codes("Codes of an event that was refused"))
        .isEqualTo(
            Arrays.stream(ItemResult.Code.values())
                .map(ItemResult.Code::value)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void everyCodeOfAFaultIsOnThePage() throws IOException {
    Set<String> made = new TreeSet<>();
    FAULT
        .matcher(sources("http", "api", "deliver"))
        .results()
        .forEach(match -> made.add(match.group(1)));
    assertThat(made).contains("missing", "unknown_field", "out_of_range");
    for (Problem.Code code : Problem.Code.values()) {
      made.add(code.jsonName());
    }
    assertThat(codes("Codes of a single fault")).isEqualTo(made);
  }

  private static String sources(String... parts) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String part : parts) {
      try (Stream<Path> files = Files.walk(SOURCES.resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          all.append(Files.readString(file));
        }
      }
    }
    return all.toString();
  }

  private static Set<String> codes(String section) throws IOException {
    return rows(section).stream()
        .map(row -> row.substring(row.indexOf(' ') + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> rows(String section) throws IOException {
    Set<String> rows = new TreeSet<>();
    boolean within = false;
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("## ")) {
        within = line.equals("## " + section);
      } else if (within) {
        ROW.matcher(line)
            .results()
            .forEach(
                match ->
                    rows.add(
                        (match.group(1) == null ? "" : match.group(1) + " ") + match.group(2)));
      }
    }
    assertThat(rows).as(section).isNotEmpty();
    return rows;
  }
}
