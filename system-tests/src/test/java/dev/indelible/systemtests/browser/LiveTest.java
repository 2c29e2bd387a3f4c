package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The live tail, times in zones, and what the list says when there is nothing to list. */
class LiveTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static String newTenant(String name) {
    return BROWSING.get().newTenant(name);
  }

  /** A tenant that has an entry already. */
  private static String begun(String name) {
    String tenant = newTenant(name);
    Events.record(BROWSING.get(), event(tenant, "u_before"));
    return tenant;
  }

  private static String event(String tenant, String actor) {
    return "{\"tenant\":\"%s\",\"action\":\"team.create\",\"actor\":{\"type\":\"user\",\"id\":\"%s\",\"name\":\"%s\"}}"
        .formatted(tenant, actor, actor);
  }

  private static Locator rows(Tab tab) {
    return tab.page.locator("tr.entry[data-id]");
  }

  @Test
  void anEventAppearsByItself() {
    String tenant = begun("live");
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", "#q=actor_id:u_live")) {
      assertThat(tab.page.locator(".live")).hasText("Live");
      assertThat(tab.page.locator(".empty")).containsText("No entry matches");
      Events.record(BROWSING.get(), event(tenant, "u_live"));
      assertThat(rows(tab)).hasCount(1);
      assertThat(rows(tab)).hasClass(Pattern.compile("arrived"));
      // The counts follow the rows.
      assertThat(tab.page.locator(".chart .sum")).containsText("1 entry");
    }
  }

  @Test
  @Tag("long")
  void aLateEventIsPutWhereItBelongsAndMarked() {
    String tenant = begun("late");
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", "#q=actor_id:u_late")) {
      assertThat(tab.page.locator(".live")).hasText("Live");
      Events.record(BROWSING.get(), event(tenant, "u_late"));
      assertThat(rows(tab)).hasCount(1);
      String first = rows(tab).first().getAttribute("data-id");
      Events.record(
          BROWSING.get(),
          event(tenant, "u_late")
              .replace("{\"tenant\"", "{\"occurred_at\":\"2026-01-02T03:04:05Z\",\"tenant\""));
      assertThat(rows(tab)).hasCount(2);
      assertThat(rows(tab).first()).hasAttribute("data-id", first);
      assertThat(rows(tab).nth(1)).hasClass(Pattern.compile("arrived"));
      assertThat(rows(tab).nth(1).locator(".tag.late")).containsText("Recorded late");
      assertThat(tab.page.locator("tr.day th").nth(1)).containsText("2026");
    }
  }

  @Test
  void nothingMovesWhileSomebodyReadsAndTheNewOnesAreCounted() {
    // That somebody reads is an entry too, which comes whenever it comes.
    String tenant = begun("reading");
    try (Tab tab =
        BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", "#q=-category:audit_access")) {
      rows(tab).first().locator("td.time a").click();
      assertThat(tab.page.locator(".panel h2")).isVisible();
      assertThat(tab.page.locator(".live")).hasText("Live");
      String first = rows(tab).first().getAttribute("data-id");
      Events.record(BROWSING.get(), "[" + event(tenant, "u_a") + "," + event(tenant, "u_b") + "]");
      assertThat(tab.page.locator(".paused")).hasText("Paused, 2 new");
      assertThat(rows(tab).first()).hasAttribute("data-id", first);
      tab.page.locator(".paused button").click();
      assertThat(rows(tab).first()).not().hasAttribute("data-id", first);
      assertThat(tab.page.locator(".paused")).hasCount(0);
    }
  }

  /** A reader who is about to click a row must not hit another one. */
  @Test
  @Tag("long")
  void noRowComesInBetweenWhileThePointerMovesOverThem() {
    String tenant = begun("pointing");
    try (Tab tab =
        BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", "#q=-category:audit_access")) {
      assertThat(tab.page.locator(".live")).hasText("Live");
      rows(tab).first().waitFor();
      String first = rows(tab).first().getAttribute("data-id");
      tab.page.evaluate(
          """
          () => {
            const list = document.querySelector('indelible-viewer').shadowRoot.querySelector('.list');
            const move = () => list.dispatchEvent(new PointerEvent('pointermove'));
            move();
            window.moving = setInterval(move, 100);
          }
          """);
      Events.record(BROWSING.get(), event(tenant, "u_pointed"));
      assertThat(tab.page.locator(".paused")).hasText("Paused, 1 new");
      assertThat(rows(tab).first()).hasAttribute("data-id", first);
      tab.page.evaluate("() => clearInterval(window.moving)");
      assertThat(rows(tab).first()).containsText("u_pointed");
      assertThat(tab.page.locator(".paused")).hasCount(0);
    }
  }

  @Test
  void aLostConnectionIsSaidAndNothingIsMissedAfterwards() {
    String tenant = begun("gap");
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.viewerOf(tenant, "", "#q=actor_id:u_gap");
      assertThat(tab.page.locator(".live")).hasText("Live");
      tab.context.setOffline(true);
      // Streams that are open survive being offline; one that ends does not come back.
      tab.page.locator(".live").click();
      assertThat(tab.page.locator(".live")).hasText("Live is off");
      tab.page.locator(".live").click();
      assertThat(tab.page.locator(".live")).containsText("Not live since");
      Events.record(BROWSING.get(), event(tenant, "u_gap"));
      tab.context.setOffline(false);
      assertThat(tab.page.locator(".live")).hasText("Live");
      assertThat(rows(tab)).hasCount(1);
    }
  }

  @Test
  @Tag("long")
  void aTimeWithAnEndIsNotCalledLive() {
    try (Tab tab =
        BROWSING
            .get()
            .open(Look.WIDE)
            .viewer("#from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")) {
      assertThat(tab.page.locator(".live")).isDisabled();
      assertThat(tab.page.locator(".live")).hasText("Not live: the time has an end");
    }
  }

  @Test
  void anEmptyLogShowsTheCurlThatFillsIt() {
    String tenant = newTenant("empty-log");
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      // A tenant's creation is an entry of its own log.
      tab.viewerOf(tenant, "", "");
      assertThat(rows(tab).first()).isVisible();
      tab.page.route(
          Pattern.compile(".*/v1/tenants/" + tenant + "/events\\?.*"),
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setContentType("application/json")
                      .setBody("{\"entries\":[],\"next_cursor\":null,\"indexed_through\":null}")));
      tab.page.route(
          Pattern.compile(".*/v1/tenants/" + tenant + "/facets\\?.*"),
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setContentType("application/json")
                      .setBody("{\"count\":0,\"facets\":{},\"indexed_through\":null}")));
      tab.page.route(Pattern.compile(".*/v1/tenants/" + tenant + "/tail\\?.*"), Route::abort);
      tab.page.evaluate("() => document.querySelector('indelible-viewer').model.reload()");
      assertThat(tab.page.locator(".empty")).containsText("Nothing is recorded yet");
      assertThat(tab.page.locator(".empty pre")).containsText("curl -sS");
      Axe.assertNoFaults(tab.page, "an empty log");
    }
  }

  @Test
  void aKeyThatWorksNoMoreSaysSoAndKeepsTheView() {
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.viewer("#q=actor_id:u_ana");
      tab.page.evaluate(
          """
          () => {
            document.querySelector('indelible-viewer').tokenSource = () => Promise.resolve('nonsense');
          }
          """);
      assertThat(tab.page.locator(".empty")).containsText("You are signed out");
      Axe.assertNoFaults(tab.page, "signed out");
      assertThat(tab.page.url()).contains("u_ana");
    }
  }

  @Test
  @Tag("long")
  void timesAreThoseOfTheChosenZoneWithTheOffsetThatHeldThen() {
    String tenant = newTenant("zones");
    Events.record(
        BROWSING.get(),
        """
        [{"tenant":"%1$s","action":"team.create","actor":{"type":"user","id":"before"},"occurred_at":"2026-10-25T00:30:00Z"},
         {"tenant":"%1$s","action":"team.create","actor":{"type":"user","id":"after"},"occurred_at":"2026-10-25T01:30:00Z"},
         {"tenant":"%1$s","action":"team.create","actor":{"type":"user","id":"spring"},"occurred_at":"2026-03-29T01:00:00Z"}]
        """
            .formatted(tenant));
    Browsing browsing = BROWSING.get();
    try (Tab tab = browsing.open(Look.WIDE)) {
      tab.viewerOf(tenant, "", "#q=action:team.create");
      assertThat(rows(tab)).hasCount(3);
      // The hour from two to three occurs twice in Berlin that day; the offset tells them apart.
      assertTitle(tab, 0, "02:30:00.000 +01:00");
      assertTitle(tab, 1, "02:30:00.000 +02:00");
      assertTitle(tab, 2, "03:00:00.000 +02:00");
      tab.page.locator(".zone-button").click();
      tab.page.locator(".menu").getByText("UTC").click();
      assertTitle(tab, 0, "01:30:00.000 +00:00");
      assertTitle(tab, 1, "00:30:00.000 +00:00");
      assertThat(tab.page.locator(".zone-button")).containsText("+00:00");
    }
    try (Tab tab = browsing.open(Look.WIDE.in("Asia/Kolkata"))) {
      tab.viewerOf(tenant, "", "#q=action:team.create");
      assertTitle(tab, 0, "07:00:00.000 +05:30");
    }
  }

  @Test
  @Tag("long")
  void theTenantsOwnZoneIsOfferedBesideTheReadersAndUtc() {
    String tenant = newTenant("zoned");
    Events.record(
        BROWSING.get(),
        """
        {"tenant":"%s","action":"team.create","actor":{"type":"user","id":"u"},"occurred_at":"2026-06-01T20:00:00Z"}
        """
            .formatted(tenant));
    Events.put(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/profile/changes",
        "{\"version\":0,\"reason\":\"they sit"
            + " there\",\"changes\":{\"viewer\":{\"zone\":\"Asia/Tokyo\"}}}");
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", "#q=action:team.create")) {
      assertTitle(tab, 0, "22:00:00.000 +02:00");
      tab.page.locator(".zone-button").click();
      assertThat(tab.page.locator(".menu button")).hasCount(3);
      tab.page.locator(".menu").getByText("the tenant's").click();
      assertTitle(tab, 0, "05:00:00.000 +09:00");
      assertThat(tab.page.locator(".zone-button")).containsText("Tokyo +09:00");
      tab.page.waitForURL(Pattern.compile("zone=Asia%2FTokyo"));
    }
  }

  private static void assertTitle(Tab tab, int row, String ends) {
    assertThat(rows(tab).nth(row).locator("td.time a"))
        .hasAttribute("title", Pattern.compile(ends.replace("+", "\\+").replace(".", "\\.") + "$"));
  }

  @Test
  void anExactTimeIsTakenInTheChosenZone() {
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.viewer("");
      rows(tab).first().waitFor();
      tab.page.locator(".time-button").click();
      tab.page.locator(".menu input[name=from]").fill("2026-10-25T02:30");
      tab.page.locator(".menu input[name=to]").fill("2026-10-25T02:30");
      tab.page.locator(".menu input[type=submit]").click();
      // From the first of the two half past twos to the second.
      assertThat(tab.page)
          .hasURL(
              Pattern.compile(
                  "from=2026-10-25T00%3A30%3A00\\.000Z&to=2026-10-25T01%3A30%3A00\\.000Z"));
    }
  }
}
