package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.testing.Eventually;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/** Tests of the layout: the row of a link, columns of one's own width, pages in the dark. */
class LayoutTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  /** Number of entries that are newer than the one that a link names. */
  private static final int NEWER = 400;

  private static String entryBehind(int newer) {
    String events = "/v1/tenants/" + Browsing.TENANT + "/events?limit=" + newer;
    var page = JsonMapper.shared().readTree(Events.get(BROWSING.get(), events));
    return page.path("entries").path(newer - 1).path("id").asString();
  }

  @Test
  void aLinkShowsItsRowAmongThoseAroundItAndColumnsKeepTheWidthTheyAreGiven() {
    String id = entryBehind(NEWER);
    String address = "/t/" + Browsing.TENANT + "/log#time=newest&entry=" + id;
    try (Tab tab = BROWSING.get().open(Look.WIDE).console(address)) {
      Locator row = tab.page.locator("tr.open");
      assertThat(row).hasAttribute("data-id", id);
      assertThat(row).isInViewport();
      assertThat(tab.page.locator(".elsewhere")).hasCount(0);
      assertThat(tab.page.locator(".panel h2")).isVisible();
      tab.page.keyboard().press("Escape");
      assertThat(tab.page.locator(".panel")).hasCount(0);

      Locator column = tab.page.locator("thead th:has(.grip):not(.time-column)").first();
      column.locator(".grip").hover(); // once it stands still
      BoundingBox grip = column.locator(".grip").boundingBox();
      double before = column.boundingBox().width;
      tab.page.mouse().down();
      tab.page.mouse().move(grip.x - 60, grip.y + grip.height / 2);
      tab.page.mouse().up();
      double after =
          Eventually.see(
              "the width that the column is given",
              () -> column.boundingBox().width,
              width -> width >= before + 55 && width <= before + 75);
      Axe.assertNoFaults(tab.page, "the log around a linked entry");
      tab.page.reload();
      tab.page.locator("tr.entry[data-id]").first().waitFor();
      Eventually.see(
          "the width that the column had", () -> column.boundingBox().width, now -> now == after);
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void theContractIsDarkWhereTheConsoleIs() {
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      Page page = tab.page;
      page.navigate(BROWSING.get().address() + "/docs");
      assertThat(page.locator("html")).not().hasClass("dark-mode");
      page.evaluate("() => localStorage.setItem('indelible:choices', '{\"theme\":\"dark\"}')");
      page.reload();
      assertThat(page.locator("html")).hasClass("dark-mode");
    }
    try (Tab tab = BROWSING.get().open(Look.WIDE.atNight())) {
      tab.page.navigate(BROWSING.get().address() + "/docs");
      assertThat(tab.page.locator("html")).hasClass("dark-mode");
    }
  }
}
