package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The viewer in pages that are not ours. */
class EmbeddingTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static final String TWO =
      """
      <main><indelible-viewer id="a" tenant="acme-support" links state-key="a"></indelible-viewer>
      <indelible-viewer id="b" tenant="halcyon-inbox" links state-key="b"></indelible-viewer></main>
      """;

  private static String tokens() {
    return "for (const v of document.querySelectorAll('indelible-viewer')) v.tokenSource = () => Promise.resolve('"
        + BROWSING.get().key()
        + "');";
  }

  @Test
  @Tag("long")
  void twoViewersShareAPageOfTheStrictestPolicy() {
    Browsing browsing = BROWSING.get();
    try (Tab tab = browsing.open(Look.WIDE.size(1280, 1600))) {
      browsing.serveHost(tab.page, browsing.address(), TWO, tokens());
      tab.page.navigate(browsing.address() + "/host");
      Locator first = tab.page.locator("#a");
      Locator second = tab.page.locator("#b");
      first.locator("tr.entry[data-id]").first().waitFor();
      second.locator("tr.entry[data-id]").first().waitFor();
      // Each has its own part of the address, and leaves the other's alone.
      first.locator(".facet li[data-field=outcome] .take").first().click();
      tab.page.waitForURL(Pattern.compile("a\\.q=outcome"));
      second.locator(".facet li[data-field=category] .take").first().click();
      tab.page.waitForURL(Pattern.compile("a\\.q=outcome.*b\\.q=category"));
      assertThat(first.locator(".chip")).hasCount(1);
      assertThat(second.locator(".chip")).hasCount(1);
      tab.page.reload();
      assertThat(first.locator(".chip")).containsText("Outcome");
      assertThat(second.locator(".chip")).containsText("Category");
      // Keys belong to the one that was used last.
      second.locator("tr.entry[data-id] td.time a").first().focus();
      tab.page.keyboard().press("Enter");
      assertThat(second.locator(".panel")).hasCount(1);
      assertThat(first.locator(".panel")).hasCount(0);
      Axe.assertNoFaults(tab.page, "two viewers");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void theHostsStylesStayOutAndItsPropertiesComeIn() {
    Browsing browsing = BROWSING.get();
    try (Tab tab = browsing.open(Look.WIDE).viewer("")) {
      tab.page.locator("tr.entry[data-id]").first().waitFor();
      tab.page.evaluate(
          """
          () => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync('* { color: rgb(255, 0, 0) !important } a { font-size: 40px } indelible-viewer { --indelible-accent: rgb(1, 2, 3) }');
            document.adoptedStyleSheets = [sheet];
          }
          """);
      tab.page.locator("td.time a").first().waitFor();
      Map<?, ?> seen =
          (Map<?, ?>)
              tab.page.evaluate(
                  """
                  () => {
                    const root = document.querySelector('indelible-viewer').shadowRoot;
                    return {
                      row: getComputedStyle(root.querySelector('td.time a')).fontSize,
                      accent: getComputedStyle(root.querySelector('.viewer')).getPropertyValue('--_accent'),
                    };
                  }
                  """);
      assertThat(seen.get("row")).isEqualTo("13px");
      assertThat(seen.get("accent")).isEqualTo("rgb(1, 2, 3)");
    }
  }

  @Test
  void aPageOfAnotherOriginShowsTheLogWithATokenForIt() {
    Browsing browsing = BROWSING.get();
    String other = browsing.address().replace("127.0.0.1", "localhost");
    String answer =
        Events.post(
            browsing,
            "/v1/tenants/acme-support/viewer-sessions",
            "{\"user\":{\"id\":\"u_7\"},\"permissions\":[\"audit.view\",\"audit.verify\"],\"origins\":[\"%s\"]}"
                .formatted(other));
    String token = answer.replaceAll("(?s).*\"token\":\"([^\"]+)\".*", "$1");
    try (Tab tab = browsing.open(Look.WIDE)) {
      browsing.serveHost(
          tab.page,
          other,
          "<main><indelible-viewer api=\"%s\" tenant=\"acme-support\"></indelible-viewer></main>"
              .formatted(browsing.address()),
          "document.querySelector('indelible-viewer').tokenSource = () => Promise.resolve('"
              + token
              + "');");
      tab.page.navigate(other + "/host");
      tab.page.locator("tr.entry[data-id] td.time a").first().click();
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "verified");
      // This token does not show personal data: the rest is there, and what is not is not counted.
      assertThat(tab.page.locator(".facet li[data-field=category]").first()).isVisible();
      assertThat(tab.page.locator(".facet li[data-field=country]")).hasCount(0);
      assertThat(tab.complaints).isEmpty();
    }
  }

  /** The console's page Embed, done as it says: its curl in a shell, its snippet in a product. */
  @Test
  void whatTheConsolesPageSaysMakesAPageOfTheProductShowTheLog() throws Exception {
    makesAPageOfTheProductShowTheLog("acme-support", "security log");
  }

  @Test
  @Tag("long")
  void whatTheConsolesPageSaysMakesSettingsOfTheProductShowTheLog() throws Exception {
    makesAPageOfTheProductShowTheLog("halcyon-inbox", "settings");
  }

  private static void makesAPageOfTheProductShowTheLog(String tenant, String where)
      throws Exception {
    Browsing browsing = BROWSING.get();
    String snippet;
    String curl;
    try (Tab tab = browsing.open(Look.WIDE).console("/t/" + tenant + "/embed")) {
      tab.context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
      Locator code = tab.page.locator("main pre.code");
      assertThat(code.first()).containsText("log-key=\"");
      tab.page.locator("main section.block h2 button").first().click();
      assertThat(tab.page.locator("main section.block h2 button").first()).hasText("Copied");
      tab.page.waitForFunction(
          "() => navigator.clipboard.readText().then(text => text.includes('indelible-viewer'))");
      snippet = (String) tab.page.evaluate("() => navigator.clipboard.readText()");
      assertThat(snippet).isEqualTo(code.first().textContent());
      curl = code.nth(1).textContent();
      // The preview below them is the viewer itself.
      assertThat(tab.page.locator(".preview tr.entry[data-id]").first()).isVisible();
    }
    String token = minted(curl);
    try (Tab tab = browsing.open(Look.WIDE)) {
      String product = "https://app.example.com";
      html(
          tab,
          product + "/" + where.replace(' ', '-'),
          "<h1>%s</h1><a href='/audit'>Audit log</a>".formatted(where));
      html(tab, product + "/audit", "<main style='height:700px'>" + snippet + "</main>");
      tab.page.route(
          product + "/your-backend/audit-token",
          route -> route.fulfill(new Route.FulfillOptions().setBody(token)));
      tab.page.navigate(product + "/" + where.replace(' ', '-'));
      tab.page.getByText("Audit log").click();
      tab.page.locator("tr.entry[data-id] td.time a").first().click();
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "verified");
      tab.page.locator("[data-proof] summary").click();
      assertThat(tab.page.locator("[data-proof]")).containsText("the one that this page was given");
      assertThat(tab.complaints).isEmpty();
    }
  }

  /** Runs the curl as a shell does, with the key in the environment; the token of its answer. */
  private static String minted(String curl) throws Exception {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", curl).redirectErrorStream(true);
    shell.environment().put("INDELIBLE_KEY", BROWSING.get().key());
    Process process = shell.start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(answer).isZero();
    assertThat(answer).contains("\"token\":\"");
    return answer.replaceAll("(?s).*\"token\":\"([^\"]+)\".*", "$1");
  }

  private static void html(Tab tab, String url, String body) {
    tab.page.route(
        candidate -> candidate.split("[?#]", 2)[0].equals(url),
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("text/html; charset=utf-8")
                    .setBody(
                        "<!doctype html><html lang=en><head><title>Product</title></head><body>"
                            + body
                            + "</body></html>")));
  }

  @Test
  @Tag("long")
  void aPageShowsItInAFrame() {
    Browsing browsing = BROWSING.get();
    try (Tab tab = browsing.open(Look.WIDE)) {
      browsing.serveHost(tab.page, browsing.address(), TWO, tokens());
      tab.page.route(
          url -> url.endsWith("/outer"),
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setContentType("text/html; charset=utf-8")
                      .setHeaders(
                          Map.of(
                              "Content-Type",
                              "text/html; charset=utf-8",
                              "Content-Security-Policy",
                              "default-src 'none'; frame-src 'self'"))
                      .setBody(
                          "<!doctype html><html lang=en><title>Product</title>"
                              + "<main><h1>Product</h1><iframe title='Audit log' src='/host'"
                              + " width=1200 height=700></iframe></main></html>")));
      tab.page.navigate(browsing.address() + "/outer");
      FrameLocator frame = tab.page.frameLocator("iframe");
      frame.locator("#a tr.entry[data-id] td.time a").first().click();
      assertThat(frame.locator("#a [data-proof]")).hasAttribute("data-proof", "verified");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void twoVersionsMeetWithoutHarm() {
    Browsing browsing = BROWSING.get();
    try (Tab tab = browsing.open(Look.WIDE).viewer("")) {
      tab.page.locator("tr.entry[data-id]").first().waitFor();
      tab.page.evaluate(
          "async () => { const code = performance.getEntriesByType('resource').map(e => e.name).find(n => n.includes('/assets/viewer-')); await import(code + '#another'); }");
      tab.page.evaluate("async () => { (await import('/viewer.js')).defineViewer('acme-log'); }");
      assertThat((Boolean) tab.page.evaluate("() => customElements.get('acme-log') !== undefined"))
          .isTrue();
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void aTokenThatEndsIsAskedForAgain() {
    Browsing browsing = BROWSING.get();
    try (Tab tab = browsing.open(Look.WIDE)) {
      browsing.serveHost(
          tab.page,
          browsing.address(),
          "<main><indelible-viewer tenant=\"acme-support\"></indelible-viewer></main>",
          "window.asked = []; document.querySelector('indelible-viewer').tokenSource = refused => {"
              + " window.asked.push(refused); return Promise.resolve(refused ? '"
              + browsing.key()
              + "' : 'one that has ended'); };");
      tab.page.navigate(browsing.address() + "/host");
      tab.page.locator("tr.entry[data-id]").first().waitFor();
      assertThat((List<?>) tab.page.evaluate("() => [...new Set(window.asked)]"))
          .isEqualTo(List.of(false, true));
    }
  }

  @Test
  void theConsolesPageAndTheViewersCodeAreServedAsTheyShould() {
    Browsing browsing = BROWSING.get();
    try (Tab tab = browsing.open(Look.WIDE)) {
      Page page = tab.page;
      APIResponse console = page.request().get(browsing.address() + "/t/acme-support/log");
      assertThat(console.headers().get("content-security-policy"))
          .contains("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'")
          .doesNotContain("unsafe");
      APIResponse viewer = page.request().get(browsing.address() + "/viewer.js");
      assertThat(viewer.headers())
          .containsEntry("cache-control", "no-cache")
          .containsEntry("access-control-allow-origin", "*")
          .containsEntry("content-type", "text/javascript; charset=utf-8");
      String asset = viewer.text().replaceAll("(?s).*\"\\./(assets/[^\"]+)\".*", "$1");
      assertThat(page.request().get(browsing.address() + "/" + asset).headers())
          .containsEntry("cache-control", "public, max-age=31536000, immutable");
      assertThat(page.request().get(browsing.address() + "/assets/none.js").status())
          .isEqualTo(404);
    }
  }

  @Test
  void aPageThatShowsTheViewerLoadsNoMoreThanSixtyKilobytesForIt() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("")) {
      tab.page.locator("tr.entry[data-id]").first().waitFor();
      Number bytes =
          (Number)
              tab.page.evaluate(
                  """
                  () => performance.getEntriesByType('resource')
                    .filter(file => file.name.endsWith('.js') && !file.name.endsWith('/host.js'))
                    .reduce((sum, file) => sum + file.encodedBodySize, 0)
                  """);
      System.out.printf("the viewer has %,d bytes, gzipped%n", bytes.longValue());
      assertThat(bytes.longValue()).isBetween(30_000L, 60_000L);
    }
  }
}
