package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The console's pages of streams: made, tested, watched, paused, sent again and deleted. */
class StreamPagesTest extends AccessPages {

  private static Locator field(Tab tab, String name) {
    return sheet(tab).locator("[name=" + name + "]");
  }

  private static Tab openStreams(String tenant) {
    Tab tab = open("/t/" + tenant + "/streams");
    tab.awaitLoaded();
    assertThat(tab.page.locator("main h1")).hasText("Streams");
    return tab;
  }

  private static void openForm(Tab tab) {
    button(tab, "Make a stream").click();
    sheet(tab).locator("[data-estimate]").waitFor();
  }

  private static void press(Tab tab, String text) {
    tab.page
        .locator(".does")
        .getByText(text, new Locator.GetByTextOptions().setExact(true))
        .click();
  }

  private static void closeSheet(Tab tab) {
    tab.page.keyboard().press("Escape");
    assertThat(sheet(tab)).hasCount(0);
  }

  private static void record(String tenant, int count) {
    StringBuilder events = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      events
          .append(i == 0 ? "" : ",")
          .append(
              "{\"tenant\":\"%s\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u_%d\"}}"
                  .formatted(tenant, i));
    }
    Events.record(BROWSING.get(), events.append(']').toString());
  }

  @Test
  void aStreamIsMadeTestedWatchedPausedSentAgainAndDeleted() {
    String tenant = newTenant("streaming", "Streaming Ltd");
    record(tenant, 12);
    try (Tab tab = openStreams(tenant)) {
      assertThat(tab.page.locator(".none")).containsText("No stream yet");
      assertGood(tab, "no streams");
      openForm(tab);
      field(tab, "name").fill("Archive");
      field(tab, "query").fill("action:user.login");
      assertThat(sheet(tab).locator("[data-estimate='12']")).containsText("12 entries");
      field(tab, "destination").selectOption("file");
      field(tab, "path").fill("archive.ndjson");
      field(tab, "start").last().check();
      field(tab, "seq").fill("0");
      assertGood(tab, "the form of a stream");
      submit(tab);
      assertThat(sheet(tab).locator(".notice.good")).containsText("“Archive” is made");
      assertThat(sheet(tab).locator(".made")).containsText("made the stream");
      sheet(tab).getByText("Test").click();
      assertThat(sheet(tab).locator("[data-test=taken]")).isVisible();
      assertGood(tab, "a receiver that was tested");
      closeSheet(tab);
      assertThat(row(tab, "Archive")).containsText("up to date");
      assertGood(tab, "the list of streams");

      row(tab, "Archive").locator("a").first().click();
      assertThat(tab.page.locator("main h1")).hasText("Archive");
      assertThat(tab.page.locator("tr[data-batch]").first()).containsText("12");
      assertThat(tab.page.locator(".none").first()).containsText("Everything up to here");
      record(tenant, 3);
      assertThat(tab.page.locator(".tiles")).containsText(Pattern.compile("Sent\\s*15"));
      assertGood(tab, "the page of a stream");

      press(tab, "Send again");
      field(tab, "to_seq").fill("9");
      field(tab, "reason").fill("the receiver was restored");
      assertGood(tab, "a range that is sent again");
      submit(tab);
      assertThat(sheet(tab).locator(".notice.good")).containsText("are being sent again");
      closeSheet(tab);
      assertThat(tab.page.locator("tr[data-batch]").first()).containsText("sent again");

      press(tab, "Pause");
      field(tab, "reason").fill("maintenance");
      submit(tab);
      assertThat(sheet(tab).locator(".made")).containsText("paused the stream");
      closeSheet(tab);
      assertThat(tab.page.locator(".page > .notice")).containsText("It goes on where it was");
      press(tab, "Resume");
      assertThat(sheet(tab).locator(".notice.good")).containsText("goes on where it was");
      closeSheet(tab);

      press(tab, "Delete");
      sheet(tab).locator("input.field").fill("Archive");
      submit(tab);
      assertThat(sheet(tab).locator(".made")).containsText("deleted the stream");
      closeSheet(tab);
      assertThat(tab.page.locator(".none")).containsText("No stream yet");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void whatCannotBeIsSaidWhereItIsTyped() {
    String tenant = newTenant("unstreamed", "Unstreamed Ltd");
    try (Tab tab = openStreams(tenant)) {
      openForm(tab);
      field(tab, "name").fill("Nowhere");
      field(tab, "url").fill("https://127.0.0.1/hook");
      submit(tab);
      assertThat(sheet(tab).locator(".inside > .notice.danger")).containsText("127.0.0.1");
      assertThat(field(tab, "url")).isFocused();
      assertThat(field(tab, "url")).hasValue("https://127.0.0.1/hook");
      field(tab, "query").fill("action:(");
      assertThat(sheet(tab).locator("form .notice.danger")).isVisible();
      assertThat(sheet(tab).locator(".end .primary")).isDisabled();
      assertGood(tab, "a query that is none");
    }
  }

  @Test
  void thePagesAreGermanForWhoReadsGerman() {
    String tenant = newTenant("stroeme", "Ströme GmbH");
    try (Tab tab =
        BROWSING.get().open(Look.WIDE.speaking("de-DE")).console("/t/" + tenant + "/streams")) {
      tab.awaitLoaded();
      button(tab, "Stream anlegen").click();
      for (String type : new String[] {"syslog", "s3"}) {
        field(tab, "destination").selectOption(type);
        assertGood(tab, "ein Ziel, " + type);
      }
      assertThat(sheet(tab)).containsText("Kompression");
    }
  }
}
