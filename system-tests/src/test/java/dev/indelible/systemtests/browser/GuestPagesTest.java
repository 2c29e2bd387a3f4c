package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.RequestOptions;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The console's pages of auditors, support staff and sessions. */
class GuestPagesTest extends AccessPages {

  @Test
  @Tag("long")
  void anAuditorsLinkIsMadeForAnAccountAndAFilterShownOnceAndEnded() {
    String tenant = newTenant("access-auditors", "Access auditors");
    Events.record(
        BROWSING.get(),
        """
        [{"tenant":"%1$s","account":"eu","id":"a1","action":"user.login","actor":{"type":"user","id":"u_1"}},
         {"tenant":"%1$s","account":"eu","id":"a2","action":"user.logout","actor":{"type":"user","id":"u_1"}},
         {"tenant":"%1$s","account":"us","id":"a3","action":"user.login","actor":{"type":"user","id":"u_1"}}]
        """
            .formatted(tenant));
    try (Tab tab = open("/t/" + tenant + "/auditors")) {
      button(tab, "Make a link for an auditor").click();
      sheet(tab).locator("[name=id]").fill("a_1");
      sheet(tab).locator("[name=name]").fill("Audrey Ward");
      assertThat(permission(tab, "audit.view")).isDisabled();
      assertThat(permission(tab, "audit.view_personal")).not().isChecked();
      sheet(tab).locator("[name=filter]").fill("action:user.login");
      assertThat(sheet(tab).locator("[role=status]")).containsText("2 entries now");
      sheet(tab).getByLabel("Which entries").selectOption("accounts");
      sheet(tab).locator("textarea.mono").fill("eu");
      assertThat(sheet(tab).locator("[role=status]")).containsText("1 entry now");
      sheet(tab).locator("[name=expires]").selectOption("P7D");
      sheet(tab).locator("[name=reason]").fill("yearly audit");
      assertGood(tab, "make an auditor link");
      submit(tab);
      assertThat(sheet(tab).locator(".made")).containsText("yearly audit");
      assertThat(sheet(tab).getByText("Copy")).isVisible();
      assertGood(tab, "an auditors link");
      String link = sheet(tab).locator("pre.code").textContent().strip();
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "Audrey Ward")).containsText("within eu");
      assertThat(row(tab, "Audrey Ward")).containsText("action:user.login");
      assertThat(tab.page.content()).doesNotContain(link);
      assertGood(tab, "auditors");
      try (Tab theirs = BROWSING.get().open(Look.WIDE)) {
        theirs.page.navigate(link);
        assertThat(theirs.page.locator(".watermark")).containsText("Audrey Ward");
        assertThat(theirs.page.locator(".rail a.item").getByText("Access")).hasCount(0);
        go(theirs, "/t/" + tenant + "/log");
        assertThat(theirs.page.locator("tr.entry[data-id=a1]")).isVisible();
        assertThat(theirs.page.locator("tr.entry[data-id=a2], tr.entry[data-id=a3]")).hasCount(0);
        row(tab, "Audrey Ward").getByText("End").click();
        sheet(tab).locator("[name=reason]").fill("audit is over");
        assertGood(tab, "end an auditors access");
        submit(tab);
        assertDone(tab, "Audrey Ward is out", "ended the access of an auditor", "audit is over");
        theirs.page.reload();
        assertThat(theirs.page.locator(".sign-in h1")).isVisible();
      }
      assertThat(tab.page.locator("main")).containsText("Nobody from outside");
    }
  }

  @Test
  void supportIsLetInOnlyOnceTheTenantOptedInAndThrownOutWhenItOptsOut() {
    String tenant = newTenant("access-support", "Access support");
    try (Tab operator = open("/t/" + tenant + "/support")) {
      assertThat(operator.page.locator("main"))
          .containsText("Only somebody of the tenant itself can change that.");
      assertThat(operator.page.locator("main button")).hasCount(0);
    }
    try (Tab tab = openAs(tenant, "olga", "[{\"role\":\"owner\"}]", "/t/" + tenant + "/support")) {
      button(tab, "Opt in").click();
      sheet(tab).locator("[name=reason]").fill("import hangs");
      assertGood(tab, "opt in to support");
      submit(tab);
      assertDone(tab, "may be let in now", "changed", "import hangs");
      button(tab, "Let somebody in").click();
      assertThat(sheet(tab).locator("[name=expires]")).hasValue("PT4H");
      sheet(tab).locator("[name=id]").fill("s_1");
      sheet(tab).locator("[name=name]").fill("Sam Support");
      sheet(tab).locator("[name=reason]").fill("ticket 4711");
      assertGood(tab, "let support in");
      submit(tab);
      assertThat(sheet(tab).locator(".made")).containsText("let support staff read");
      String link = sheet(tab).locator("pre.code").textContent().strip();
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "Sam Support")).containsText("olga");
      assertGood(tab, "support");
      try (Tab theirs = BROWSING.get().open(Look.WIDE)) {
        theirs.page.navigate(link);
        assertThat(theirs.page.locator("main h1")).hasText("Access support");
        button(tab, "Opt out").click();
        sheet(tab).locator("[name=reason]").fill("solved");
        assertGood(tab, "opt out of support");
        submit(tab);
        assertDone(tab, "not let in any more", "changed", "solved");
        theirs.page.reload();
        assertThat(theirs.page.locator(".sign-in h1")).isVisible();
        assertThat(tab.page.locator("main")).containsText("Nobody is let in.");
        button(tab, "Opt in").click();
        submit(tab);
        assertThat(sheet(tab).locator(".notice.good")).containsText("may be let in now");
        tab.page.keyboard().press("Escape");
        theirs.page.navigate(link);
        theirs.page.reload();
        assertThat(theirs.page.locator(".sign-in h1")).isVisible();
      }
      button(tab, "Let somebody in").click();
      sheet(tab).locator("[name=id]").fill("s_1");
      sheet(tab).locator("[name=name]").fill("Sam Support");
      sheet(tab).locator("[name=reason]").fill("ticket 4712");
      submit(tab);
      assertThat(sheet(tab).locator(".made")).containsText("let support staff read");
      tab.page.keyboard().press("Escape");
      row(tab, "Sam Support").getByText("End").click();
      submit(tab);
      assertThat(sheet(tab).locator(".made")).containsText("ended the access of support staff");
      tab.page.keyboard().press("Escape");
      assertThat(tab.page.locator("main")).containsText("Nobody is let in.");
    }
  }

  @Test
  @Tag("long")
  void sessionsOfPeopleAndInProductsAreListedAndEnded() {
    String tenant = newTenant("access-sessions", "Access sessions");
    String token =
        json(Events.post(
                BROWSING.get(),
                "/v1/tenants/" + tenant + "/viewer-sessions",
                "{\"user\":{\"id\":\"u_7\",\"name\":\"Ana\"},\"accounts\":[\"eu\"],\"filter\":\"category:authentication\",\"origins\":[\"https://app.acme.test\"]}"))
            .path("token")
            .asString();
    try (Tab theirs = openAs(tenant, "olga", "[{\"role\":\"owner\"}]", "/t/" + tenant);
        Tab tab = open("/t/" + tenant + "/sessions")) {
      assertThat(row(tab, "olga")).containsText("member");
      assertThat(row(tab, "Ana")).containsText("https://app.acme.test");
      assertThat(row(tab, "Ana")).containsText("within eu");
      assertGood(tab, "sessions");
      row(tab, "olga").locator("button").click();
      assertThat(row(tab, "olga")).hasCount(0);
      theirs.page.reload();
      assertThat(theirs.page.locator(".sign-in h1")).isVisible();
      row(tab, "Ana").locator("button").click();
      assertThat(tab.page.locator("main")).containsText("No product shows the log");
      assertThat(
              tab.page
                  .request()
                  .get(
                      BROWSING.get().address() + "/v1/tenants/" + tenant + "/events",
                      RequestOptions.create().setHeader("Authorization", "Bearer " + token))
                  .status())
          .isEqualTo(401);
    }
  }
}
