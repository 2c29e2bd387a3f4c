package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.indelible.cli.OtherSide.Asked;
import dev.indelible.cli.OtherSide.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command {@code export --format} and the lists of exports and schedules, against their API.
 */
class ExportFileTest {

  private static final byte[] FILE = "id,action\r\n00123,user.login\r\n".getBytes(UTF_8);

  @TempDir private Path folder = Path.of(".");

  private static String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(FILE));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String job(String state) {
    return """
    {"id":"x1","state":"%s","format":"csv","query":"actor:u","created_at":"2026-11-20T10:00:00.000Z",
     "estimate":1,"entries":1,"left_out":["seq","ip"],"counts":{"entries":1,"purged":0,"erased":0},
     "file":{"name":"acme.csv","media_type":"text/csv","bytes":%d,"sha256":"%s","expires_at":"t"}}
    """
        .formatted(state, FILE.length, sha256());
  }

  /** Begins, runs, is done; the first download breaks off in the middle. */
  private static void answer(HttpExchange exchange, Asked asked, int number) throws IOException {
    if (asked.method().equals("POST")) {
      OtherSide.json(exchange, 202, job("waiting").replaceAll("\"file\":\\{.*?}", "\"file\":null"));
    } else if (!asked.path().endsWith("/file")) {
      OtherSide.json(exchange, 200, job(number < 3 ? "running" : "done"));
    } else if (asked.headers().containsKey("Range")) {
      exchange.sendResponseHeaders(206, FILE.length - 11);
      exchange.getResponseBody().write(FILE, 11, FILE.length - 11);
    } else {
      exchange.sendResponseHeaders(200, FILE.length);
      exchange.getResponseBody().write(FILE, 0, 11);
      exchange.getResponseBody().flush();
    }
  }

  @Test
  void aQueryIsExportedByTheServerAndDownloadedAcrossABreak() throws IOException {
    Path out = folder.resolve("a.csv");
    try (OtherSide server = new OtherSide(ExportFileTest::answer)) {
      Ended ended =
          server.run(
              "",
              "export",
              "--format",
              "csv",
              "actor:u",
              "two words",
              "--from=-7d",
              "--to=2026-11-30T00:00:00Z",
              "--columns=id,action",
              "--without-personal",
              "--reason=audit",
              "-o",
              out.toString());
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(out).hasBinaryContent(FILE);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err())
          .contains("--job x1")
          .contains("1 entries in " + out)
          .contains("Left out: seq, ip");
      assertThat(server.asked().getFirst().body())
          .contains(
              "\"query\":\"actor:u two words\"",
              "\"columns\":[\"id\",\"action\"]",
              "\"withhold_personal\":true",
              "\"reason\":\"audit\"",
              "\"to\":\"2026-11-30T00:00:00Z\"")
          .containsPattern("\"from\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\"");
      assertThat(server.asked()).last().extracting(Asked::headers).asString().contains("bytes=11-");
    }
  }

  @Test
  void anExportThatWasBegunBeforeIsTakenUp() throws IOException {
    Path out = folder.resolve("a.csv");
    try (OtherSide server = new OtherSide(ExportFileTest::answer)) {
      Ended ended = server.run("", "export", "--job", "x1", "--out", out.toString());
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(out).hasBinaryContent(FILE);
      assertThat(server.asked()).noneMatch(asked -> asked.method().equals("POST"));
    }
  }

  @Test
  void anExportThatFailedSaysWhyAndLeavesNoFile() throws IOException {
    Path out = folder.resolve("a.csv");
    try (OtherSide server =
        new OtherSide(
            (exchange, asked, _) ->
                OtherSide.json(
                    exchange,
                    asked.method().equals("POST") ? 202 : 200,
                    "{\"id\":\"x1\",\"state\":\"failed\",\"problem\":{\"code\":\"format_limit\",\"detail\":\"Entry"
                        + " 7 is too long.\"}}"))) {
      Ended ended = server.run("", "export", "--format", "xlsx", "-o", out.toString());
      assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
      assertThat(ended.err()).contains("the export is failed: Entry 7 is too long.");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void wrongUsageAsksTheServerForNothing() throws IOException {
    Path out = Files.writeString(folder.resolve("a.csv"), "mine");
    try (OtherSide server = new OtherSide(ExportFileTest::answer)) {
      for (String[] wrong :
          new String[][] {
            {"export"},
            {"export", "actor:u", "--out", "x.ndjson"},
            {"export", "--columns=id", "--out", "x.ndjson"},
            {"export", "--format=csv", "--job=x1"},
            {"export", "--format=csv", "-o", out.toString()},
          }) {
        assertThat(server.run("", wrong).code())
            .as(String.join(" ", wrong))
            .isEqualTo(ExitCode.USAGE);
      }
      assertThat(server.asked()).isEmpty();
      assertThat(out).hasContent("mine");
    }
  }

  @Test
  void anErrorInTheQueryIsShownWhereItIs() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, _, _) ->
                OtherSide.json(
                    exchange,
                    400,
                    "{\"code\":\"invalid_query\",\"detail\":\"unknown"
                        + " qualifier\",\"column\":3}"))) {
      Ended ended =
          server.run("", "export", "--format=csv", "a bogus:1", "-o", folder.resolve("a") + "");
      assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
      assertThat(ended.err()).contains("unknown qualifier (invalid_query)\n  a bogus:1\n    ^");
    }
  }

  @Test
  void exportsAreListedCanceledAndRemoved() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, asked, _) -> {
              if (asked.method().equals("GET")) {
                OtherSide.json(
                    exchange, 200, "{\"exports\":[" + job("done") + "],\"next_cursor\":null}");
              } else {
                exchange.sendResponseHeaders(204, -1);
              }
            })) {
      assertThat(server.run("", "exports").out())
          .matches("(?s)ID +STATE .*\nx1 +done +csv +1  2026-11-20T10:00:00.000Z  actor:u\n");
      assertThat(server.run("", "exports", "--json").out()).contains("\"left_out\"");
      assertThat(server.run("", "exports", "--cancel", "x1").code()).isZero();
      assertThat(server.run("", "exports", "--remove", "x1").code()).isZero();
      assertThat(server.asked())
          .extracting(asked -> asked.method() + " " + asked.path())
          .endsWith(
              "POST /v1/tenants/acme/exports/x1/cancel", "DELETE /v1/tenants/acme/exports/x1");
    }
  }

  @Test
  void schedulesAreListedWithTheirRunsAndRunNow() throws IOException {
    try (OtherSide server =
        new OtherSide(
            (exchange, asked, _) ->
                OtherSide.json(
                    exchange,
                    200,
                    asked.path().endsWith("/runs")
                        ? "{\"runs\":[{\"id\":\"r\",\"due_at\":\"2026-11-20T05:00:00.000Z\",\"state\":\"failed\",\"window\":{\"from_seq\":4,\"to_seq\":9},\"entries\":5,\"problem\":{\"detail\":\"no\\u202eway\"}}],\"next_cursor\":null}"
                        : "{\"schedules\":[{\"id\":\"s1\",\"state\":\"paused\",\"name\":\"Nightly\",\"cron\":\"0"
                            + " 6 * *"
                            + " *\",\"last_run\":{\"due_at\":\"2026-11-20T05:00:00.000Z\",\"state\":\"failed\"}}],\"next_cursor\":null}"))) {
      assertThat(server.run("", "schedules").out())
          .contains("s1 ", "paused", "2026-11-20T05:00:00.000Z failed", "0 6 * * *", "Nightly");
      assertThat(server.run("", "schedules", "--runs", "s1").out()).contains("4–9", "no·way");
      assertThat(server.run("", "schedules", "--run", "s1").code()).isZero();
      assertThat(server.asked())
          .last()
          .extracting(asked -> asked.method() + " " + asked.path())
          .isEqualTo("POST /v1/tenants/acme/schedules/s1/run");
    }
  }
}
