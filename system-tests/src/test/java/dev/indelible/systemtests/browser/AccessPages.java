package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.testing.Eventually;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Base of the tests of the console's pages about access. */
abstract class AccessPages {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static final int NARROW_WIDTH = 320;

  /**
   * Script that finds what stands out of the page or of its sheet, and of nothing that scrolls in
   * them.
   */
  private static final String STANDS_OUT =
      """
      () => {
        const root = document.querySelector('indelible-console').shadowRoot;
        const main = root.querySelector('main');
        const found = document.documentElement.scrollWidth > innerWidth || main.scrollWidth > main.clientWidth ? ['main'] : [];
        const inside = root.querySelector('dialog .inside');
        if (!inside) return found;
        const right = inside.getBoundingClientRect().right - parseFloat(getComputedStyle(inside).paddingRight);
        return found.concat([...inside.querySelectorAll('*')]
          .filter(each => each.getBoundingClientRect().right > right + 1 && !each.closest('.visually-hidden, option'))
          .map(each => each.outerHTML.slice(0, 200)));
      }
      """;

  static String newTenant(String id, String name) {
    return BROWSING.get().newTenant(id, "standard", name);
  }

  static Tab open(String path) {
    return BROWSING.get().open(Look.WIDE).console(path);
  }

  static void go(Tab tab, String path) {
    tab.go(path);
  }

  /** Signs somebody in who has these assignments in a tenant, and shows a page. */
  static Tab openAs(String tenant, String user, String assignments, String path) {
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/members",
        "{\"id\":\"%s\",\"name\":\"%s\",\"assignments\":%s}".formatted(user, user, assignments));
    String link =
        Events.text(
            Events.post(
                BROWSING.get(),
                "/v1/sign-in-links",
                "{\"tenant\":\"%s\",\"user\":{\"id\":\"%s\"}}".formatted(tenant, user)),
            "url");
    Tab tab = BROWSING.get().open(Look.WIDE);
    tab.page.navigate(link);
    tab.page.locator(".rail").waitFor();
    go(tab, path);
    return tab;
  }

  static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  static JsonNode get(String path) {
    return json(Events.get(BROWSING.get(), path));
  }

  static Locator button(Tab tab, String name) {
    return tab.page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
  }

  static Locator sheet(Tab tab) {
    return tab.page.locator("dialog[open]");
  }

  static Locator row(Tab tab, String text) {
    return tab.page
        .locator("main table.rows tbody tr")
        .filter(new Locator.FilterOptions().setHasText(text));
  }

  static Locator choice(Tab tab, String text) {
    return sheet(tab)
        .locator("label.choice")
        .filter(new Locator.FilterOptions().setHasText(text))
        .locator("input");
  }

  static Locator permission(Tab tab, String name) {
    return sheet(tab).locator("[name='permission:" + name + "']");
  }

  /** Submits the sheet that is open. */
  static void submit(Tab tab) {
    sheet(tab).locator("form .end button").last().click();
  }

  /** Asserts that what was done is said, and that the sheet shows its entry with the reason. */
  static void assertDone(Tab tab, String text, String entry, String reason) {
    assertThat(sheet(tab).locator(".notice.good")).containsText(text);
    assertThat(sheet(tab).locator(".made")).containsText(entry);
    assertThat(sheet(tab).locator(".made")).containsText(reason);
    tab.page.keyboard().press("Escape");
    assertThat(sheet(tab)).hasCount(0);
  }

  /**
   * Asserts that a page or a sheet has no faults, wide and light and narrow and dark, and that
   * nothing of it is cut off where it is narrow.
   */
  static void assertGood(Tab tab, String state) {
    Axe.assertNoFaults(tab.page, state);
    var size = tab.page.viewportSize();
    tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    tab.page.setViewportSize(NARROW_WIDTH, 700);
    Eventually.passes(
        state + ", narrow: nothing stands out",
        () -> assertThat((List<?>) tab.page.evaluate(STANDS_OUT)).as(state).isEmpty());
    Axe.assertNoFaults(tab.page, state + ", narrow and dark");
    tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    tab.page.setViewportSize(size.width, size.height);
    assertThat(tab.complaints).as(state).isEmpty();
  }
}
