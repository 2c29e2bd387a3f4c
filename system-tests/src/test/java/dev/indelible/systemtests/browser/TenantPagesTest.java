package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console's pages on which tenants are made and deleted. */
class TenantPagesTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static Tab open(String path) {
    return BROWSING.get().open(Look.WIDE).console(path);
  }

  private static Locator button(Tab tab, String name) {
    return tab.page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
  }

  @Test
  void aTenantIsCreated() {
    try (Tab tab = open("/tenants")) {
      button(tab, "Create a tenant").click();
      Locator sheet = tab.page.locator("dialog[open]");
      Axe.assertNoFaults(tab.page, "create a tenant");
      sheet.locator("[name=id]").fill("made-here");
      sheet.locator("[name=name]").fill("Made here");
      assertThat(sheet.locator("[name=profile] option")).hasCount(6);
      assertThat(sheet.locator("[name=profile]")).hasValue("standard");
      sheet.locator("button.primary").click();
      assertThat(tab.page.locator("main h1")).hasText("Made here");
      assertThat(sheet.locator(".made")).hasText("The operator created the tenant Made here");
      sheet.locator("[aria-label=Close]").click();
      assertThat(sheet).hasCount(0);
      tab.page.locator(".rail a").getByText("Log").click();
      assertThat(tab.page.locator("tr.entry[data-id]").first()).isVisible();
    }
  }

  @Test
  @Tag("long")
  void aTenantIsDeletedAfterACopyIsOfferedAndItsCertificateRemains() throws IOException {
    Browsing browsing = BROWSING.get();
    String tenant = browsing.newTenant("leaving", "standard", "Leaving Ltd");
    Events.record(
        browsing,
        """
        [{"tenant":"%1$s","id":"l1","action":"user.login","actor":{"type":"user","id":"u_1"}},
         {"tenant":"%1$s","id":"l2","action":"user.logout","actor":{"type":"user","id":"u_1"}}]
        """
            .formatted(tenant));
    Events.get(
        browsing, "/v1/tenants/" + tenant + "/events/l2/proof"); // the newest checkpoint covers it
    Events.post(
        browsing,
        "/v1/tenants/" + tenant + "/holds",
        "{\"name\":\"Matter 18\",\"query\":\"id:l1\",\"reason\":\"matter\"}");
    try (Tab tab = open("/tenants")) {
      Locator row =
          tab.page
              .locator("table.rows tbody tr")
              .filter(new Locator.FilterOptions().setHasText("Leaving Ltd"));
      row.locator("button").click();
      Locator sheet = tab.page.locator("dialog[open]");
      assertThat(sheet).containsText(Pattern.compile("[2-9] entries will be deleted for good"));
      Locator delete = sheet.locator("button.danger");
      assertThat(delete).isDisabled();
      assertDeletionSheetFitsEverywhere(tab);
      sheet.locator("[name=reason]").fill("contract ended & paid");
      Download copy = tab.page.waitForDownload(() -> sheet.locator("a.copy-first").click());
      assertThat(copy.suggestedFilename()).isEqualTo(tenant + ".ndjson");
      assertThat(Files.readString(copy.path()))
          .startsWith("{\"format\":\"indelible-export\"")
          .contains("user.logout");
      String link = browsing.address() + sheet.locator("a.copy-first").getAttribute("href");
      assertThat(link).contains("reason=contract+ended+%26+paid");
      assertThat(tab.page.request().get(link).status()).isEqualTo(200);
      Locator confirmation = sheet.getByLabel("Type " + tenant + " to confirm");
      confirmation.fill(tenant.substring(1));
      assertThat(delete).isDisabled();
      confirmation.fill(tenant);
      delete.click();
      assertThat(sheet.locator("[role=alert]")).containsText("Legal holds keep entries");
      Axe.assertNoFaults(tab.page, "a deletion that a hold forbids");
      releaseTheHold(browsing, tab, tenant);
      delete.click();
      assertThat(sheet.locator(".notice.good"))
          .containsText(Pattern.compile("Leaving Ltd is deleted, with [0-9]+ entries"));
      Axe.assertNoFaults(tab.page, "a tenant is deleted");
      Download pdf = tab.page.waitForDownload(() -> sheet.locator("a.primary").click());
      assertThat(Files.readString(pdf.path(), StandardCharsets.ISO_8859_1)).startsWith("%PDF-");
      Download json =
          tab.page.waitForDownload(() -> sheet.getByText("Certificate as JSON").click());
      assertThat(Files.readString(json.path())).contains("\"offboarding\"");
      tab.page.keyboard().press("Escape");
      assertThat(row).hasCount(0);
      assertThat(tab.page.locator("main")).containsText("Acme Support");
    }
  }

  private static void releaseTheHold(Browsing browsing, Tab tab, String tenant) {
    String hold =
        Events.get(browsing, "/v1/tenants/" + tenant + "/holds")
            .replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    tab.page.evaluate(
        "path => fetch(path, {method: 'DELETE'}).then(answer => { if (!answer.ok) throw new"
            + " Error(answer.status); })",
        "/v1/tenants/" + tenant + "/holds/" + hold + "?reason=settled");
  }

  private static void assertDeletionSheetFitsEverywhere(Tab tab) {
    Axe.assertNoFaults(tab.page, "delete a tenant");
    tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    Axe.assertNoFaults(tab.page, "delete a tenant, dark");
    var size = tab.page.viewportSize();
    tab.page.setViewportSize(320, 700);
    Browsing.awaitTrue(
        tab.page,
        "the sheet fits",
        """
        (() => {
          const sheet = document.querySelector('indelible-console').shadowRoot.querySelector('dialog');
          const inside = sheet.querySelector('.inside');
          const right = inside.getBoundingClientRect().right - parseFloat(getComputedStyle(inside).paddingRight);
          return document.documentElement.scrollWidth <= innerWidth && sheet.getBoundingClientRect().left >= 0
            && [...inside.querySelectorAll('form, form > *, .button')].every(each => each.getBoundingClientRect().right <= right);
        })()
        """);
    Axe.assertNoFaults(tab.page, "delete a tenant, narrow");
    tab.page.setViewportSize(size.width, size.height);
    tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
  }
}
