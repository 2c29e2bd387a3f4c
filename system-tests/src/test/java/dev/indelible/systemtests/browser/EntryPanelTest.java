package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All that the panel of an entry shows, of an entry that has all there can be. */
class EntryPanelTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static final String LONG = "A text that is long enough to be compared by its words, ";

  private static String tenant;

  @BeforeAll
  static void anEntryThatHasEverything() {
    tenant = BROWSING.get().newTenant("whole-entries");
    Events.record(
        BROWSING.get(),
        """
        [{"tenant":"%1$s","id":"before","action":"team.create","actor":{"type":"user","id":"u_whole","name":"Wanda"}},
         {"tenant":"%1$s","id":"whole","action":"quota.frobnicated","account":"north","reason":"ticket 4711",
          "actor":{"type":"support","id":"s_1","name":"Sam","email":"sam@acme.test","roles":["support_lead"],"permissions":["quota.edit"],
                   "on_behalf_of":{"type":"user","id":"u_whole","name":"Wanda"}},
          "targets":[{"type":"quota","id":"q_1","name":"Mail quota","href":"https://app.acme.test/quotas/1"}],
          "outcome":"failure","outcome_reason":"limit reached",
          "changes":[{"field":"limit","before":10,"after":20},
                     {"field":"note","before":"%2$sred.","after":"%2$sblue."},
                     {"field":"rules","before":{"a":{"b":1,"c":2}},"after":{"a":{"b":1,"c":3}}}],
          "context":{"ip":"203.0.113.9","session_id":"ses_1","request_id":"req_1","trace_id":"tr_1",
                     "location":{"country":"DE","region":"Berlin","city":"Berlin"},
                     "user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
          "details":{"request":{"body":{"limit":20}},"response":{"status":409},"attempt":3}},
         {"tenant":"%1$s","id":"after","action":"team.create","actor":{"type":"user","id":"u_whole","name":"Wanda"}}]
        """
            .formatted(tenant, LONG));
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/holds",
        "{\"name\":\"Matter 9\",\"query\":\"session:ses_1\",\"reason\":\"matter 9\"}");
  }

  private static Tab open() {
    Tab tab = BROWSING.get().open(Look.WIDE);
    tab.context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
    return tab.viewerOf(tenant, "", "#entry=whole");
  }

  private static String clipboard(Tab tab, String containing) {
    tab.page.waitForFunction(
        "wanted => navigator.clipboard.readText().then(text => text.includes(wanted))", containing);
    return (String) tab.page.evaluate("() => navigator.clipboard.readText()");
  }

  @Test
  void itSaysWhoWhatWhereWhyAndHowLong() {
    try (Tab tab = open()) {
      Locator panel = tab.page.locator(".panel");
      for (String fact :
          new String[] {
            "quota.frobnicated",
            "Not in the catalog",
            "limit reached",
            "ticket 4711",
            "sam@acme.test",
            "support_lead",
            "quota.edit",
            "Wanda",
            "Berlin, Berlin, Germany",
            "Firefox 140, Linux",
            "203.0.113.9",
            "ses_1",
            "req_1",
            "tr_1",
            "north",
            "Matter 9",
            "and as long as a hold is in force"
          }) {
        assertThat(panel).containsText(fact);
      }
      assertThat(panel.locator("dl.facts dt").getByText("Kept until")).isVisible();
      assertThat(panel.locator(".notice").getByText("Matter 9")).isVisible();
      Axe.assertNoFaults(tab.page, "an entry that has everything");
    }
  }

  @Test
  void changesAreByFieldByWordAndByPath() {
    try (Tab tab = open()) {
      Locator changes = tab.page.locator(".panel .change");
      assertThat(changes).hasCount(3);
      assertThat(changes.nth(0).locator(".gone code")).hasText("10");
      assertThat(changes.nth(0).locator(".come code")).hasText("20");
      assertThat(changes.nth(1).locator("del")).hasText("red.");
      assertThat(changes.nth(1).locator("ins")).hasText("blue.");
      assertThat(changes.nth(2).locator(".name")).hasText("rules/a/c");
      assertThat(changes.nth(2).locator(".come")).containsText("3");
    }
  }

  @Test
  void aLargePayloadIsUnfoldedPieceByPiece() {
    String list = IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(joining(","));
    String its = BROWSING.get().newTenant("large-entry");
    Events.record(
        BROWSING.get(),
        """
        [{"tenant":"%1$s","id":"before","action":"team.create","actor":{"type":"system"},"details":{"request":{"n":1}}},
         {"tenant":"%1$s","id":"large","action":"team.create","actor":{"type":"system"},"details":{"request":{"all":{"deep":[%2$s]}}}}]
        """
            .formatted(its, list));
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerOf(its, "", "#entry=large")) {
      Locator json = tab.page.locator(".panel .json").first();
      assertThat(json.locator("summary")).hasCount(3);
      assertThat(json).not().containsText("99");
      json.locator("summary").last().click();
      assertThat(json.locator(".leaf")).hasCount(100);
      assertThat(json.locator("summary").last()).hasText("… 19900");
      json.locator("summary").last().click();
      assertThat(json.locator(".leaf")).hasCount(200);
      // The next entry has nothing of this one.
      tab.page.locator(".panel [aria-label='Older entry']").click();
      assertThat(tab.page.locator(".panel h2")).not().containsText("large");
      tab.page.waitForURL(Pattern.compile("entry=(?!large)"));
      assertThat(tab.page.locator(".panel .json .leaf").getByText("199")).hasCount(0);
    }
  }

  @Test
  void itIsCopiedExactlyAndAsALink() {
    JsonNode recorded =
        JsonMapper.shared()
            .readTree(Events.get(BROWSING.get(), "/v1/tenants/" + tenant + "/events/whole"));
    String link;
    try (Tab tab = open()) {
      tab.page.locator(".panel h2").waitFor();
      tab.page.locator(".panel .copy-json").click();
      assertThat(JsonMapper.shared().readTree(clipboard(tab, "quota.frobnicated")))
          .isEqualTo(recorded);
      tab.page.locator(".panel .permalink").click();
      link = clipboard(tab, "entry=whole");
      Locator response =
          tab.page.locator(".panel h3").filter(new Locator.FilterOptions().setHasText("Response"));
      response.locator("button").click();
      assertThat(JsonMapper.shared().readTree(clipboard(tab, "409")))
          .isEqualTo(recorded.path("details").path("response"));
    }
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", "")) {
      tab.page.navigate("about:blank");
      tab.page.navigate(link);
      assertThat(tab.page.locator(".panel h2")).containsText("Sam");
    }
  }

  @Test
  @Tag("long")
  void theNextAndTheOneBeforeAreAClickAway() {
    try (Tab tab = open()) {
      Locator older = tab.page.locator(".panel [aria-label='Older entry']");
      Locator newer = tab.page.locator(".panel [aria-label='Newer entry']");
      assertThat(older).isEnabled();
      older.click();
      tab.page.waitForURL(Pattern.compile("entry=before"));
      newer.click();
      tab.page.waitForURL(Pattern.compile("entry=whole"));
      newer.click();
      tab.page.waitForURL(Pattern.compile("entry=after"));
    }
  }

  @Test
  void whatIsRelatedIsSaidWithItsNumber() {
    try (Tab tab = open()) {
      Locator related = tab.page.locator(".panel .related button");
      assertThat(related)
          .hasText(
              new Pattern[] {
                Pattern.compile("History of Mail quota\\s*1"),
                Pattern.compile("Everything by Sam\\s*1"),
                Pattern.compile("Same session\\s*1"),
                Pattern.compile("Same request\\s*1"),
                Pattern.compile("Same trace\\s*1")
              });
      related.nth(2).click();
      assertThat(tab.page.locator(".chip")).containsText("ses_1");
      assertThat(tab.page.locator("tr.entry[data-id]")).hasCount(1);
    }
  }

  @Test
  void aPartThatIsWithheldIsSaidToBe() {
    String token =
        Events.viewerToken(
            BROWSING.get(), tenant, "\"permissions\":[\"audit.view\",\"audit.verify\"]");
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerAs(token, tenant, "", "#entry=whole")) {
      Locator proof = tab.page.locator("[data-proof]");
      assertThat(proof).hasAttribute("data-proof", "verified");
      proof.locator("summary").click();
      assertThat(proof).containsText("The personal data is withheld from you; its digest is shown");
      assertThat(proof).containsText("The facts are those that were recorded");
      assertThat(proof).containsText("What this page shows is what was recorded");
      assertThat(tab.page.locator(".panel")).not().containsText("203.0.113.9");
    }
  }

  @Test
  @Tag("long")
  void theRecordOfADeletionIsNotSaidToBeDeletedItself() {
    String its = BROWSING.get().newTenant("of-gone");
    Events.record(
        BROWSING.get(),
        "{\"tenant\":\"%s\",\"id\":\"of-gone\",\"action\":\"team.create\",\"actor\":{\"type\":\"user\",\"id\":\"u_gone\",\"name\":\"Gone\"}}"
            .formatted(its));
    String erasures = "/v1/tenants/" + its + "/erasures";
    String id =
        JsonMapper.shared()
            .readTree(
                Events.post(
                    BROWSING.get(),
                    erasures,
                    "{\"identifiers\":[\"u_gone\"],\"reason\":\"asked\"}"))
            .path("id")
            .asString();
    Events.post(BROWSING.get(), erasures + "/" + id + "/approve", "{\"reason\":\"checked\"}");
    try (Tab tab =
        BROWSING
            .get()
            .open(Look.WIDE)
            .viewerOf(its, "", "#q=action:audit.personal.erase&entry=of-gone")) {
      Locator panel = tab.page.locator(".panel");
      assertThat(panel).containsText("Kept until");
      assertThat(panel).not().containsText("records of deletions are never deleted");
      tab.page.locator("tr.entry[data-id] td.time a").first().click();
      assertThat(panel).containsText("Always: records of deletions are never deleted");
    }
  }
}
