package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.testing.Eventually;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console for everybody: its sheets in the dark, its pages right to left, and keys alone. */
class ConsoleAccessibilityTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  /** Number of tabs that reach everything of a page. */
  private static final int MOST_TABS = 120;

  /** Script that names the focused element by its field's name, its label or its text. */
  private static final String FOCUSED =
      """
      () => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at?.getAttribute('name') ?? at?.getAttribute('aria-label') ?? at?.labels?.[0]?.textContent ?? at?.textContent?.replace(/\\s+/g, ' ').trim() ?? '';
      }
      """;

  @Tag("long")
  @ParameterizedTest
  @CsvSource({
    "/tenants, Create a tenant",
    "/t/acme-support/holds, Apply a hold",
    "/t/acme-support/exports, Make an export",
    "/t/acme-support/schedules, Make a schedule",
    "/t/acme-support/retention, Change retention",
    "/t/acme-support/erasures, Receive a request",
    "/t/acme-support/erasures, What does the log hold about somebody?",
    "/t/acme-support/settings, Change settings",
    "/t/acme-support/settings, Change the profile"
  })
  void everySheetHasNoFaultsInTheDark(String path, String button) {
    try (Tab tab = BROWSING.get().open(Look.WIDE.atNight()).console(path)) {
      tab.page
          .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true))
          .click();
      Locator sheet = tab.page.locator("dialog[open]");
      assertThat(sheet.locator("h2")).hasText(button);
      tab.awaitLoaded();
      Axe.assertNoFaults(tab.page, button + ", dark");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tenants",
        "/t/acme-support",
        "/t/acme-support/log",
        "/t/acme-support/holds",
        "/t/acme-support/retention",
        "/t/acme-support/erasures",
        "/t/acme-support/settings",
        "/t/acme-support/exports",
        "/t/acme-support/schedules",
        "/t/acme-support/check",
        "/t/acme-support/health"
      })
  void everyPageIsMirroredRightToLeft(String path) {
    try (Tab tab = BROWSING.get().open(Look.WIDE).console(path)) {
      tab.page.evaluate("() => { document.documentElement.dir = 'rtl'; }");
      if (path.endsWith("/log")) {
        tab.page.locator("tr.entry[data-id]").first().waitFor();
        tab.page.locator(".facet li").first().waitFor();
      } else {
        tab.awaitLoaded();
      }
      Eventually.passes(
          "the rail is right of the page",
          () ->
              assertThat(tab.page.locator(".rail").boundingBox().x)
                  .isGreaterThan(tab.page.locator("main").boundingBox().x));
      Axe.assertNoFaults(tab.page, path + ", right to left");
      tab.page.setViewportSize(320, 700);
      Browsing.awaitTrue(
          tab.page, path + " fits", "document.documentElement.scrollWidth <= innerWidth");
      Axe.assertNoFaults(tab.page, path + ", right to left and narrow");
    }
  }

  @Test
  @Tag("long")
  void whatANarrowPageSortsByAndASheetCountsHasNoFaults() {
    try (Tab tab = BROWSING.get().open(Look.WIDE.size(320, 700)).console("/tenants")) {
      tab.awaitLoaded();
      Locator order = tab.page.locator("select.sort-by");
      assertThat(order).isVisible();
      order.selectOption("entries");
      Axe.assertNoFaults(tab.page, "tenants by entries, narrow");
      tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
      Axe.assertNoFaults(tab.page, "tenants by entries, narrow and dark");
    }
    try (Tab tab = BROWSING.get().open(Look.NARROW).console("/t/acme-support/holds")) {
      tab.page
          .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Apply a hold"))
          .click();
      Locator sheet = tab.page.locator("dialog[open]");
      sheet.locator("[name=query]").fill("outcome:failure");
      assertThat(sheet.locator("[role=status]").first()).not().isEmpty();
      Axe.assertNoFaults(tab.page, "a hold that counts its entries, narrow");
      sheet.locator("[name=query]").fill("actr:ana");
      assertThat(sheet.locator("[role=status]").first()).containsText("actr");
      Axe.assertNoFaults(tab.page, "a hold whose query is none, narrow");
    }
  }

  @Test
  @Tag("long")
  void aSheetIsMirroredRightToLeft() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).console("/t/acme-support/holds")) {
      tab.page.evaluate("() => { document.documentElement.dir = 'rtl'; }");
      tab.page
          .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Apply a hold"))
          .click();
      Locator sheet = tab.page.locator("dialog[open]");
      assertThat(sheet.locator("[name=query]")).isVisible();
      // It comes from the side where lines end.
      Eventually.passes("it is at the left", () -> assertThat(sheet.boundingBox().x).isZero());
      Axe.assertNoFaults(tab.page, "a sheet, right to left");
    }
  }

  @Test
  @Tag("long")
  void aHoldIsAppliedAndReleasedByKeysAlone() {
    BROWSING.get().newTenant("keys-alone", "standard", "Keys Alone Ltd");
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      Page page = tab.page;
      Keyboard keys = page.keyboard();
      page.navigate(BROWSING.get().address() + "/sign-in");
      assertThat(page.locator(".sign-in h1")).isVisible();
      tabTo(page, "key");
      keys.type(BROWSING.get().key());
      keys.press("Enter");
      assertThat(page.locator("main h1")).hasText("Tenants");
      assertThat(page.locator("main tbody a").getByText("Keys Alone Ltd")).isVisible();
      // Other tests make tenants too.
      tabTo(page, "Search tenants");
      keys.type("Keys Alone");
      assertThat(page.locator("main tbody tr")).hasCount(1);
      tabTo(page, "Keys Alone Ltd");
      keys.press("Enter");
      assertThat(page.locator("main h1")).hasText("Keys Alone Ltd");
      goTo(page, "Holds", "Legal holds");
      tabTo(page, "Apply a hold");
      keys.press("Enter");
      Locator sheet = page.locator("dialog[open]");
      assertThat(sheet).isVisible();
      tabTo(page, "name");
      keys.type("By keys");
      tabTo(page, "everything");
      keys.press("Space");
      tabTo(page, "two");
      keys.press("Space");
      keys.press("Space");
      assertThat(sheet.locator("[name=two]")).not().isChecked();
      tabTo(page, "reason");
      keys.type("matter 2026-18");
      tabTo(page, "Apply a hold");
      keys.press("Enter");
      assertThat(sheet).containsText("“By keys” is in force");
      tabTo(page, "Show the entry");
      keys.press("Enter");
      assertThat(page.locator("tr.entry[data-id]").first()).isVisible();
      goTo(page, "Holds", "Legal holds");
      assertThat(page.locator("main tbody")).containsText("By keys");
      tabTo(page, "Release");
      keys.press("Enter");
      assertThat(sheet).isVisible();
      tabTo(page, "reason");
      keys.type("settled");
      keys.press("Tab");
      keys.type("By keys");
      tabTo(page, "Release");
      keys.press("Enter");
      assertThat(sheet).containsText("“By keys” is released");
      keys.press("Escape");
      assertThat(sheet).hasCount(0);
      assertThat(tab.complaints).isEmpty();
    }
  }

  /** Follows a link of the rail. */
  private static void goTo(Page page, String link, String heading) {
    tabTo(page, link);
    page.keyboard().press("Enter");
    assertThat(page.locator("main h1")).hasText(heading);
  }

  /** Goes on by the Tab key, round the page if need be, until it is there. */
  private static void tabTo(Page page, String name) {
    for (int i = 0; i < MOST_TABS; i++) {
      if (page.evaluate(FOCUSED).equals(name)) {
        return;
      }
      page.keyboard().press("Tab");
    }
    throw new AssertionError(name + " cannot be reached");
  }
}
