package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests exports of a query's entries from the viewer to a file. */
class ExportTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static final String BRAZIL = "#q=country:BR&zone=UTC";

  /** Script for a browser that lets pages put a Blob together and nothing else. */
  private static final String NO_FILES = "delete window.showSaveFilePicker;";

  /** A browser that asks for a file: this one answers with a file of the page's own origin. */
  private static final String FILES =
      """
      window.showSaveFilePicker = async options => {
        window.suggested = options.suggestedName;
        const folder = await navigator.storage.getDirectory();
        return folder.getFileHandle('export', {create: true});
      };
      """;

  /** View of the exports that were made for this reason. */
  private static final String TAKEN = "#q=action:audit.exported%20%22an%20audit%20of%20INC-219%22";

  private static Tab viewer(String script, String fragment) {
    Tab tab = BROWSING.get().open(Look.WIDE);
    tab.page.addInitScript(script);
    return tab.viewer(fragment);
  }

  private static Locator form(Tab tab) {
    tab.page.locator("tr.entry[data-id]").first().waitFor();
    tab.page.locator(".facet li").first().waitFor();
    tab.page.locator(".export-button").click();
    Locator form = tab.page.locator(".export-form");
    assertThat(form).isVisible();
    return form;
  }

  private static void choose(Locator form, String format) {
    form.locator("input[value=" + format + "]").check();
  }

  /** Chooses a format and fills in the reason. */
  private static void chooseAndSayWhy(Locator form, String format) {
    choose(form, format);
    form.locator("input[name=reason]").fill("an audit of INC-219");
  }

  private static long shown(Tab tab) {
    Locator sum = tab.page.locator(".chart .sum strong");
    assertThat(sum).hasText(Pattern.compile("[0-9]"));
    return Long.parseLong(sum.textContent().replaceAll("[^0-9]", ""));
  }

  @Test
  @Tag("long")
  void aSpreadsheetHoldsWhatTheQueryFindsAndIsNamedAfterIt() throws IOException {
    try (Tab tab = viewer(NO_FILES, BRAZIL + "&from=2020-01-01T00:00:00Z")) {
      Locator form = form(tab);
      long count = shown(tab);
      assertThat(form).containsText("Export " + count + " entries");
      assertThat(form).containsText(Pattern.compile("≈ [0-9.,]+\\s?kB"));
      assertThat(form).containsText("at most 537 MB");
      Axe.assertNoFaults(tab.page, "export");
      chooseAndSayWhy(form, "csv");
      Download download =
          tab.page.waitForDownload(() -> form.locator("button[type=submit]").click());
      assertThat(download.suggestedFilename()).isEqualTo("acme-support-from-2020-01-01.csv");
      String text = Files.readString(download.path());
      assertThat(text).startsWith("\uFEFFid,seq,occurred_at");
      assertThat(text.split("\r\n")).hasSize((int) count + 1).allMatch(row -> !row.isEmpty());
      assertThat(text).contains("u_chiara").contains(",BR,");
      assertThat(tab.page.locator("[data-export=done]"))
          .containsText("acme-support-from-2020-01-01.csv has " + count + " entries");
      Axe.assertNoFaults(tab.page, "export done");
      tab.page.locator("[data-export=done] button").click();
      assertThat(tab.page.locator("[data-export]")).hasCount(0);
      assertThat(tab.complaints).isEmpty();
    }
    // The log says who took what.
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer(TAKEN)) {
      tab.page.locator("tr.entry[data-id]").first().locator("td.time a").click();
      assertThat(tab.page.locator(".panel")).containsText("country:BR");
      assertThat(tab.page.locator(".panel")).containsText("an audit of INC-219");
    }
  }

  @Test
  void theReasonIsAskedForWhereTheProfileRequiresOneAndElsewhereNot() {
    try (Tab tab = viewer(NO_FILES, BRAZIL)) {
      Locator form = form(tab);
      form.locator("button[type=submit]").click();
      assertThat(form.locator("input[name=reason]:invalid")).isVisible();
      assertThat(tab.page.locator("[data-export]")).hasCount(0);
    }
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.viewerOf("lumen-studio", "", "#q=country:RO");
      assertThat(form(tab).locator("input[name=reason]")).hasCount(0);
    }
  }

  @ParameterizedTest
  @Tag("long")
  @ValueSource(strings = {"json", "ndjson"})
  void jsonHoldsEveryEntryExactly(String format) throws IOException {
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.addInitScript(NO_FILES);
      tab.viewerOf("lumen-studio", "", "#q=country:RO");
      Locator form = form(tab);
      long count = shown(tab);
      choose(form, format);
      Download download =
          tab.page.waitForDownload(() -> form.locator("button[type=submit]").click());
      assertThat(download.suggestedFilename()).isEqualTo("lumen-studio." + format);
      String text = Files.readString(download.path());
      JsonMapper json = JsonMapper.shared();
      List<JsonNode> entries =
          format.equals("json")
              ? json.readTree(text).valueStream().toList()
              : text.lines().map(json::readTree).toList();
      assertThat(entries)
          .hasSize((int) count)
          .allSatisfy(
              entry ->
                  assertThat(entry.at("/context/location/country").asString()).isEqualTo("RO"));
    }
  }

  @Test
  void whereThePageMayWriteAFileItGoesThereAndHasNoLimit() {
    try (Tab tab = viewer(FILES, BRAZIL)) {
      Locator form = form(tab);
      long count = shown(tab);
      assertThat(form).not().containsText("at most");
      chooseAndSayWhy(form, "json");
      form.locator("button[type=submit]").click();
      assertThat(tab.page.locator("[data-export=done]")).containsText(count + " entries");
      assertThat(tab.page.evaluate("() => window.suggested")).isEqualTo("acme-support.json");
      String text =
          (String)
              tab.page.evaluate(
                  """
                  async () => {
                    const folder = await navigator.storage.getDirectory();
                    return (await (await folder.getFileHandle('export')).getFile()).text();
                  }
                  """);
      assertThat(JsonMapper.shared().readTree(text)).hasSize((int) count);
    }
  }

  @Test
  @Tag("long")
  void itShowsHowFarItIsAndIsStoppedWithoutAFile() {
    try (Tab tab = viewer(NO_FILES, "")) {
      slowExport(tab.page);
      Locator form = form(tab);
      chooseAndSayWhy(form, "json");
      form.locator("button[type=submit]").click();
      Locator running = tab.page.locator("[data-export=running]");
      assertThat(running).containsText(Pattern.compile("[1-9][0-9,]* of 1,000,000 entries"));
      Axe.assertNoFaults(tab.page, "export running");
      running.getByText("Stop").click();
      assertThat(tab.page.locator("[data-export=stopped]")).containsText("nothing was saved");
    }
  }

  /** An export that begins and never ends, because the page asks itself for it. */
  private static void slowExport(Page page) {
    page.evaluate(
        """
        () => {
          const real = window.fetch;
          window.fetch = (url, init) => {
            if (!String(url).includes('/export?')) return real(url, init);
            const lines = new TextEncoder().encode('{"id":"x"}\\n'.repeat(1000));
            let left = 3;
            const stream = new ReadableStream({
              start(to) { init.signal.addEventListener('abort', () => to.error(new DOMException('', 'AbortError'))); },
              pull(to) { return left-- > 0 ? to.enqueue(lines) : new Promise(() => {}); },
            });
            return Promise.resolve(new Response(stream, {headers: {'X-Total-Count': '1000000'}}));
          };
        }
        """);
  }

  @Test
  @Tag("long")
  void anAnswerThatBreaksOffIsNoFile() {
    try (Tab tab = viewer(NO_FILES, BRAZIL)) {
      tab.page.evaluate(
          """
          () => {
            const real = window.fetch;
            window.fetch = (url, init) => !String(url).includes('/export?') ? real(url, init)
              : Promise.resolve(new Response(new ReadableStream({ pull(to) { to.error(new TypeError('network error')); } })));
          }
          """);
      Locator form = form(tab);
      chooseAndSayWhy(form, "csv");
      form.locator("button[type=submit]").click();
      assertThat(tab.page.locator("[data-export=failed]")).containsText("incomplete");
      Axe.assertNoFaults(tab.page, "export failed");
    }
  }

  /** Half a GiB goes through the page. */
  @Test
  @Tag("long")
  void aFileThatIsTooLargeForThePageIsNotKept() {
    try (Tab tab = viewer(NO_FILES, BRAZIL)) {
      tab.page.evaluate(
          """
          () => {
            const real = window.fetch;
            const piece = new Uint8Array(64 * 1024 * 1024);
            window.fetch = (url, init) => !String(url).includes('/export?') ? real(url, init)
              : Promise.resolve(new Response(new ReadableStream({ pull(to) { to.enqueue(piece.slice()); } })));
          }
          """);
      Locator form = form(tab);
      chooseAndSayWhy(form, "csv");
      form.locator("button[type=submit]").click();
      assertThat(tab.page.locator("[data-export=failed]")).containsText("larger than 537 MB");
    }
  }

  @Test
  void whoMayNotExportIsOfferedNone() {
    String token =
        Events.viewerToken(BROWSING.get(), Browsing.TENANT, "\"permissions\":[\"audit.view\"]");
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      // The same page with a token that may look and no more.
      tab.page.route(
          url -> url.contains("/v1/"),
          route ->
              route.resume(
                  new Route.ResumeOptions()
                      .setHeaders(with(route.request().headers(), "Bearer " + token))));
      tab.viewer("");
      tab.page.locator("tr.entry[data-id]").first().waitFor();
      tab.page.locator(".facet li").first().waitFor();
      assertThat(tab.page.locator(".views-button")).isVisible();
      assertThat(tab.page.locator(".export-button")).hasCount(0);
    }
  }

  private static java.util.Map<String, String> with(
      java.util.Map<String, String> headers, String authorization) {
    java.util.Map<String, String> changed = new java.util.HashMap<>(headers);
    changed.put("authorization", authorization);
    return changed;
  }
}
