package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The log is not about itself: what somebody opens is one entry, and such entries are hidden. */
class OwnReadsTest extends AccessPages {

  private static JsonNode found(String tenant, String query) {
    return get("/v1/tenants/%s/events?limit=1000&order=oldest&q=%s"
            .formatted(tenant, URLEncoder.encode(query, StandardCharsets.UTF_8)))
        .path("entries");
  }

  /** The actions by which somebody's reading is recorded, once everything before is found. */
  private static List<String> readsOf(String tenant, String actor) {
    Events.record(
        BROWSING.get(),
        "{\"tenant\":\"%s\",\"action\":\"test.settled\",\"actor\":{\"type\":\"system\"}}"
            .formatted(tenant));
    return found(tenant, "reads:log actor_id:" + actor)
        .valueStream()
        .map(entry -> entry.path("action").asString())
        .toList();
  }

  @Test
  void eachPageAndEntryThatAnAuditorOpensIsOneEntry() {
    String tenant = newTenant("own-reads", "Own reads");
    Events.record(
        BROWSING.get(),
        """
        [{"tenant":"%1$s","id":"r1","action":"user.login","actor":{"type":"user","id":"u_1","name":"Una"},"context":{"session_id":"s1"}},
         {"tenant":"%1$s","id":"r2","action":"user.logout","actor":{"type":"user","id":"u_1","name":"Una"}}]
        """
            .formatted(tenant));
    String link =
        Events.text(
            Events.post(
                BROWSING.get(),
                "/v1/tenants/" + tenant + "/auditor-links",
                "{\"user\":{\"id\":\"a_1\",\"name\":\"Ida\"},\"reason\":\"audit\",\"permissions\":[\"audit.view\",\"audit.view_personal\",\"audit.verify\"]}"),
            "url");
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.navigate(link);
      tab.page.locator(".rail").waitFor();
      go(tab, "/t/" + tenant);
      assertThat(tab.page.locator(".spark")).isVisible();
      assertThat(readsOf(tenant, "a_1")).containsExactly("audit.searched");
      go(tab, "/t/" + tenant + "/log");
      Locator rows = tab.page.locator("tr.entry");
      assertThat(tab.page.locator("tr.entry[data-id=r1]")).isVisible();
      assertThat(tab.page.locator("button.live")).hasClass(Pattern.compile("on"));
      assertThat(readsOf(tenant, "a_1")).containsExactly("audit.searched", "audit.viewed");
      tab.page.locator("tr.entry[data-id=r1] td.time a").click();
      assertThat(tab.page.locator("[data-proof=verified]")).isVisible();
      assertThat(tab.page.locator(".related .count").first()).hasText("2");
      assertThat(readsOf(tenant, "a_1"))
          .containsExactly("audit.searched", "audit.viewed", "audit.verified");
      tab.page.keyboard().press("Escape");
      int hidden = rows.count();
      tab.page.locator("button.reads").click();
      assertThat(tab.page.locator("button.reads")).hasText("Hide reads of the log");
      assertThat(tab.page.locator("tr.entry")).not().hasCount(hidden);
      tab.page.locator("button.reads").click();
      assertThat(tab.page.locator("button.reads")).hasText("Reads of the log hidden");
    }
  }

  @Test
  @Tag("long")
  void theListOfTenantsIsInNobodysLogAndALinkToAHiddenEntryOpensIt() {
    String tenant = newTenant("own-tenants", "Own tenants");
    String link =
        Events.text(
            Events.post(
                BROWSING.get(),
                "/v1/sign-in-links",
                "{\"user\":{\"id\":\"olga-own\",\"name\":\"Olga\"}}"),
            "url");
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.navigate(link);
      tab.page.locator(".rail").waitFor();
      go(tab, "/tenants");
      assertThat(tab.page.locator("main tbody tr").first()).isVisible();
      assertThat(readsOf(tenant, "olga-own")).isEmpty();
      go(tab, "/t/" + tenant + "/log");
      assertThat(tab.page.locator("tr.entry").first()).isVisible();
      assertThat(readsOf(tenant, "olga-own")).containsExactly("audit.viewed");
      Axe.assertNoFaults(tab.page, "reads of the log are hidden");
      tab.page.locator("button.reads").click();
      assertThat(tab.page.locator("button.reads")).hasText("Hide reads of the log");
      Axe.assertNoFaults(tab.page, "reads of the log are shown");
      String id = found(tenant, "reads:log actor_id:olga-own").get(0).path("id").asString();
      go(tab, "/t/" + tenant + "/log#entry=" + id);
      assertThat(tab.page.locator(".panel h2")).containsText("Olga");
      assertThat(tab.page.locator("tr.entry[data-id='" + id + "']")).hasCount(0);
      assertThat(tab.page.locator("button.reads")).hasText("Reads of the log hidden");
    }
  }
}
