package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.indelible.cli.witness.Witness;
import dev.indelible.cli.witness.WitnessService;
import dev.indelible.cli.witness.WitnessState;
import dev.indelible.cli.witness.WitnessedLogs;
import dev.indelible.client.IndelibleClient;
import dev.indelible.systemtests.ServerProcess;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The console of a server whose logs are cosigned by two witnesses, one of which is away. */
class WitnessesPageTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  @TempDir Path folder;

  @Test
  @Tag("long")
  void theLogsHealthSaysHowFarTheWitnessesHaveCome() throws Exception {
    Path logs = Files.createFile(folder.resolve("logs.vkey"));
    try (WitnessState here = state("here");
        WitnessState away = state("away");
        WitnessService service =
            WitnessService.start(
                new Witness(here, new WitnessedLogs(logs), InstantSource.system()),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new PrintWriter(Writer.nullWriter(), true))) {
      String witnesses =
          "%s http://127.0.0.1:%d, %s http://127.0.0.1:1"
              .formatted(
                  here.signers().getFirst().verifierKey(),
                  service.port(),
                  away.signers().getFirst().verifierKey());
      try (ServerProcess server = server(witnesses, 1)) {
        ask(server, "/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
        Files.writeString(logs, ask(server, "/v1/tenants/acme/log/key", null));
        event(server);
        look(
            server,
            "reached",
            "Quorum reached 1 of 2 witnesses cosigned the checkpoint of \\d+ entries, 1 are"
                + " needed\\. The newest one has \\d+\\.");
      }
      try (ServerProcess server = server(witnesses, 2)) {
        event(server);
        look(server, "missed", "No quorum.*of 2 witnesses");
      }
    }
  }

  private WitnessState state(String name) throws IOException {
    return WitnessState.open(folder.resolve(name), "witness.example/" + name, new Random());
  }

  private ServerProcess server(String witnesses, int quorum) throws Exception {
    return ServerProcess.start(
        folder.resolve("data"),
        Map.of("witness.list", witnesses, "witness.quorum", Integer.toString(quorum)));
  }

  private void event(ServerProcess server) throws Exception {
    ask(
        server,
        "/v1/events",
        "{\"tenant\":\"acme\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u_1\"}}");
  }

  private void look(ServerProcess server, String state, String words) throws Exception {
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.console(address(server), Events.signIn(address(server), key()), "/t/acme/health");
      Pattern expected = Pattern.compile(words, Pattern.DOTALL);
      // The page shows what is true when it asks, and a witness takes a moment.
      Locator found = tab.page.locator("[data-quorum]");
      Locator again =
          tab.page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Check again"));
      Eventually.see(
          "what the page says of the witnesses",
          () -> {
            String said = found.innerText();
            if (!expected.matcher(said).find()) {
              tab.page.waitForResponse(
                  answer -> answer.url().endsWith("/log/witnesses"), again::click);
            }
            return said;
          },
          said -> expected.matcher(said).find());
      assertThat(found).hasAttribute("data-quorum", state);
      assertThat(found).containsText(expected);
      assertThat(tab.page.locator("[data-quorum] tbody tr")).hasCount(2);
      assertThat(tab.page.locator("[data-quorum] tbody tr").last()).containsText("–");
    }
  }

  private String key() throws IOException {
    return Files.readString(folder.resolve("data/operator.key")).strip();
  }

  private static String address(ServerProcess server) {
    return server.address().toString().replaceAll("/$", "");
  }

  private String ask(ServerProcess server, String path, @Nullable String json) throws Exception {
    try (IndelibleClient client =
        IndelibleClient.to(server.address()).key(key()).withoutRetries().build()) {
      return (json == null ? client.get(path) : client.post(path, json)).text();
    }
  }
}
