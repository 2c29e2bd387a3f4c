package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.testing.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/** The viewer's list, query, facets, chart and entry, as somebody uses them. */
class ViewerTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static Tab open(String fragment) {
    return BROWSING.get().open(Look.WIDE).viewer(fragment);
  }

  /** A time with an end: that somebody looks is an entry too, and is not in it. */
  private static Instant lately() {
    return Instant.now().minus(Duration.ofHours(1));
  }

  private static Tab openUntilLately() {
    return open("#to=" + lately());
  }

  private static Locator rows(Tab tab) {
    return tab.page.locator("tr.entry[data-id]");
  }

  private static int count(Tab tab) {
    Locator sum = tab.page.locator(".chart .sum strong");
    sum.waitFor();
    return number(sum.textContent());
  }

  private static int number(String text) {
    return Integer.parseInt(text.replaceAll("[^0-9]", ""));
  }

  /** The number at a value, once it is there. */
  private static int promised(Locator count) {
    assertThat(count).hasText(Pattern.compile("[0-9]"));
    return number(count.textContent());
  }

  private static void awaitCount(Tab tab, int wanted) {
    assertThat(tab.page.locator(".chart .sum strong"))
        .hasText(Pattern.compile("^" + String.format("%,d", wanted) + " entr(y|ies)$"));
  }

  @Test
  void theNewestHundredEntriesAreSentences() {
    try (Tab tab = open("")) {
      assertThat(rows(tab)).hasCount(100);
      assertThat(tab.page.locator("table caption")).containsText("newest first");
      assertThat(rows(tab).first().locator(".sentence a").first()).not().isEmpty();
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void theCountAtAFacetIsTheCountOfRowsThatClickingItShows() {
    try (Tab tab = openUntilLately()) {
      Locator values = tab.page.locator(".facet li[data-field=category]");
      values.first().waitFor();
      for (int i = 0; i < values.count(); i++) {
        String value = values.nth(i).getAttribute("data-value");
        int promised = promised(values.nth(i).locator(".count"));
        Locator take =
            tab.page.locator(".facet li[data-field=category][data-value=" + value + "] .take");
        take.click();
        awaitCount(tab, promised);
        assertThat(rows(tab)).hasCount(Math.min(promised, 100));
      }
    }
  }

  @Test
  void aFacetsValueIsExcludedAndTakenBack() {
    try (Tab tab = openUntilLately()) {
      int all = count(tab);
      Locator failure = tab.page.locator(".facet li[data-field=outcome][data-value=failure]");
      int failures = promised(failure.locator(".count"));
      failure.hover();
      failure.locator(".out").click();
      awaitCount(tab, all - failures);
      assertThat(tab.page.locator(".chip")).containsText("not");
      assertThat(failure).hasClass(Pattern.compile("excluded"));
      failure.locator(".out").click();
      awaitCount(tab, all);
    }
  }

  @Test
  void theQueryBecomesChipsAndBack() {
    String query =
        "actor:\"Bo Sjöström\",u_ana -outcome:failure (team.update OR role*) \"INC-204\"";
    try (Tab tab = open("")) {
      Locator input = tab.page.getByRole(AriaRole.COMBOBOX);
      input.fill(query);
      input.press("Enter");
      assertThat(tab.page.locator(".chip")).hasCount(4);
      assertThat(input).hasValue(query);
      tab.page.locator(".chip .remove").nth(2).click();
      assertThat(input).hasValue("actor:\"Bo Sjöström\",u_ana -outcome:failure \"INC-204\"");
      tab.page.locator(".chip .remove").last().click();
      tab.page.locator(".chip .remove").first().click();
      assertThat(input).hasValue("-outcome:failure");
    }
  }

  @Test
  void aQueryThatCannotBeUnderstoodPointsAtTheColumn() {
    try (Tab tab = open("#q=" + "outcome:success%20actr:ana")) {
      Locator fault = tab.page.locator(".caret-error");
      assertThat(fault.locator("mark")).hasText("actr");
      assertThat(fault).containsText("Column 17");
      assertThat(fault).containsText("did you mean actor:?");
      assertThat(fault.locator("pre")).containsText(Pattern.compile("\n {16}\\^{4}$"));
      fault.getByText("Correct it").click();
      Eventually.see("the selected text", () -> tab.page.evaluate(SELECTED_TEXT), "actr"::equals);
    }
  }

  private static final String SELECTED_TEXT =
      """
      () => {
        const input = document.querySelector('indelible-viewer').shadowRoot.querySelector('.query input');
        return input.value.slice(input.selectionStart, input.selectionEnd);
      }
      """;

  @Test
  void fieldsAndValuesAreCompletedWithCounts() {
    try (Tab tab = openUntilLately()) {
      rows(tab).first().waitFor();
      tab.page.keyboard().press("/");
      tab.page.keyboard().type("outc");
      Locator options = tab.page.locator(".suggestions li");
      assertThat(options.first()).containsText("outcome:");
      tab.page.keyboard().press("ArrowDown");
      tab.page.keyboard().press("Enter");
      Locator failure = options.filter(new Locator.FilterOptions().setHasText("failure"));
      int promised = promised(failure.locator(".muted"));
      failure.click();
      tab.page.keyboard().press("Enter");
      awaitCount(tab, promised);
    }
  }

  @Test
  void pagesGoToTheLastEntryAndBackWithoutLosingOne() {
    try (Tab tab = open("#q=category:configuration_changes&to=" + lately())) {
      int all = count(tab);
      assertThat(all).isGreaterThan(100);
      for (int left = all; left > 0; left -= 100) {
        assertThat(rows(tab)).hasCount(Math.min(left, 100));
        if (left > 100) {
          turn(tab, ".older");
        }
      }
      assertThat(tab.page.locator(".older")).isDisabled();
      for (int left = all; left > 100; left -= 100) {
        turn(tab, ".newer");
      }
      assertThat(tab.page.locator(".newer")).isDisabled();
      assertThat(rows(tab)).hasCount(100);
    }
  }

  private static void turn(Tab tab, String button) {
    rows(tab).first().waitFor();
    String first = rows(tab).first().getAttribute("data-id");
    tab.page.locator(button).click();
    assertThat(rows(tab).first()).not().hasAttribute("data-id", first);
  }

  @Test
  void theChartsBarsAddUpToTheRowsAndABrushShowsItsBars() {
    try (Tab tab = open("#time=P90D")) {
      tab.page.locator(".chart button[aria-pressed]").click();
      // The counts may be there before the bars, and both grow by what happens meanwhile.
      tab.page.waitForCondition(() -> sumOfBars(tab) == count(tab));
      int all = count(tab);
      tab.page.locator(".chart button[aria-pressed]").click();
      // Pointed at within the plot, which what comes later may still move.
      Locator plot = tab.page.locator(".plot svg");
      double width = plot.boundingBox().width;
      plot.hover(new Locator.HoverOptions().setPosition(width * 0.5, 20));
      tab.page.mouse().down();
      plot.hover(new Locator.HoverOptions().setPosition(width * 0.7, 20).setForce(true));
      tab.page.mouse().up();
      assertThat(tab.page.locator(".time-button")).containsText(" – ");
      tab.page.waitForURL(Pattern.compile("from=.*to="));
      assertThat(tab.page.locator(".chart .sum strong"))
          .not()
          .hasText(Pattern.compile("^" + String.format("%,d", all) + " entr(y|ies)$"));
      Eventually.see("the count of the brush", () -> count(tab), now -> now >= 1 && now < all);
    }
  }

  private static int sumOfBars(Tab tab) {
    return tab.page.locator(".chart-table td:nth-child(2)").allTextContents().stream()
        .mapToInt(ViewerTest::number)
        .sum();
  }

  @Test
  @Tag("long")
  void theBrushWorksByKeys() {
    try (Tab tab = open("#time=P90D")) {
      count(tab);
      Locator from = tab.page.locator(".plot input[type=range]").first();
      assertThat(from).isEnabled();
      from.focus();
      for (int i = 0; i < 10; i++) {
        from.press("ArrowRight");
      }
      from.press("Enter");
      tab.page.waitForURL(Pattern.compile("from=.*to="));
      assertThat(tab.page.locator(".time-button")).containsText(" – ");
    }
  }

  @Test
  void anEntryOpensBesideTheListAndStepsThroughIt() {
    try (Tab tab = open("#q=changed:role")) {
      Page page = tab.page;
      rows(tab).first().waitFor();
      page.keyboard().press("j");
      page.keyboard().press("Enter");
      Locator panel = page.locator(".panel");
      assertThat(panel.locator("h2")).isVisible();
      assertThat(panel.locator(".where")).not().isEmpty();
      assertThat(panel.locator(".change .gone .sign")).hasText("−");
      assertThat(panel.locator(".change .come .sign")).hasText("+");
      String first = panel.locator(".where").textContent();
      page.keyboard().press("j");
      assertThat(panel.locator(".where")).not().hasText(first);
      page.keyboard().press("k");
      assertThat(panel.locator(".where")).hasText(first);
      page.waitForURL(Pattern.compile("entry="));
      page.goBack();
      assertThat(panel).hasCount(0);
      page.goForward();
      assertThat(panel).hasCount(1);
      page.locator(".panel h2").waitFor();
      page.keyboard().press("Escape");
      assertThat(panel).hasCount(0);
    }
  }

  @Test
  void aLinkHoldsTheWholeState() {
    String fragment = "#q=actor_id%3Au_ana&time=P90D&columns=action%2Cip&zone=UTC";
    try (Tab tab = open(fragment)) {
      rows(tab).first().locator("td.time a").click();
      tab.page.locator(".panel h2").waitFor();
      tab.page.waitForURL(Pattern.compile("entry="));
      String address = tab.page.url();
      String where = tab.page.locator(".panel .where").textContent();
      tab.page.navigate("about:blank");
      tab.page.navigate(address);
      assertThat(tab.page.locator(".panel .where")).hasText(where);
      assertThat(tab.page.locator("th.ip-column")).isVisible();
      assertThat(tab.page.locator("th.country-column")).hasCount(0);
      assertThat(tab.page.locator(".zone-button")).containsText("UTC");
      assertThat(tab.page.locator(".time-button")).containsText("Last 90 days");
    }
  }

  @Test
  @Tag("long")
  void relatedEntriesAreAsManyAsTheLinkSays() {
    try (Tab tab = open("#q=changed:role&to=" + lately())) {
      rows(tab).first().locator("td.time a").click();
      Locator history = tab.page.locator(".related button").first();
      assertThat(history).containsText("History of");
      int promised = promised(history.locator(".count"));
      history.click();
      awaitCount(tab, promised);
    }
  }

  @Test
  void aValueOffersOnlyThisExcludeAndHistory() {
    try (Tab tab = open("#q=changed:role")) {
      Locator actor = rows(tab).first().locator(".sentence a.value").first();
      String id = actor.getAttribute("data-value");
      actor.click();
      Locator menu = tab.page.locator(".menu");
      assertThat(menu).containsText("Only this");
      assertThat(menu).containsText("History of this");
      menu.getByText("Exclude").click();
      tab.page.waitForURL(Pattern.compile("-actor_id%3A" + id));
      assertThat(menu).hasCount(0);
    }
  }

  @Test
  @Tag("long")
  void securityRelevantRowsAreMarkedByAWordToo() {
    try (Tab tab = open("#q=security:true")) {
      rows(tab).first().waitFor();
      assertThat(
              rows(tab)
                  .filter(new Locator.FilterOptions().setHasNot(tab.page.locator(".tag.security"))))
          .hasCount(0);
    }
  }

  @Test
  @Tag("long")
  void theQueryIsCopiedAsCommands() {
    try (Tab tab = open("#q=country:BR%20outcome:failure")) {
      tab.page.locator(".copy-button").click();
      assertThat(tab.page.locator(".menu pre").first())
          .containsText("q=country%3ABR+outcome%3Afailure");
      assertThat(tab.page.locator(".menu pre").nth(1))
          .hasText("./indelible search --tenant acme-support 'country:BR outcome:failure'");
    }
  }

  @Test
  void nothingThatMatchesSaysWhichPartToDrop() {
    try (Tab tab = open("#q=country:BR%20actor_id:u_nobody")) {
      Locator empty = tab.page.locator(".empty");
      assertThat(empty).containsText("No entry matches");
      Locator drop = empty.getByText("Without actor_id:u_nobody");
      assertThat(drop).hasText(Pattern.compile("u_nobody.*[0-9]"));
      int promised = number(drop.textContent().replace("u_nobody", ""));
      drop.click();
      awaitCount(tab, promised);
    }
  }

  @Test
  @Tag("long")
  void aSlowQuestionSaysSoAndIsStopped() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("")) {
      tab.page.locator("tr.entry[data-id]").first().waitFor();
      tab.page.evaluate(
          """
          () => {
            const real = window.fetch;
            window.fetch = (url, init) => !String(url).includes('/events?') ? real(url, init)
              : new Promise((_, no) => init.signal.addEventListener('abort', () => no(new DOMException('', 'AbortError'))));
          }
          """);
      tab.page.locator(".facet li[data-field=outcome] .take").first().click();
      assertThat(tab.page.locator(".slow")).containsText("Still looking");
      Axe.assertNoFaults(tab.page, "a slow question");
      tab.page.locator(".slow button").click();
      assertThat(tab.page.locator(".empty h2")).hasText("You stopped the search");
      Axe.assertNoFaults(tab.page, "a stopped question");
    }
  }

  @Test
  @Tag("long")
  void theProfileSaysWhichTimeIsShownAtFirst() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerOf("northgate-msp", "", "")) {
      assertThat(tab.page.locator("indelible-viewer")).containsText("Last 7 days");
    }
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerOf("northgate-msp", "", "#time=newest")) {
      assertThat(tab.page.locator("indelible-viewer")).containsText("Newest first, all time");
    }
  }

  @Test
  void requestAndResponseAreJsonThatFolds() {
    try (Tab tab =
        BROWSING
            .get()
            .open(Look.WIDE)
            .viewerOf("northgate-msp", "", "#q=action:ticket_created%20outcome:failure")) {
      rows(tab).first().locator("td.time a").click();
      Locator panel = tab.page.locator(".panel");
      Locator request =
          panel
              .locator("section")
              .filter(
                  new Locator.FilterOptions()
                      .setHas(
                          tab.page.locator("h3", new Page.LocatorOptions().setHasText("Request"))));
      Locator folds = request.last().locator(".json > details").first();
      Locator inside = folds.locator(".inside").first();
      assertThat(inside).isVisible();
      folds.locator("summary").first().click();
      assertThat(inside).isHidden();
    }
  }

  @Test
  void aTargetLeadsToItsRecordAndNeverToAScript() {
    String tenant = BROWSING.get().newTenant("linked");
    Events.record(
        BROWSING.get(),
        """
        {"tenant":"%s","action":"team.create","actor":{"type":"user","id":"u_linker"},
         "targets":[{"type":"team","id":"t_safe","name":"Safe","href":"https://app.acme.test/teams/1"}]}
        """
            .formatted(tenant));
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", "#q=actor_id:u_linker")) {
      rows(tab).first().locator("td.time a").click();
      Locator link = tab.page.locator(".panel a[target=_blank]");
      assertThat(link).hasAttribute("href", "https://app.acme.test/teams/1");
      assertThat(link).hasAttribute("rel", "noopener noreferrer");
      // The server takes no other kind of address; were there one, the page would not follow it.
      tab.page.evaluate(
          """
          () => {
            const viewer = document.querySelector('indelible-viewer');
            viewer.model.entry.value.targets[0].href = 'javascript:alert(1)';
            viewer.requestUpdate();
          }
          """);
      assertThat(link).hasCount(0);
    }
  }

  @Test
  @Tag("long")
  void germanIsSpokenToThoseWhoReadIt() {
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewer("locale=\"de-DE\"", "")) {
      assertThat(tab.page.locator("th.time-column")).hasText("Zeit");
      assertThat(tab.page.locator(".chart .sum")).containsText("Einträge");
      assertThat(tab.page.locator(".older")).hasText("Ältere");
    }
  }

  @Test
  void openingIsOneLookWhereLooksAreRecorded() {
    String tenant = BROWSING.get().newTenant("recording", "kimondesk");
    String event =
        "{\"tenant\":\""
            + tenant
            + "\",\"id\":\"%s\",\"action\":\"ticket.updated\",\"actor\":{\"type\":\"system\"}}";
    Events.record(BROWSING.get(), event.formatted("first"));
    String token = Events.viewerToken(BROWSING.get(), tenant, "\"permissions\":[\"audit.view\"]");
    try (Tab tab = BROWSING.get().open(Look.WIDE).viewerAs(token, tenant, "", "")) {
      tab.page.locator("tr.entry[data-id=first]").waitFor();
      tab.page.locator("details.facet").first().waitFor();
      // An entry of today is in the chart once both of its questions are answered.
      assertThat(tab.page.locator(".chart rect.bar-ok").first()).isAttached();
    }
    // What was recorded before this one is found when this one is.
    Events.record(BROWSING.get(), event.formatted("last"));
    String found =
        Events.get(
            BROWSING.get(),
            "/v1/tenants/" + tenant + "/events?limit=100&q=id:last%20OR%20actor_id:u_looker");
    assertThat(found).contains("\"last\"");
    assertThat(JsonMapper.shared().readTree(found).path("entries").valueStream())
        .extracting(entry -> entry.path("action").asString())
        .filteredOn(action -> action.startsWith("audit."))
        .containsExactly("audit.viewed");
  }
}
