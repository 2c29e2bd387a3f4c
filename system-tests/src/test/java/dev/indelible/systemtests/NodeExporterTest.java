package dev.indelible.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;

/** OpenTelemetry's exporters for Node, in JSON and in Protocol Buffers, against the server. */
@Tag("long")
class NodeExporterTest {

  private static final Path SOURCES = Path.of("src/test/node/otlp");

  @RegisterExtension static final SharedServer.Extension SERVER = new SharedServer.Extension();

  @TempDir static Path folder;

  @BeforeAll
  static void install() throws Exception {
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Ended ended;
    try {
      ended =
          run(
              Map.of(),
              "npm",
              "ci",
              "--ignore-scripts",
              "--no-audit",
              "--no-fund",
              "--prefer-offline");
    } catch (IOException e) {
      throw new TestAbortedException("there is no npm on PATH", e);
    }
    if (ended.code() != 0) {
      throw new TestAbortedException("npm cannot install the exporters: " + ended.output());
    }
  }

  /** Exit code and output of a program. */
  private record Ended(int code, String output) {}

  private static Ended run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return new Ended(-1, "no end within " + Eventually.LIMIT);
    }
    return new Ended(process.exitValue(), Files.readString(output));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "proto"})
  void whatItExportsIsRecorded(String encoding) throws Exception {
    Calls operator = SERVER.operator();
    String tenant = "node-" + encoding;
    operator.tenant(tenant, "standard");
    Calls calls = operator.tenantKey(tenant, "events.write", "events.read");
    Ended ended =
        run(
            Map.of(
                "ENCODING",
                encoding,
                "URL",
                operator.address() + "/v1/logs",
                "KEY",
                String.valueOf(calls.key())),
            "node",
            "send.mjs");
    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("no_event_name");
    List<JsonNode> entries =
        Eventually.see(
            "the events of " + tenant,
            () ->
                calls
                    .get("/v1/tenants/" + tenant + "/events?q=action:order.refunded")
                    .expect(200)
                    .json()
                    .path("entries")
                    .valueStream()
                    .toList(),
            found -> found.size() == 3);
    JsonNode first =
        entries.stream()
            .filter(entry -> entry.at("/actor/id").asString().equals("u_0"))
            .findFirst()
            .orElseThrow();
    assertThat(first.path("occurred_at").asString()).isEqualTo("2026-11-20T10:00:00.000Z");
    assertThat(first.path("outcome").asString()).isEqualTo("success");
    assertThat(first.at("/context/ip").asString()).isEqualTo("203.0.113.9");
    assertThat(first.at("/details/body").toString())
        .isEqualTo("{\"note\":\"Größe\",\"amount\":12.5,\"list\":[1,\"two\",true]}");
    assertThat(first.at("/details/attributes/rank").toString()).isEqualTo("0");
    assertThat(first.at("/details/resource/service.name").asString()).isEqualTo("checkout");
  }
}
