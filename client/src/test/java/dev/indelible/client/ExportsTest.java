package dev.indelible.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports: begun once, waited for, and downloaded whole over connections that break. */
class ExportsTest {

  private static final byte[] FILE = "0123456789".repeat(1_000).getBytes(UTF_8);

  @TempDir private Path folder = Path.of(".");

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static String done(String sha256) {
    return "{'id':'x 1','state':'done','format':'csv','entries':7,'file':{'name':'a.csv','media_type':'text/csv','bytes':%d,'sha256':'%s','expires_at':'t'}}"
        .formatted(FILE.length, sha256);
  }

  private static ExportJob job(String sha256) {
    return new ExportJob(JsonText.of(done(sha256).replace('\'', '"')));
  }

  /** Sends bytes from an offset on, and breaks off before the end. */
  private static void send(HttpExchange exchange, int status, int from, int to) throws IOException {
    exchange.sendResponseHeaders(status, FILE.length - from);
    exchange.getResponseBody().write(FILE, from, to - from);
    exchange.getResponseBody().flush();
  }

  @Test
  void anOrderIsRepeatedWithItsIdSoThatItBeginsOneExport() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> {
                  if (number == 1) {
                    ScriptedServer.notNow(exchange, 503, "0");
                    return;
                  }
                  ScriptedServer.json(exchange, 202, "{'id':'x','state':'waiting','estimate':12}");
                });
        IndelibleClient client = server.client().build()) {
      ExportOrder order =
          ExportOrder.of("csv")
              .query("actor:\"a b\"")
              .from("2026-11-01T00:00:00Z")
              .zone("Europe/Berlin")
              .columns(List.of("id", "action"))
              .withoutPersonal()
              .language("de")
              .reason("audit");
      ExportJob job = client.exports().begin(order);
      assertThat(job.isUnderWay()).isTrue();
      assertThat(job.estimate()).isEqualTo(12);
      assertThat(server.asked())
          .hasSize(2)
          .extracting(ScriptedServer.Asked::body)
          .containsOnly(
              ("{'columns':['id','action'],'format':'csv','from':'2026-11-01T00:00:00Z','id':'%s','language':'de','query':'actor:\\'a"
                      + " b\\'','reason':'audit','withhold_personal':true,'zone':'Europe/Berlin'}")
                  .formatted(order.id())
                  .replace('\'', '"'));
      assertThat(server.asked().get(0).target()).isEqualTo("/v1/tenants/acme/exports");
    }
  }

  @Test
  void itIsLookedAtUntilItIsOverAndLessOftenWhileItStandsStill() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) ->
                    ScriptedServer.json(
                        exchange,
                        200,
                        "{'id':'x','state':'%s','entries':%d}"
                            .formatted(number < 12 ? "running" : "failed", Math.min(number, 2))));
        IndelibleClient client = server.client().build()) {
      List<Long> seen = new ArrayList<>();
      ExportJob job = client.exports().await("x", each -> seen.add(each.entries()));
      assertThat(job.state()).isEqualTo("failed");
      assertThat(job.file()).isEmpty();
      assertThat(seen).hasSize(12).startsWith(1L, 2L, 2L);
      assertThat(server.waited).hasSize(11).isSorted();
      assertThat(server.waited.get(10)).isGreaterThan(server.waited.get(1).multipliedBy(10));
    }
  }

  @Test
  void listsGoOnToTheirEnd() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) ->
                    ScriptedServer.json(
                        exchange,
                        200,
                        number == 1
                            ? "{'exports':[{'id':'a'}],'schedules':[{'id':'s'}],'next_cursor':'c/1'}"
                            : "{'exports':[{'id':'b'}],'schedules':[],'next_cursor':null}"));
        IndelibleClient client = server.client().build()) {
      assertThat(client.exports().list()).extracting(ExportJob::id).containsExactly("a", "b");
      assertThat(client.schedules().list()).isEmpty();
      assertThat(server.asked())
          .extracting(ScriptedServer.Asked::target)
          .containsExactly(
              "/v1/tenants/acme/exports",
              "/v1/tenants/acme/exports?cursor=c%2F1",
              "/v1/tenants/acme/schedules");
    }
  }

  @Test
  void aDownloadGoesOnWhereTheConnectionBroke() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> {
                  switch (number) {
                    case 1 -> send(exchange, 200, 0, 4_000);
                    case 2 -> ScriptedServer.notNow(exchange, 503, "0");
                    case 3 -> send(exchange, 206, 4_000, 4_001);
                    default -> send(exchange, 206, 4_001, FILE.length);
                  }
                });
        IndelibleClient client = server.client().build()) {
      Path target = folder.resolve("a.csv");
      List<Long> progress = new ArrayList<>();
      client.exports().download(job(sha256(FILE)), target, progress::add);
      assertThat(target).hasBinaryContent(FILE);
      assertThat(folder.resolve("a.csv.part")).doesNotExist();
      assertThat(progress).isSorted().endsWith((long) FILE.length);
      assertThat(server.asked())
          .extracting(asked -> asked.headers().get("range"))
          .containsExactly(null, "bytes=4000-", "bytes=4000-", "bytes=4001-");
      assertThat(server.asked().get(1).headers())
          .containsEntry("if-range", "\"" + sha256(FILE) + "\"");
      assertThat(server.asked().get(0).target()).isEqualTo("/v1/tenants/acme/exports/x%201/file");
    }
  }

  @Test
  void whatAnEarlierDownloadLeftIsGoneOnWithAndThrownAwayWhenItIsOfAnotherFile() throws Exception {
    Path target = folder.resolve("a.csv");
    Path part = folder.resolve("a.csv.part");
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, _) -> {
                  boolean isResumed = exchange.getRequestHeaders().containsKey("Range");
                  send(exchange, isResumed ? 206 : 200, isResumed ? 100 : 0, FILE.length);
                });
        IndelibleClient client = server.client().build()) {
      Files.write(part, Arrays.copyOf(FILE, 100));
      client.exports().download(job(sha256(FILE)), target, bytes -> {});
      assertThat(server.asked()).hasSize(1);
      Files.delete(target);
      Files.write(part, new byte[100]);
      client.exports().download(job(sha256(FILE)), target, bytes -> {});
      assertThat(target).hasBinaryContent(FILE);
      assertThat(server.asked()).hasSize(3);
    }
  }

  @Test
  void aServerThatDoesNotResumeSendsTheWholeAgain() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> send(exchange, 200, 0, number == 1 ? 10 : FILE.length));
        IndelibleClient client = server.client().build()) {
      Path target = folder.resolve("a.csv");
      client.exports().download(job(sha256(FILE)), target, bytes -> {});
      assertThat(target).hasBinaryContent(FILE);
    }
  }

  @Test
  void aFileThatIsNotWhatWasSaidGetsNoName() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer((exchange, _) -> send(exchange, 200, 0, FILE.length));
        IndelibleClient client = server.client().build()) {
      Path target = folder.resolve("a.csv");
      assertThatThrownBy(() -> client.exports().download(job("00".repeat(32)), target, bytes -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("thrown away");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void aConnectionThatAlwaysBreaksIsGivenUpAndAnExistingFileIsKept() throws Exception {
    try (ScriptedServer server = new ScriptedServer((exchange, _) -> send(exchange, 200, 0, 0));
        IndelibleClient client = server.client().build()) {
      Path target = folder.resolve("a.csv");
      assertThatThrownBy(() -> client.exports().download(job(sha256(FILE)), target, bytes -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("a.csv.part");
      assertThat(server.asked()).hasSize(Download.MOST_FAILURES + 1);
      Files.writeString(target, "mine");
      assertThatThrownBy(() -> client.exports().download(job(sha256(FILE)), target, bytes -> {}))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(target).hasContent("mine");
    }
  }

  @Test
  void aFileThatIsGoneMeanwhileIsARefusal() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> {
                  if (number == 1) {
                    send(exchange, 200, 0, 10);
                  } else {
                    ScriptedServer.json(
                        exchange, 410, "{'code':'export_gone','detail':'It was withdrawn.'}");
                  }
                });
        IndelibleClient client = server.client().build()) {
      assertThatThrownBy(
              () ->
                  client
                      .exports()
                      .download(job(sha256(FILE)), folder.resolve("a.csv"), bytes -> {}))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.status()).isEqualTo(410));
    }
  }
}
