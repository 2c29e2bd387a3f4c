package dev.indelible.server.sink;

import static dev.indelible.server.sink.Batches.OPEN;
import static dev.indelible.server.sink.Batches.STRICT;
import static dev.indelible.server.sink.Batches.plain;
import static dev.indelible.server.sink.Batches.rejected;
import static dev.indelible.server.sink.Batches.settings;
import static dev.indelible.server.sink.Batches.taken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.sink.Endpoint.Asked;
import dev.indelible.server.sink.Endpoint.Said;
import dev.indelible.server.sink.Sink.Answer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A receiver of OTLP/HTTP that reads with the classes that OpenTelemetry generates. */
class OtlpSinkTest {

  /** The receiver: rejects records of failures. */
  private static final class Collector implements Endpoint.Answers {
    final List<LogRecord> records = new ArrayList<>();

    @Override
    public synchronized Said to(Asked asked) throws IOException {
      if (!asked.path().equals("/v1/logs")) {
        return new Said(404, "");
      }
      boolean json = asked.header("Content-type").startsWith("application/json");
      List<LogRecord> all = read(asked, json);
      List<LogRecord> good =
          all.stream().filter(record -> record.getSeverityNumberValue() == 9).toList();
      records.addAll(good);
      int bad = all.size() - good.size();
      if (bad == 0) {
        return new Said(200, json ? "{\"partialSuccess\":{}}" : "");
      }
      return new Said(
          200,
          json
              ? "{\"partialSuccess\":{\"rejectedLogRecords\":\"%d\",\"errorMessage\":\"bad\"}}"
                  .formatted(bad)
              : "\n\u0007\b" + (char) bad + "\u0012\u0003bad");
    }

    private static List<LogRecord> read(Asked asked, boolean json) throws IOException {
      if (!json) {
        return ExportLogsServiceRequest.parseFrom(asked.body())
            .getResourceLogs(0)
            .getScopeLogs(0)
            .getLogRecordsList();
      }
      List<LogRecord> records = new ArrayList<>();
      for (JsonNode log :
          JsonMapper.shared().readTree(asked.body()).at("/resourceLogs/0/scopeLogs/0/logRecords")) {
        records.add(
            LogRecord.newBuilder()
                .setTimeUnixNano(Long.parseLong(log.get("timeUnixNano").stringValue()))
                .setObservedTimeUnixNano(
                    Long.parseLong(log.get("observedTimeUnixNano").stringValue()))
                .setSeverityNumberValue(log.get("severityNumber").intValue())
                .setEventName(log.get("eventName").stringValue())
                .setBody(value(log.get("body")))
                .addAllAttributes(pairs(log.get("attributes")))
                .build());
      }
      return records;
    }

    /** A value as the specification of OTLP/JSON writes it: longs are texts. */
    private static AnyValue value(JsonNode json) {
      AnyValue.Builder value = AnyValue.newBuilder();
      for (var one : json.properties()) {
        JsonNode is = one.getValue();
        switch (one.getKey()) {
          case "stringValue" -> value.setStringValue(is.stringValue());
          case "boolValue" -> value.setBoolValue(is.booleanValue());
          case "intValue" -> value.setIntValue(Long.parseLong(is.stringValue()));
          case "doubleValue" -> value.setDoubleValue(is.doubleValue());
          case "arrayValue" ->
              is.get("values").forEach(v -> value.getArrayValueBuilder().addValues(value(v)));
          case "kvlistValue" -> value.getKvlistValueBuilder().addAllValues(pairs(is.get("values")));
          default -> throw new AssertionError(one.getKey());
        }
      }
      return value.build();
    }

    private static List<KeyValue> pairs(JsonNode json) {
      List<KeyValue> pairs = new ArrayList<>();
      json.forEach(
          pair ->
              pairs.add(
                  KeyValue.newBuilder()
                      .setKey(pair.get("key").stringValue())
                      .setValue(value(pair.get("value")))
                      .build()));
      return pairs;
    }
  }

  private static Sink open(Endpoint endpoint, String protocol) {
    return Batches.open(
        new OtlpType(),
        settings("{\"headers\":{\"X-Scope-OrgID\":\"audit\"},\"authorization\":\"Bearer token7\"}")
            .put("url", endpoint.url())
            .put("protocol", protocol),
        OPEN);
  }

  private static Map<String, AnyValue> map(List<KeyValue> values) {
    return values.stream().collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void anEntryIsARecordWithAnEventName(String protocol) throws Exception {
    Collector collector = new Collector();
    ObjectNode entry = Batches.entry(5);
    entry.put("long", Long.MAX_VALUE).put("half", 0.5).put("yes", true).putNull("none");
    entry.put("longer", new BigInteger("123456789012345678901234567890"));
    entry.putArray("list").add("a").addObject().put("b", 1);
    try (Endpoint endpoint = new Endpoint(collector);
        Sink sink = open(endpoint, protocol)) {
      taken(
          sink.send(
              Batches.of(
                  1, Batches.message(5, entry), Batches.message(6, Batches.entry(6), "CEF:0|a"))));
      taken(sink.probe());
      assertThat(endpoint.asked.getFirst().header("Authorization")).isEqualTo("Bearer token7");
      assertThat(endpoint.asked.getFirst().header("X-scope-orgid")).isEqualTo("audit");
    }
    LogRecord record = collector.records.getFirst();
    assertThat(record.getEventName()).isEqualTo("user.login");
    assertThat(record.getTimeUnixNano()).isEqualTo(1_795_168_799_500_000_000L);
    assertThat(record.getObservedTimeUnixNano()).isEqualTo(1_795_168_800_000_000_000L);
    Map<String, AnyValue> attributes = map(record.getAttributesList());
    assertThat(attributes.get("event.name").getStringValue()).isEqualTo("user.login");
    assertThat(attributes.get("indelible.seq").getIntValue()).isEqualTo(5);
    assertThat(attributes.get("indelible.id").getStringValue()).isEqualTo("e-5");
    Map<String, AnyValue> body = map(record.getBody().getKvlistValue().getValuesList());
    assertThat(body.get("id").getStringValue()).isEqualTo("e-5");
    assertThat(body.get("long").getIntValue()).isEqualTo(Long.MAX_VALUE);
    assertThat(body.get("longer").getStringValue()).isEqualTo("123456789012345678901234567890");
    assertThat(body.get("half").getDoubleValue()).isEqualTo(0.5);
    assertThat(body.get("yes").getBoolValue()).isTrue();
    assertThat(body.get("none")).isEqualTo(AnyValue.getDefaultInstance());
    assertThat(body.get("list").getArrayValue().getValues(1).getKvlistValue().getValues(0).getKey())
        .isEqualTo("b");
    assertThat(collector.records.get(1).getBody().getStringValue()).isEqualTo("CEF:0|a");
    assertThat(collector.records.get(2).getEventName()).isEqualTo("indelible.test");
  }

  /** The receiver says how many, and nobody knows which until they are sent one by one. */
  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void whatIsRejectedIsFoundOneByOne(String protocol) throws Exception {
    Collector collector = new Collector();
    try (Endpoint endpoint = new Endpoint(collector);
        Sink sink = open(endpoint, protocol)) {
      ObjectNode bad = Batches.entry(2).put("outcome", "failure");
      Batch batch = Batches.of(1, plain(0), plain(1), Batches.message(2, bad), plain(3));
      assertThat(sink.send(batch)).asString().contains("Failed", "rejected 1 of 4 records");
      collector.records.clear();
      assertThat(rejected(sink.send(batch)))
          .containsExactly(Map.entry(2, "rejected by the receiver: bad"));
      assertThat(collector.records).hasSize(3);
      taken(sink.send(plain(2, 4, 10)));
      assertThat(endpoint.asked).as("the next batch goes as one").hasSize(6);
    }
  }

  @Test
  void aBatchThatIsTooLargeIsSentOneByOne() throws Exception {
    try (Endpoint endpoint =
            new Endpoint(asked -> new Said(asked.body().length > 1000 ? 413 : 200, ""));
        Sink sink = open(endpoint, "protobuf")) {
      ObjectNode large = Batches.entry(1).put("details", "x".repeat(1000));
      Batch batch = Batches.of(1, plain(0), Batches.message(1, large), plain(2));
      assertThat(sink.send(batch)).isInstanceOf(Answer.Failed.class);
      assertThat(rejected(sink.send(batch))).containsOnlyKeys(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"429,Failed", "503,Failed", "400,Refused", "401,Refused", "308,Refused"})
  void answersAreClassifiedAndRepeatNoSecret(int status, String outcome) throws Exception {
    try (Endpoint endpoint = new Endpoint(_ -> new Said(status, "no Bearer token7"));
        Sink sink = open(endpoint, "json")) {
      Answer answer = sink.send(plain(1, 0, 1));
      assertThat(answer.getClass().getSimpleName()).isEqualTo(outcome);
      assertThat(answer.toString()).contains(" answered " + status).doesNotContain("token7");
    }
  }

  @Test
  void settingsAreCheckedAllAtOnce() {
    assertThat(
            Batches.faults(
                new OtlpType(),
                settings(
                    """
                    {"url":"http://127.0.0.1:4318","protocol":"grpc","authorization":"a\\nb",
                     "headers":{"Authorization":"x","ok":1,"X":"ü"}}
                    """),
                STRICT))
        .containsExactlyInAnyOrder(
            "url not_allowed",
            "protocol unknown_value",
            "authorization bad_format",
            "headers/Authorization not_allowed",
            "headers/ok wrong_type",
            "headers/X bad_format");
  }
}
