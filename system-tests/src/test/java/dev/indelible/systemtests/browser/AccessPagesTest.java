package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.RequestOptions;
import dev.indelible.server.profile.Permission;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The console's pages of members, accounts, permission sets and keys. */
class AccessPagesTest extends AccessPages {

  @Test
  void aMemberIsGivenARoleWithinAnAccountAndAPermissionSetInstead() {
    String tenant = newTenant("access-members", "Access members");
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/accounts",
        "{\"id\":\"eu\",\"name\":\"Europe\"}");
    Events.record(
        BROWSING.get(),
        """
        [{"tenant":"%1$s","account":"eu","id":"in-eu","action":"user.login","actor":{"type":"user","id":"u_1"}},
         {"tenant":"%1$s","account":"us","id":"in-us","action":"user.login","actor":{"type":"user","id":"u_1"}}]
        """
            .formatted(tenant));
    String link;
    try (Tab tab = open("/t/" + tenant + "/access")) {
      button(tab, "Add a member").click();
      sheet(tab).locator("[name=id]").fill("u_bo");
      sheet(tab).locator("[name=name]").fill("Bo");
      choice(tab, "Account admin").check();
      assertThat(sheet(tab)).containsText("Choose at least one account");
      assertThat(sheet(tab).locator(".end button.primary")).isDisabled();
      choice(tab, "Europe").check();
      assertThat(sheet(tab)).not().containsText("Choose at least one account");
      assertGood(tab, "add a member");
      submit(tab);
      assertThat(sheet(tab).locator("pre.code")).containsText("/sign-in#");
      link = sheet(tab).locator("pre.code").textContent().strip();
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "u_bo")).containsText("Account admin · Europe");
      assertGood(tab, "members");
      try (Tab theirs = BROWSING.get().open(Look.WIDE)) {
        theirs.page.navigate(link);
        theirs.page.locator(".rail").waitFor();
        go(theirs, "/t/" + tenant + "/log");
        assertThat(theirs.page.locator("tr.entry[data-id=in-eu]")).isVisible();
        assertThat(theirs.page.locator("tr.entry[data-id=in-us]")).hasCount(0);
      }
      changeTheMember(tab, tenant);
    }
  }

  @Test
  void nothingIsOpenedBeforeThePageHasWhatItOffers() {
    String tenant = newTenant("access-slow", "Access slow");
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/accounts",
        "{\"id\":\"eu\",\"name\":\"Europe\"}");
    try (Tab tab = open("/t/" + tenant + "/keys")) {
      AtomicReference<Route> held = new AtomicReference<>();
      tab.page.route(Pattern.compile(".*/accounts$"), held::set);
      go(tab, "/t/" + tenant + "/access");
      assertThat(tab.page.locator("main")).containsText("Add a member");
      tab.page.waitForCondition(() -> held.get() != null);
      assertThat(tab.page.locator("[inert]")).hasText("Add a member");
      held.get().resume();
      button(tab, "Add a member").click();
      choice(tab, "Account admin").check();
      assertThat(choice(tab, "Europe")).isVisible();
    }
  }

  private static void changeTheMember(Tab tab, String tenant) {
    row(tab, "u_bo").getByText("Change").click();
    assertThat(choice(tab, "Account admin")).isChecked();
    assertThat(choice(tab, "Europe")).isChecked();
    choice(tab, "Account admin").uncheck();
    choice(tab, "Compliance").check();
    assertThat(sheet(tab).locator(".delta .gone")).containsText("Account admin · Europe");
    assertThat(sheet(tab).locator(".delta .added")).containsText("Compliance");
    assertGood(tab, "change a member");
    sheet(tab).locator("[name=reason]").fill("moved to legal");
    submit(tab);
    assertDone(tab, "Bo is changed", "changed what", "moved to legal");
    JsonNode member = get("/v1/tenants/" + tenant + "/members/u_bo");
    assertThat(member.path("assignments").toString())
        .isEqualTo("[{\"permission_set\":\"compliance\"}]");
    // Since the page was loaded there are more accounts, which it knows by their ids alone.
    for (String account : new String[] {"us", "apac"}) {
      Events.post(
          BROWSING.get(),
          "/v1/tenants/" + tenant + "/accounts",
          "{\"id\":\"%1$s\",\"name\":\"%1$s\"}".formatted(account));
    }
    row(tab, "u_bo").getByText("Change").click();
    choice(tab, "Compliance")
        .locator("xpath=ancestor::*[@class='givable']")
        .locator("select")
        .selectOption("accounts");
    sheet(tab).locator(".where textarea").fill("us\napac");
    sheet(tab).locator("[name=reason]").fill("two regions");
    submit(tab);
    assertDone(tab, "Bo is changed", "changed what", "two regions");
    assertThat(row(tab, "u_bo")).containsText("Compliance · apac, us");
    // A name is kept beside the log: no entry, and the sheet does not promise one.
    row(tab, "u_bo").getByText("Change").click();
    sheet(tab).locator("[name=name]").fill("Bo Berg");
    sheet(tab).locator("[name=email]").fill("bo@acme.test");
    submit(tab);
    assertThat(sheet(tab)).containsText("this change made no entry");
    tab.page.keyboard().press("Escape");
    assertThat(row(tab, "Bo Berg")).containsText("bo@acme.test");
    row(tab, "Bo Berg").getByText("Remove").click();
    sheet(tab).getByLabel("Type Bo Berg to confirm").fill("Bo Berg");
    sheet(tab).locator("[name=reason]").fill("left");
    submit(tab);
    assertDone(tab, "Bo Berg is no longer a member", "shut", "left");
    assertThat(get("/v1/tenants/" + tenant + "/members").path("members")).isEmpty();
  }

  @Test
  @Tag("long")
  void whatAMemberMadeIsListedAndRevokedWithThem() {
    String tenant = newTenant("access-made", "Access made");
    try (Tab theirs = openAs(tenant, "u_lea", "[{\"role\":\"owner\"}]", "/t/" + tenant + "/keys");
        Tab tab = open("/t/" + tenant + "/access")) {
      theirs.page.evaluate(
          """
          tenant => fetch(`/v1/tenants/${tenant}/keys`, {
            method: 'POST', headers: {'Content-Type': 'application/json'},
            body: JSON.stringify({name: 'nightly sync', scopes: ['events.read']})})
          """,
          tenant);
      row(tab, "u_lea").getByText("Remove").click();
      assertThat(sheet(tab).locator("fieldset li")).containsText("nightly sync");
      choice(tab, "Revoke these too").check();
      assertGood(tab, "remove a member who made a key");
      sheet(tab).getByLabel("Type u_lea to confirm").fill("u_lea");
      sheet(tab).locator("[name=reason]").fill("left");
      submit(tab);
      assertDone(tab, "u_lea is no longer a member", "shut", "left");
      go(tab, "/t/" + tenant + "/keys");
      assertThat(row(tab, "nightly sync")).containsText("Revoked");
      assertThat(row(tab, "nightly sync")).containsText("by u_lea");
    }
  }

  @Test
  @Tag("long")
  void anAccountIsAddedRenamedAndRemoved() {
    String tenant = newTenant("access-accounts", "Access accounts");
    try (Tab tab = open("/t/" + tenant + "/accounts")) {
      button(tab, "Add an account").click();
      sheet(tab).locator("[name=id]").fill("eu");
      sheet(tab).locator("[name=name]").fill("Europe");
      sheet(tab).locator("[name=reason]").fill("first region");
      assertGood(tab, "add an account");
      submit(tab);
      assertDone(tab, "“Europe” is added", "added the account", "first region");
      assertGood(tab, "accounts");
      row(tab, "Europe").getByText("Rename").click();
      assertThat(sheet(tab).locator(".end button.primary")).isDisabled();
      sheet(tab).locator("[name=name]").fill("Europe and Africa");
      sheet(tab).locator("[name=reason]").fill("grew");
      assertGood(tab, "rename an account");
      submit(tab);
      assertDone(tab, "is called “Europe and Africa” now", "renamed the account", "grew");
      assertThat(get("/v1/tenants/" + tenant + "/accounts").path("accounts").toString())
          .isEqualTo("[{\"id\":\"eu\",\"name\":\"Europe and Africa\"}]");
      row(tab, "Europe").getByText("Remove").click();
      assertThat(sheet(tab).locator("button.danger")).isDisabled();
      sheet(tab).getByLabel("Type Europe and Africa to confirm").fill("Europe and Africa");
      sheet(tab).locator("[name=reason]").fill("split up");
      submit(tab);
      assertDone(tab, "The name of the account", "removed the account", "split up");
      assertThat(tab.page.locator("main")).containsText("No account has a name yet");
    }
  }

  @Test
  @Tag("long")
  void aPermissionSetIsMadeChangedAndRemovedWithThoseWhoHaveItCounted() {
    String tenant = newTenant("access-sets", "Access sets");
    try (Tab tab = open("/t/" + tenant + "/permissions")) {
      button(tab, "Make a permission set").click();
      assertThat(sheet(tab).locator("[name^='permission:']")).hasCount(Permission.values().length);
      List<String> offered = new ArrayList<>();
      for (Locator box : sheet(tab).locator("[name^='permission:']").all()) {
        offered.add(box.getAttribute("name").replace("permission:", ""));
      }
      assertThat(offered)
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(Permission.values()).map(Permission::jsonName).toList());
      sheet(tab).locator("[name=id]").fill("readers");
      sheet(tab).locator("[name=name]").fill("Readers");
      permission(tab, "audit.export").check();
      sheet(tab).locator("[name=reason]").fill("for the board");
      assertGood(tab, "make a permission set");
      submit(tab);
      assertDone(tab, "“Readers” is made", "made the permission set", "for the board");
      assertGood(tab, "permission sets");
      Events.post(
          BROWSING.get(),
          "/v1/tenants/" + tenant + "/members",
          "{\"id\":\"u_1\",\"assignments\":[{\"permission_set\":\"readers\"}]}");
      row(tab, "Readers").getByText("Change").click();
      assertThat(permission(tab, "audit.view")).isChecked();
      permission(tab, "audit.export").uncheck();
      permission(tab, "audit.verify").check();
      assertThat(sheet(tab).locator(".delta .gone")).containsText("audit.export");
      assertThat(sheet(tab).locator(".delta .added")).containsText("audit.verify");
      sheet(tab).locator("[name=reason]").fill("no files");
      assertGood(tab, "change a permission set");
      submit(tab);
      assertDone(tab, "“Readers” is changed", "changed the permission set", "no files");
      assertThat(get("/v1/tenants/" + tenant + "/members/u_1").path("permissions").toString())
          .isEqualTo("[\"audit.verify\",\"audit.view\"]");
      // What is of the profile is shown, and has no buttons.
      assertThat(row(tab, "View the audit log").first().locator("button")).hasCount(0);
      row(tab, "Readers").getByText("Remove").click();
      assertThat(sheet(tab).locator(".notice.danger")).containsText("1 member has it");
      sheet(tab).getByLabel("Type Readers to confirm").fill("Readers");
      sheet(tab).locator("[name=reason]").fill("not needed");
      assertGood(tab, "remove a permission set");
      submit(tab);
      assertDone(tab, "“Readers” is removed", "removed the permission set", "not needed");
      assertThat(tab.page.locator("main"))
          .containsText("None yet; those of the profile are enough.");
    }
  }

  @Test
  void aKeyHasNetworksSinglePermissionsAndAnEndAndIsRotated() {
    String tenant = newTenant("access-keys", "Access keys");
    try (Tab tab = open("/t/" + tenant + "/keys")) {
      button(tab, "Create a key").click();
      sheet(tab).locator("[name=name]").fill("reports");
      sheet(tab).locator("[name='events.write']").uncheck();
      assertThat(sheet(tab).locator(".end button.primary")).isDisabled();
      sheet(tab).locator("summary").click();
      permission(tab, "audit.view").check();
      sheet(tab).locator("[name=networks]").fill("127.0.0.0/8\n::1/128");
      sheet(tab).locator("[name=expires]").selectOption("own");
      sheet(tab).locator("[name=until]").fill("2099-01-02T03:04");
      sheet(tab).locator("[name=reason]").fill("monthly report");
      assertGood(tab, "create a key");
      submit(tab);
      assertThat(sheet(tab).locator(".made")).containsText("made the API key reports");
      String secret = sheet(tab).locator("pre.code").textContent().strip();
      assertThat(secret).startsWith("ik_");
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "reports")).containsText("audit.view");
      assertThat(row(tab, "reports")).containsText("only from 127.0.0.0/8, ");
      assertThat(row(tab, "reports")).containsText("2 Jan 2099");
      assertThat(row(tab, "reports")).containsText("Never"); // used
      JsonNode key = get("/v1/tenants/" + tenant + "/keys").path("keys").get(0);
      assertThat(key.path("expires_at").asString()).startsWith("2099-01-02T02:04:00");
      assertThat(
              tab.page
                  .request()
                  .get(
                      BROWSING.get().address() + "/v1/tenants/" + tenant + "/events",
                      RequestOptions.create().setHeader("Authorization", "Bearer " + secret))
                  .status())
          .isEqualTo(200);
      go(tab, "/t/" + tenant + "/accounts");
      go(tab, "/t/" + tenant + "/keys");
      assertThat(row(tab, "reports")).not().containsText("Never");
      rotateTheKey(tab, tenant);
    }
  }

  private static void rotateTheKey(Tab tab, String tenant) {
    row(tab, "reports").getByText("Rotate").click();
    assertThat(sheet(tab)).containsText("only from 127.0.0.0/8, ");
    sheet(tab).locator("[name=overlap]").selectOption("P7D");
    sheet(tab).locator("[name=reason]").fill("yearly");
    assertGood(tab, "rotate a key");
    submit(tab);
    assertThat(sheet(tab).locator(".made")).containsText("yearly");
    assertThat(sheet(tab).locator("pre.code")).containsText("ik_");
    tab.page.keyboard().press("Escape");
    assertThat(row(tab, "reports")).hasCount(2);
    assertGood(tab, "keys");
    JsonNode keys = get("/v1/tenants/" + tenant + "/keys").path("keys");
    List<String> ends = new ArrayList<>();
    keys.forEach(key -> ends.add(key.path("expires_at").asString()));
    assertThat(ends).filteredOn(end -> end.startsWith("2099-01-02")).hasSize(1);
    row(tab, "2 Jan 2099").getByText("Revoke").click();
    sheet(tab).getByLabel("Type reports to confirm").fill("reports");
    sheet(tab).locator("[name=reason]").fill("leaked");
    submit(tab);
    assertDone(tab, "no longer works", "revoked the API key reports", "leaked");
    assertThat(row(tab, "Revoked")).hasCount(1);
  }

  @Test
  void whoeverManagesKeysAloneSeesTheirPageAndGivesNoMoreThanTheyHave() {
    String tenant = newTenant("access-keyholder", "Access keyholder");
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/permission-sets",
        "{\"id\":\"keyholder\",\"name\":\"Keyholder\",\"permissions\":[\"keys.manage\",\"audit.view\"]}");
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/keys",
        "{\"name\":\"exporter\",\"scopes\":[\"events.read\"]}");
    try (Tab tab = openAs(tenant, "kim", "[{\"permission_set\":\"keyholder\"}]", "/t/" + tenant)) {
      Locator access =
          tab.page.locator(".rail a.item").filter(new Locator.FilterOptions().setHasText("Access"));
      access.click();
      assertThat(tab.page).hasURL(Pattern.compile(".*/t/" + tenant + "/keys$"));
      assertThat(tab.page.locator("main h1")).hasText("API keys");
      assertThat(access).hasAttribute("aria-current", "page");
      assertThat(tab.page.locator("nav.tabs")).hasCount(0);
      // It reads more than they may: revoked it can be, copied by a rotation not.
      assertThat(row(tab, "exporter").getByText("Revoke")).isVisible();
      assertThat(row(tab, "exporter").getByText("Rotate")).hasCount(0);
      button(tab, "Create a key").click();
      assertThat(sheet(tab).locator("[name='events.write']")).isEnabled();
      assertThat(sheet(tab).locator("[name='events.read']")).isDisabled();
      sheet(tab).locator("summary").click();
      assertThat(permission(tab, "audit.view")).isEnabled();
      assertThat(permission(tab, "audit.export")).isDisabled();
      assertThat(sheet(tab)).containsText("You do not have this yourself");
    }
  }
}
