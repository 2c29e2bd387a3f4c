package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the console's statements about a log's health, and when it cannot know. */
class LogHealthTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static Tab open(String path) {
    return BROWSING.get().open(Look.WIDE).console(path);
  }

  private static Locator button(Tab tab, String name) {
    return tab.page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
  }

  private static void record(String tenant) {
    Events.record(
        BROWSING.get(),
        "{\"tenant\":\"%s\",\"action\":\"team.create\",\"actor\":{\"type\":\"system\"}}"
            .formatted(tenant));
  }

  @Test
  void theLogsHealthIsCheckedHere() {
    try (Tab tab = open("/t/acme-support/health")) {
      assertThat(tab.page.locator(".notice.good")).containsText("signed by its key");
      assertThat(tab.page.locator("[data-quorum=none]"))
          .containsText("No witnesses are configured");
      button(tab, "Check again").click();
      assertThat(tab.page.locator(".notice.good"))
          .containsText("holds everything that this browser saw before");
    }
  }

  @Test
  @Tag("long")
  void aPastThatCannotBeAskedForIsNoAlarmOfTheLogsHealth() {
    String tenant = BROWSING.get().newTenant("health");
    record(tenant);
    try (Tab tab = open("/t/" + tenant + "/health")) {
      assertThat(tab.page.locator(".notice.good")).containsText("signed by its key");
      record(tenant);
      Pattern consistency = Pattern.compile(".*/log/consistency.*");
      tab.page.route(consistency, Route::abort);
      button(tab, "Check again").click();
      assertThat(tab.page.locator("[data-log]")).hasAttribute("data-log", "partly");
      assertThat(tab.page.locator("[data-log]")).containsText("not fully checked");
      tab.page.unroute(consistency);
      button(tab, "Check again").click();
      assertThat(tab.page.locator("[data-log]")).hasAttribute("data-log", "good");
      assertThat(tab.page.locator(".notice.good"))
          .containsText("holds everything that this browser saw before");
    }
  }

  @Test
  void theOverviewOfALogThatWasNotFullyCheckedSaysSoWithoutAnAlarm() {
    String tenant = BROWSING.get().newTenant("healthy");
    record(tenant);
    try (Tab tab = open("/t/" + tenant)) {
      Locator log = tab.page.locator("a.tile").first();
      assertThat(log).containsText("Verified");
      record(tenant);
      Pattern consistency = Pattern.compile(".*/log/consistency.*");
      tab.page.route(consistency, Route::abort);
      tab.page.reload();
      assertThat(log).containsText("Not fully checked");
      assertThat(log).not().hasClass(Pattern.compile("good|bad"));
      Axe.assertNoFaults(tab.page, "the overview of a log that was not fully checked");
      tab.page.unroute(consistency);
      tab.page.reload();
      assertThat(log).containsText("Verified");
      assertThat(log).hasClass(Pattern.compile("good"));
    }
  }
}
