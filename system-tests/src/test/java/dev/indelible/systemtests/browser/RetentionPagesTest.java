package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.indelible.server.GovernedServer;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The console's pages of retention and of erasures, on a server whose entries grow old. */
class RetentionPagesTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  /** Older than what the profile keeps: 13 months. */
  private static final Duration AGE = Duration.ofDays(500);

  /**
   * Shift that makes everything recorded now newer, by the server's clock, than anything the
   * browser does.
   */
  private static final Duration AHEAD = Duration.ofHours(1);

  /** One range more than an entry has that records a deletion. */
  private static final int SPLIT_PAIRS = 10_001;

  private static final int SPLIT_BATCH = 5_000;

  private static final Look GERMAN = Look.WIDE.speaking("de-DE");

  @TempDir static Path directory;
  private static GovernedServer server;

  @BeforeAll
  static void begin() throws Exception {
    server = new GovernedServer(directory, Instant.now().minus(AGE));
    for (String tenant : List.of("grown", "grown-de")) {
      server.tenant(tenant, "msp");
      for (int i = 0; i < 6; i++) {
        server.record(tenant, tenant + "-" + i, "user.login", "u_" + i, "Person " + i);
      }
      server.find(tenant, "action:user.login", 6);
      hold(tenant, "Matter 17", "actor_id:u_1");
      hold(tenant, "Doe v. Acme", "actor_id:u_1,u_2");
    }
    split();
    server.advance(AGE.plus(AHEAD));
    server.tenant("listed", "standard");
    server.tenant("tiered", "kimondesk");
    server.tenant("asked", "msp");
  }

  /**
   * A tenant of which every second entry goes first, so that what is left are ranges of one each.
   */
  private static void split() throws Exception {
    server.tenant("split", "standard");
    for (int i = 0; i < SPLIT_PAIRS; i += SPLIT_BATCH) {
      StringBuilder events = new StringBuilder("[");
      for (int j = i; j < Math.min(SPLIT_PAIRS, i + SPLIT_BATCH); j++) {
        for (String user : List.of("u_1", "u_2")) {
          events
              .append(events.length() == 1 ? "" : ",")
              .append("{\"tenant\":\"split\",\"action\":\"user.login\",")
              .append("\"actor\":{\"type\":\"user\",\"id\":\"")
              .append(user)
              .append("\"}}");
        }
      }
      server.expect(201, "POST", "/v1/events", events.append(']').toString());
    }
    hold("split", "Every second", "actor:u_1");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static void hold(String tenant, String name, String query) throws Exception {
    server.expect(
        201,
        "POST",
        "/v1/tenants/" + tenant + "/holds",
        "{\"name\":\"%s\",\"query\":\"%s\",\"reason\":\"matter\"}".formatted(name, query));
  }

  private static Tab open(Look look, String path) {
    Tab tab =
        BROWSING
            .get()
            .open(look)
            .console(server.address(), Events.signIn(server.address(), server.key()), path);
    tab.awaitLoaded();
    return tab;
  }

  private static Locator button(Tab tab, String name) {
    return tab.page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /** Light, dark and on the narrowest page, where nothing may stick out. */
  private static void assertFits(Tab tab, String state) {
    Axe.assertNoFaults(tab.page, state);
    tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    Axe.assertNoFaults(tab.page, state + ", dark");
    var size = tab.page.viewportSize();
    tab.page.setViewportSize(320, 700);
    Browsing.awaitTrue(
        tab.page,
        state + " fits",
        """
        (() => {
          const sheet = document.querySelector('indelible-console').shadowRoot.querySelector('dialog');
          return document.documentElement.scrollWidth <= innerWidth
            && (!sheet || sheet.scrollWidth <= sheet.clientWidth);
        })()
        """);
    Axe.assertNoFaults(tab.page, state + ", narrow");
    tab.page.setViewportSize(size.width, size.height);
    tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
  }

  private static List<String> requirements(String tenant) throws Exception {
    List<String> found = new ArrayList<>();
    for (JsonNode each : server.get("/v1/tenants/" + tenant + "/retention").path("requirements")) {
      found.add(each.path("name").asString() + " " + each.path("period").asString());
    }
    return found;
  }

  @Test
  @Tag("long")
  void requirementsAreAddedChangedAndRemovedAndTheLongestWins() throws Exception {
    server.expect(
        200,
        "PUT",
        "/v1/tenants/listed/retention",
        "{\"version\":0,\"requirements\":[{\"name\":\"SOC"
            + " 2\",\"period\":\"P14M\"},{\"name\":\"HIPAA\",\"period\":\"P6Y\"}],\"reason\":\"contract\"}");
    try (Tab tab = open(Look.WIDE, "/t/listed/retention")) {
      button(tab, "Change retention").click();
      Locator sheet = tab.page.locator("dialog[open]");
      Locator rows = sheet.locator(".requirement");
      assertThat(rows).hasCount(2);
      assertThat(rows.nth(1)).containsText("6 years");
      assertThat(sheet.locator(".requirement .tag")).hasText("longest");
      // Saved as it is, it stays as it is.
      sheet.locator("[name=reason]").fill("looked at");
      sheet.locator("button.primary").click();
      assertThat(sheet).containsText("kept for 6 years");
      assertThat(requirements("listed")).containsExactly("SOC 2 P14M", "HIPAA P6Y");
      tab.page.keyboard().press("Escape");

      button(tab, "Change retention").click();
      button(tab, "Add a requirement").click();
      assertThat(sheet.getByLabel("Required by, 3")).isFocused();
      tab.page.keyboard().type("SOX");
      Locator third = sheet.getByLabel("Period 3");
      third.fill("P7Y");
      third.blur();
      sheet.getByLabel("Period 1").fill("P18M");
      assertThat(sheet.locator(".before-after")).containsText("6 years");
      assertThat(sheet.locator(".before-after strong")).hasText("7 years");
      assertThat(rows.nth(2).locator(".tag")).isVisible();
      assertFits(tab, "requirements");
      sheet.locator("[name=reason]").fill("listed now");
      sheet.locator("button.primary").click();
      assertThat(sheet).containsText("kept for 7 years");
      assertThat(requirements("listed")).containsExactly("SOC 2 P18M", "HIPAA P6Y", "SOX P7Y");
      tab.page.keyboard().press("Escape");

      // Shorter, though nothing is old enough yet to go.
      button(tab, "Change retention").click();
      sheet.getByLabel("Remove requirement 3").click();
      assertThat(rows).hasCount(2);
      assertThat(button(tab, "Add a requirement")).isFocused();
      sheet.getByLabel("Remove requirement 2").click();
      assertThat(sheet.getByLabel("Remove requirement 1")).isDisabled();
      assertThat(sheet.locator(".due")).containsText("no entry is deleted");
      sheet.locator("[name=reason]").fill("no longer listed");
      sheet.locator("button.primary").click();
      assertThat(sheet).containsText("kept for 18 months");
      assertThat(requirements("listed")).containsExactly("SOC 2 P18M");
      tab.page.keyboard().press("Escape");
      assertThat(tab.page.locator("main table").first()).containsText("SOC 2");
    }
  }

  @Test
  @Tag("long")
  void theOperatorChoosesTheTierAndWhatTheProfilePresetsFollows() throws Exception {
    try (Tab tab = open(Look.WIDE, "/t/tiered/retention")) {
      assertThat(tab.page.locator(".tiles")).containsText("tier free");
      button(tab, "Change retention").click();
      Locator sheet = tab.page.locator("dialog[open]");
      sheet.locator("[name=tier]").selectOption("business");
      assertThat(sheet.getByLabel("Period 1")).hasValue("36 months");
      assertThat(sheet.locator(".due")).isVisible();
      assertFits(tab, "tier");
      sheet.locator("[name=reason]").fill("they upgraded");
      sheet.locator("button.primary").click();
      assertThat(sheet).containsText("kept for 36 months");
      JsonNode now = server.get("/v1/tenants/tiered/retention");
      assertThat(now.path("tier").asString()).isEqualTo("business");
      assertThat(now.path("period").asString()).isEqualTo("P36M");
    }
    try (Tab tab = open(GERMAN, "/t/tiered/retention")) {
      button(tab, "Aufbewahrung ändern").click();
      Locator sheet = tab.page.locator("dialog[open]");
      sheet.getByLabel("Zeitraum 1").fill("P7Y");
      sheet.getByLabel("Zeitraum 1").blur();
      assertThat(sheet.locator(".due")).isVisible();
      sheet.locator("[name=reason]").fill("länger");
      sheet.locator("button.primary").click();
      assertThat(sheet.locator("[role=alert]")).containsText("Das ist länger, als das Profil");
      assertThat(sheet.locator("[role=alert] [lang=en]")).containsText("at most P36M");
      GermanTest.assertNoEnglish(tab.page, "a period that is too long");
    }
  }

  @Test
  void thePreviewSaysWhatGoesOnADayAndWhichHoldsKeepWhat() throws IOException {
    try (Tab tab = open(Look.WIDE, "/t/grown-de/retention")) {
      button(tab, "Count the entries to delete").click();
      Locator due = tab.page.locator("main .due");
      assertThat(due).containsText(Pattern.compile("On .+, \\d+ entries are deleted:"));
      assertThat(due).containsText("Auth events");
      assertThat(due).containsText("4 entries are old enough and stay, by holds:");
      // A hold keeps the entry that says who applied it and why, too.
      Locator holds = due.locator("li").filter(new Locator.FilterOptions().setHasText("kept by"));
      assertThat(holds).hasCount(2);
      assertThat(
              holds.filter(new Locator.FilterOptions().setHasText("“Matter 17”")).locator("span"))
          .hasText("2");
      assertThat(
              holds.filter(new Locator.FilterOptions().setHasText("“Doe v. Acme”")).locator("span"))
          .hasText("3");
      assertThat(button(tab, "Purge now")).isVisible();
      String today = due.locator("strong").textContent();
      // On another day more goes, and nothing can be purged for it now.
      String later = Instant.now().plus(AGE).toString().substring(0, 10);
      tab.page.locator("input[name=day]").fill(later);
      assertThat(due).hasCount(0);
      button(tab, "Count the entries to delete").click();
      assertThat(due).containsText(later.substring(0, 4));
      assertThat(due.locator("strong")).not().hasText(today);
      assertThat(button(tab, "Purge now")).hasCount(0);
      assertFits(tab, "what goes on a day");
      holds.first().locator("a").click();
      assertThat(tab.page.locator("main h1")).hasText("Legal holds");
    }
    try (Tab tab = open(GERMAN, "/t/grown-de/retention")) {
      button(tab, "Zählen, was geht").click();
      assertThat(tab.page.locator("main .due"))
          .containsText(Pattern.compile("Am .+ gehen \\d+ Einträge:"));
      GermanTest.assertNoEnglish(tab.page, "what a purge deletes");
      button(tab, "Jetzt löschen").click();
      assertThat(tab.page.locator("dialog[open]")).containsText("gehalten von „Matter 17“");
      GermanTest.assertNoEnglish(tab.page, "the sheet of a purge");
    }
  }

  @Test
  void aPurgeHandsOutItsCertificateAndIsListedWithIt() throws IOException {
    try (Tab tab = open(Look.WIDE, "/t/grown/retention")) {
      assertThat(tab.page.locator(".purges")).containsText("Nothing has been purged yet.");
      button(tab, "Count the entries to delete").click();
      button(tab, "Purge now").click();
      Locator sheet = tab.page.locator("dialog[open]");
      assertThat(sheet).containsText("kept by “Matter 17”");
      sheet.locator("[name=reason]").fill("before the migration");
      sheet.getByLabel("Type grown to confirm").fill("grown");
      assertFits(tab, "purge");
      sheet.locator("button.danger").click();
      assertThat(sheet).containsText(Pattern.compile("\\d+ entries were deleted"));
      assertThat(sheet.locator(".made")).containsText("before the migration");
      assertFits(tab, "purged");
      assertHandsOut(tab, sheet, "purge");
      tab.page.keyboard().press("Escape");
      Locator row = tab.page.locator(".purges tbody tr");
      assertThat(row).hasCount(1);
      assertThat(row).containsText("before the migration");
      assertThat(row).containsText("The operator");
      assertFits(tab, "purges");
      assertHandsOut(tab, row, "purge");
      row.locator("td").first().locator("a").click();
      assertThat(tab.page.locator(".panel h2")).isVisible();
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "verified");
    }
    try (Tab tab = open(GERMAN, "/t/grown/retention")) {
      assertThat(tab.page.locator(".purges tbody tr")).hasCount(1);
      GermanTest.assertNoEnglish(tab.page, "purges");
    }
  }

  /** Asserts downloads as a document and as JSON, of a deletion of this kind. */
  private static void assertHandsOut(Tab tab, Locator from, String kind) throws IOException {
    Download pdf =
        tab.page.waitForDownload(() -> from.locator("[data-format=pdf]").first().click());
    assertThat(pdf.suggestedFilename()).matches("certificate-.+\\.pdf");
    assertThat(Files.readString(pdf.path(), StandardCharsets.ISO_8859_1)).startsWith("%PDF-");
    Download json =
        tab.page.waitForDownload(() -> from.locator("[data-format=json]").first().click());
    assertThat(Files.readString(json.path()))
        .startsWith("{\"certificate\":\"deletion\"")
        .contains("\"kind\":\"" + kind + "\"");
  }

  @Test
  @Tag("long")
  void aTenantsDeletionHandsOutEveryCertificateThatItHas() throws Exception {
    server.expect(200, "POST", "/v1/tenants/split/retention/purge", "{\"reason\":\"due\"}");
    String hold = server.get("/v1/tenants/split/holds").path("holds").get(0).path("id").asString();
    server.expect(200, "DELETE", "/v1/tenants/split/holds/" + hold + "?reason=settled", "");
    try (Tab tab = open(Look.WIDE, "/tenants")) {
      tab.page
          .locator("table.rows tbody tr")
          .filter(new Locator.FilterOptions().setHasText("split"))
          .locator("button")
          .click();
      Locator sheet = tab.page.locator("dialog[open]");
      sheet.locator("[name=reason]").fill("contract ended");
      sheet.getByLabel("Type split to confirm").fill("split");
      sheet.locator("button.danger").click();
      assertThat(sheet.locator(".notice.good")).containsText("split is deleted, with ");
      JsonNode records = server.get("/v1/closed-tenants").path("tenants").get(0).path("records");
      assertThat(records.size()).isGreaterThan(1);
      Locator each = sheet.locator("[data-record]");
      assertThat(each).hasCount(records.size());
      assertThat(sheet).containsText("there are " + records.size());
      assertThat(sheet.locator("a.primary")).hasCount(1);
      assertFits(tab, "a deletion with several certificates");
      long entries = 0;
      for (int i = 0; i < records.size(); i++) {
        Locator links = each.nth(i);
        Download json = tab.page.waitForDownload(() -> links.locator("[data-format=json]").click());
        String certificate = Files.readString(json.path());
        assertThat(certificate).contains("\"record_id\":\"" + records.get(i).asString() + "\"");
        long its = Long.parseLong(certificate.replaceAll("(?s).*\"entries\":(\\d+).*", "$1"));
        assertThat(links).containsText("Part %d: %,d entr".formatted(i + 1, its));
        entries += its;
        Download pdf = tab.page.waitForDownload(() -> links.locator("[data-format=pdf]").click());
        assertThat(Files.readString(pdf.path(), StandardCharsets.ISO_8859_1)).startsWith("%PDF-");
      }
      assertThat(sheet.locator(".notice.good")).containsText("%,d entries".formatted(entries));
    }
  }

  @Test
  @Tag("long")
  void anErasureHandsOutItsReceiptAndIsListedWithIt() throws Exception {
    server.record("asked", "of-eve", "user.login", "u_eve", "Eve Example");
    server.find("asked", "id:of-eve", 1);
    server.expect(
        201,
        "POST",
        "/v1/tenants/asked/erasures",
        "{\"identifiers\":[\"u_eve\"],\"reason\":\"4711\"}");
    server.expect(
        201,
        "POST",
        "/v1/tenants/asked/erasures",
        "{\"identifiers\":[\"u_bob\"],\"reason\":\"4712\"}");
    try (Tab tab = open(Look.WIDE, "/t/asked/erasures")) {
      Locator rows = tab.page.locator("main tbody tr");
      // The newest comes first.
      rows.nth(1).locator("button").click();
      Locator sheet = tab.page.locator("dialog[open]");
      assertThat(sheet).containsText("The personal part of 1 entry would be erased");
      sheet.locator("[name=reason]").fill("identity checked");
      sheet.locator("button.danger").click();
      assertThat(sheet).containsText("approved and carried out");
      assertFits(tab, "erased");
      assertHandsOut(tab, sheet, "erasure");
      tab.page.keyboard().press("Escape");
      assertThat(rows.nth(1)).containsText("Fulfilled");
      assertHandsOut(tab, rows.nth(1), "erasure");
      assertThat(rows.nth(0).locator("[data-format]")).hasCount(0);
      assertFits(tab, "erasures");
    }
    try (Tab tab = open(GERMAN, "/t/asked/erasures")) {
      assertThat(tab.page.locator("[data-format=pdf]")).hasCount(1);
      GermanTest.assertNoEnglish(tab.page, "receipts");
    }
  }
}
