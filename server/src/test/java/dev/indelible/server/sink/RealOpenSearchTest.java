package dev.indelible.server.sink;

import static dev.indelible.server.sink.Batches.OPEN;
import static dev.indelible.server.sink.Batches.plain;
import static dev.indelible.server.sink.Batches.rejected;
import static dev.indelible.server.sink.Batches.settings;
import static dev.indelible.server.sink.Batches.taken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.deliver.ReceiverHttp.Reply;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A node of OpenSearch of Maven Central's artifacts, in a process of its own. */
@Tag("long")
class RealOpenSearchTest {

  @TempDir static Path folder;
  private static JavaProgram program;
  private static String url;

  @BeforeAll
  static void start() throws Exception {
    program = JavaProgram.start("opensearch", "OpenSearchNode.java", folder, folder.toString());
    url = "http://127.0.0.1:" + program.written(folder.resolve("port"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (program != null) {
      program.close();
    }
  }

  private static ObjectNode to(String index) {
    return settings("{\"install_template\":true}").put("url", url).put("index", index);
  }

  private static JsonNode ask(String method, String path, String body) throws Exception {
    URI base = URI.create(url);
    try (HttpWay way =
        new HttpWay(
            base,
            new dev.indelible.server.deliver.ReceiverHttp(base, OPEN, null, InstantSource.system()),
            Map.of(),
            List.of())) {
      Reply reply =
          way.send(method, path, "application/json", body.getBytes(StandardCharsets.UTF_8));
      byte[] answer = HttpWay.body(reply);
      assertThat(answer).as(() -> way.problem(reply).toString()).isNotNull();
      return JsonMapper.shared().readTree(answer);
    }
  }

  private static long count(String index, String query) throws Exception {
    ask("POST", "/" + index + "/_refresh", "");
    return ask("POST", "/" + index + "/_count", "{\"query\":" + query + "}")
        .get("count")
        .longValue();
  }

  @Test
  void aRepeatChangesNothing() throws Exception {
    try (Sink sink = Batches.open(new BulkType(), to("repeat-%Y.%m"), OPEN)) {
      taken(sink.send(plain(1, 0, 500)));
      taken(sink.send(plain(1, 0, 500)));
      taken(sink.send(plain(2, 400, 200)));
      assertThat(count("repeat-2026.11", "{\"match_all\":{}}")).isEqualTo(600);
      assertThat(count("repeat-2026.11", "{\"term\":{\"id\":\"e-599\"}}")).isEqualTo(1);
      assertThat(
              count(
                  "repeat-2026.11",
                  "{\"range\":{\"occurred_at\":{\"gte\":\"2026-11-20\",\"lt\":\"2026-11-21\"}}}"))
          .isEqualTo(600);
    }
  }

  /** What a plain index refuses whole: a long term, a long number, types that change. */
  @Test
  void theTemplateTakesWhatAPlainIndexRefuses() throws Exception {
    ObjectNode first = Batches.entry(0);
    first.putObject("details").put("note", "x".repeat(40_000)).put("count", 1);
    ObjectNode second = Batches.entry(1);
    second
        .putObject("details")
        .put("note", "2026-11-20")
        .put("count", new BigInteger("123456789012345678901234567890"));
    ObjectNode third = Batches.entry(2);
    third.putObject("details").put("note", true).put("count", "many");
    Batch batch =
        Batches.of(
            1, Batches.message(0, first), Batches.message(1, second), Batches.message(2, third));
    try (Sink sink = Batches.open(new BulkType(), to("wide"), OPEN)) {
      taken(sink.send(batch));
      assertThat(count("wide", "{\"term\":{\"details.count\":\"many\"}}")).isEqualTo(1);
      assertThat(count("wide", "{\"term\":{\"details.count\":\"123456789012345678901234567890\"}}"))
          .isEqualTo(1);
    }
    ask(
        "PUT",
        "/plain",
        """
        {"mappings":{"properties":{"details":{"properties":{"note":{"type":"keyword"}}}}}}
        """);
    try (Sink sink =
        Batches.open(new BulkType(), to("plain").put("install_template", false), OPEN)) {
      Map<Integer, String> rejected = rejected(sink.send(batch));
      assertThat(rejected).containsOnlyKeys(0, 1, 2);
      assertThat(rejected.get(0)).contains("immense term").hasSizeLessThan(300);
      assertThat(rejected.get(2)).contains("details.count").doesNotContain("many");
    }
  }

  @Test
  void whatStillCannotBeTakenIsRejectedAlone() throws Exception {
    ObjectNode text = Batches.entry(1);
    text.putObject("details").put("a", "text");
    ObjectNode object = Batches.entry(2);
    object.putObject("details").putObject("a").put("b", 1);
    try (Sink sink = Batches.open(new BulkType(), to("mixed"), OPEN)) {
      assertThat(
              rejected(
                  sink.send(
                      Batches.of(
                          1,
                          plain(0),
                          Batches.message(1, text),
                          Batches.message(2, object),
                          plain(3)))))
          .containsOnlyKeys(2);
      assertThat(count("mixed", "{\"match_all\":{}}")).isEqualTo(3);
      taken(sink.probe());
    }
  }

  @Test
  void anIndexThatIsClosedForWritingFailsTheBatch() throws Exception {
    try (Sink sink = Batches.open(new BulkType(), to("full"), OPEN)) {
      taken(sink.send(plain(1, 0, 1)));
      ask("PUT", "/full/_settings", "{\"index.blocks.read_only_allow_delete\":true}");
      assertThat(sink.send(plain(2, 1, 1))).isInstanceOf(Sink.Answer.Failed.class);
      ask("PUT", "/full/_settings", "{\"index.blocks.read_only_allow_delete\":null}");
      taken(sink.send(plain(2, 1, 1)));
    }
  }
}
