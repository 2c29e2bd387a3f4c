package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The console's pages of access reviews, offboarding checks and stories. */
class AccessReviewPagesTest extends AccessPages {

  private static String event(String tenant, String action, String actor, String rest) {
    return "{\"tenant\":\"%s\",\"action\":\"%s\",\"actor\":{\"type\":\"user\",\"id\":\"%s\",\"name\":\"Ana %s\"},\"context\":{\"session_id\":\"s-1\"}%s}"
        .formatted(tenant, action, actor, actor, rest.isEmpty() ? "" : "," + rest);
  }

  private static String target(String type, String id) {
    return "\"targets\":[{\"type\":\"%s\",\"id\":\"%s\",\"name\":\"Name of %s\"}]"
        .formatted(type, id, id);
  }

  private static String filled(String id) {
    String tenant = newTenant(id, id + " Ltd");
    List<String> events = new ArrayList<>();
    events.add(event(tenant, "user.created", "u_1", target("user", "u_bo")));
    events.add(event(tenant, "api_key.created", "u_bo", target("api_key", "k_left")));
    for (int i = 0; i < 5; i++) {
      events.add(event(tenant, "user.login_failed", "u_9", ""));
    }
    events.add(
        event(
            tenant,
            "user.role_changed",
            "u_1",
            target("user", "u_9")
                + ",\"changes\":[{\"field\":\"role\",\"before\":\"agent\",\"after\":\"admin\"}]"));
    events.add(event(tenant, "user.deactivated", "u_1", target("user", "u_bo")));
    Events.record(BROWSING.get(), "[" + String.join(",", events) + "]");
    return tenant;
  }

  @Test
  void theLeftoverKeyIsFoundFromTheReviewToTheOffboardingCheck() {
    String tenant = filled("reviewing");
    try (Tab tab = open("/t/" + tenant + "/access-review")) {
      tab.awaitLoaded();
      assertThat(tab.page.locator("main h1")).hasText("Access review");
      assertThat(tab.page.locator("tr[data-person=u_9]")).containsText("admin");
      Locator left = tab.page.locator("tr[data-leaver=u_bo]");
      assertThat(left).containsText("k_left");
      assertThat(tab.page.locator("main")).containsText("Complete since entry 0");
      assertThat(tab.page.locator("a[download]").first())
          .hasAttribute("href", Pattern.compile("since=last&format=csv"));
      assertGood(tab, "an access review");
      left.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Offboarding")).click();
      assertThat(tab.page.locator("main h1")).hasText("Offboarding");
      assertThat(tab.page.locator("tr[data-step=keys]")).hasAttribute("data-state", "missing");
      assertThat(tab.page.locator("tr[data-step=account]")).hasAttribute("data-state", "done");
      assertGood(tab, "an offboarding check");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void aStoryFoldsBurstsAndSaysHowAChangeIsUndone() {
    String tenant = filled("telling");
    try (Tab tab = open("/t/" + tenant + "/story#session=s-1")) {
      tab.awaitLoaded();
      assertThat(tab.page.locator("li[data-count='5']")).containsText("failed to sign in");
      assertGood(tab, "a story");
      tab.page
          .getByText("How to undo this", new com.microsoft.playwright.Page.GetByTextOptions())
          .first()
          .click();
      assertThat(sheet(tab)).containsText("Set role of user/u_9 back to \"agent\"");
      assertThat(sheet(tab)).containsText("No later entry changed them");
      assertGood(tab, "how a change is undone");
      assertThat(tab.complaints).isEmpty();
    }
  }
}
