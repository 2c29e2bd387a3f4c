package dev.indelible.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** axe-core, with the rules of WCAG 2.2 AA. */
final class Axe {

  /** The whole page. */
  static final String ALL = "";

  private static final Path SOURCE = Path.of("..", "web", "node_modules", "axe-core", "axe.min.js");

  /**
   * Sheets and helps are modal: what is behind them cannot be reached, and was looked at before. Of
   * siblings that have the same elements with the same classes and attributes' names, such as most
   * of a hundred rows, the first few are looked at.
   */
  private static final String RUN =
      """
      async part => {
        if (typeof axe === 'undefined') return null;
        const FEW = 4;
        const form = node => [node, ...node.querySelectorAll('*')]
          .map(each => each.tagName + '.' + each.className + each.getAttributeNames()).join();
        const alike = root => [...root.querySelectorAll('*')].flatMap(each => {
          const more = each.shadowRoot ? alike(each.shadowRoot) : [];
          if (each.childElementCount <= FEW) return more;
          const seen = new Map();
          return more.concat([...each.children].filter(child => {
            const known = form(child);
            seen.set(known, (seen.get(known) ?? 0) + 1);
            return seen.get(known) > FEW;
          }));
        });
        const deep = (root, selector) => root.querySelector(selector)
          ?? [...root.querySelectorAll('*')].map(each => each.shadowRoot && deep(each.shadowRoot, selector)).find(Boolean);
        const where = deep(document, 'dialog:modal') ?? (part ? deep(document, part) : document);
        if (!where) throw new Error(`There is no ${part}.`);
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
        const found = await axe.run({include: [where], exclude: alike(where)}, {runOnly: tags, resultTypes: ['violations'], preload: false});
        return found.violations.flatMap(v => v.nodes.map(n => ({
          rule: v.id, where: n.target.flat().join(' '), what: n.html.slice(0, 300), why: n.failureSummary})));
      }
      """;

  private Axe() {}

  /** Asserts that the page, as it is now, has no fault that axe can find. */
  static void assertNoFaults(Page page, String state) {
    assertNoFaults(page, state, ALL);
  }

  /** Checks the part of the page that this selector finds; the rest was checked before. */
  static void assertNoFaults(Page page, String state, String part) {
    Object found = page.evaluate(RUN, part);
    if (found == null) {
      // Once for each document.
      page.evaluate(Source.TEXT);
      found = page.evaluate(RUN, part);
    }
    assertThat(found).as("axe, %s", state).isInstanceOf(List.class);
    List<String> faults =
        ((List<?>) found)
            .stream().map(fault -> fault instanceof Map<?, ?> m ? m.toString() : "?").toList();
    assertThat(faults).as("axe, %s", state).isEmpty();
  }

  /** Script of axe, read on first use. */
  private static final class Source {
    static final String TEXT = read();

    private static String read() {
      try {
        return Files.readString(SOURCE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
