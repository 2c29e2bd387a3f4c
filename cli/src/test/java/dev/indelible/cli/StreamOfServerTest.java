package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.JsonText;
import dev.indelible.client.Streams;
import dev.indelible.server.Setting;
import dev.indelible.testing.Eventually;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stream} and {@code reconcile} against a real server that writes to a file. */
class StreamOfServerTest {

  private static final int EVENTS = 40;

  @TempDir private Path folder;
  private AuditedServer server;
  private IndelibleClient client;

  private record Ended(int code, String out, String err) {}

  @BeforeEach
  void start() throws Exception {
    Path root = Files.createDirectories(folder.resolve("streams"));
    server =
        AuditedServer.start(folder.resolve("data"), Map.of(Setting.STREAMS_ROOT, root.toString()));
    server.createTenant("acme");
    client =
        IndelibleClient.to(server.uri())
            .key(server.key())
            .tenant("acme")
            .answerTimeout(Eventually.LIMIT)
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private Ended run(String... line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            false,
            Map.of(
                "INDELIBLE_URL", server.uri().toString(),
                "INDELIBLE_KEY", server.key(),
                "INDELIBLE_TENANT", "acme"));
    int code = Main.commandLine(terminal).execute(line);
    return new Ended(code, out.toString(), err.toString());
  }

  private String make() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("stream.json"),
            """
            {"name": "Archive", "query": "action:a.b", "start": {"seq": 0},
             "destination": {"type": "file", "path": "audit.ndjson"}}""");
    Ended made = run("stream", "create", "--file", file.toString());
    assertThat(made.code()).as(made.err()).isZero();
    return JsonText.of(made.out()).at("id").text().orElseThrow();
  }

  private void record() throws Exception {
    StringBuilder events = new StringBuilder("[");
    for (int i = 0; i < EVENTS; i++) {
      events
          .append(i == 0 ? "" : ",")
          .append(
              "{\"tenant\":\"acme\",\"id\":\"e%d\",\"action\":\"%s\",\"actor\":{\"type\":\"user\",\"id\":\"u\",\"name\":\"Ana %d\"}}"
                  .formatted(i, i % 4 == 3 ? "c.d" : "a.b", i));
    }
    assertThat(client.post("/v1/events?wait=sealed", events.append(']').toString()).status())
        .isEqualTo(201);
  }

  private void untilSent(String id, long entries) {
    Streams streams = client.streams();
    Eventually.see(
        entries + " entries sent",
        () -> streams.find(id).at("status", "sent").integer().orElse(0),
        sent -> sent >= entries);
  }

  /** The files that were written, as one list of lines. */
  private List<String> received() throws Exception {
    List<String> lines = new ArrayList<>();
    try (var files = Files.walk(folder.resolve("streams"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  @Test
  void whatArrivedIsCompleteAndWhatIsTakenOutOrAlteredIsFound() throws Exception {
    String id = make();
    record();
    untilSent(id, 30);
    assertThat(run("stream", "list").out()).contains(id, "Archive", "file");
    Ended complete = run("reconcile", "--stream", id, folder.resolve("streams").toString());
    assertThat(complete.code()).as(complete.out() + complete.err()).isZero();
    assertThat(complete.out()).contains("30 expected, 30 there; 30 compared with the log");

    List<String> lines = new ArrayList<>(received());
    lines.remove(11);
    lines.set(20, lines.get(20).replace("Ana", "Eve"));
    Path tampered = Files.write(folder.resolve("tampered.ndjson"), lines);
    Ended ended = run("reconcile", "--stream", id, tampered.toString());
    assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
    assertThat(ended.out())
        .contains("1 missing, 1 altered")
        .contains("in actor.name at " + tampered + ":21");
  }

  @Test
  void whatIsSentAgainIsThereTwiceAsTheLedgerSays() throws Exception {
    record();
    String id = make();
    untilSent(id, 30);
    Ended replay =
        run("stream", "replay", id, "--from-seq", "0", "--to-seq", "30", "--reason", "restored");
    assertThat(replay.code()).as(replay.err()).isZero();
    untilSent(id, 31);
    Eventually.see(
        "a replay in the ledger",
        () -> run("stream", "ledger", id).out(),
        ledger -> ledger.contains("replay"));
    Ended twice = run("reconcile", "--stream", id, folder.resolve("streams").toString());
    assertThat(twice.code()).as(twice.out() + twice.err()).isZero();
    assertThat(twice.out()).contains("once more, as the ledger says they may be");

    List<String> newest = new ArrayList<>();
    client
        .streams()
        .ledger(
            id,
            Map.of("order", "newest", "limit", "1"),
            line -> newest.add(line.at("number") + ""));
    List<String> oldest = new ArrayList<>();
    client.streams().ledger(id, Map.of(), line -> oldest.add(line.at("number") + ""));
    assertThat(newest).isEqualTo(oldest.reversed());
  }
}
