package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.indelible.server.GovernedServer;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The console's page System of a server whose clock is far ahead. */
class ClockPageTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static final String DOUBTED = ".notice[data-clock=doubted]";

  @TempDir static Path directory;
  private static GovernedServer server;

  @BeforeAll
  static void begin() throws Exception {
    Duration ahead = Duration.ofDays(400).plusHours(1);
    server = new GovernedServer(directory, Instant.now().minus(ahead));
    server.tenant("acme", "standard");
    server.advance(ahead);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static Tab open(Look look) {
    Tab tab =
        BROWSING
            .get()
            .open(look)
            .console(server.address(), Events.signIn(server.address(), server.key()), "/system");
    tab.awaitLoaded();
    return tab;
  }

  private static Locator button(Locator in, String name) {
    return in.getByRole(
        AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
  }

  @Test
  void theOperatorIsToldOfADoubtedClockInBothLanguagesAndVouchesForIt() {
    try (Tab german = open(Look.WIDE.speaking("de-DE"))) {
      Locator notice = german.page.locator(DOUBTED);
      assertThat(notice).containsText("Die Uhr geht 400 Tage vor.");
      assertThat(notice).containsText("wird nichts gelöscht");
      assertThat(button(notice, "Die Uhr stimmt")).isVisible();
      Axe.assertNoFaults(german.page, "a doubted clock, in German");
    }
    try (Tab tab = open(Look.WIDE)) {
      Locator notice = tab.page.locator(DOUBTED);
      assertThat(notice).containsText("The clock is 400 days ahead.");
      button(notice, "The clock is right").click();
      Locator sheet = tab.page.locator("dialog.side");
      assertThat(sheet).containsText("Confirm only if it is now");
      Axe.assertNoFaults(tab.page, "the question whether the clock is right");
      button(sheet, "The clock is right").click();
      assertThat(tab.page.locator(DOUBTED)).hasCount(0);
      assertThat(sheet).hasCount(0);
    }
    org.assertj.core.api.Assertions.assertThat(server.find("acme", "action:audit.clock.accept", 1))
        .hasSize(1);
  }
}
