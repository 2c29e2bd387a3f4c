package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.KeyboardModifier;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests what a question finds: by each facet, in the window before and after, and at the command
 * line.
 */
class WindowTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  /** Number of facets that `./check` clicks; each needs a second. */
  private static final int SOME_FACETS = 4;

  private static Tab open(String tenant, String fragment) {
    return BROWSING.get().open(Look.WIDE).viewerOf(tenant, "", fragment);
  }

  private static Locator rows(Tab tab) {
    return tab.page.locator("tr.entry[data-id]");
  }

  private static Locator sum(Tab tab) {
    return tab.page.locator(".chart .sum strong");
  }

  /** The number, once it is there. */
  private static int promised(Locator count) {
    assertThat(count).hasText(Pattern.compile("[0-9]"));
    return Integer.parseInt(count.textContent().replaceAll("[^0-9]", ""));
  }

  /** The demonstration tells of the 90 days before today, so no date can be written down here. */
  private static LocalDate daysAgo(int days) {
    return LocalDate.now(ZoneOffset.UTC).minusDays(days);
  }

  private static Pattern week(LocalDate from) {
    return Pattern.compile("from=%sT00.*to=%sT00".formatted(from, from.plusDays(7)));
  }

  private static Pattern entries(int count) {
    return Pattern.compile("^" + "%,d".formatted(count) + " entr(y|ies)$");
  }

  /** Takes and excludes, of every facet, the value that occurs least. */
  @Test
  @Tag("long")
  void aFacetsCountIsTheCountOfItsRowsAndOfWhatIsLeftWithoutIt() {
    theCountOfFacetsIsTheCountOfTheirRows("acme-support", SOME_FACETS);
  }

  @Test
  @Tag("long")
  void everyFacetsCountIsTheCountOfItsRowsAndOfWhatIsLeftWithoutIt() {
    theCountOfFacetsIsTheCountOfTheirRows("acme-support", Integer.MAX_VALUE);
  }

  @Test
  @Tag("long")
  void everyFacetsCountIsTheCountOfItsRowsInAnotherProfileToo() {
    theCountOfFacetsIsTheCountOfTheirRows("ferro-robotics", Integer.MAX_VALUE);
  }

  private static void theCountOfFacetsIsTheCountOfTheirRows(String tenant, int some) {
    // A time with an end: what is recorded meanwhile is not in it.
    String to = Instant.now().minus(Duration.ofHours(1)).toString();
    try (Tab tab = open(tenant, "#to=" + to)) {
      int all = promised(sum(tab));
      tab.page.locator(".facet li .take").first().waitFor();
      List<String> facets =
          tab.page.locator(".facet").all().stream()
              .map(f -> f.locator("li").first().getAttribute("data-field"))
              .distinct()
              .toList();
      assertThat(facets).hasSizeGreaterThanOrEqualTo(6).contains("actor_id", "action", "outcome");
      for (String facet : facets.subList(0, Math.min(some, facets.size()))) {
        Locator shown = tab.page.locator(".facet li[data-field=" + facet + "]:not(.excluded)");
        String value = shown.last().getAttribute("data-value");
        Locator item =
            tab.page.locator(
                ".facet li[data-field="
                    + facet
                    + "][data-value='"
                    + value.replace("'", "\\'")
                    + "']");
        int promised = promised(item.locator(".count"));
        item.locator(".take").click();
        assertThat(sum(tab)).hasText(entries(promised));
        assertThat(rows(tab)).hasCount(Math.min(promised, 100));
        item.locator(".take").click();
        assertThat(sum(tab)).hasText(entries(all));
        item.hover();
        item.locator(".out").click();
        assertThat(sum(tab)).hasText(entries(all - promised));
        item.locator(".out").click();
        assertThat(sum(tab)).hasText(entries(all));
      }
    }
  }

  @Test
  @Tag("long")
  void aRareValueThatIsChosenHasItsCountToo() {
    // There are more than eight commoner actions in this log.
    try (Tab tab = open("acme-support", "#q=action:audit.tenant.create")) {
      Locator chosen = tab.page.locator(".facet li[data-value='audit.tenant.create']");
      assertThat(chosen).hasClass(Pattern.compile("chosen"));
      assertThat(chosen.locator(".count")).hasText("1");
      assertThat(rows(tab)).hasCount(1);
    }
  }

  /** Actors who did little are named as well, though they are not among the newest entries. */
  @Test
  @Tag("long")
  void everyActorOfTheFacetHasAName() {
    try (Tab tab = open("acme-support", "")) {
      Locator actors = tab.page.locator(".facet li[data-field=actor_id] .label");
      assertThat(actors.getByText("Retention", new Locator.GetByTextOptions().setExact(true)))
          .isVisible();
    }
  }

  @Test
  void altAndAClickExcludeAValueOfARow() {
    try (Tab tab = open("acme-support", "#q=changed:role")) {
      Locator actor = rows(tab).first().locator(".sentence a.value").first();
      String id = actor.getAttribute("data-value");
      actor.click(new Locator.ClickOptions().setModifiers(List.of(KeyboardModifier.ALT)));
      tab.page.waitForURL(Pattern.compile("-actor_id%3A" + id));
      assertThat(tab.page.locator(".menu")).hasCount(0);
    }
  }

  @Test
  void theWindowBeforeAndAfterIsAsLongAndGoesByKeysToo() {
    LocalDate from = daysAgo(44);
    Pattern week = week(from);
    Pattern weekBefore = week(from.minusDays(7));
    String fragment = "#from=%sT00:00:00Z&to=%sT00:00:00Z".formatted(from, from.plusDays(7));
    try (Tab tab = open("acme-support", fragment)) {
      sum(tab).waitFor();
      tab.page.locator(".chart [aria-label='Previous window']").click();
      tab.page.waitForURL(weekBefore);
      assertThat(sum(tab)).isVisible();
      tab.page.locator(".chart [aria-label='Next window']").click();
      tab.page.waitForURL(week);
      tab.page.locator("body").press("[");
      tab.page.waitForURL(weekBefore);
      tab.page.locator("body").press("]");
      tab.page.waitForURL(week);
    }
  }

  @Test
  @Tag("long")
  void aTimeBeyondRetentionIsNotTakenForOneWithoutActivity() {
    String then = "#from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z";
    try (Tab tab = open("halcyon-inbox", then)) {
      Locator empty = tab.page.locator(".empty");
      assertThat(empty.locator("h2")).hasText("Nothing is kept from that time");
      assertThat(empty).containsText("Entries are kept for 90 days.");
      Axe.assertNoFaults(tab.page, "beyond retention");
      empty.getByText("Search all time").click();
      assertThat(rows(tab).first()).isVisible();
    }
    // A time that is not beyond it, in which nothing happened.
    LocalDate nextYear = daysAgo(-400);
    String toCome = "#from=%sT00:00:00Z&to=%sT00:00:00Z".formatted(nextYear, nextYear.plusDays(1));
    try (Tab tab = open("acme-support", toCome)) {
      assertThat(tab.page.locator(".empty h2")).hasText("No entry matches");
      assertThat(tab.page.locator(".empty")).containsText("entries in all");
    }
  }

  static Stream<String> questions() {
    return Stream.of(
        "#q=outcome%3Afailure&time=P90D",
        "#q=-category%3Aauthentication%20-category%3Aaudit_access&time=P30D");
  }

  /**
   * The hardest to copy: with spaces, quotes and letters that shells and addresses write otherwise.
   */
  @Test
  void whatIsCopiedFindsTheSameInAShell() throws Exception {
    isCopiedAndFindsTheSameInAShell(
        "#q=after%%3A%s%%20before%%3A%s%%20actor%%3A%%22Bo%%20Sj%%C3%%B6str%%C3%%B6m%%22"
            .formatted(daysAgo(51), daysAgo(32)));
  }

  @ParameterizedTest
  @MethodSource("questions")
  @Tag("long")
  void whatIsCopiedFindsTheSameInAShell(String fragment) throws Exception {
    isCopiedAndFindsTheSameInAShell(fragment);
  }

  private static void isCopiedAndFindsTheSameInAShell(String fragment) throws Exception {
    try (Tab tab = open("acme-support", fragment)) {
      rows(tab).first().waitFor();
      tab.page.locator(".copy-button").click();
      Locator commands = tab.page.locator(".menu pre");
      String curl = commands.nth(0).textContent();
      String cli = commands.nth(1).textContent();
      // Another test may send the event that the demonstration asks its reader for.
      Eventually.passes(
          "the same in the page, in a shell and at the command line",
          () -> assertFindTheSame(tab, curl, cli));
    }
  }

  private static void assertFindTheSame(Tab tab, String curl, String cli) throws Exception {
    List<String> shown = shown(tab);
    assertThat(shown).isNotEmpty();
    assertThat(
            JsonMapper.shared()
                .readTree(shell(curl))
                .path("entries")
                .valueStream()
                .map(entry -> entry.path("id").asString()))
        .containsExactlyElementsOf(shown);
    // The words of the command, as a shell takes them apart.
    String words = shell(cli.replaceFirst("^\\./indelible ", "printf '%s\\\\n' "));
    List<String> line = new ArrayList<>(words.lines().toList());
    line.add(1, "--json");
    assertThat(
            BROWSING.get().run(line.toArray(String[]::new)).stream()
                .filter(text -> text.startsWith("{")) // and not how many more there are
                .map(entry -> JsonMapper.shared().readTree(entry).path("id").asString()))
        .containsExactlyElementsOf(shown);
  }

  private static List<String> shown(Tab tab) {
    return ((List<?>) rows(tab).evaluateAll("rows => rows.map(row => row.dataset.id)"))
        .stream().map(String.class::cast).toList();
  }

  private static String shell(String command) throws Exception {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true);
    shell.environment().put("INDELIBLE_KEY", BROWSING.get().key());
    Process process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
