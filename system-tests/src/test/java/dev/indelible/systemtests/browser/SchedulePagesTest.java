package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The console's page of schedules: made, run, paused, changed and deleted. */
class SchedulePagesTest extends AccessPages {

  private static Locator field(Tab tab, String name) {
    return sheet(tab).locator("[name=" + name + "]");
  }

  private static Tab openSchedules(String tenant, String name) {
    Tab tab = open("/t/" + tenant + "/schedules");
    tab.awaitLoaded();
    assertThat(tab.page.locator("main h1")).hasText(name);
    return tab;
  }

  private static void openForm(Tab tab) {
    button(tab, "Make a schedule").click();
    assertThat(sheet(tab).locator(".coming li")).hasCount(5);
    sheet(tab).locator("[data-estimate]").waitFor();
  }

  private static void click(Tab tab, String schedule, String text) {
    row(tab, schedule).getByText(text, new Locator.GetByTextOptions().setExact(true)).click();
  }

  @Test
  void aScheduleIsMadeRunPausedChangedAndDeleted() {
    String tenant = newTenant("scheduling", "Scheduling Ltd");
    try (Tab tab = openSchedules(tenant, "Schedules")) {
      assertThat(tab.page.locator(".none")).containsText("No schedule yet");
      assertGood(tab, "no schedules");
      openForm(tab);
      field(tab, "name").fill("Nightly");
      field(tab, "preset").selectOption("weekly");
      field(tab, "weekday").selectOption("1");
      field(tab, "zone").fill("Asia/Tokyo");
      field(tab, "zone").press("Tab");
      assertThat(sheet(tab).locator(".coming li").first())
          .containsText(Pattern.compile("Mon.* 06:00:00 \\+09:00"));
      field(tab, "start").last().check();
      assertGood(tab, "the form of a schedule");
      submit(tab);
      assertThat(sheet(tab).locator(".notice.good")).containsText("“Nightly” is made");
      assertThat(sheet(tab).locator(".made")).containsText("made the export schedule");
      sheet(tab).getByText("Test").click();
      assertThat(sheet(tab).locator("[data-test=arrived]")).isVisible();
      assertGood(tab, "a destination that was tested");
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "Nightly")).containsText("every Monday at 06:00");
      assertThat(row(tab, "Nightly")).containsText("Asia/Tokyo");

      click(tab, "Nightly", "Run now Nightly");
      assertThat(sheet(tab).locator("[data-run=done]")).containsText("Delivered");
      assertThat(sheet(tab).locator("[data-run=done] a"))
          .hasAttribute("href", Pattern.compile("/file$"));
      assertGood(tab, "the runs of a schedule");
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "Nightly")).containsText("Delivered");
      assertGood(tab, "the list of schedules");

      click(tab, "Nightly", "Pause Nightly");
      assertThat(sheet(tab).locator(".made")).containsText("paused the export schedule");
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "Nightly")).containsText(Pattern.compile("Paused by "));
      click(tab, "Nightly", "Run now Nightly");
      assertThat(tab.page.locator(".page > .notice.danger")).containsText("paused");
      click(tab, "Nightly", "Resume Nightly");
      assertThat(sheet(tab).locator(".notice.good")).containsText("goes on where it was");
      tab.page.keyboard().press("Escape");

      click(tab, "Nightly", "Change Nightly");
      assertThat(field(tab, "preset")).hasValue("weekly");
      assertThat(field(tab, "zone")).hasValue("Asia/Tokyo");
      assertThat(field(tab, "start")).hasCount(0);
      field(tab, "preset").selectOption("lastDay");
      field(tab, "format").nth(1).check();
      assertThat(sheet(tab).locator(".coming li")).hasCount(5);
      submit(tab);
      assertThat(sheet(tab).locator(".notice.good")).containsText("“Nightly” is changed");
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "Nightly")).containsText("on the last day of every month");
      assertThat(row(tab, "Nightly")).containsText("XLSX");

      click(tab, "Nightly", "Delete Nightly");
      sheet(tab).locator("input.field").fill("Nightly");
      assertGood(tab, "a schedule is deleted");
      submit(tab);
      assertThat(sheet(tab).locator(".made")).containsText("deleted the export schedule");
      tab.page.keyboard().press("Escape");
      assertThat(row(tab, "Nightly")).hasCount(0);

      go(tab, "/t/" + tenant + "/exports");
      assertThat(tab.page.locator("tr[data-state=done]")).containsText("by a schedule");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void whatCannotBeIsSaidWhereItIsTyped() {
    String tenant = newTenant("unscheduled", "Unscheduled Ltd");
    try (Tab tab = openSchedules(tenant, "Schedules")) {
      openForm(tab);
      field(tab, "name").fill("Never");
      field(tab, "preset").selectOption("own");
      assertThat(field(tab, "cron")).hasValue("0 6 * * *");
      field(tab, "cron").fill("0 25 * * *");
      assertThat(sheet(tab).locator("fieldset .notice.danger")).containsText("25");
      assertThat(sheet(tab).locator(".end .primary")).isDisabled();
      assertGood(tab, "a time that there is not");
      field(tab, "cron").fill("*/30 * * * *");
      assertThat(sheet(tab).locator(".coming li")).hasCount(5);
      for (String type : new String[] {"email", "directory", "s3", "webhook"}) {
        field(tab, "destination").selectOption(type);
        assertGood(tab, "a destination, " + type);
      }
      field(tab, "url").fill("https://127.0.0.1/hook");
      assertThat(sheet(tab).locator(".end .primary")).isEnabled();
      submit(tab);
      assertThat(sheet(tab).locator(".inside > .notice.danger")).containsText("127.0.0.1");
      assertThat(field(tab, "url")).isFocused();
      assertThat(field(tab, "url")).hasValue("https://127.0.0.1/hook");
      tab.page.keyboard().press("Escape");
      tab.page.reload();
      tab.awaitLoaded();
      assertThat(tab.page.locator(".none")).isVisible();
    }
  }

  @Test
  @Tag("long")
  void thePageIsGermanForWhoReadsGerman() {
    String tenant = newTenant("planung", "Planung GmbH");
    try (Tab tab =
        BROWSING.get().open(Look.WIDE.speaking("de-DE")).console("/t/" + tenant + "/schedules")) {
      tab.awaitLoaded();
      assertThat(tab.page.locator("main h1")).hasText("Zeitpläne");
      button(tab, "Zeitplan anlegen").click();
      field(tab, "preset").selectOption("weekly");
      assertThat(sheet(tab)).containsText("Jede Woche");
      assertThat(field(tab, "weekday")).containsText("Montag");
      assertThat(sheet(tab).locator(".coming li")).hasCount(5);
      assertGood(tab, "das Formular eines Zeitplans");
    }
  }
}
