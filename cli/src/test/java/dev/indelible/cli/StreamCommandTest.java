package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code stream …}, against their API. */
class StreamCommandTest {

  private static final String STREAM =
      "{\"id\":\"stm_1\",\"name\":\"SIEM\\u001b[31m\",\"state\":\"failing\",\"destination\":{\"type\":\"webhook\"},"
          + "\"status\":{\"next_seq\":12,\"lag_entries\":1204,\"entries_per_second\":0.5,\"last_error\":\"503\"}}";

  @TempDir private Path folder;

  /** A server that knows these answers, by method and path without parameters. */
  private static OtherSide server(Map<String, String> answers) throws IOException {
    return new OtherSide(
        (exchange, asked, _) -> {
          String path = asked.path().replaceFirst("\\?.*", "");
          String answer = answers.get(asked.method() + " " + path);
          OtherSide.json(
              exchange,
              answer == null ? 404 : 200,
              answer == null
                  ? "{\"status\":404,\"code\":\"not_found\",\"detail\":\"None.\"}"
                  : answer);
        });
  }

  @Test
  void streamsAreListedWithTheirLagAndWhatIsWrong() throws Exception {
    try (OtherSide server =
        server(
            Map.of(
                "GET /v1/tenants/acme/streams",
                "{\"streams\":[" + STREAM + "],\"next_cursor\":null}"))) {
      OtherSide.Ended listed = server.run("", "stream", "list");
      assertThat(listed.out())
          .contains("stm_1", "failing", "webhook", "1,204", "0.5", "(503)")
          .doesNotContain("\u001b");
      assertThat(server.run("", "stream", "list", "--json").out().strip()).isEqualTo(STREAM);
      assertThat(server.run("", "stream", "show", "none").code()).isEqualTo(ExitCode.USAGE);
    }
  }

  @Test
  void aStreamIsMadeOfAFileAndItsSecretIsPrinted() throws Exception {
    Path file = Files.writeString(folder.resolve("stream.json"), "{\"name\":\"SIEM\"}");
    try (OtherSide server =
        server(Map.of("POST /v1/tenants/acme/streams", "{\"signing_secret\":\"whsec_1\"}"))) {
      OtherSide.Ended made = server.run("", "stream", "create", "--file", file.toString());
      assertThat(made.out()).contains("whsec_1");
      assertThat(server.asked().getLast().body()).isEqualTo("{\"name\":\"SIEM\"}");
      assertThat(server.run("{\"name\":\"b\"}", "stream", "create", "--file", "-").code()).isZero();
      assertThat(server.asked().getLast().body()).isEqualTo("{\"name\":\"b\"}");
      assertThat(server.run("", "stream", "create", "--file", "none.json").code())
          .isEqualTo(ExitCode.USAGE);
    }
  }

  @Test
  void aTestThatIsNotTakenEndsWithOne() throws Exception {
    try (OtherSide server =
        server(
            Map.of(
                "POST /v1/tenants/acme/streams/good/test",
                "{\"outcome\":\"taken\"}",
                "POST /v1/tenants/acme/streams/bad/test",
                "{\"outcome\":\"refused\",\"problem\":\"401\"}"))) {
      assertThat(server.run("", "stream", "test", "good").code()).isZero();
      OtherSide.Ended refused = server.run("", "stream", "test", "bad");
      assertThat(refused.code()).isEqualTo(ExitCode.PARTLY);
      assertThat(refused.out()).contains("refused: 401");
    }
  }

  @Test
  void theLedgerAndWhatWasNotDeliveredAreRead() throws Exception {
    try (OtherSide server =
        server(
            Map.of(
                "GET /v1/tenants/acme/streams/s/ledger",
                "{\"ledger\":[{\"number\":1,\"first_seq\":0,\"last_seq\":9,\"matched\":10,\"sent\":9,\"written\":9,"
                    + "\"dead_letters\":1,\"repeated\":true,\"at\":\"2026-11-20T10:00:00.000Z\"}],\"complete_to_seq\":9}",
                "GET /v1/tenants/acme/streams/s/undelivered",
                "{\"undelivered\":[{\"from_seq\":3,\"to_seq\":3,\"why\":\"dead_letter\",\"count\":1}]}",
                "GET /v1/tenants/acme/streams/s/dead-letters",
                "{\"dead_letters\":[{\"seq\":3,\"entry_id\":\"e3\",\"reason\":\"too large\"}]}",
                "POST /v1/tenants/acme/streams/s/dead-letters/retry",
                "{}",
                "POST /v1/tenants/acme/streams/s/replay",
                "{}"))) {
      OtherSide.Ended ledger = server.run("", "stream", "ledger", "s", "--to-seq", "9");
      assertThat(ledger.out()).contains("0–9", "9 w", "perhaps twice");
      assertThat(server.asked().getLast().path()).contains("to_seq=9");
      assertThat(server.run("", "stream", "ledger", "s", "--undelivered").out())
          .contains("3–3", "dead_letter");
      assertThat(server.run("", "stream", "dead-letters", "s").out()).contains("e3", "too large");
      assertThat(server.run("", "stream", "dead-letters", "s", "--retry", "--seq", "3,4").code())
          .isZero();
      assertThat(server.asked().getLast().body()).isEqualTo("{\"seqs\":[3, 4]}");
      server.run(
          "", "stream", "replay", "s", "--from-seq", "0", "--to-seq", "9", "--reason", "lost");
      assertThat(server.asked().getLast().body())
          .isEqualTo("{\"from_seq\":0,\"to_seq\":9,\"reason\":\"lost\"}");
    }
  }
}
