package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.testing.Eventually;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests the browser's own verdicts about an entry when the server tells the truth, and when it
 * lies.
 */
class ProofTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static final Pattern PAGES = Pattern.compile(".*/v1/tenants/[^/]+/events\\?.*");
  private static final Pattern CONSISTENCY =
      Pattern.compile(".*/v1/tenants/[^/]+/log/consistency.*");
  private static final Pattern PROOFS = Pattern.compile(".*/v1/tenants/[^/]+/events/[^/]+/proof");

  /** An entry with changes and a personal part. */
  private static final String QUERY = "#q=changed:role";

  private static Tab open() {
    return BROWSING.get().open(Look.WIDE);
  }

  private static Locator openFirst(Tab tab, String attributes) {
    tab.viewer(attributes, QUERY);
    tab.page.locator("tr.entry[data-id] td.time a").first().click();
    return tab.page.locator("[data-proof]");
  }

  /** Changes what the server answers on its way to the browser. */
  private static void tamper(Tab tab, Pattern addresses, UnaryOperator<String> change) {
    tab.page.route(
        addresses,
        route -> {
          APIResponse response = route.fetch();
          route.fulfill(
              new Route.FulfillOptions()
                  .setResponse(response)
                  .setBody(change.apply(response.text())));
        });
  }

  private static void assertFails(Locator proof, String why) {
    assertThat(proof).hasAttribute("data-proof", "failed");
    assertThat(proof.locator("summary")).containsText("Does not verify");
    assertThat(proof.locator("summary")).containsText(why);
    // Which step it is can be seen without opening anything.
    assertThat(proof.locator("li.failed").first()).isVisible();
  }

  private static String logKey() {
    return Events.get(BROWSING.get(), "/v1/tenants/" + Browsing.TENANT + "/log/key").strip();
  }

  @Test
  void anEntryIsVerifiedStepByStep() {
    try (Tab tab = open()) {
      Locator proof = openFirst(tab, "");
      assertThat(proof).hasAttribute("data-proof", "verified");
      proof.locator("summary").click();
      assertThat(proof).containsText("The facts are those that were recorded");
      assertThat(proof).containsText("The personal data is what was recorded");
      assertThat(proof).containsText("What this page shows is what was recorded");
      assertThat(proof).containsText("The entry is in the log's tree at its place");
      assertThat(proof).containsText("The checkpoint is signed by the log's key");
      assertThat(proof).containsText("sees the key for the first time");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void everyEntryOfAPageVerifies() {
    try (Tab tab = open()) {
      Locator proof = openFirst(tab, "");
      Locator heading = tab.page.locator(".panel .where");
      int rows = tab.page.locator("tr.entry").count();
      for (int i = 1; ; i++) {
        assertThat(proof).hasAttribute("data-proof", "verified");
        if (i == rows) {
          break;
        }
        // The next one's proof, and not the one of before.
        String before = heading.textContent();
        tab.page.keyboard().press("j");
        assertThat(heading).not().hasText(before);
      }
    }
  }

  @Test
  void thePinnedKeyIsTheOneThatCounts() {
    try (Tab tab = open()) {
      Locator proof = openFirst(tab, "log-key=\"" + logKey() + "\"");
      assertThat(proof).hasAttribute("data-proof", "verified");
      proof.locator("summary").click();
      assertThat(proof).containsText("the one that this page was given");
    }
  }

  @Test
  @Tag("long")
  void anotherKeysSignatureFails() {
    String other = "audit.example.com/t/7f3a+65c95b99+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
    try (Tab tab = open()) {
      assertFails(openFirst(tab, "log-key=\"" + other + "\""), "belongs to another log");
    }
  }

  @Test
  @Tag("long")
  void anEntryThatIsShownOtherThanItWasRecordedFails() {
    try (Tab tab = open()) {
      tamper(tab, PAGES, body -> body.replace("\"after\":\"", "\"after\":\"not_"));
      assertFails(openFirst(tab, ""), "not what was recorded");
    }
  }

  @Test
  void alteredFactsFail() {
    try (Tab tab = open()) {
      tamper(
          tab, PAGES, body -> body.replace("\"outcome\":\"success\"", "\"outcome\":\"failure\""));
      tamper(
          tab,
          PROOFS,
          body ->
              body.replace("\\\"outcome\\\":\\\"success\\\"", "\\\"outcome\\\":\\\"failure\\\""));
      assertFails(openFirst(tab, ""), "the facts were altered");
    }
  }

  @Test
  @Tag("long")
  void aCheckpointOfAnotherSizeFails() {
    try (Tab tab = open()) {
      tamper(tab, PROOFS, body -> body.replaceFirst("(\"checkpoint\":\"[^\\\\]+\\\\n)\\d+", "$19"));
      assertFails(openFirst(tab, ""), "not in the log's tree");
    }
  }

  @Test
  void aLogThatWasRewrittenSinceItWasSeenFails() {
    try (Tab tab = open()) {
      Locator proof = openFirst(tab, "");
      assertThat(proof).hasAttribute("data-proof", "verified");
      tab.page.waitForURL(Pattern.compile("entry="));
      // The browser saw another log of this name and size.
      tab.page.evaluate(
          """
          () => {
            for (const name of Object.keys(localStorage)) {
              const seen = JSON.parse(localStorage.getItem(name));
              seen.size = String(Number(seen.size) - 3);
              localStorage.setItem(name, JSON.stringify(seen));
            }
          }
          """);
      tab.page.reload();
      assertFails(tab.page.locator("[data-proof]"), "rewritten or cut");
    }
  }

  @Test
  void aLogThatGrewIsConsistentWithWhatWasSeen() {
    String tenant = tenant("grew");
    try (Tab tab = open().viewerOf(tenant, "", "#entry=first")) {
      Locator proof = tab.page.locator("[data-proof]");
      assertThat(proof).hasAttribute("data-proof", "verified");
      String seen = (String) tab.page.evaluate("() => Object.values(localStorage)[0]");
      record(tenant, "second");
      tab.page.reload();
      assertThat(proof).hasAttribute("data-proof", "verified");
      proof.locator("summary").click();
      assertThat(proof).containsText("still holds everything that this browser saw");
      Eventually.see(
          "what the browser saw",
          () -> (String) tab.page.evaluate("() => Object.values(localStorage)[0]"),
          now -> !now.equals(seen));
    }
  }

  @Test
  void anEntryWithoutACheckpointIsPendingAndThenVerified() {
    try (Tab tab = open()) {
      boolean[] covered = {false};
      tab.page.route(
          PROOFS,
          route -> {
            if (!covered[0]) {
              route.fulfill(
                  new Route.FulfillOptions()
                      .setStatus(503)
                      .setContentType("application/problem+json")
                      .setBody(
                          "{\"status\":503,\"code\":\"not_published\",\"detail\":\"Not yet.\"}"));
            } else {
              route.resume();
            }
          });
      Locator proof = openFirst(tab, "");
      assertThat(proof).hasAttribute("data-proof", "pending");
      assertThat(proof).containsText("Checkpoint pending");
      covered[0] = true;
      assertThat(proof).hasAttribute("data-proof", "verified");
    }
  }

  /** A tenant of the test's own, with an entry of the account north. */
  private static String tenant(String name) {
    String id = BROWSING.get().newTenant(name);
    record(id, "first");
    return id;
  }

  private static void record(String tenant, String id) {
    Events.record(
        BROWSING.get(),
        "{\"tenant\":\"%s\",\"id\":\"%s\",\"account\":\"north\",\"action\":\"team.create\",\"actor\":{\"type\":\"user\",\"id\":\"u_1\",\"name\":\"Ana\"}}"
            .formatted(tenant, id));
  }

  private static void assertVerified(Locator proof, String... steps) {
    assertThat(proof).hasAttribute("data-proof", "verified");
    assertThat(proof.locator("summary")).hasText("Verified");
    for (String step : steps) {
      assertThat(proof).containsText(step);
    }
  }

  /** Asserts that something was not checked, which is neither an alarm nor a promise. */
  private static void assertNotFullyChecked(Locator proof, String why) {
    assertThat(proof).hasAttribute("data-proof", "partly");
    assertThat(proof.locator("summary")).containsText("Not fully checked");
    assertThat(proof.locator("summary")).containsText(why);
    assertThat(proof.locator("li.failed")).hasCount(0);
    assertThat(proof.locator("li.open").first()).isVisible();
  }

  @Test
  @Tag("long")
  void whoSeesOneAccountAloneSeesThatTheLogOnlyGrew() {
    String tenant = tenant("one-account");
    String token =
        Events.viewerToken(
            BROWSING.get(),
            tenant,
            "\"permissions\":[\"audit.view\",\"audit.verify\"],\"accounts\":[\"north\"]");
    try (Tab tab = open().viewerAs(token, tenant, "", "#entry=first")) {
      Locator proof = tab.page.locator("[data-proof]");
      assertVerified(proof, "What this page shows is what was recorded", "for the first time");
      record(tenant, "second");
      tab.page.reload();
      assertVerified(proof, "still holds everything that this browser saw");
    }
  }

  @Test
  @Tag("long")
  void aPastThatCannotBeAskedForIsNoAlarm() {
    String tenant = tenant("no-answer");
    try (Tab tab = open().viewerOf(tenant, "", "#entry=first")) {
      Locator proof = tab.page.locator("[data-proof]");
      assertVerified(proof);
      record(tenant, "second");
      tab.page.route(
          CONSISTENCY,
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setStatus(503)
                      .setContentType("application/problem+json")
                      .setBody(
                          "{\"status\":503,\"code\":\"overloaded\",\"detail\":\"Too much is under"
                              + " way.\"}")));
      tab.page.reload();
      assertNotFullyChecked(proof, "it could not be checked now");
      assertThat(proof).containsText("Too much is under way.");
      Axe.assertNoFaults(tab.page, "a proof that was not fully checked");
      tab.page.unroute(CONSISTENCY);
      tab.page.route(CONSISTENCY, Route::abort);
      tab.page.reload();
      assertNotFullyChecked(proof, "it could not be checked now");
      tab.page.unroute(CONSISTENCY);
      tab.page.reload();
      assertVerified(proof, "still holds everything that this browser saw");
    }
  }

  @Test
  @Tag("long")
  void anAlteredFactIsFoundAlsoByWhoSeesNothingPersonal() {
    String tenant = tenant("no-persons");
    String token =
        Events.viewerToken(
            BROWSING.get(), tenant, "\"permissions\":[\"audit.view\",\"audit.verify\"]");
    try (Tab tab = open()) {
      tamper(tab, PAGES, body -> body.replace("\"team.create\"", "\"team.delete\""));
      tab.viewerAs(token, tenant, "", "#q=id:first");
      tab.page.locator("tr.entry[data-id] td.time a").first().click();
      assertFails(tab.page.locator("[data-proof]"), "not what was recorded");
    }
  }

  @Test
  void nothingIsVerifiedWhoseFactsWereNotSent() {
    String tenant = tenant("no-facts");
    try (Tab tab = open()) {
      tamper(
          tab,
          PROOFS,
          body ->
              body.replaceFirst(
                  "\"facts\":\\{\"text\":\"(?:\\\\.|[^\"\\\\])*\",\"salt\":\"[^\"]*\"\\}",
                  "\"facts\":null"));
      tab.viewerOf(tenant, "", "#q=id:first");
      tab.page.locator("tr.entry[data-id] td.time a").first().click();
      assertNotFullyChecked(tab.page.locator("[data-proof]"), "compared with nothing");
    }
  }

  @Test
  @Tag("long")
  void aBrowserThatCannotCheckSignaturesSaysSo() {
    try (Tab tab = open()) {
      tab.page.addInitScript(
          "crypto.subtle.importKey = () => Promise.reject(new DOMException('none',"
              + " 'NotSupportedError'));");
      assertNotFullyChecked(openFirst(tab, ""), "cannot check Ed25519 signatures");
    }
  }

  @Test
  @Tag("long")
  void aLogsKeyIsReplacedUnderTheEyesOfABrowser() {
    String tenant = tenant("rotating");
    String keys = "/v1/tenants/" + tenant + "/log/keys";
    try (Tab tab = open().viewerOf(tenant, "", "#entry=first")) {
      Locator proof = tab.page.locator("[data-proof]");
      assertVerified(proof);
      String old =
          Events.get(BROWSING.get(), keys).replaceAll("(?s)^.*?\"id\":\"([^\"]+)\".*$", "$1");
      Events.post(BROWSING.get(), keys, "{}");
      tab.page.reload();
      assertVerified(proof, "the one that this browser saw before");
      Events.delete(BROWSING.get(), keys + "/" + old);
      record(tenant, "second");
      tab.page.reload();
      assertVerified(proof, "the one that this browser saw before");
    }
  }
}
