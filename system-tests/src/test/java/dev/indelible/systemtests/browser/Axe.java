package dev.indelible.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** axe-core, with the rules of WCAG 2.2 AA. */
final class Axe {

  private static final Path SOURCE = Path.of("..", "web", "node_modules", "axe-core", "axe.min.js");

  private static final String RUN =
      """
      async () => {
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
        const found = await axe.run(document, {runOnly: tags, resultTypes: ['violations']});
        return found.violations.flatMap(v => v.nodes.map(n => ({
          rule: v.id, where: n.target.flat().join(' '), what: n.html.slice(0, 300), why: n.failureSummary})));
      }
      """;

  private Axe() {}

  /** Asserts that the page, as it is now, has no fault that axe can find. */
  static void assertNoFaults(Page page, String state) {
    try {
      page.evaluate(Files.readString(SOURCE));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Object found = page.evaluate(RUN);
    assertThat(found).as("axe, %s", state).isInstanceOf(List.class);
    List<String> faults =
        ((List<?>) found)
            .stream().map(fault -> fault instanceof Map<?, ?> m ? m.toString() : "?").toList();
    assertThat(faults).as("axe, %s", state).isEmpty();
  }
}
