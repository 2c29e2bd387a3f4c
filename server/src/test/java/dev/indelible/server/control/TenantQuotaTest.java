package dev.indelible.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every quota is on the page that operators read, and asked for where such a thing is made. */
final class TenantQuotaTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/indelible/server");
  private static final Path PAGE = Path.of("../docs/operate/limits.md");

  @Test
  void thePageListsAllOfThem() throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream()
            .dropWhile(line -> !line.startsWith("## Of one tenant"))
            .filter(line -> line.startsWith("| ") && !line.startsWith("| what"))
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(TenantQuota.values())
                .map(
                    quota -> String.format(Locale.ROOT, "| %s | %,d |", quota.what(), quota.most()))
                .toList());
  }

  @Test
  void eachIsAskedForSomewhere() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file :
          files
              .filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.endsWith("TenantQuota.java"))
              .toList()) {
        all.append(Files.readString(file));
      }
    }
    assertThat(TenantQuota.values())
        .allSatisfy(quota -> assertThat(all).contains("TenantQuota." + quota.name()));
  }
}
