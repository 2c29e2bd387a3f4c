package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A source that says something new tomorrow: what the console shows of it. */
class UnknownActionsPageTest extends AccessPages {

  @Test
  void whatASourceSaysNewIsOnThePageAndItsEntryKeepsWhatNoRuleTook() {
    String tenant = newTenant("tomorrow", "Tomorrow");
    Events.record(
        BROWSING.get(),
        """
        [{"tenant":"%1$s","action":"keycloak.passkey_of_tomorrow","actor":{"type":"user","id":"mara"},
          "details":{"member_of_tomorrow":"kept as it came"}},
         {"tenant":"%1$s","action":"keycloak.login","actor":{"type":"user","id":"mara"}}]
        """
            .formatted(tenant));
    assertThat(Events.get(BROWSING.get(), "/metrics"))
        .contains("indelible_events_unknown_actions_total{source=\"keycloak\"}");
    try (Tab tab = open("/t/" + tenant + "/settings")) {
      Locator actions = tab.page.locator("ul.ranked li");
      assertThat(actions).hasCount(1);
      assertThat(actions).containsText("keycloak.passkey_of_tomorrow");
      assertGood(tab, "settings with an action that no catalog has");
      actions.locator("a").click();
      tab.page.waitForURL(Pattern.compile("unknown_action"));
    }
    String found = "/v1/tenants/" + tenant + "/events?q=flag:unknown_action";
    assertThat(Events.get(BROWSING.get(), found)).contains("kept as it came");
    try (Tab tab =
        BROWSING.get().open(Look.WIDE.speaking("de-DE")).console("/t/" + tenant + "/settings")) {
      assertThat(tab.page.locator("main")).containsText("nicht im Katalog des Profils");
      GermanTest.assertNoEnglish(tab.page, "settings with an action that no catalog has");
    }
  }
}
