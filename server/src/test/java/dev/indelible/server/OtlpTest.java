package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.indelible.server.otlp.LogsDecoder;
import dev.indelible.testing.Eventually;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** OTLP/HTTP against a server: OpenTelemetry's own exporter, and requests by hand. */
class OtlpTest {

  private static final String PROTOBUF = "application/x-protobuf";

  @TempDir static Path directory;
  private static GovernedServer server;
  private static HttpClient http;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    server.close();
  }

  private static String key(String tenant, String permissions) throws Exception {
    return server
        .expect(
            201,
            "POST",
            "/v1/tenants/" + tenant + "/keys",
            "{\"name\":\"otel\",\"permissions\":[" + permissions + "]}")
        .path("secret")
        .asString();
  }

  private static HttpResponse<byte[]> post(String key, String type, byte[] body) throws Exception {
    return post(server, key, type, body);
  }

  private static HttpResponse<byte[]> post(GovernedServer to, String key, String type, byte[] body)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(to.address() + "/v1/logs"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String type(HttpResponse<?> response) {
    return response.headers().firstValue("Content-Type").orElse("");
  }

  private static LogRecord.Builder record(String name, String user) {
    return LogRecord.newBuilder()
        .setEventName(name)
        .setTimeUnixNano(server.now().toEpochMilli() * 1_000_000)
        .addAttributes(attribute("user.id", user));
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static byte[] request(LogRecord.Builder... records) {
    ScopeLogs.Builder scope = ScopeLogs.newBuilder();
    for (LogRecord.Builder record : records) {
      scope.addLogRecords(record);
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().addScopeLogs(scope))
        .build()
        .toByteArray();
  }

  @Test
  void openTelemetrysExporterRecordsEvents() throws Exception {
    String tenant = server.newTenant("standard");
    try (SdkLoggerProvider provider = provider(server.address(), key(tenant, "\"events.write\""))) {
      Logger logger = provider.loggerBuilder("shop").setInstrumentationVersion("1.2").build();
      for (int i = 0; i < 3; i++) {
        logger
            .logRecordBuilder()
            .setEventName("order.refunded")
            .setTimestamp(server.now())
            .setSeverity(Severity.ERROR)
            .setAttribute(AttributeKey.stringKey("enduser.id"), "u_" + i)
            .setAttribute(AttributeKey.stringKey("db.password"), "hush")
            .setBody("a refund")
            .emit();
      }
      assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
    List<String> ids = server.find(tenant, "action:order.refunded", 3);
    JsonNode entry = server.get("/v1/tenants/" + tenant + "/events/" + ids.getFirst());
    assertThat(entry.path("outcome").asString()).isEqualTo("failure");
    assertThat(entry.at("/actor/id").asString()).startsWith("u_");
    assertThat(entry.at("/details/resource/service.name").asString()).isEqualTo("checkout");
    assertThat(entry.at("/details/attributes/db.password").asString()).isEqualTo("[secret]");
    assertThat(entry.path("recorded_by").toString()).contains("key");
  }

  @Test
  void whatAnExporterSendsAgainIsThereOnce() throws Exception {
    String tenant = server.newTenant("standard");
    try (Relay relay = new Relay();
        SdkLoggerProvider provider = provider(relay.address(), key(tenant, "\"events.write\""))) {
      Logger logger = provider.get("shop");
      for (int i = 0; i < 3; i++) {
        // Two of them are equal to the nanosecond, as a coarse clock makes them.
        logger
            .logRecordBuilder()
            .setEventName("order.paid")
            .setTimestamp(server.now())
            .setObservedTimestamp(server.now())
            .setAttribute(AttributeKey.stringKey("user.id"), "u_" + Math.min(i, 1))
            .emit();
      }
      assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
      assertThat(relay.statuses).containsExactly(200, 200);
    }
    assertThat(server.findSettled(tenant, "action:order.paid")).hasSize(3);
  }

  private static SdkLoggerProvider provider(String address, String key) {
    return SdkLoggerProvider.builder()
        .setResource(Resource.builder().put("service.name", "checkout").build())
        .addLogRecordProcessor(
            BatchLogRecordProcessor.builder(
                    OtlpHttpLogRecordExporter.builder()
                        .setEndpoint(address + "/v1/logs")
                        .addHeader("Authorization", "Bearer " + key)
                        .setCompression("gzip")
                        .setTimeout(Eventually.LIMIT)
                        .setRetryPolicy(
                            RetryPolicy.builder()
                                .setMaxAttempts(3)
                                .setInitialBackoff(Duration.ofMillis(1))
                                .setMaxBackoff(Duration.ofMillis(5))
                                .build())
                        .build())
                .setScheduleDelay(Duration.ofHours(1))
                .build())
        .build();
  }

  /** Hands requests on to the server, and loses its first answer. */
  private static final class Relay implements AutoCloseable {
    final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private final HttpServer relay;

    Relay() throws IOException {
      relay = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      relay.createContext("/", this::handle);
      relay.start();
    }

    String address() {
      return "http://127.0.0.1:" + relay.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) {
      try (exchange) {
        HttpResponse<byte[]> answer =
            http.send(
                HttpRequest.newBuilder(URI.create(server.address() + exchange.getRequestURI()))
                    .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
                    .header("Content-Type", exchange.getRequestHeaders().getFirst("Content-Type"))
                    .header("Content-Encoding", "gzip")
                    .POST(
                        HttpRequest.BodyPublishers.ofByteArray(
                            exchange.getRequestBody().readAllBytes()))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        statuses.add(answer.statusCode());
        exchange.sendResponseHeaders(statuses.size() == 1 ? 503 : answer.statusCode(), -1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      relay.stop(0);
    }
  }

  @Test
  void recordsThatAreNoEventsAreCounted() throws Exception {
    String tenant = server.newTenant("standard");
    HttpResponse<byte[]> answer =
        post(
            key(tenant, "\"events.write\""),
            PROTOBUF,
            request(
                record("a.done", "u_1"),
                LogRecord.newBuilder(),
                record("a.done", "u_2").addAttributes(attribute("indelible.tenant", "nobody")),
                record("audit.exported", "u_3")));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(type(answer)).isEqualTo(PROTOBUF);
    var partial = ExportLogsServiceResponse.parseFrom(answer.body()).getPartialSuccess();
    assertThat(partial.getRejectedLogRecords()).isEqualTo(3);
    assertThat(partial.getErrorMessage())
        .startsWith("3 of 4 log records were not recorded. record 1: no_event_name: ")
        .contains("record 2: unknown_tenant: ", "record 3: reserved_action: ");
    assertThat(server.find(tenant, "action:a.done", 1)).hasSize(1);
    assertThat(new String(server.bytes("/metrics"), StandardCharsets.UTF_8))
        .contains("indelible_events_rejected_total{code=\"no_event_name\"}");
  }

  @Test
  void whatMayPassIsToBeSentAgain(@TempDir Path other) throws Exception {
    GovernedServer full = new GovernedServer(other);
    full.tenant("acme", "standard");
    full.stop();
    full.set(Setting.DISK_RESERVE, "1000000GiB");
    full.start();
    try (full) {
      HttpResponse<byte[]> answer =
          post(
              full,
              full.key,
              PROTOBUF,
              request(
                  record("c.done", "u_1").addAttributes(attribute("indelible.tenant", "acme"))));
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(type(answer)).isEqualTo(PROTOBUF);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("10");
      UnknownFieldSet status = UnknownFieldSet.parseFrom(answer.body());
      assertThat(status.getField(1).getVarintList()).containsExactly(14L);
      assertThat(status.getField(2).getLengthDelimitedList().getFirst().toStringUtf8())
          .startsWith("disk_full: ");
    }
  }

  @Test
  void jsonIsAnsweredWithJson() throws Exception {
    String tenant = server.newTenant("standard");
    String record = "{\"eventName\":\"b.done\",\"timeUnixNano\":\"1767225600000000000\"}";
    byte[] body =
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[%s,{}]}]}]}"
            .formatted(record)
            .getBytes(StandardCharsets.UTF_8);
    HttpResponse<byte[]> answer =
        post(key(tenant, "\"events.write\""), "application/json; charset=utf-8", body);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(type(answer)).isEqualTo("application/json");
    JsonNode partial = JsonMapper.shared().readTree(answer.body()).path("partialSuccess");
    assertThat(partial.path("rejectedLogRecords")).hasToString("\"1\"");
    JsonNode entry = server.newest(tenant, "action:b.done");
    assertThat(entry.path("occurred_at").asString()).isEqualTo("2026-01-01T00:00:00.000Z");
    assertThat(entry.at("/actor/type").asString()).isEqualTo("system");
  }

  @Test
  void errorsAreStatusesInTheEncodingOfTheRequest() throws Exception {
    String tenant = server.newTenant("standard");
    String key = key(tenant, "\"events.write\"");
    HttpResponse<byte[]> broken = post(key, PROTOBUF, new byte[] {0x0a, 0x7f});
    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(type(broken)).isEqualTo(PROTOBUF);
    assertThat(status(post(key, "application/json", new byte[] {'{'}), 400))
        .startsWith("3 bad_json: ");
    assertThat(status(post(key, "text/plain", new byte[0]), 415))
        .startsWith("3 unsupported_media_type: ");
    assertThat(status(post("ik_wrong", "application/json", new byte[] {'{', '}'}), 401))
        .startsWith("16 unauthorized: ");
    String reader = key(tenant, "\"audit.view\"");
    assertThat(status(post(reader, "application/json", new byte[] {'{', '}'}), 403))
        .startsWith("7 forbidden: ");
    byte[] tooLarge = new byte[LogsDecoder.MAX_BODY_BYTES + 1];
    assertThat(status(post(key, "application/json", tooLarge), 413))
        .startsWith("3 body_too_large: ");
  }

  private static String status(HttpResponse<byte[]> answer, int status) {
    JsonNode body = JsonMapper.shared().readTree(answer.body());
    assertThat(answer.statusCode()).as(body.toString()).isEqualTo(status);
    assertThat(type(answer)).isEqualTo("application/json");
    return body.path("code").asInt() + " " + body.path("message").asString();
  }
}
