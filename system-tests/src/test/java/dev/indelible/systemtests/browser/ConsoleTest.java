package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.testing.Eventually;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console around the viewer. */
class ConsoleTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static Tab open(String path) {
    return BROWSING.get().open(Look.WIDE).console(path);
  }

  private static Locator rows(Tab tab) {
    return tab.page.locator("tr.entry[data-id]");
  }

  private static Locator button(Tab tab, String name) {
    return tab.page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
  }

  @Test
  void whoIsNotSignedInSeesTheSignInPageAndNothingElse() {
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.navigate(BROWSING.get().address() + "/t/acme-support/log");
      assertThat(tab.page.locator(".sign-in h1")).hasText("Sign in");
      assertThat(tab.page.locator(".rail")).hasCount(0);
      Axe.assertNoFaults(tab.page, "sign-in");
      tab.page.getByLabel("Or with an API key").fill("ik_nonsense");
      tab.page.keyboard().press("Enter");
      assertThat(tab.page.locator("[role=alert]")).containsText("does not work");
      Axe.assertNoFaults(tab.page, "sign-in refused");
    }
  }

  private static final List<String> PAGES =
      List.of(
          "/tenants",
          "/system",
          "/t/acme-support",
          "/t/acme-support/log",
          "/t/acme-support/streams",
          "/t/acme-support/holds",
          "/t/acme-support/retention",
          "/t/acme-support/erasures",
          "/t/acme-support/settings",
          "/t/acme-support/access",
          "/t/acme-support/embed",
          "/t/acme-support/check",
          "/t/acme-support/health");

  /** Those that have between them what the others have: tables, forms, notices, the viewer. */
  private static final Set<String> PAGES_BY_NIGHT =
      Set.of("/tenants", "/t/acme-support/log", "/t/acme-support/retention");

  @Test
  void everyPageHasNoFaultsLightAndWideOrDarkAndNarrow() {
    haveNoFaultsLightAndWideOrDarkAndNarrow(PAGES_BY_NIGHT);
  }

  @Test
  @Tag("long")
  void everyPageHasNoFaultsLightAndWideAndDarkAndNarrow() {
    haveNoFaultsLightAndWideOrDarkAndNarrow(Set.copyOf(PAGES));
  }

  private static void haveNoFaultsLightAndWideOrDarkAndNarrow(Set<String> byNight) {
    try (Tab tab = open("/tenants")) {
      Set<String> rails = new HashSet<>();
      for (String path : PAGES) {
        tab.go(path);
        awaitPage(tab, path);
        Axe.assertNoFaults(tab.page, path, Axe.ALL);
        assertThat(tab.complaints).as(path).isEmpty();
        tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        tab.page.setViewportSize(320, 700);
        Browsing.awaitTrue(
            tab.page,
            path + " fits a narrow page",
            "document.documentElement.scrollWidth <= innerWidth");
        if (byNight.contains(path)) {
          // The rail is another one where a tenant is chosen; otherwise it was looked at before.
          String part =
              rails.add(path.startsWith("/t/") ? "tenant" : "operator") ? Axe.ALL : "main";
          Axe.assertNoFaults(tab.page, path + ", dark and narrow", part);
        }
        tab.page.setViewportSize(Look.WIDE.width(), Look.WIDE.height());
        tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
      }
    }
  }

  private static void awaitPage(Tab tab, String path) {
    if (path.endsWith("/log") || path.endsWith("/embed")) {
      rows(tab).first().waitFor();
      tab.page
          .locator(".facet li")
          .first()
          .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
      return;
    }
    tab.awaitLoaded();
    assertThat(tab.page.locator("main .notice.danger")).hasCount(0);
  }

  @Test
  void theOperatorGoesFromTheTenantsToAnEntry() {
    try (Tab tab = open("/")) {
      assertThat(tab.page.locator("table.rows tbody tr").first()).isVisible();
      tab.page
          .locator("table.rows a", new Page.LocatorOptions().setHasText("Acme Support"))
          .click();
      assertThat(tab.page.locator("main h1")).hasText("Acme Support");
      assertThat(tab.page.locator(".tile").first()).containsText("Verified");
      assertThat(tab.page.locator("main")).containsText("failed sign-ins on one day");
      tab.page.getByText("failed sign-ins on one day").click();
      assertThat(tab.page.locator("tr.entry[data-id]").first()).containsText("failed to sign in");
      tab.page.goBack();
      assertThat(tab.page.locator("main h1")).hasText("Acme Support");
    }
  }

  @Test
  void theOverviewSaysWhatIsUnusualAndWhereFrom() {
    try (Tab tab = open("/t/acme-support")) {
      Locator main = tab.page.locator("main");
      assertThat(main.locator(".tile").first()).containsText("The newest checkpoint covers all");
      Locator unusual = main.locator(".unusual li");
      assertThat(unusual.getByText("failed sign-ins on one day")).isVisible();
      assertThat(unusual.getByText("Activity from Brazil")).isVisible();
      assertThat(unusual.getByText("in one night")).isVisible();
      Locator places =
          main.locator("section.block")
              .filter(new Locator.FilterOptions().setHasText("Signed in from"));
      Locator first = places.locator("li a").first();
      tab.awaitLoaded();
      int count = Integer.parseInt(first.locator(".count").textContent().replaceAll("\\D", ""));
      first.click();
      assertThat(tab.page.locator(".chips")).containsText("Country");
      assertThat(tab.page.locator(".chart .sum strong"))
          .hasText(Pattern.compile("^" + "%,d".formatted(count) + "\\b.*"));
      tab.page.goBack();
      // What the number of the busiest night says is what its link shows.
      Locator night = unusual.filter(new Locator.FilterOptions().setHasText("in one night"));
      tab.awaitLoaded();
      String changes = night.textContent().strip().replaceAll("(?s)^(\\d+).*", "$1");
      night.locator("a").click();
      assertThat(tab.page.locator(".chart .sum strong"))
          .hasText(Pattern.compile("^" + changes + "\\b.*"));
    }
  }

  @Test
  void aHoldIsAppliedShownOnItsEntriesAndReleased() {
    String tenant = BROWSING.get().newTenant("held");
    Events.record(
        BROWSING.get(),
        "{\"tenant\":\"%s\",\"action\":\"team.create\",\"actor\":{\"type\":\"user\",\"id\":\"u_held\"}}"
            .formatted(tenant));
    try (Tab tab = open("/t/" + tenant + "/holds")) {
      button(tab, "Apply a hold").click();
      Locator sheet = tab.page.locator("dialog[open]");
      sheet.locator("[name=name]").fill("Matter 17");
      sheet.locator("[name=query]").fill("actor_id:u_held");
      assertThat(sheet).containsText(Pattern.compile("\\d+ entr(y|ies) now"));
      Axe.assertNoFaults(tab.page, "apply a hold");
      sheet.locator("[name=reason]").fill("matter 2026-17");
      sheet.locator("button.primary").click();
      assertThat(sheet).containsText("“Matter 17” is in force");
      Axe.assertNoFaults(tab.page, "hold applied");
      sheet.locator("a.primary").click();
      assertThat(rows(tab).first()).isVisible();
      tab.go("/t/" + tenant + "/log#q=actor_id:u_held");
      assertThat(tab.page.locator("tr.entry .tag.hold").first()).isVisible();
      tab.page.locator(".rail a").getByText("Holds").click();
      tab.page.getByText("Release", new Page.GetByTextOptions().setExact(true)).first().click();
      Locator release = tab.page.locator("dialog[open]");
      assertThat(release.locator("button.danger")).isDisabled();
      release.locator("[name=reason]").fill("settled");
      release.getByLabel("Type Matter 17 to confirm").fill("Matter 17");
      Axe.assertNoFaults(tab.page, "release a hold");
      release.locator("button.danger").click();
      assertThat(release).containsText("is released");
    }
  }

  /** The browser tells of a sheet's end in a task of its own; a click may come before it. */
  @Test
  void aSheetThatIsOpenedRightAfterOneClosedStays() {
    try (Tab tab = open("/t/acme-support/holds")) {
      button(tab, "Apply a hold").click();
      assertThat(tab.page.locator("dialog[open]")).isVisible();
      tab.page.evaluate(
          """
          () => {
            const root = document.querySelector('indelible-console').shadowRoot;
            const dialog = root.querySelector('dialog');
            const told = new Promise(done => dialog.addEventListener('close', done, { once: true }));
            dialog.close();
            root.querySelector('main header button').click();
            return told.then(() => document.querySelector('indelible-console').updateComplete);
          }
          """);
      assertThat(tab.page.locator("dialog[open] [name=query]")).isVisible();
      tab.page.evaluate(
          """
          () => {
            const console = document.querySelector('indelible-console');
            console.shadowRoot.querySelector('dialog').close();
            console.requestUpdate();
          }
          """);
      assertThat(tab.page.locator("dialog")).hasCount(0);
    }
  }

  @Test
  void settingsAreChangedAndTheChangeIsShown() {
    String tenant = BROWSING.get().newTenant("settings", "msp");
    try (Tab tab = open("/t/" + tenant + "/settings")) {
      button(tab, "Change settings").click();
      Locator sheet = tab.page.locator("dialog[open]");
      sheet.locator("[name=views]").selectOption("yes");
      Axe.assertNoFaults(tab.page, "change settings");
      sheet.locator("[name=reason]").fill("asked for by the auditors");
      sheet.locator("button.primary").click();
      assertThat(sheet).containsText("The settings are changed");
      sheet.locator("a.primary").click();
      tab.page.locator("tr.entry[data-id]").first().locator("td.time a").click();
      assertThat(tab.page.locator(".panel")).containsText("record_views");
      tab.page.locator(".rail a").getByText("Settings").click();
      assertThat(tab.page.locator("main")).containsText("Is recorded");
    }
  }

  @Test
  @Tag("long")
  void aTenantsProfileIsChangedAndWhatDoesNotFitIsSaid() {
    String tenant = BROWSING.get().newTenant("own-profile", "inbox");
    try (Tab tab = open("/t/" + tenant + "/settings")) {
      assertThat(tab.page.locator("main")).containsText("the profile applies unchanged");
      button(tab, "Change the profile").first().click();
      Locator sheet = tab.page.locator("dialog[open]");
      sheet.locator("[name=text]").fill("{\"export_formats\":[\"papyrus\"]}");
      sheet.locator("[name=reason]").fill("they want CSV alone");
      sheet.locator("button.primary").click();
      assertThat(sheet.locator("[role=alert]")).containsText("papyrus");
      Axe.assertNoFaults(tab.page, "change the profile");
      sheet.locator("[name=text]").fill("{\"export_formats\":[\"csv\"]}");
      sheet.locator("button.primary").click();
      assertThat(sheet).containsText("The profile is changed");
      sheet.locator("a.primary").click();
      assertThat(tab.page.locator("tr.entry[data-id]")).hasCount(1);
      tab.page.locator(".rail a").getByText("Settings").click();
      assertThat(tab.page.locator("main pre")).containsText("csv");
    }
  }

  @Test
  void aRequestForErasureIsReceivedLookedAtAndCarriedOut() {
    String tenant = BROWSING.get().newTenant("erasing", "msp");
    Events.record(
        BROWSING.get(),
        "{\"tenant\":\"%s\",\"id\":\"of-eve\",\"action\":\"login_succeeded\",\"actor\":{\"type\":\"user\",\"id\":\"u_eve\",\"name\":\"Eve Example\"}}"
            .formatted(tenant));
    try (Tab tab = open("/t/" + tenant + "/erasures")) {
      button(tab, "Receive a request").click();
      Locator sheet = tab.page.locator("dialog[open]");
      sheet.locator("[name=identifiers]").fill("u_eve");
      Axe.assertNoFaults(tab.page, "receive a request");
      sheet.locator("button.primary").click();
      assertThat(sheet).containsText("it is due on ");
      tab.page.keyboard().press("Escape");
      button(tab, "Look at and settle").click();
      assertThat(sheet).containsText("The personal part of 1 entry would be erased");
      sheet.locator("[name=reason]").fill("identity checked");
      Axe.assertNoFaults(tab.page, "settle a request");
      sheet.locator("button.danger").click();
      assertThat(sheet).containsText("approved and carried out");
      tab.page.keyboard().press("Escape");
      assertThat(tab.page.locator("main table")).containsText("Fulfilled");
      Download report = tab.page.waitForDownload(() -> tab.page.getByText("Report as PDF").click());
      assertThat(report.suggestedFilename()).isEqualTo("erasures-" + tenant + ".pdf");
      Axe.assertNoFaults(tab.page, "requests");
      button(tab, "What does the log hold about somebody?").click();
      sheet.locator("[name=identifiers]").fill("u_eve");
      sheet.locator("[name=reason]").fill("ticket 4711");
      Axe.assertNoFaults(tab.page, "what the log holds about somebody");
      Download about = tab.page.waitForDownload(() -> sheet.locator("button.primary").click());
      assertThat(about.suggestedFilename()).isEqualTo("subject-report-" + tenant + ".pdf");
      assertThat(sheet).containsText("The report is made.");
      tab.page.keyboard().press("Escape");
      tab.go("/t/" + tenant + "/log#entry=of-eve");
      assertThat(tab.page.locator(".panel h2")).containsText("u_eve signed in");
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "verified");
    }
  }

  @Test
  void anAuditorsNameStandsOverWhateverTheyRead() {
    String tenant = BROWSING.get().newTenant("audited");
    String answer =
        Events.post(
            BROWSING.get(),
            "/v1/tenants/" + tenant + "/auditor-links",
            "{\"user\":{\"id\":\"a_1\",\"name\":\"Audrey Ward\"},\"reason\":\"yearly audit\"}");
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.navigate(Events.text(answer, "url"));
      assertThat(tab.page.locator(".watermark")).isVisible();
      tab.go("/t/" + tenant + "/log");
      tab.page.locator("tr.entry[data-id]").first().waitFor();
      assertThat(tab.page.locator(".watermark")).containsText("Audrey Ward");
    }
  }

  @Test
  @Tag("long")
  void aKeyIsMadeShownOnceAndRevoked() {
    String tenant = BROWSING.get().newTenant("one-key");
    try (Tab tab = open("/t/" + tenant + "/keys")) {
      button(tab, "Create a key").click();
      Locator sheet = tab.page.locator("dialog[open]");
      assertThat(sheet.locator("[name=name]")).isVisible();
      Axe.assertNoFaults(tab.page, "create a key");
      sheet.locator("[name=name]").fill("web shop");
      sheet.locator("button.primary").click();
      Locator secret = sheet.locator("pre.code");
      assertThat(secret).not().isEmpty();
      String text = secret.textContent();
      assertThat(sheet.locator(".made")).hasText("The operator made the API key web shop");
      Axe.assertNoFaults(tab.page, "the key's secret");
      button(tab, "I have kept it").click();
      assertThat(sheet).hasCount(0);
      assertThat(tab.page.locator("main")).containsText("web shop");
      assertThat(tab.page.content()).doesNotContain(text);
      button(tab, "Revoke").first().click();
      tab.page.getByLabel("Type web shop to confirm").fill("web shop");
      sheet.locator("[name=reason]").fill("the shop is closed");
      tab.page.locator("dialog[open] button.danger").click();
      assertThat(tab.page.locator("dialog[open]")).containsText("no longer works");
      assertThat(sheet.locator(".made")).containsText("revoked the API key web shop");
      assertThat(sheet.locator(".made")).containsText("the shop is closed");
      Axe.assertNoFaults(tab.page, "the entry of a change");
      sheet.locator("a.primary").click();
      assertThat(tab.page.locator(".panel h2")).containsText("revoked the API key web shop");
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "verified");
    }
  }

  @Test
  @Tag("long")
  void onANarrowPageEachRowOfATableIsACardWithTheNamesOfItsColumns() {
    try (Tab tab = open("/tenants")) {
      tab.page.setViewportSize(390, 844);
      Locator row =
          tab.page
              .locator("table.rows tbody tr")
              .filter(new Locator.FilterOptions().setHasText("Acme Support"));
      row.locator("button").scrollIntoViewIfNeeded(); // down: other tests have made tenants
      assertThat(row.locator("button")).isInViewport();
      assertThat(row.locator("td").nth(1)).hasAttribute("data-column", "Profile");
      // What the eye does not see is still there for those who hear it.
      assertThat(tab.page.getByRole(AriaRole.COLUMNHEADER)).hasCount(5);
      Eventually.holds(
          "no scrolling sideways",
          () ->
              Boolean.TRUE.equals(
                  tab.page
                      .locator("main .scroll")
                      .evaluate("region => region.scrollWidth <= region.clientWidth")));
    }
  }

  @Test
  void aLinkSignsInOnceAndItsCodeStaysNowhere() {
    String url =
        Events.text(
            Events.post(
                BROWSING.get(),
                "/v1/sign-in-links",
                "{\"user\":{\"id\":\"ops_1\",\"name\":\"Olga\"}}"),
            "url");
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.navigate(url);
      assertThat(tab.page.locator("main h1")).hasText("Tenants");
      assertThat(tab.page).not().hasURL(Pattern.compile("#"));
      tab.page.reload();
      assertThat(tab.page.locator("main h1")).hasText("Tenants");
    }
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.navigate(url);
      assertThat(tab.page.locator("[role=alert]")).containsText("does not work");
    }
  }

  @Test
  void aMemberIsAddedSignsInAndSeesOnlyWhatTheyMay() {
    String tenant = BROWSING.get().newTenant("joined", "automation", "Joined Ltd");
    String link;
    try (Tab tab = open("/t/" + tenant + "/access")) {
      tab.page.getByText("Add a member").first().click();
      Locator sheet = tab.page.locator("dialog[open]");
      assertThat(sheet.locator("[name=id]")).isVisible();
      Axe.assertNoFaults(tab.page, "add a member");
      sheet.locator("[name=id]").fill("u_reader");
      sheet.locator("[name=name]").fill("Rita");
      Locator sets = sheet.locator("fieldset.givables").last().locator("label.choice");
      sets.first().waitFor();
      sets.filter(new Locator.FilterOptions().setHasText("Read entries"))
          .filter(new Locator.FilterOptions().setHasNotText("more"))
          .first()
          .locator("input")
          .check();
      sheet.locator("button.primary").click();
      assertThat(sheet.locator("pre.code")).containsText("/sign-in#");
      Axe.assertNoFaults(tab.page, "a member's link");
      link = sheet.locator("pre.code").textContent().strip();
    }
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.navigate(link);
      assertThat(tab.page.locator("main h1")).hasText("Joined Ltd");
      assertThat(tab.page.locator(".rail")).containsText("Rita");
      assertThat(
              tab.page
                  .locator(".rail a.item")
                  .filter(new Locator.FilterOptions().setHasText("Access")))
          .hasCount(0);
      assertThat(
              tab.page
                  .locator(".rail a.item")
                  .filter(new Locator.FilterOptions().setHasText("Tenants")))
          .hasCount(0);
      tab.page
          .locator(".rail a.item")
          .filter(new Locator.FilterOptions().setHasText("Log"))
          .click();
      assertThat(tab.page.locator("tr.entry[data-id]").first()).isVisible();
    }
  }

  @Test
  void theOperatorSeesHealthLagAndStorage() {
    try (Tab tab = open("/system")) {
      assertThat(tab.page.locator("main .notice.good")).containsText("Ready");
      for (String tile : new String[] {"Index lag", "Checkpoint lag", "Search index", "Journal"}) {
        assertThat(
                tab.page
                    .locator(".tile")
                    .filter(new Locator.FilterOptions().setHasText(tile))
                    .locator(".number"))
            .containsText(Pattern.compile("[0-9]"));
      }
      tab.page.getByPlaceholder("Search the figures").fill("events_accepted");
      Locator figures = tab.page.locator("section:has(#figures) table.rows tbody tr");
      assertThat(figures).hasCount(1);
      assertThat(figures).containsText("indelible_events_accepted_total");
      Locator sessions = tab.page.locator("[data-session]");
      assertThat(sessions.filter(new Locator.FilterOptions().setHasText("this one"))).hasCount(1);
    }
  }

  @Test
  void signingOutForgetsEverything() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).signIn().go("/tenants")) {
      button(tab, "Sign out").click();
      assertThat(tab.page.locator(".sign-in h1")).hasText("Sign in");
      tab.page.navigate(BROWSING.get().address() + "/t/acme-support");
      assertThat(tab.page.locator(".sign-in h1")).hasText("Sign in");
    }
  }
}
