package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the viewer begins when a tenant's profile says so. */
class PresetTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static final String MSP = "northgate-msp";

  private static Tab open(String tenant, String fragment) {
    return BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", fragment);
  }

  private static Locator heads(Tab tab) {
    return tab.page.locator("table thead th");
  }

  private static Locator rows(Tab tab) {
    return tab.page.locator("tr.entry[data-id]");
  }

  private static Locator offered(Tab tab) {
    return tab.page.locator(".offered button");
  }

  @Test
  @Tag("long")
  void theProfileChoosesTheColumnsWhereTheReaderChoseNone() {
    try (Tab tab = open(MSP, "")) {
      assertThat(heads(tab)).hasText(new String[] {"Time", "What happened", "Action", "Outcome"});
      tab.page.locator(".columns-button").click();
      tab.page
          .locator(".menu label")
          .filter(new Locator.FilterOptions().setHasText("Reason"))
          .click();
      assertThat(heads(tab))
          .hasText(new String[] {"Time", "What happened", "Action", "Outcome", "Reason"});
      tab.page.waitForURL(Pattern.compile("columns=action%2Coutcome%2Creason"));
      tab.page.reload();
      assertThat(heads(tab)).hasCount(5);
    }
    try (Tab tab = open(MSP, "#columns=ip")) {
      assertThat(offered(tab).first()).isVisible();
      assertThat(heads(tab)).hasText(new String[] {"Time", "What happened", "IP address"});
    }
    try (Tab tab = open("acme-support", "")) {
      assertThat(heads(tab)).hasText(new String[] {"Time", "What happened", "Category"});
    }
  }

  @Test
  @Tag("long")
  void everyColumnOfTheMenuShowsWhatItsNameSays() {
    String tenant = BROWSING.get().newTenant("columns", "rapidesq");
    Events.record(
        BROWSING.get(),
        """
        {"tenant":"%s","action":"team.create","outcome":"success","reason":"as agreed","account":"north",
         "actor":{"type":"user","id":"u_columns","name":"Cora"},"targets":[{"type":"team","id":"t_1","name":"Night"}],
         "context":{"ip":"203.0.113.7","location":{"country":"DE"}}}
        """
            .formatted(tenant));
    String all = "actor,action,verb,target,target_type,category,outcome,country,ip,account,reason";
    try (Tab tab = open(tenant, "#q=actor_id:u_columns&columns=" + all)) {
      assertThat(tab.page.locator("tr.entry td.meta"))
          .hasText(
              new String[] {
                "Cora",
                "team.create",
                "create",
                "Night",
                "team",
                "Configuration changes",
                "Success",
                "Germany",
                "203.0.113.7",
                "north",
                "as agreed"
              });
      Axe.assertNoFaults(tab.page, "every column");
    }
  }

  @Test
  @Tag("long")
  void theProfilesFiltersAreOfferedAndComeFirst() {
    try (Tab tab = open(MSP, "")) {
      assertThat(offered(tab)).hasText(new String[] {"Action", "Actor", "Target", "Time"});
      Locator facets = tab.page.locator(".facet summary");
      assertThat(facets.nth(0)).hasText("Action");
      assertThat(facets.nth(1)).hasText("Actor");
      offered(tab).getByText("Action").click();
      Locator option = tab.page.locator(".suggestions li").first();
      assertThat(option.locator(".muted")).hasText(Pattern.compile("[0-9]"));
      String promised = option.locator(".muted").textContent();
      option.click();
      tab.page.keyboard().press("Enter");
      assertThat(tab.page.locator(".chart .sum strong"))
          .hasText(Pattern.compile("^" + promised + " entr(y|ies)$"));
      assertThat(tab.page.locator(".chip")).hasCount(1);
      assertThat(offered(tab)).hasCount(0);
      tab.page.locator(".chip .remove").click();
      offered(tab).getByText("Time").click();
      assertThat(tab.page.locator(".menu input[name=from]")).isVisible();
    }
  }

  @Test
  void aTenantsOwnPresetHoldsForItsRowsAndColumns() {
    String tenant = BROWSING.get().newTenant("few-rows");
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      events.add(
          "{\"tenant\":\"%s\",\"action\":\"team.create\",\"reason\":\"why %d\",\"actor\":{\"type\":\"user\",\"id\":\"u_%d\"}}"
              .formatted(tenant, i, i));
    }
    Events.record(BROWSING.get(), "[" + String.join(",", events) + "]");
    Events.put(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/profile/changes",
        """
        {"version":0,"reason":"they asked","changes":{"viewer":{"newest":25,"filters":["verb","session"],"columns":["time","sentence","reason","location"]}}}
        """);
    try (Tab tab = open(tenant, "")) {
      assertThat(heads(tab)).hasText(new String[] {"Time", "What happened", "Reason", "Country"});
      assertThat(rows(tab)).hasCount(25);
      assertThat(offered(tab)).hasText(new String[] {"Verb", "Session"});
      assertThat(tab.page.locator(".facet summary").first()).hasText("Verb");
      offered(tab).getByText("Session").click();
      assertThat(tab.page.getByRole(AriaRole.COMBOBOX)).isFocused();
      assertThat(tab.page.getByRole(AriaRole.COMBOBOX)).hasValue("session:");
    }
  }

  /** A page may give the token only after the element is there, and the first answers come late. */
  @Test
  void aRefusalThatComesLateDoesNotTakeThePresetBack() {
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      List<Route> held = new ArrayList<>();
      tab.page.route(
          Pattern.compile(".*/v1/tenants/[^/]+/profile"),
          route -> {
            if (route.request().headers().containsKey("authorization")) {
              route.resume();
            } else {
              held.add(route);
            }
          });
      tab.viewerOf(MSP, "", "");
      tab.page.evaluate(
          """
          () => {
            const viewer = document.querySelector('indelible-viewer');
            const tokens = viewer.tokenSource;
            viewer.tokenSource = null;
            return viewer.updateComplete.then(() => { viewer.tokenSource = tokens; });
          }
          """);
      assertThat(heads(tab).nth(2)).hasText("Action");
      tab.page.waitForCondition(() -> !held.isEmpty());
      for (Route route : held) {
        route.fulfill(
            new Route.FulfillOptions()
                .setStatus(401)
                .setContentType("application/problem+json")
                .setBody("{\"status\":401,\"code\":\"unauthenticated\",\"detail\":\"No.\"}"));
      }
      // What it asks after the refusals is answered after them.
      tab.page.evaluate(
          "() => Promise.resolve(document.querySelector('indelible-viewer').model.reload())");
      assertThat(rows(tab).first()).isVisible();
      assertThat(offered(tab).first()).hasText("Action");
      assertThat(rows(tab).first()).isVisible();
    }
  }
}
