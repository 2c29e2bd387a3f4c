package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A log of two million entries: the first view of it comes at once, and a million entries that all
 * match are paged and filtered at the reader's pace.
 */
@Tag("long")
class LargeLogTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static final int ENTRIES = 2_000_000;
  private static final int BATCH = 100_000;
  private static final int PAGES = 15;

  /** The machine's other work makes a frame long now and then; the median is what the page does. */
  private static final int ROUNDS = 5;

  private static final double LONGEST_FRAME_MILLIS = 100;
  private static final double FIRST_ROWS_MILLIS = 1_000;

  private static void fill() {
    Events.post(BROWSING.get(), "/v1/tenants", "{\"id\":\"large\",\"name\":\"Large\"}");
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    for (int from = 0; from < ENTRIES; from += BATCH) {
      StringBuilder lines = new StringBuilder(BATCH * 220);
      for (int i = from; i < from + BATCH; i++) {
        lines.append(
            "{\"tenant\":\"large\",\"action\":\"%s\",\"actor\":{\"type\":\"user\",\"id\":\"u_%d\",\"name\":\"User %d\"},\"targets\":[{\"type\":\"team\",\"id\":\"t_%d\"}],\"outcome\":\"%s\",\"occurred_at\":\"%s\"}\n"
                .formatted(
                    i % 2 == 0 ? "team.update" : "user.login",
                    i % 500,
                    i % 500,
                    i % 40,
                    i % 20 == 0 ? "failure" : "success",
                    start.plus(Duration.ofSeconds(12L * i))));
      }
      Events.lines(BROWSING.get(), lines.toString());
    }
  }

  @Test
  void aMillionMatchingEntriesPageAndFilterWithoutAFrameThatIsTooLong() {
    fill();
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.addInitScript(
          """
          window.frames_ = [];
          new PerformanceObserver(list => window.frames_.push(...list.getEntries().map(e => e.duration)))
            .observe({type: 'long-animation-frame', buffered: true});
          """);
      // Once to fill the caches, as a browser has them that was here before.
      open(tab);
      tab.page.navigate("about:blank");
      open(tab);
      double firstRows =
          ((Number) tab.page.evaluate("() => window.firstRows ?? performance.now()")).doubleValue();
      double[] longest = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        if (i > 0) {
          tab.page.navigate("about:blank");
          open(tab);
        }
        longest[i] = longestFrameOfPagingAndFiltering(tab);
      }
      Arrays.sort(longest);
      System.out.printf(
          "first rows after %.0f ms, longest frames of the rounds %s ms%n",
          firstRows, Arrays.toString(longest));
      assertThat(longest[ROUNDS / 2]).isLessThan(LONGEST_FRAME_MILLIS);
      assertThat(firstRows).isLessThan(FIRST_ROWS_MILLIS);
    }
  }

  private static double longestFrameOfPagingAndFiltering(Tab tab) {
    Locator rows = tab.page.locator("tr.entry[data-id]");
    tab.page.locator(".facet li[data-field=action][data-value='team.update'] .take").click();
    assertThat(tab.page.locator(".chart .sum")).containsText("1,000,0");
    tab.page.evaluate("() => { window.frames_.length = 0; }");
    for (int i = 0; i < PAGES; i++) {
      String first = rows.first().getAttribute("data-id");
      tab.page.locator(".older").click();
      assertThat(rows.first()).not().hasAttribute("data-id", first);
    }
    for (String outcome : new String[] {"failure", "success", "failure"}) {
      tab.page.locator(".facet li[data-field=outcome][data-value=" + outcome + "] .take").click();
      assertThat(tab.page.locator(".chips"))
          .containsText(outcome.equals("failure") ? "Failure" : "Success");
      rows.first().waitFor();
    }
    return ((Number) tab.page.evaluate("() => Math.max(0, ...window.frames_)")).doubleValue();
  }

  private static void open(Tab tab) {
    tab.page.addInitScript(
        """
        const watch = () => {
          const row = document.querySelector('indelible-viewer')?.shadowRoot?.querySelector('tr.entry[data-id]');
          if (row) window.firstRows = performance.now(); else requestAnimationFrame(watch);
        };
        requestAnimationFrame(watch);
        """);
    tab.viewerOf("large", "", "");
    assertThat(tab.page.locator(".chart .sum")).containsText("2,000,0");
    tab.page.locator("tr.entry[data-id]").first().waitFor();
  }
}
