package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests that readers of German see none of the program's English words, in no state and on no page.
 */
class GermanTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static final Look GERMAN = Look.WIDE.speaking("de-DE");

  /** Queries, each with a fault of another kind. */
  private static final List<String> FAULTY =
      List.of(
          "actr:ana",
          "outcome:maybe",
          "ip:here",
          "after:someday",
          "after:-7d,-8d",
          "after:99999-01-01",
          "actor:",
          "actor:ana,",
          "actor:\"ana",
          "actor:\"\"",
          "actor:\"ana\"x",
          "\"a\\b\"",
          "a*b",
          "actor:*",
          "(ana",
          "ana)",
          ")",
          "ana OR",
          "AND ana",
          "- ana",
          "!!");

  private static final Path WORDS = Path.of("..", "web", "src");

  /** Every text, and every attribute that is read out, in the page and its shadow roots. */
  private static final String TEXTS =
      """
      () => {
        const texts = new Set();
        const walk = node => {
          if (node.nodeType === Node.TEXT_NODE) texts.add(node.textContent.replace(/\\s+/g, ' ').trim());
          if (node.nodeType === Node.ELEMENT_NODE) {
            if (['STYLE', 'SCRIPT', 'PRE', 'CODE'].includes(node.tagName)) return;
            // What people and things are called.
            if (node.matches('[data-field=actor_id], [data-field=target], .value')) return;
            for (const name of ['aria-label', 'title', 'placeholder']) texts.add(node.getAttribute(name) ?? '');
            if (node.shadowRoot) walk(node.shadowRoot);
          }
          node.childNodes.forEach(walk);
        };
        walk(document.body);
        return [...texts];
      }
      """;

  /** English texts whose German ones are others, without their places for numbers and names. */
  private static Set<String> english(String folder) throws IOException {
    JsonNode english = JsonMapper.shared().readTree(WORDS.resolve(folder).resolve("en.json"));
    JsonNode german = JsonMapper.shared().readTree(WORDS.resolve(folder).resolve("de.json"));
    assertThat(Set.copyOf(german.propertyNames())).isEqualTo(Set.copyOf(english.propertyNames()));
    Set<String> germanTexts = new TreeSet<>();
    german.properties().forEach(word -> germanTexts.add(word.getValue().toString()));
    Set<String> texts = new TreeSet<>();
    for (Map.Entry<String, JsonNode> word : english.properties()) {
      if (word.getValue().isString() && !germanTexts.contains(word.getValue().toString())) {
        texts.add(word.getValue().asString());
      }
    }
    assertThat(texts).hasSizeGreaterThan(150);
    return texts;
  }

  private static List<String> texts(Page page) {
    return ((List<?>) page.evaluate(TEXTS)).stream().map(String.class::cast).toList();
  }

  /** Every text that is another one in German; read once. */
  private static final class English {
    static final Set<String> ALL = read();

    private static Set<String> read() {
      try {
        Set<String> english = english("shared");
        english.addAll(english("console"));
        JsonNode catalogs = JsonMapper.shared().readTree(WORDS.resolve("shared/sentences-de.json"));
        for (Map.Entry<String, JsonNode> word : catalogs.properties()) {
          if (!word.getKey().equals(word.getValue().asString())) {
            english.add(word.getKey()); // among them the titles of categories
          }
        }
        return Set.copyOf(english);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static void assertNoEnglish(Page page, String state) {
    List<String> shown =
        Eventually.see(state + ": texts", () -> texts(page), found -> found.size() > 20);
    assertThat(shown).as(state).filteredOn(English.ALL::contains).isEmpty();
  }

  @Test
  void everySentenceOfTheBuiltInCatalogsIsThereWithItsPlaces() throws IOException {
    JsonNode german = JsonMapper.shared().readTree(WORDS.resolve("shared/sentences-de.json"));
    // The innermost ones: what a sentence says only sometimes has words of its own around a place.
    Pattern place = Pattern.compile("\\{[^{}]+}");
    int sentences = 0;
    for (JsonNode profile :
        JsonMapper.shared().readTree(Events.get(BROWSING.get(), "/v1/profiles")).path("profiles")) {
      JsonNode whole =
          JsonMapper.shared()
              .readTree(
                  Events.get(BROWSING.get(), "/v1/profiles/" + profile.path("id").asString()));
      assertThat(whole.path("categories")).isNotEmpty();
      for (JsonNode category : whole.path("categories")) {
        assertThat(german.path(category.path("name").asString()).asString(""))
            .as("the category %s", category)
            .isNotEmpty();
      }
      for (JsonNode action : whole.path("actions")) {
        String english = action.path("sentence").path("en").asString();
        String text = german.path(english).asString("");
        assertThat(text).as(english).isNotEmpty();
        assertThat(place.matcher(text).results().map(MatchResult::group).sorted().toList())
            .as(english)
            .isEqualTo(place.matcher(english).results().map(MatchResult::group).sorted().toList());
        sentences++;
      }
    }
    assertThat(sentences).isGreaterThan(250);
  }

  private static void awaitList(Tab tab) {
    tab.page.locator("tr.entry[data-id]").first().waitFor();
    tab.page.locator(".facet li").first().waitFor();
    tab.page.locator(".chart .sum strong").waitFor();
  }

  @Test
  @Tag("long")
  void theViewerInEveryState() {
    try (Tab tab = BROWSING.get().open(GERMAN).viewer("locale=\"de\"", "#q=changed:role")) {
      awaitList(tab);
      assertNoEnglish(tab.page, "list");
      for (String button :
          List.of(
              ".time-button",
              ".zone-button",
              ".columns-button",
              ".copy-button",
              ".views-button",
              ".export-button")) {
        tab.page.locator(button).click();
        assertThat(tab.page.locator(".menu")).isVisible();
        assertNoEnglish(tab.page, button);
        tab.page.keyboard().press("Escape");
        assertThat(tab.page.locator(".menu")).hasCount(0);
      }
      tab.page.locator(".chart button[aria-pressed]").click();
      tab.page.locator("tr.entry[data-id] td.time a").first().click();
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "verified");
      tab.page.locator("[data-proof] summary").click();
      assertNoEnglish(tab.page, "entry");
      tab.page.keyboard().press("Escape");
      tab.page.keyboard().press("?");
      tab.page.locator("dialog[open]").waitFor();
      assertNoEnglish(tab.page, "help");
    }
    try (Tab tab = BROWSING.get().open(GERMAN).viewer("locale=\"de\"", "#q=actor_id:u_nobody")) {
      tab.page.locator(".empty h2").waitFor();
      assertNoEnglish(tab.page, "no match");
    }
  }

  @Test
  void theConsolesPages() {
    try (Tab tab = console("/tenants")) {
      for (String path :
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
              "/t/acme-support/health")) {
        tab.go(path);
        tab.awaitLoaded();
        if (path.endsWith("/log") || path.endsWith("/embed")) {
          awaitList(tab);
        }
        assertNoEnglish(tab.page, path);
      }
    }
  }

  @Test
  void theSignInPage() throws IOException {
    try (Tab tab = BROWSING.get().open(GERMAN)) {
      tab.page.navigate(BROWSING.get().address() + "/sign-in");
      // German comes a moment after the page, which has too few texts to count them.
      assertThat(tab.page.locator(".sign-in h1")).hasText("Anmelden");
      assertThat(texts(tab.page)).filteredOn(english("console")::contains).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void theSheetThatDeletesATenantAndWhatIsLeftOfIt() {
    String tenant = BROWSING.get().newTenant("geht", "standard", "Geht GmbH");
    try (Tab tab = console("/tenants")) {
      tab.page
          .locator("table.rows tbody tr")
          .filter(new Locator.FilterOptions().setHasText("Geht GmbH"))
          .locator("button")
          .click();
      Locator sheet = tab.page.locator("dialog[open]");
      assertThat(sheet).containsText("für immer gelöscht.");
      assertNoEnglish(tab.page, "delete a tenant");
      sheet.locator("[name=reason]").fill("Vertrag beendet");
      sheet.getByLabel("Zum Bestätigen " + tenant + " eingeben").fill(tenant);
      sheet.locator("button.danger").click();
      assertThat(sheet).containsText("Geht GmbH ist gelöscht");
      assertNoEnglish(tab.page, "a tenant is deleted");
    }
  }

  private static Tab console(String path) {
    return BROWSING.get().open(GERMAN).console(path);
  }

  @Test
  void whatIsWrongWithAQueryIsSaidInGerman() {
    try (Tab tab = BROWSING.get().open(GERMAN).viewer("locale=\"de\"", "#q=changed:role")) {
      awaitList(tab);
      for (String query : FAULTY) {
        Locator fault = tab.page.locator(".caret-error");
        tab.page.evaluate(
            "query => document.querySelector('indelible-viewer').model.query(query)", query);
        assertThat(fault.locator("pre")).containsText(query);
        assertThat(fault).containsText("Spalte");
        // Where it cannot be said in German, the server's English stands beside.
        assertThat(fault.locator("[lang=en]")).hasCount(0);
        assertNoEnglish(tab.page, query);
      }
    }
  }

  @Test
  @Tag("long")
  void noPermissionAnEmptyLogAndAProofThatFails() {
    String tenant = BROWSING.get().newTenant("neu");
    String key =
        Events.text(
            Events.post(
                BROWSING.get(),
                "/v1/tenants/" + tenant + "/keys",
                "{\"name\":\"sendet\",\"scopes\":[\"events.write\"]}"),
            "secret");
    try (Tab tab = BROWSING.get().open(GERMAN).viewerOf(tenant, "locale=\"de\"", "")) {
      awaitList(tab);
      tab.page.evaluate(
          "key => { document.querySelector('indelible-viewer').tokenSource = () => Promise.resolve(key); }",
          key);
      assertThat(tab.page.locator(".empty h2")).hasText("Sie dürfen dieses Protokoll nicht sehen");
      assertNoEnglish(tab.page, "no permission");
      // Of an account that nothing was recorded of.
      String token =
          Events.viewerToken(
              BROWSING.get(),
              tenant,
              "\"permissions\":[\"audit.view\"],\"accounts\":[\"neues-konto\"]");
      tab.page.evaluate(
          "key => { document.querySelector('indelible-viewer').tokenSource = () => Promise.resolve(key); }",
          token);
      assertThat(tab.page.locator(".empty h2")).hasText("Noch ist nichts aufgezeichnet");
      assertNoEnglish(tab.page, "an empty log");
    }
    String other = "log-key=\"" + AccessibilityTest.OTHER_KEY + "\" locale=\"de\"";
    try (Tab tab = BROWSING.get().open(GERMAN).viewer(other, "#q=changed:role")) {
      tab.page.locator("tr.entry[data-id] td.time a").first().click();
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "failed");
      assertNoEnglish(tab.page, "failed proof");
    }
  }

  @Test
  @Tag("long")
  void theSheetsOfEachPage() {
    try (Tab tab = console("/tenants")) {
      for (String path :
          List.of(
              "/tenants",
              "/t/acme-support/holds",
              "/t/acme-support/retention",
              "/t/acme-support/erasures",
              "/t/acme-support/settings")) {
        tab.go(path);
        tab.awaitLoaded();
        Locator buttons = tab.page.locator("main header button, main section.block > h2 button");
        int sheets = buttons.count();
        assertThat(sheets).as(path).isPositive();
        for (int i = 0; i < sheets; i++) {
          buttons.nth(i).click();
          tab.page.locator("dialog[open]").waitFor();
          assertNoEnglish(tab.page, path + ", sheet " + i);
          tab.page.keyboard().press("Escape");
          assertThat(tab.page.locator("dialog")).hasCount(0);
        }
      }
    }
  }

  @Test
  @Tag("long")
  void thePagesOfAccessAndTheirSheets() {
    String tenant = BROWSING.get().newTenant("zugang", "standard", "Zugang GmbH");
    Events.post(BROWSING.get(), "/v1/tenants/" + tenant + "/accounts", "{\"id\":\"eu\"}");
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/members",
        "{\"id\":\"u_1\",\"assignments\":[{\"role\":\"account_admin\",\"accounts\":[\"eu\"]}]}");
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/permission-sets",
        "{\"id\":\"leser\",\"permissions\":[\"audit.view\"]}");
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/keys",
        "{\"name\":\"k\",\"scopes\":[\"events.read\"],\"networks\":[\"10.0.0.0/8\"]}");
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/auditor-links",
        "{\"user\":{\"id\":\"a_1\"},\"reason\":\"r\",\"accounts\":[\"eu\"]}");
    Events.post(
        BROWSING.get(),
        "/v1/tenants/" + tenant + "/viewer-sessions",
        "{\"user\":{\"id\":\"v_1\"}}");
    try (Tab tab = console("/t/" + tenant)) {
      for (String name :
          List.of("access", "accounts", "permissions", "keys", "auditors", "support", "sessions")) {
        tab.go("/t/" + tenant + "/" + name);
        assertThat(tab.page.locator("nav.tabs a[aria-current=page]"))
            .hasAttribute("href", "/t/" + tenant + "/" + name);
        tab.awaitLoaded();
        assertNoEnglish(tab.page, name);
        // Ending a session asks nothing.
        int buttons = name.equals("sessions") ? 0 : tab.page.locator("main button").count();
        for (int i = 0; i < buttons; i++) {
          tab.page.locator("main button").nth(i).click();
          assertThat(tab.page.locator("dialog[open] .inside button").first()).isVisible();
          assertNoEnglish(tab.page, name + ", sheet " + i);
          tab.page.keyboard().press("Escape");
          assertThat(tab.page.locator("dialog")).hasCount(0);
        }
      }
    }
  }

  @Test
  @Tag("long")
  void aHoldFromTheSheetThatRefusesItToItsRelease() {
    String tenant = BROWSING.get().newTenant("haelt", "standard", "Hält GmbH");
    try (Tab tab = console("/t/" + tenant + "/holds")) {
      tab.page.locator("main header button").click();
      Locator sheet = tab.page.locator("dialog[open]");
      sheet.locator("[name=name]").fill("Sache 17");
      sheet.locator("[name=query]").fill("actr:ana");
      sheet.locator("[name=reason]").fill("Rechtsstreit");
      assertThat(sheet).containsText("das Feld actr gibt es nicht");
      sheet.locator("button.primary").click();
      assertThat(sheet.locator("[role=alert]"))
          .containsText(
              "Diese Angaben gehen so nicht: query, Spalte 1: das Feld actr gibt es nicht");
      assertThat(sheet.locator("[lang=en]")).hasCount(0);
      assertNoEnglish(tab.page, "a hold that is refused");
      sheet.locator("[name=query]").fill("");
      sheet.locator("button.primary").click();
      assertThat(sheet.locator(".notice.good")).containsText("Sache 17");
      assertThat(sheet.locator(".made")).isVisible();
      assertNoEnglish(tab.page, "a hold that is applied");
      tab.page.keyboard().press("Escape");
      tab.page.locator("main td.actions button").click();
      sheet.locator("[name=reason]").waitFor();
      assertNoEnglish(tab.page, "a hold to be released");
    }
  }

  @Test
  void whatTheServerSaysMoreOfStandsBesideTheGerman() {
    String tenant = BROWSING.get().newTenant("passt-nicht", "inbox");
    try (Tab tab = console("/t/" + tenant + "/settings")) {
      tab.page.locator("main section.block > h2 button").first().click();
      Locator sheet = tab.page.locator("dialog[open]");
      sheet.locator("[name=text]").fill("{\"export_formats\":[\"papyrus\"]}");
      sheet.locator("[name=reason]").fill("nur CSV");
      sheet.locator("button.primary").click();
      assertThat(sheet.locator("[role=alert]")).containsText("Diese Angaben gehen so nicht:");
      assertThat(sheet.locator("[role=alert] [lang=en]")).containsText("papyrus");
      assertNoEnglish(tab.page, "a profile that does not fit");
    }
  }
}
