package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Views that are saved in the viewer, opened, renamed and deleted. */
class SavedViewsTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  /** A tenant of the test's own that has an entry. */
  private static String begun(String name, String outcome) {
    String tenant = BROWSING.get().newTenant(name);
    Events.record(
        BROWSING.get(),
        "{\"tenant\":\"%s\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u_1\"},\"outcome\":\"%s\"}"
            .formatted(tenant, outcome));
    return tenant;
  }

  private static Locator menu(Tab tab) {
    tab.page.locator("tr.entry[data-id]").first().waitFor();
    tab.page.locator(".facet li").first().waitFor();
    tab.page.locator(".views-button").click();
    Locator menu = tab.page.locator(".menu");
    assertThat(menu).isVisible();
    return menu;
  }

  private static Locator label(Locator menu, String label) {
    return menu.getByLabel(label, new Locator.GetByLabelOptions().setExact(true));
  }

  @Test
  void aViewIsSavedOpenedElsewhereRenamedAndDeleted() {
    String tenant = begun("views", "failure");
    try (Tab tab =
        BROWSING
            .get()
            .open(Look.WIDE)
            .viewerOf(tenant, "", "#q=outcome:failure&time=P90D&columns=ip&zone=UTC")) {
      Locator menu = menu(tab);
      assertThat(menu).containsText("No views are saved yet");
      menu.locator("input[name=name]").fill("Failures");
      tab.page.keyboard().press("Enter");
      assertThat(menu.locator(".saved .open")).hasText("Failures");
      assertThat(menu).containsText("Mine");
      Axe.assertNoFaults(tab.page, "saved views");
    }
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", "")) {
      menu(tab).locator(".saved .open").click();
      assertThat(tab.page.locator(".chip")).containsText("Failure");
      assertThat(tab.page.locator(".time-button")).containsText("Last 90 days");
      assertThat(tab.page.locator("th.ip-column")).isVisible();
      assertThat(tab.page.locator("th.country-column")).hasCount(0);
      tab.page.waitForURL(Pattern.compile("q=outcome%3Afailure"));
      Locator menu = menu(tab);
      label(menu, "Rename Failures").click();
      assertThat(menu.locator(".saved input")).isFocused();
      Axe.assertNoFaults(tab.page, "renaming a view");
      tab.page.keyboard().press("Escape");
      assertThat(menu.locator(".saved .open")).hasText("Failures");
      label(menu, "Rename Failures").click();
      menu.locator(".saved input").fill("What failed");
      tab.page.keyboard().press("Enter");
      assertThat(menu.locator(".saved .open")).hasText("What failed");
      label(menu, "Delete What failed").click();
      Axe.assertNoFaults(tab.page, "deleting a view");
      menu.getByText("Keep").click();
      label(menu, "Delete What failed").click();
      menu.locator(".saved .danger").click();
      assertThat(menu).containsText("No views are saved yet");
    }
  }

  @Test
  @Tag("long")
  void aViewWithoutAQueryIsSavedAndRenamedToo() {
    String tenant = begun("addresses", "success");
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", "#time=P90D&columns=ip")) {
      Locator menu = menu(tab);
      menu.locator("input[name=name]").fill("Addresses");
      tab.page.keyboard().press("Enter");
      assertThat(menu.locator(".saved .open")).hasText("Addresses");
      label(menu, "Rename Addresses").click();
      menu.locator(".saved input").fill("From where");
      tab.page.keyboard().press("Enter");
      assertThat(menu.locator(".saved .open")).hasText("From where");
    }
  }

  @Test
  void aViewForEverybodyIsAnEntryOfTheLog() {
    String tenant = begun("shared-views", "failure");
    try (Tab tab =
        BROWSING.get().open(Look.WIDE.atNight()).viewerOf(tenant, "", "#q=outcome:failure")) {
      Locator menu = menu(tab);
      menu.locator("input[name=name]").fill("What failed");
      menu.getByText("For everybody in this tenant").click();
      menu.getByText("Save view", new Locator.GetByTextOptions().setExact(true)).click();
      assertThat(menu.locator("#views-shared")).hasText("Everybody's");
      assertThat(menu.locator(".saved .open")).hasText("What failed");
      Axe.assertNoFaults(tab.page, "shared views, dark");
    }
    try (Tab tab =
        BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", "#q=action:audit.saved_view.*")) {
      assertThat(tab.page.locator("tr.entry[data-id]")).hasCount(1);
      assertThat(tab.page.locator("tr.entry[data-id]")).containsText("What failed");
    }
  }

  @Test
  void whatTheServerRefusesIsSaid() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("#q=actr:x")) {
      tab.page.locator(".caret-error").waitFor();
      tab.page.locator(".views-button").click();
      tab.page.locator(".menu input[name=name]").fill("Faulty");
      tab.page.keyboard().press("Enter");
      assertThat(tab.page.locator(".menu [role=alert]")).containsText("Query, column 1");
      assertThat(
              tab.page.getByRole(
                  com.microsoft.playwright.options.AriaRole.BUTTON,
                  new Page.GetByRoleOptions().setName("Faulty")))
          .hasCount(0);
    }
  }
}
