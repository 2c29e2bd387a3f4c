package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.PackVerifier;
import dev.indelible.verify.audit.Trust;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's pages of evidence: a quarterly review from due to signed off to pack. */
class EvidencePagesTest extends AccessPages {

  @TempDir Path folder;

  private static Locator field(Tab tab, String name) {
    return sheet(tab).locator("[name=" + name + "]");
  }

  private static Tab openPage(Look look, String tenant, String page) {
    Tab tab = BROWSING.get().open(look).console("/t/" + tenant + "/" + page);
    tab.awaitLoaded();
    return tab;
  }

  @Test
  void aReviewIsPlannedFallsDueIsSignedOffAndIsInAPack() throws Exception {
    String tenant = newTenant("reviewed", "Reviewed Ltd");
    try (Tab tab = openPage(Look.WIDE, tenant, "reviews")) {
      assertThat(tab.page.locator("main h1")).hasText("Reviews");
      assertThat(tab.page.locator(".none")).containsText("No review is planned yet");
      assertGood(tab, "no reviews");
      button(tab, "Plan a review").click();
      field(tab, "name").fill("Each quarter");
      field(tab, "reviewer").fill("Ana");
      field(tab, "answerable").fill("Bo");
      field(tab, "due").fill("2026-01-05");
      field(tab, "look_for").fill("Roles without a ticket.");
      assertGood(tab, "the form of a review");
      submit(tab);
      assertThat(sheet(tab).locator(".notice.good")).containsText("“Each quarter” is planned");
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "Each quarter")).containsText("Overdue");
      assertThat(row(tab, "Each quarter")).containsText("Bo answers for it");
      assertGood(tab, "a review that is overdue");
      row(tab, "Each quarter").getByText("Sign off Each quarter").click();
      assertThat(sheet(tab)).containsText("Roles without a ticket.");
      field(tab, "findings").fill("One role.");
      field(tab, "follow").fill("Take it back.");
      assertGood(tab, "signing off");
      submit(tab);
      assertThat(sheet(tab).locator(".notice.good")).containsText("is signed off");
      assertThat(sheet(tab).locator(".made")).containsText("signed off the review");
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "Each quarter")).containsText("Upcoming");
      assertThat(row(tab, "Each quarter")).containsText("One role.");
      row(tab, "Each quarter").getByText("Close Take it back.").click();
      field(tab, "with").fill("Taken.");
      submit(tab);
      assertThat(sheet(tab).locator(".notice.good")).containsText("is closed");
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "Each quarter")).containsText("Taken.");
      makePack(tab, tenant);
    }
  }

  private void makePack(Tab tab, String tenant) throws Exception {
    go(tab, "/t/" + tenant + "/packs");
    assertThat(tab.page.locator("main h1")).hasText("Evidence packs");
    button(tab, "Make a pack").click();
    field(tab, "template").selectOption("iso27001");
    assertThat(sheet(tab)).containsText("measures on access");
    assertGood(tab, "the form of a pack");
    submit(tab);
    Locator pack = tab.page.locator("tr[data-state=done]");
    assertThat(pack).hasCount(1);
    assertGood(tab, "the list of packs");
    Download download = tab.page.waitForDownload(() -> pack.locator("a[download]").click());
    Path file = folder.resolve("pack.zip");
    download.saveAs(file);
    AuditReport report = PackVerifier.verify(file, Trust.NOTHING, null, _ -> {});
    Assertions.assertThat(report.broken()).as(report.findings().toString()).isFalse();
    pack.getByText("How to check it").click();
    assertThat(sheet(tab)).containsText(Pattern.compile("indelible verify \\S+\\.zip"));
    assertGood(tab, "how a pack is checked");
  }

  @Test
  @Tag("long")
  void figuresOfAPeriodStandBesideThoseOfTheOneBefore() {
    try (Tab tab = openPage(Look.WIDE, "acme-support", "figures")) {
      assertThat(tab.page.locator("[data-figure=entries]")).isVisible();
      assertThat(tab.page.locator("[data-figure=failed_sign_ins] a")).isVisible();
      assertGood(tab, "the figures of a period");
    }
  }

  @Test
  @Tag("long")
  void thePagesAreGermanForWhoReadsGerman() {
    String tenant = newTenant("gepruefte", "Geprüfte GmbH");
    try (Tab tab = openPage(Look.WIDE.speaking("de-DE"), tenant, "packs")) {
      assertThat(tab.page.locator("main h1")).hasText("Nachweispakete");
      button(tab, "Paket erstellen").click();
      assertThat(sheet(tab)).containsText("Überprüfung der Zugriffe");
      assertGood(tab, "das Formular eines Pakets");
      tab.page.keyboard().press("Escape");
      go(tab, "/t/" + tenant + "/reviews");
      assertThat(tab.page.locator("main h1")).hasText("Überprüfungen");
      assertGood(tab, "Überprüfungen");
      go(tab, "/t/" + tenant + "/figures");
      assertThat(tab.page.locator("main h1")).hasText("Zahlen");
      assertGood(tab, "Zahlen");
    }
  }
}
