package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.OtherSide.Ended;
import dev.indelible.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code pull}: its options, its secrets and its exit codes. */
class PullTest {

  private static final String RECORD =
      "[{\"uuid\":\"o1\",\"published\":\"2026-11-29T12:00:00Z\",\"eventType\":\"user.session.start\",\"actor\":{\"id\":\"00u1\",\"type\":\"User\"}}]";
  private static final String ACCEPTED =
      "{\"accepted\":1,\"entries\":[{\"id\":\"o1\"}],\"rejected\":[]}";
  private static final String REFUSED =
      "{\"accepted\":0,\"entries\":[],\"rejected\":[{\"index\":0,\"code\":\"unknown_action\",\"detail\":\"no\"}]}";

  @TempDir private Path folder = Path.of(".");

  private static Ended run(OtherSide server, Map<String, String> more, String... arguments) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("INDELIBLE_URL", server.address().toString());
    environment.put("INDELIBLE_KEY", "k3y");
    environment.put("INDELIBLE_TENANT", "acme");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            false,
            environment);
    return new Ended(Main.commandLine(terminal).execute(arguments), out.toString(), err.toString());
  }

  /** Okta and the server in one: what is asked tells them apart. */
  private static OtherSide side(String answer) throws IOException {
    return new OtherSide(
        (exchange, asked, _) -> {
          if (asked.method().equals("POST")) {
            OtherSide.json(exchange, 201, answer);
          } else {
            OtherSide.json(exchange, 200, RECORD);
          }
        });
  }

  private String state() {
    return folder.resolve("okta.state").toString();
  }

  @Test
  void aRoundIsRecordedWithTheSourcesMapAndSecretsAreNowhere() throws Exception {
    Path tokenFile = Files.writeString(folder.resolve("token"), "t0ken\n");
    try (OtherSide side = side(ACCEPTED)) {
      Ended ended =
          run(
              side,
              Map.of(),
              "pull",
              "okta",
              "--url",
              side.address().toString(),
              "--state",
              state(),
              "--since",
              "2026-11-01T00:00:00Z",
              "--token-file",
              tokenFile.toString());
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.err()).contains("1 events recorded").doesNotContain("t0ken", "k3y");
      assertThat(Files.readString(Path.of(state())))
          .contains("\"tenant\":\"acme\"", "2026-11-29T12:00:00Z")
          .doesNotContain("t0ken", "k3y");
      OtherSide.Asked sent = side.asked().getLast();
      assertThat(sent.path()).isEqualTo("/v1/events?secrets=mark");
      assertThat(sent.body()).contains("\"action\":\"user.session.start\"", "\"id\":\"o1\"");
      assertThat(sent.headers()).containsEntry("Authorization", "Bearer k3y");
    }
  }

  @Test
  void whatTheServerRefusesIsKeptBeforeTheCursorMoves() throws Exception {
    try (OtherSide side = side(REFUSED)) {
      Ended ended =
          run(
              side,
              Map.of("OKTA_TOKEN", "t0ken"),
              "pull",
              "okta",
              "--url",
              side.address().toString(),
              "--state",
              state());
      assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
      assertThat(Files.readString(Path.of(state() + ".rejects"), UTF_8))
          .contains("\"unknown_action\"", "\"uuid\":\"o1\"");
    }
  }

  @Test
  void aServerThatIsAwayLeavesTheCursor() throws Exception {
    try (OtherSide side =
        new OtherSide(
            (exchange, asked, _) ->
                OtherSide.json(exchange, asked.method().equals("POST") ? 503 : 200, RECORD))) {
      Ended ended =
          run(
              side,
              Map.of("OKTA_TOKEN", "t0ken"),
              "pull",
              "okta",
              "--url",
              side.address().toString(),
              "--state",
              state(),
              "--give-up-after",
              "0");
      assertThat(ended.code()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(Path.of(state())).doesNotExist();
    }
  }

  @Test
  void wrongUseIsSaid() throws Exception {
    try (OtherSide side = side(ACCEPTED)) {
      Map<String, String> token = Map.of("OKTA_TOKEN", "t0ken");
      String[] okta = {"pull", "okta", "--url", side.address().toString(), "--state", state()};
      assertThat(usage(side, token, okta, "--key", "k3y")).contains("INDELIBLE_KEY");
      assertThat(usage(side, Map.of(), okta)).contains("OKTA_TOKEN", "--token-file");
      assertThat(usage(side, token, okta, "--every", "PT1S")).contains("--every must be from");
      assertThat(usage(side, token, okta, "--overlap", "P8D")).contains("--overlap must be from");
      assertThat(usage(side, token, okta, "--overlap", "soon")).contains("no duration");
      assertThat(usage(side, token, okta, "--since", "yesterday")).contains("no time");
      assertThat(usage(side, token, okta, "--once", "--follow")).contains("exclude each other");
      assertThat(usage(side, token, okta, "--url", "http://okta.test")).contains("https");
      assertThat(side.asked()).isEmpty();
    }
  }

  private static String usage(
      OtherSide side, Map<String, String> environment, String[] arguments, String... more) {
    String[] all = new String[arguments.length + more.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    if (more.length > 0 && more[0].equals("--url")) {
      all = new String[] {"pull", "okta", more[0], more[1], "--state", arguments[5]};
    }
    Ended ended = run(side, environment, all);
    assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.USAGE);
    return ended.err();
  }
}
