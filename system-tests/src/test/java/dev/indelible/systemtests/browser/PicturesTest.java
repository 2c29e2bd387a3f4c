package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Takes the pictures of {@code docs/pictures}; only when asked to ({@code ./check -Dpictures
 * -Dtest=PicturesTest}), because they differ from day to day.
 */
@EnabledIfSystemProperty(named = "pictures", matches = ".*")
class PicturesTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static final Path FOLDER = Path.of("..", "docs", "pictures");
  private static final Look SMALL = Look.WIDE.size(1280, 800);

  private static void take(Tab tab, String name) {
    // What moves by itself, such as the pointer's tip, is not in the picture.
    tab.page.mouse().move(0, 0);
    tab.page.waitForLoadState();
    tab.page.screenshot(new Page.ScreenshotOptions().setPath(FOLDER.resolve(name + ".png")));
  }

  private static void awaitList(Tab tab) {
    tab.page.locator("tr.entry[data-id]").first().waitFor();
    tab.page.locator(".facet li").first().waitFor();
    tab.page.locator(".chart .sum strong").waitFor();
    assertThat(tab.page.locator(".live")).hasText("Live");
  }

  private static void openEntry(Tab tab, String containing) {
    tab.page.locator("tr.entry[data-id]").getByText(containing).first().waitFor();
    tab.page.locator("tr.entry[data-id]").first().locator("td.time a").click();
    assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "verified");
    assertThat(tab.page.locator(".related .count").first()).not().isEmpty();
  }

  @Test
  void theLog() {
    for (boolean dark : new boolean[] {false, true}) {
      try (Tab tab =
          BROWSING.get().open(dark ? SMALL.atNight() : SMALL).console("/t/acme-support/log")) {
        awaitList(tab);
        take(tab, dark ? "log-dark" : "log");
        tab.page.evaluate(
            "() => document.querySelector('indelible-console').go('/t/acme-support/log#q=changed%3Arole')");
        openEntry(tab, "changed");
        tab.page.locator("[data-proof] summary").click();
        take(tab, dark ? "entry-dark" : "entry");
      }
    }
  }

  @Test
  void theOverview() {
    for (boolean dark : new boolean[] {false, true}) {
      try (Tab tab =
          BROWSING.get().open(dark ? SMALL.atNight() : SMALL).console("/t/acme-support")) {
        assertThat(tab.page.locator(".tile").first()).containsText("Verified");
        assertThat(tab.page.locator(".unusual")).containsText("in one night");
        take(tab, dark ? "overview-dark" : "overview");
      }
    }
  }

  @Test
  void theNarrowViewer() {
    for (boolean dark : new boolean[] {false, true}) {
      Look look = dark ? Look.NARROW.atNight() : Look.NARROW;
      try (Tab tab = BROWSING.get().open(look).viewer("#q=country:BR")) {
        tab.page.locator("tr.entry[data-id]").first().waitFor();
        tab.page.locator(".chart .sum strong").waitFor();
        take(tab, dark ? "narrow-dark" : "narrow");
      }
    }
  }

  @Test
  void aCopyThatDoesNotHold() throws Exception {
    Path copy = BROWSING.get().tamperedCopy();
    for (boolean dark : new boolean[] {false, true}) {
      try (Tab tab =
          BROWSING.get().open(dark ? SMALL.atNight() : SMALL).console("/t/acme-support/check")) {
        tab.page
            .locator(".drop input")
            .setInputFiles(
                new FilePayload(
                    "demo-data-tampered.ndjson", "application/x-ndjson", Files.readAllBytes(copy)));
        tab.page.locator("[data-check=broken]").waitFor();
        take(tab, dark ? "check-dark" : "check");
      }
    }
  }
}
