package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.reconcile.SampleLog;
import dev.indelible.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reconcile} from saved files: its words, its JSON and its exit codes. */
class ReconcileTest {

  private static final int SIZE = 20;

  @TempDir private Path folder;

  @BeforeEach
  void save() throws Exception {
    Files.writeString(
        folder.resolve("stream.json"),
        "{\"id\":\"stm_1\",\"tenant\":\"acme\",\"query\":\"action:user.*\"}");
    Files.writeString(
        folder.resolve("ledger.ndjson"),
        """
        {"number":1,"first_seq":0,"last_seq":9,"matched":5,"sent":5}
        {"number":2,"first_seq":10,"last_seq":19,"matched":5,"sent":5}
        """);
    Files.write(folder.resolve("log.ndjson"), new SampleLog(SIZE).export().readAllBytes());
  }

  private record Ended(int code, String out, String err) {}

  private Ended run(String input, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "reconcile",
                "--stream",
                folder.resolve("stream.json").toString(),
                "--ledger",
                folder.resolve("ledger.ndjson").toString(),
                "--log",
                folder.resolve("log.ndjson").toString()));
    line.addAll(Arrays.asList(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            false,
            Map.of());
    int code = Main.commandLine(terminal).execute(line.toArray(String[]::new));
    return new Ended(code, out.toString(), err.toString());
  }

  private static List<String> logins() throws Exception {
    return new ArrayList<>(
        SampleLog.sent(SIZE).stream().filter(line -> line.contains("user.login")).toList());
  }

  @Test
  void aReceiverThatHasAllIsComplete() throws Exception {
    Ended ended = run(String.join("\n", logins()), "-");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out())
        .isEqualTo(
            "0–19  complete: 10 expected\n"
                + "Complete: 10 expected, 10 there; 10 compared with the log.\n");
  }

  @Test
  void oneEntryTakenOutAndOneAlteredAreFound() throws Exception {
    List<String> lines = logins();
    lines.remove(2);
    lines.set(7, lines.get(7).replace("success", "failure"));
    Path file = Files.write(folder.resolve("received.ndjson"), lines);
    Ended ended = run("", file.toString());
    assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
    assertThat(ended.out())
        .contains(
            "0–9  missing: 5 expected, 1 missing",
            "10–19  altered: 5 expected",
            "missing: 5 (e5)",
            "altered: 17 (e17) in outcome at " + file + ":8",
            "Not complete: 1 missing, 1 altered, 0 there too often, 0 unreadable.");
    Ended json = run("", "--json", file.toString());
    assertThat(json.out())
        .contains("\"complete\":false", "\"missing\":[{\"seq\":5,\"id\":\"e5\"}]")
        .contains("\"fields\":[\"outcome\"]");
  }

  @Test
  void namesOfEntriesShowWhatIsThereAndNotWhatIsInThem() throws Exception {
    StringBuilder names = new StringBuilder();
    for (int seq = 1; seq < SIZE; seq += 2) {
      names.append("{\"id\":\"e%d\",\"seq\":%d,\"tenant\":\"acme\"}\n".formatted(seq, seq));
    }
    Ended ended = run(names.toString(), "-");
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("10 lines name an entry only");
  }

  @Test
  void whatCannotBeReadIsNoVerdict() {
    assertThat(run("", folder.resolve("none.ndjson").toString()).code()).isEqualTo(ExitCode.USAGE);
    Ended noStream =
        run("", "--from-seq", "9", "--to-seq", "3", folder.resolve("log.ndjson").toString());
    assertThat(noStream.code()).isEqualTo(ExitCode.USAGE);
    assertThat(noStream.err()).contains("--from-seq");
  }
}
