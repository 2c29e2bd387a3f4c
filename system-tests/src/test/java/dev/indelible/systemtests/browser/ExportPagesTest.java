package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The console's page of exports: asked for, followed, downloaded, taken down. */
class ExportPagesTest extends AccessPages {

  private static final String EXPORTS = "/t/acme-support/exports";

  private static Locator field(Tab tab, String name) {
    return sheet(tab).locator("[name=" + name + "]");
  }

  private static void awaitPreview(Tab tab) {
    sheet(tab).locator("[data-estimate]").waitFor();
    assertThat(sheet(tab).locator(".outlook")).hasAttribute("aria-busy", "false");
  }

  private static Locator done(Tab tab, String text) {
    Locator done =
        tab.page
            .locator("tr[data-state=done]")
            .filter(new Locator.FilterOptions().setHasText(text));
    done.first().waitFor();
    return done.first();
  }

  @Test
  void whatTheViewerShowsIsExportedDownloadedAndTakenDown() throws IOException {
    try (Tab tab = open("/t/acme-support/log#q=country:BR%20has:ip&time=newest")) {
      tab.page.locator("tr.entry[data-id]").first().waitFor();
      tab.page.locator(".facet li").first().waitFor();
      tab.page.locator(".export-button").click();
      Locator menu = tab.page.locator(".export-form");
      assertThat(menu.locator("a.link")).hasCount(2);
      Axe.assertNoFaults(tab.page, "the viewer's menu");
      menu.locator("a.link").first().click();
      assertThat(field(tab, "query")).hasValue("country:BR has:ip");
      assertThat(tab.page).hasURL(Pattern.compile("/t/acme-support/exports$"));
      awaitPreview(tab);
      assertThat(sheet(tab).locator("ol.sample li")).hasCount(5);
      assertGood(tab, "the form of an export");
      sheet(tab).locator("details.more summary").click();
      sheet(tab).locator(".columns-of input[value=user_agent]").uncheck();
      assertThat(sheet(tab).locator("[data-left-out]")).containsText("user_agent");
      assertGood(tab, "the columns of an export");
      submit(tab);
      assertThat(sheet(tab).locator("[name=reason]:invalid")).isVisible();
      field(tab, "reason").fill("an audit of INC-220");
      submit(tab);
      Locator row = done(tab, "country:BR has:ip");
      assertThat(row).containsText(Pattern.compile("[1-9][0-9]* entries"));
      assertGood(tab, "the list of exports");
      Download download = tab.page.waitForDownload(() -> row.locator("a.button[download]").click());
      assertThat(download.suggestedFilename()).endsWith(".csv");
      String text = Files.readString(download.path());
      assertThat(text).contains("actor_id").contains(",BR,").doesNotContain("user_agent");
      row.locator("td.actions button").first().click();
      assertThat(sheet(tab).locator("dl.facts")).containsText("an audit of INC-220");
      assertThat(sheet(tab).locator("dl.facts")).containsText("user_agent");
      assertGood(tab, "what an export holds");
      JsonNode manifest =
          json(
              Files.readString(
                  tab.page
                      .waitForDownload(() -> sheet(tab).locator("[data-manifest]").click())
                      .path()));
      assertThat(manifest.at("/left_out/0").asString()).isEqualTo("user_agent");
      tab.page.keyboard().press("Escape");
      row.locator("td.actions button").last().click();
      submit(tab);
      assertThat(sheet(tab)).hasCount(0);
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void theQueryIsTypedByKeysAndItsFaultIsSaidBeforeItIsAskedFor() {
    String tenant = newTenant("exporting", "Exporting Ltd");
    try (Tab tab = open("/t/" + tenant + "/exports")) {
      assertThat(tab.page.locator(".none")).isVisible();
      assertGood(tab, "no exports");
      button(tab, "Make an export").click();
      field(tab, "query").pressSequentially("actor_ty");
      assertThat(sheet(tab).locator("[role=option]")).hasCount(1);
      Axe.assertNoFaults(tab.page, "what can be typed");
      tab.page.keyboard().press("ArrowDown");
      tab.page.keyboard().press("Enter");
      assertThat(field(tab, "query")).hasValue("actor_type:");
      field(tab, "query").fill("out");
      assertThat(sheet(tab).locator("[role=listbox]")).isVisible();
      tab.page.keyboard().press("Escape");
      assertThat(sheet(tab).locator("[role=listbox]")).hasCount(0);
      assertThat(sheet(tab)).isVisible();
      field(tab, "query").fill("actr:ana");
      assertThat(sheet(tab).locator(".outlook .notice.danger")).containsText("actr");
      assertThat(sheet(tab).locator(".end .primary")).isDisabled();
      assertGood(tab, "a query with a fault");
      field(tab, "query").fill("");
      field(tab, "period").selectOption("own");
      assertThat(sheet(tab).locator("[name=from]")).isVisible();
      awaitPreview(tab);
      assertGood(tab, "a period of one's own");
      tab.page.keyboard().press("Escape");
      assertThat(sheet(tab)).hasCount(0);
    }
  }

  @Test
  @Tag("long")
  void whoMayNotSeeWhatIsPersonalIsToldSo() {
    String tenant = newTenant("exporters", "Exporters Ltd");
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/permission-sets",
        "{\"id\":\"bare\",\"name\":\"Bare\",\"permissions\":[\"audit.view\",\"audit.export\"]}");
    try (Tab tab =
        openAs(tenant, "u_bare", "[{\"permission_set\":\"bare\"}]", "/t/" + tenant + "/exports")) {
      button(tab, "Make an export").click();
      assertThat(sheet(tab).locator("[data-personal=not_yours]")).isVisible();
      awaitPreview(tab);
      assertGood(tab, "an export without what is personal");
      assertThat(tab.page.locator("nav.tabs")).hasCount(0);
    }
  }

  @Test
  @Tag("long")
  void thePageIsGermanForWhoReadsGerman() {
    try (Tab tab = BROWSING.get().open(Look.WIDE.speaking("de-DE")).console(EXPORTS)) {
      tab.awaitLoaded();
      assertThat(tab.page.locator("main h1")).hasText("Exporte");
      button(tab, "Export anlegen").click();
      awaitPreview(tab);
      assertThat(sheet(tab)).containsText("aus 00123 wird 123");
      assertGood(tab, "das Formular");
      assertThat(sheet(tab).locator(".outlook")).not().containsText("spreadsheet");
    }
  }
}
