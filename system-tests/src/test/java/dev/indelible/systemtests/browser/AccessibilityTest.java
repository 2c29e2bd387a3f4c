package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.testing.Eventually;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every state of the viewer, for everybody: axe-core, keys alone, narrow pages, right to left. */
class AccessibilityTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static final String STORY = "#q=changed:role";

  /** Key of a log that is none of these. */
  static final String OTHER_KEY =
      "audit.example.com/t/7f3a+65c95b99+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";

  private static void openFirst(Tab tab) {
    tab.page.locator("tr.entry[data-id] td.time a").first().click();
    assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "verified");
    assertThat(tab.page.locator(".related .count").first()).not().isEmpty();
  }

  private static void awaitList(Tab tab) {
    tab.page.locator("tr.entry[data-id]").first().waitFor();
    tab.page.locator(".facet li").first().waitFor();
  }

  /** By night too the list is looked at as a page of the console, which ConsoleTest does. */
  @Test
  void theListAndAnEntryHaveNoFaults() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("")) {
      awaitList(tab);
      Axe.assertNoFaults(tab.page, "list");
      openChartAsATable(tab);
      Axe.assertNoFaults(tab.page, "chart as a table", ".chart");
    }
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("#q=security:true")) {
      awaitList(tab);
      openFirst(tab);
      tab.page.locator("[data-proof] summary").click();
      assertNoFaultsByDayAndNight(tab, "entry with proof", ".panel");
    }
  }

  @Test
  @Tag("long")
  void theListAndItsChartHaveNoFaultsByDayAndNight() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("")) {
      awaitList(tab);
      assertNoFaultsByDayAndNight(tab, "list", Axe.ALL);
      openChartAsATable(tab);
      assertNoFaultsByDayAndNight(tab, "chart as a table", ".chart");
    }
  }

  private static void openChartAsATable(Tab tab) {
    tab.page.locator(".chart button[aria-pressed]").click();
    assertThat(tab.page.locator(".chart-table")).isVisible();
  }

  /** Checks the light theme and, without a new page, the dark one. */
  private static void assertNoFaultsByDayAndNight(Tab tab, String state, String part) {
    Axe.assertNoFaults(tab.page, state, part);
    tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    Axe.assertNoFaults(tab.page, state + ", dark", part);
    tab.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
  }

  @Test
  @Tag("long")
  void menusDialogsErrorsAndEmptinessHaveNoFaults() {
    menusDialogsErrorsAndEmptinessHaveNoFaults(false);
  }

  @Test
  @Tag("long")
  void menusDialogsErrorsAndEmptinessHaveNoFaultsInTheDark() {
    menusDialogsErrorsAndEmptinessHaveNoFaults(true);
  }

  private static void menusDialogsErrorsAndEmptinessHaveNoFaults(boolean dark) {
    Look look = dark ? Look.WIDE.atNight() : Look.WIDE;
    try (Tab tab = BROWSING.get().open(look).viewer(STORY)) {
      awaitList(tab);
      for (String button :
          new String[] {
            ".time-button",
            ".zone-button",
            ".copy-button",
            ".columns-button",
            ".views-button",
            ".export-button"
          }) {
        tab.page.locator(button).click();
        assertThat(tab.page.locator(".menu")).isVisible();
        Axe.assertNoFaults(tab.page, button, ".menu");
        tab.page.keyboard().press("Escape");
        assertThat(tab.page.locator(".menu")).hasCount(0);
      }
      tab.page.locator("tr.entry .sentence a.value").first().click();
      assertThat(tab.page.locator(".menu")).isVisible();
      Axe.assertNoFaults(tab.page, "menu of a value", ".menu");
      tab.page.keyboard().press("Escape");
      assertThat(tab.page.locator(".menu")).hasCount(0);
      tab.page.keyboard().press("?");
      tab.page.locator("dialog[open]").waitFor();
      Axe.assertNoFaults(tab.page, "help");
      tab.page.keyboard().press("Escape");
      assertThat(tab.page.locator("dialog")).hasCount(0);
      tab.page.keyboard().press("/");
      tab.page.keyboard().press("End");
      tab.page.keyboard().type(" out");
      tab.page.locator(".suggestions li").first().waitFor();
      Axe.assertNoFaults(tab.page, "suggestions");
    }
    try (Tab tab = BROWSING.get().open(look).viewer("#q=actr:ana")) {
      tab.page.locator(".caret-error").waitFor();
      Axe.assertNoFaults(tab.page, "error");
    }
    try (Tab tab = BROWSING.get().open(look).viewer("#q=actor_id:u_nobody")) {
      tab.page.locator(".empty h2").waitFor();
      Axe.assertNoFaults(tab.page, "no match");
    }
  }

  @Test
  @Tag("long")
  void aProofThatFailsHasNoFaults() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("log-key=\"" + OTHER_KEY + "\"", STORY)) {
      tab.page.locator("tr.entry[data-id] td.time a").first().click();
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "failed");
      assertNoFaultsByDayAndNight(tab, "failed proof", ".panel");
    }
  }

  @Test
  void theNarrowestPageNeedsNoScrollingSidewaysAndHasNoFaults() {
    needsNoScrollingSidewaysAndHasNoFaults(320);
  }

  @ParameterizedTest
  @Tag("long")
  @ValueSource(ints = {360, 720, 1280, 3840})
  void noOtherWidthNeedsScrollingSidewaysOrHasFaults(int width) {
    needsNoScrollingSidewaysAndHasNoFaults(width);
  }

  private static void needsNoScrollingSidewaysAndHasNoFaults(int width) {
    try (Tab tab = BROWSING.get().open(Look.WIDE.size(width, 800)).viewer("")) {
      awaitListAnyWidth(tab);
      assertFits(tab.page);
      Axe.assertNoFaults(tab.page, "list, " + width);
      tab.page.locator("tr.entry[data-id] td.time a").first().click();
      tab.page.locator(".panel h2").waitFor();
      assertFits(tab.page);
      Axe.assertNoFaults(tab.page, "entry, " + width);
    }
  }

  private static void awaitListAnyWidth(Tab tab) {
    tab.page.locator("tr.entry[data-id]").first().waitFor();
    tab.page.locator(".chart .sum strong").waitFor();
  }

  private static void assertFits(Page page) {
    Browsing.awaitTrue(
        page, "no scrolling sideways", "document.documentElement.scrollWidth <= innerWidth");
    Browsing.awaitTrue(
        page,
        "no scrolling sideways in the list",
        """
        (() => {
          const list = document.querySelector('indelible-viewer').shadowRoot.querySelector('.list');
          return list.scrollWidth <= list.clientWidth;
        })()
        """);
  }

  @Test
  @Tag("long")
  void onANarrowPageTheFacetsAreASheetAndTheEntryAPage() {
    try (Tab tab = BROWSING.get().open(Look.NARROW).viewer("")) {
      awaitListAnyWidth(tab);
      assertThat(tab.page.locator(".facets")).isHidden();
      tab.page.locator(".facets-button").click();
      assertThat(tab.page.locator(".facets")).isVisible();
      Axe.assertNoFaults(tab.page, "facets on a narrow page");
      tab.page.locator(".facet li[data-field=outcome][data-value=failure] .take").click();
      assertThat(tab.page.locator(".chip")).containsText("Failure");
      tab.page.keyboard().press("Escape");
      assertThat(tab.page.locator(".facets")).isHidden();
    }
  }

  @Test
  @Tag("long")
  void rightToLeftIsMirrored() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("dir=\"rtl\"", STORY)) {
      awaitList(tab);
      openFirst(tab);
      Eventually.passes(
          "the facets are right of the panel",
          () ->
              assertThat(tab.page.locator(".facets").boundingBox().x)
                  .isGreaterThan(tab.page.locator(".panel").boundingBox().x));
      assertFits(tab.page);
      Axe.assertNoFaults(tab.page, "right to left");
      for (String button : new String[] {".views-button", ".export-button"}) {
        tab.page.locator(button).click();
        assertThat(tab.page.locator(".menu")).isVisible();
        Axe.assertNoFaults(tab.page, "right to left, " + button, ".menu");
        tab.page.keyboard().press("Escape");
        assertThat(tab.page.locator(".menu")).hasCount(0);
      }
    }
  }

  @Test
  @Tag("long")
  void everyOtherStateIsMirroredToo() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("dir=\"rtl\"", STORY)) {
      awaitList(tab);
      tab.page.keyboard().press("?");
      tab.page.locator("dialog[open]").waitFor();
      Axe.assertNoFaults(tab.page, "right to left, help");
    }
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("dir=\"rtl\"", "#q=actr:ana")) {
      // What was typed is read from the left, wherever it stands.
      assertThat(tab.page.locator(".caret-error pre")).hasCSS("direction", "ltr");
      assertFits(tab.page);
      Axe.assertNoFaults(tab.page, "right to left, error");
    }
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("dir=\"rtl\"", "#q=actor_id:u_nobody")) {
      tab.page.locator(".empty h2").waitFor();
      assertFits(tab.page);
      Axe.assertNoFaults(tab.page, "right to left, no match");
    }
    String other = "log-key=\"" + OTHER_KEY + "\" dir=\"rtl\"";
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer(other, STORY)) {
      tab.page.locator("tr.entry[data-id] td.time a").first().click();
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "failed");
      assertFits(tab.page);
      Axe.assertNoFaults(tab.page, "right to left, failed proof");
    }
  }

  @Test
  @Tag("long")
  void whoMayNotReadTheLogIsToldSo() {
    String tenant = BROWSING.get().newTenant("unreadable");
    String key =
        Events.text(
            Events.post(
                BROWSING.get(),
                "/v1/tenants/" + tenant + "/keys",
                "{\"name\":\"sends\",\"scopes\":[\"events.write\"]}"),
            "secret");
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", "")) {
      awaitList(tab);
      tab.page.evaluate(
          "key => { document.querySelector('indelible-viewer').tokenSource = () =>"
              + " Promise.resolve(key); }",
          key);
      assertThat(tab.page.locator(".empty h2")).isVisible();
      assertThat(tab.page.locator("tr.entry")).hasCount(0);
      assertNoFaultsByDayAndNight(tab, "no permission", Axe.ALL);
    }
  }

  @Test
  @Tag("long")
  void viewsAndExportsGoByKeysAlone() {
    String tenant = BROWSING.get().newTenant("by-keys", "automation");
    Events.record(
        BROWSING.get(),
        "{\"tenant\":\"%s\",\"account\":\"torino\",\"action\":\"process.created\",\"actor\":{\"type\":\"user\",\"id\":\"u_1\"}}"
            .formatted(tenant));
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.addInitScript("delete window.showSaveFilePicker;");
      tab.viewerOf(tenant, "", "#q=account:torino");
      awaitList(tab);
      Keyboard keys = tab.page.keyboard();
      tabTo(tab, "views-button");
      keys.press("Enter");
      assertThat(tab.page.locator(".menu input[name=name]")).isFocused();
      keys.type("Torino");
      keys.press("Enter");
      assertThat(tab.page.locator(".saved .open")).hasText("Torino");
      keys.press("Escape");
      assertThat(tab.page.locator(".menu")).hasCount(0);
      assertThat(tab.page.locator(".views-button")).isFocused();
      tabTo(tab, "export-button");
      keys.press("Enter");
      assertThat(tab.page.locator(".menu input[type=radio]").first()).isFocused();
      keys.press("ArrowDown");
      keys.press("ArrowDown");
      Download download = tab.page.waitForDownload(() -> keys.press("Enter"));
      assertThat(download.suggestedFilename()).isEqualTo(tenant + ".ndjson");
      assertThat(tab.page.locator("[data-export=done]")).isVisible();
    }
  }

  /** Goes on by the Tab key until it is there. */
  private static void tabTo(Tab tab, String name) {
    String focused =
        "() => document.querySelector('indelible-viewer').shadowRoot.activeElement?.className ??"
            + " ''";
    for (int i = 0; i < 60; i++) {
      if (((String) tab.page.evaluate(focused)).contains(name)) {
        return;
      }
      tab.page.keyboard().press("Tab");
    }
    throw new AssertionError(name + " cannot be reached");
  }

  @Test
  void aWholeInvestigationGoesByKeysAlone() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("")) {
      awaitList(tab);
      Keyboard keys = tab.page.keyboard();
      keys.press("/");
      keys.type("changed:role");
      keys.press("Enter");
      assertThat(tab.page.locator(".chip")).hasCount(1);
      assertThat(tab.page.locator("tr.entry[data-id]")).not().hasCount(100);
      assertThat(tab.page.locator("tr.entry[data-id]").first()).isVisible();
      keys.press("Escape");
      keys.press("j");
      keys.press("j");
      keys.press("Enter");
      assertThat(tab.page.locator(".panel h2")).isVisible();
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "verified");
      keys.press("Escape");
      assertThat(tab.page.locator(".panel")).hasCount(0);
      // The focus is again where it was, on the row's link.
      tab.page.waitForFunction(
          "() =>"
              + " document.querySelector('indelible-viewer').shadowRoot.activeElement?.closest('tr')?.dataset.id");
      keys.press("x");
      assertThat(tab.page.locator(".chip")).hasCount(2);
      tab.page.waitForURL(Pattern.compile("-action"));
      keys.press("l");
      assertThat(tab.page.locator(".live")).hasText("Live is off");
      keys.press("?");
      assertThat(tab.page.locator("dialog[open]")).isVisible();
      keys.press("Escape");
      assertThat(tab.page.locator("dialog[open]")).hasCount(0);
    }
  }

  /** The browser tells of a menu's end in a task of its own; a key may come before it. */
  @Test
  void aKeyThatComesRightAfterAMenuClosedIsNotLost() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer(STORY)) {
      awaitList(tab);
      tab.page.locator(".columns-button").click();
      assertThat(tab.page.locator(".menu")).isVisible();
      tab.page.evaluate(
          """
          () => {
            const viewer = document.querySelector('indelible-viewer');
            viewer.shadowRoot.querySelector('.menu').hidePopover();
            viewer.shadowRoot.querySelector('.columns-button')
              .dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, composed: true }));
          }
          """);
      assertThat(tab.page.locator("dialog[open]")).isVisible();
    }
  }

  /** The end of the help says so too, which may be open again by then. */
  @Test
  @Tag("long")
  void theHelpThatIsAskedForRightAfterItClosedStays() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer(STORY)) {
      awaitList(tab);
      tab.page.keyboard().press("?");
      assertThat(tab.page.locator("dialog[open]")).isVisible();
      tab.page.evaluate(
          """
          () => {
            const viewer = document.querySelector('indelible-viewer');
            const dialog = viewer.shadowRoot.querySelector('dialog');
            const told = new Promise(done => dialog.addEventListener('close', done, { once: true }));
            dialog.close();
            viewer.shadowRoot.querySelector('.columns-button')
              .dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, composed: true }));
            return told.then(() => viewer.updateComplete);
          }
          """);
      assertThat(tab.page.locator("dialog[open]")).isVisible();
      // What comes meanwhile does not open it again.
      tab.page.evaluate(
          """
          () => {
            const viewer = document.querySelector('indelible-viewer');
            viewer.shadowRoot.querySelector('dialog').close();
            viewer.requestUpdate();
          }
          """);
      assertThat(tab.page.locator("dialog")).hasCount(0);
    }
  }

  @Test
  @Tag("long")
  void keysDoNothingWhileSomebodyTypes() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("")) {
      awaitList(tab);
      tab.page.keyboard().press("/");
      tab.page.keyboard().type("jkxl?/");
      assertThat(tab.page.locator(".query input")).hasValue("jkxl?/");
      assertThat(tab.page.locator(".panel")).hasCount(0);
      assertThat(tab.page.locator("dialog[open]")).hasCount(0);
    }
  }

  @Test
  void forcedColoursKeepTheSecurityMark() {
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.ACTIVE));
      tab.viewer("#q=security:true");
      awaitList(tab);
      tab.page.locator("tr.security td.time").first().waitFor();
      assertThat(
              (String)
                  tab.page.evaluate(
                      """
                      () => {
                        const root = document.querySelector('indelible-viewer').shadowRoot;
                        return getComputedStyle(root.querySelector('tr.security td.time'), '::before').backgroundColor;
                      }
                      """))
          .isNotEqualTo("rgba(0, 0, 0, 0)");
    }
  }
}
