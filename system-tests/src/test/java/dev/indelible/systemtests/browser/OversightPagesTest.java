package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.verify.audit.ErasureReceipt;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The console's pages of what takes two people, and of what is recorded less than promised. */
class OversightPagesTest extends AccessPages {

  private static final String OWNER = "[{\"role\":\"owner\"}]";

  private static String settings(String tenant, String body) {
    return Events.patch(BROWSING.get(), "/v1/tenants/" + tenant, body);
  }

  @Test
  void whatOnePersonAloneApprovesWaitsAndTheOverviewSaysSo() throws Exception {
    String tenant = newTenant("oversight", "Two People");
    settings(tenant, "{\"erasures_take_two\":true}");
    Events.record(
        BROWSING.get(),
        "{\"tenant\":\"%s\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u_gone\",\"name\":\"Gone\"}}"
            .formatted(tenant));
    try (Tab tab = openAs(tenant, "ana", OWNER, "/t/" + tenant + "/erasures")) {
      button(tab, "Receive a request").click();
      sheet(tab).locator("[name=identifiers]").fill("u_gone");
      submit(tab);
      assertThat(sheet(tab)).containsText("only this file can open it");
      Download file =
          tab.page.waitForDownload(
              () -> sheet(tab).locator("button", hasText("Save the receipt")).click());
      ErasureReceipt receipt = ErasureReceipt.read(Files.readAllBytes(file.path()));
      assertThat(receipt.agrees()).isTrue();
      assertThat(receipt.identifiers()).containsExactly("u_gone");
      tab.page.keyboard().press("Escape");
      row(tab, "Received").locator("button").click();
      assertThat(sheet(tab)).containsText("The personal part of 1 entry would be erased");
      sheet(tab).locator("[name=reason]").fill("identity checked");
      sheet(tab).locator("button.danger").click();
      assertThat(sheet(tab)).containsText("so it waits until");
      Axe.assertNoFaults(tab.page, "a request that waits");
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "Waiting")).containsText("received by user:ana");
      go(tab, "/t/" + tenant);
      Locator oversight = tab.page.locator("ul.oversight");
      assertThat(oversight).containsText("was received and approved by one person alone");
      assertGood(tab, "the overview with what waits");
    }
    try (Tab tab =
        BROWSING.get().open(Look.WIDE.speaking("de-DE")).console("/t/" + tenant + "/erasures")) {
      assertThat(row(tab, "Wartet")).hasCount(1);
      GermanTest.assertNoEnglish(tab.page, "a request that waits");
    }
  }

  private static Locator.LocatorOptions hasText(String text) {
    return new Locator.LocatorOptions().setHasText(text);
  }

  @Test
  @Tag("long")
  void whatTheOperatorLetsBeRecordedLessStandsOnTheOverview() {
    String tenant = newTenant("weaker", "Weaker");
    settings(tenant, "{\"unknown_actions\":\"reject\",\"reason\":\"for now\"}");
    try (Tab tab = open("/t/" + tenant)) {
      Locator oversight = tab.page.locator("ul.oversight");
      assertThat(oversight).containsText("One person is enough for an erasure");
      assertThat(oversight).containsText("Actions that the profile does not list are refused");
      assertGood(tab, "the overview with what is weaker");
      oversight.locator("a").first().click();
      button(tab, "Change settings").click();
      sheet(tab).locator("select[name=two]").selectOption("yes");
      sheet(tab).locator("[name=wait]").fill("9");
      submit(tab);
      assertThat(sheet(tab).locator(".notice.good")).hasCount(1);
      tab.page.keyboard().press("Escape");
      assertThat(tab.page.locator("main")).containsText("it waits 9 days");
      assertGood(tab, "settings with two for an erasure");
    }
    try (Tab tab = BROWSING.get().open(Look.WIDE.speaking("de-DE")).console("/t/" + tenant)) {
      assertThat(tab.page.locator("ul.oversight")).containsText("vom Betreiber entschieden");
      GermanTest.assertNoEnglish(tab.page, "the overview with what is weaker");
    }
  }

  @Test
  void aHoldSaysWhoAppliedItAndWhy() {
    String tenant = newTenant("held", "Held");
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/holds",
        "{\"name\":\"Matter 17\",\"query\":\"action:user.login\",\"reason\":\"court order\"}");
    try (Tab tab = open("/t/" + tenant + "/holds")) {
      assertThat(row(tab, "Matter 17")).containsText("applied");
      assertThat(row(tab, "Matter 17")).containsText("court order");
      assertGood(tab, "holds with who and why");
    }
  }
}
