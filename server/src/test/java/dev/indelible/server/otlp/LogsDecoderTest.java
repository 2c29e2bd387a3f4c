package dev.indelible.server.otlp;

import static dev.indelible.server.otlp.Requests.NANOS;
import static dev.indelible.server.otlp.Requests.attribute;
import static dev.indelible.server.otlp.Requests.request;
import static dev.indelible.server.otlp.Requests.signIn;
import static dev.indelible.server.otlp.Requests.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.EventDecoder;
import dev.indelible.server.event.Problem;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Requests of OTLP/HTTP in both encodings: which events they are, and which they are not. */
class LogsDecoderTest {

  /** The request of {@link Requests#signIn} in JSON, with members that nobody knows. */
  private static final String SIGN_IN =
      """
      {"unknown":[{}],"resourceLogs":[{"scopeLogs":[{"logRecords":[{
        "timeUnixNano":"1795168800123456789","observedTimeUnixNano":1795168801123456789,
        "severityNumber":9,"severityText":"INFO","eventName":"user.login","new":{"a":[1]},
        "body":{"stringValue":"signed in"},"flags":1,"droppedAttributesCount":0,
        "traceId":"4BF92F3577B34DA6A3CE929D0E0E4736","spanId":"00f067aa0ba902b7",
        "attributes":[
          {"key":"app.plan","value":{"stringValue":"gold"}},
          {"key":"user.id","value":{"stringValue":"u_7"}},
          {"key":"user.full_name","value":{"stringValue":"Ana"}},
          {"key":"client.address","value":{"stringValue":"203.0.113.9"}}]}],
        "scope":{"name":"shop","version":"1.2","attributes":[]}}],
       "resource":{"attributes":[
          {"key":"service.name","value":{"stringValue":"checkout"}},
          {"key":"indelible.tenant","value":{"stringValue":"acme"}}]},"schemaUrl":"s"}]}
      """;

  private final LogsDecoder decoder = new LogsDecoder(new EventDecoder());

  private Logs.Read read(byte[] request) {
    return readable(decoder.decode(Encoding.PROTOBUF, request));
  }

  private Logs.Read json(String request) {
    return readable(decoder.decode(Encoding.JSON, request.getBytes(StandardCharsets.UTF_8)));
  }

  private static Logs.Read readable(Logs logs) {
    assertThat(logs).isInstanceOf(Logs.Read.class);
    return (Logs.Read) logs;
  }

  private Problem broken(Encoding encoding, byte[] request) {
    Logs logs = decoder.decode(encoding, request);
    assertThat(logs).isInstanceOf(Logs.Broken.class);
    return ((Logs.Broken) logs).problem();
  }

  private Event event(LogRecord.Builder record) {
    return event(read(request(record)), 0);
  }

  private static Event event(Logs.Read logs, int index) {
    assertThat(logs.events().get(index)).isInstanceOf(Decoding.Decoded.class);
    return ((Decoding.Decoded) logs.events().get(index)).event();
  }

  private static ObjectNode details(Event event) {
    return Objects.requireNonNull(event.details());
  }

  private String refusal(LogRecord.Builder record) {
    Decoding decoding = read(request(record)).events().getFirst();
    assertThat(decoding).isInstanceOf(Decoding.Invalid.class);
    return ((Decoding.Invalid) decoding).problems().toString();
  }

  @Test
  void aRecordWithAnEventNameIsAnEvent() {
    Event event = event(signIn());
    assertThat(event.action()).isEqualTo("user.login");
    assertThat(event.tenant()).hasToString("acme");
    assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-11-20T10:00:00.123Z"));
    assertThat(event.actor().type()).isEqualTo(Event.ActorType.USER);
    assertThat(event.actor().id()).isEqualTo("u_7");
    assertThat(event.actor().name()).isEqualTo("Ana");
    assertThat(event.outcome()).isEqualTo(Event.Outcome.UNKNOWN);
    assertThat(event.context().ip()).isEqualTo("203.0.113.9");
    assertThat(event.context().traceId()).isEqualTo(Requests.TRACE);
    assertThat(details(event).toString())
        .isEqualTo(
            "{\"body\":\"signed in\",\"attributes\":{\"app.plan\":\"gold\"},\"resource\":"
                + "{\"service.name\":\"checkout\",\"indelible.tenant\":\"acme\"},\"scope\":"
                + "{\"name\":\"shop\",\"version\":\"1.2\"},\"severity_text\":\"INFO\","
                + "\"severity_number\":9,\"span_id\":\"00f067aa0ba902b7\",\"flags\":1,"
                + "\"time_unix_nano\":\"1795168800123456789\","
                + "\"observed_at\":\"2026-11-20T10:00:01.123Z\"}");
  }

  @Test
  void bothEncodingsGiveTheSameEventWithTheSameId() {
    assertThat(event(json(SIGN_IN), 0)).isEqualTo(event(signIn()));
  }

  @Test
  void aResourceMayStandBehindItsRecords() {
    byte[] logs = Requests.logs(signIn()).build().toByteArray();
    UnknownFieldSet fields;
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    try {
      fields = UnknownFieldSet.parseFrom(logs);
      CodedOutputStream out = CodedOutputStream.newInstance(turned);
      fields.getField(2).writeTo(2, out);
      fields.getField(1).writeTo(1, out);
      out.flush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    byte[] request =
        UnknownFieldSet.newBuilder()
            .addField(
                1,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFrom(turned.toByteArray()))
                    .build())
            .build()
            .toByteArray();
    assertThat(event(read(request), 0)).isEqualTo(event(signIn()));
  }

  @Test
  void theAttributeNamesTheEventWhereTheFieldDoesNot() {
    Event event =
        event(signIn().clearEventName().addAttributes(attribute("event.name", "User Login!")));
    assertThat(event.action()).isEqualTo("user_login");
    assertThat(details(event).path("event_name").asString()).isEqualTo("User Login!");
    assertThat(details(event).path("attributes").has("event.name")).isFalse();
  }

  @Test
  void aRecordWithoutAnEventNameIsNoEvent() {
    Logs.Read logs =
        read(request(signIn().clearEventName(), signIn(), signIn().setEventName("  ")));
    assertThat(logs.count()).isEqualTo(3);
    assertThat(logs.indexes()).containsExactly(1);
  }

  @ParameterizedTest
  @CsvSource({
    "enduser.id=e1 user.id=u1, USER e1",
    "user.id=u1 user.name=ana, USER u1",
    "user.name=ana user.email=a@x.test, USER ana",
    "user.email=a@x.test, USER a@x.test",
    "indelible.actor.type=api_client user.id=k1, API_CLIENT k1",
    "indelible.actor.type=robot user.id=k1, USER k1",
    "app.x=1, SYSTEM checkout",
    "gen_ai.agent.id=helper user.id=u1, AI_AGENT helper",
  })
  void theActorIsTheFirstThatIsNamed(String attributes, String actor) {
    LogRecord.Builder record = LogRecord.newBuilder().setEventName("a.b");
    for (String attribute : List.of(attributes.split(" ", -1))) {
      int at = attribute.indexOf('=');
      record.addAttributes(attribute(attribute.substring(0, at), attribute.substring(at + 1)));
    }
    Event event = event(record);
    assertThat(event.actor().type() + " " + event.actor().id()).isEqualTo(actor);
  }

  @Test
  void anAgentActsOnBehalfOfThePerson() {
    Event event =
        event(
            signIn()
                .addAttributes(attribute("gen_ai.agent.id", "helper"))
                .addAttributes(attribute("gen_ai.request.model", "m-3"))
                .addAttributes(attribute("user.roles", list(text("admin"), text("dev")))));
    assertThat(event.actor().agent().model()).isEqualTo("m-3");
    assertThat(event.actor().roles()).containsExactly("admin", "dev");
    assertThat(Objects.requireNonNull(event.actor().onBehalfOf()).id()).isEqualTo("u_7");
  }

  @ParameterizedTest
  @CsvSource({
    "9, app.x=1, UNKNOWN,",
    "17, app.x=1, FAILURE,",
    "9, error.type=timeout, FAILURE, timeout",
    "9, exception.message=late, UNKNOWN,",
    "17, exception.message=late, FAILURE, late",
    "17, event.outcome=success, SUCCESS,",
    "9, event.outcome=failure, FAILURE,",
    "17, event.outcome=perhaps, FAILURE,",
  })
  void theOutcomeIsWhatIsSaid(int severity, String attribute, String outcome, String reason) {
    int at = attribute.indexOf('=');
    Event event =
        event(
            signIn()
                .setSeverityNumberValue(severity)
                .addAttributes(attribute(attribute.substring(0, at), attribute.substring(at + 1))));
    assertThat(event.outcome()).hasToString(outcome);
    assertThat(event.outcomeReason()).isEqualTo(reason);
  }

  @Test
  void targetsAndChangesHaveNamesOfTheirOwn() {
    Event event =
        event(
            signIn()
                .addAttributes(attribute("indelible.target.type", "order"))
                .addAttributes(attribute("indelible.target.id", "4711"))
                .addAttributes(
                    attribute("indelible.targets", list(map("type", "user", "id", "u_9"))))
                .addAttributes(
                    attribute("indelible.changes", list(map("field", "role", "after", "admin"))))
                .addAttributes(attribute("indelible.account", "eu"))
                .addAttributes(attribute("indelible.tenant", "other"))
                .addAttributes(attribute("indelible.reason", "ticket 1")));
    assertThat(event.targets()).extracting(Event.Target::id).containsExactly("4711", "u_9");
    assertThat(event.changes()).extracting(Event.Change::field).containsExactly("role");
    assertThat(event.account()).isEqualTo("eu");
    assertThat(event.tenant()).hasToString("other");
    assertThat(event.reason()).isEqualTo("ticket 1");
  }

  private static AnyValue list(AnyValue... values) {
    return AnyValue.newBuilder()
        .setArrayValue(ArrayValue.newBuilder().addAllValues(Arrays.asList(values)))
        .build();
  }

  private static AnyValue map(String... namesAndValues) {
    KeyValueList.Builder map = KeyValueList.newBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.addValues(attribute(namesAndValues[i], namesAndValues[i + 1]));
    }
    return AnyValue.newBuilder().setKvlistValue(map).build();
  }

  @Test
  void everyKindOfValueIsKept() {
    AnyValue all =
        list(
            text("a"),
            AnyValue.newBuilder().setBoolValue(true).build(),
            AnyValue.newBuilder().setIntValue(Long.MIN_VALUE).build(),
            AnyValue.newBuilder().setDoubleValue(0.5).build(),
            AnyValue.newBuilder().setDoubleValue(Double.NaN).build(),
            AnyValue.newBuilder().setBytesValue(ByteString.copyFromUtf8("hi?")).build(),
            AnyValue.getDefaultInstance(),
            map("k", "v"));
    Event event = event(signIn().setBody(all));
    assertThat(details(event).path("body").toString())
        .isEqualTo("[\"a\",true,-9223372036854775808,0.5,\"NaN\",\"aGk/\",null,{\"k\":\"v\"}]");
    String json =
        """
        {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"a.b","body":{"arrayValue":{"values":[
          {"stringValue":"a"},{"boolValue":true},{"intValue":"-9223372036854775808"},{"doubleValue":0.5},
          {"doubleValue":"NaN"},{"bytesValue":"aGk_"},{},{"kvlistValue":{"values":[{"key":"k","value":{"stringValue":"v"}}]}}
        ]}}}]}]}]}
        """;
    assertThat(details(event(json(json), 0)).path("body")).isEqualTo(details(event).path("body"));
  }

  @Test
  void whatAPlaceCannotHoldStaysInTheDetails() {
    Event event =
        event(
            signIn()
                .clearAttributes()
                .addAttributes(attribute("client.address", "host.test"))
                .addAttributes(attribute("source.address", "2001:DB8::1"))
                .addAttributes(attribute("session.id", "s".repeat(300)))
                .addAttributes(attribute("user.id", AnyValue.newBuilder().setIntValue(7).build())));
    assertThat(event.context().ip()).isEqualTo("2001:db8::1");
    assertThat(event.context().sessionId()).isNull();
    assertThat(event.actor().id()).isEqualTo("checkout");
    assertThat(details(event).path("attributes").propertyNames())
        .containsExactlyInAnyOrder("client.address", "session.id", "user.id");
  }

  @Test
  void anIdIsOfAllThatTheRecordIs() {
    String id = event(signIn()).id();
    assertThat(id).matches("otlp-[0-9a-f]{32}");
    assertThat(event(signIn()).id()).isEqualTo(id);
    List<LogRecord.Builder> others =
        List.of(
            signIn().setTimeUnixNano(NANOS + 1),
            signIn().setObservedTimeUnixNano(NANOS),
            signIn().setBody(text("signed out")),
            signIn().setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_WARN),
            signIn().setEventName("user.logout"),
            signIn().addAttributes(attribute("x", "1")),
            signIn().addAttributes(attribute("x", AnyValue.newBuilder().setIntValue(1).build())),
            signIn().setTraceId(ByteString.EMPTY));
    assertThat(others.stream().map(this::event).map(Event::id))
        .doesNotContain(id)
        .doesNotHaveDuplicates();
  }

  @Test
  void equalRecordsOfARequestAreSeveralEventsWithTheSameIdsEachTime() {
    byte[] request = request(signIn(), signIn(), signIn());
    List<String> ids = ids(read(request));
    assertThat(ids).containsExactly(ids.get(0), ids.get(0) + "-1", ids.get(0) + "-2");
    assertThat(ids(read(request))).isEqualTo(ids);
  }

  private static List<String> ids(Logs.Read logs) {
    return logs.events().stream()
        .map(event -> Objects.requireNonNull(((Decoding.Decoded) event).event().id()))
        .toList();
  }

  @Test
  void aRecordsOwnIdIsTheEntrys() {
    Event event = event(signIn().addAttributes(attribute("log.record.uid", "01J8Z")));
    assertThat(event.id()).isEqualTo("01J8Z");
    assertThat(details(event).path("attributes").has("log.record.uid")).isFalse();
  }

  @Test
  void textThatIsNotUtf8SpoilsItsRecordAlone() {
    byte[] request = request(signIn().setSeverityText("INFO-BAD"), signIn());
    int at = new String(request, StandardCharsets.ISO_8859_1).indexOf("INFO-BAD");
    request[at + 2] = (byte) 0xff;
    Logs.Read logs = read(request);
    assertThat(logs.events().get(0).toString()).contains("not UTF-8");
    assertThat(event(logs, 1).action()).isEqualTo("user.login");
  }

  @Test
  void doubledNamesAndDeepValuesAreRefused() {
    assertThat(refusal(signIn().addAttributes(attribute("app.plan", "iron"))))
        .contains("two values of one name: app.plan");
    AnyValue deep = text("x");
    for (int i = 0; i < Records.MAX_VALUE_DEPTH; i++) {
      deep = list(deep);
    }
    assertThat(refusal(signIn().setBody(deep))).contains(Records.TOO_DEEP);
  }

  @Test
  void theRulesForEventsHold() {
    assertThat(refusal(signIn().setEventName("!?"))).contains("/action");
    assertThat(refusal(signIn().setTimeUnixNano(-1))).contains("/occurred_at");
    assertThat(refusal(signIn().setBody(text("x".repeat(300_000))))).contains("TOO_LARGE");
  }

  @Test
  void aRequestHasAtMostSoManyRecords() {
    LogRecord.Builder plain = LogRecord.newBuilder();
    LogRecord.Builder[] most =
        Collections.nCopies(LogsDecoder.MAX_RECORDS, plain).toArray(LogRecord.Builder[]::new);
    assertThat(read(request(most)).count()).isEqualTo(LogsDecoder.MAX_RECORDS);
    LogRecord.Builder[] more = Arrays.copyOf(most, most.length + 1);
    more[most.length] = plain;
    assertThat(broken(Encoding.PROTOBUF, request(more)).code()).isEqualTo(Problem.Code.TOO_MANY);
    String records = "{},".repeat(LogsDecoder.MAX_RECORDS) + "{}";
    String json = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[" + records + "]}]}]}";
    assertThat(broken(Encoding.JSON, json.getBytes(StandardCharsets.UTF_8)).code())
        .isEqualTo(Problem.Code.TOO_MANY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"resourceLogs\":{}}",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"severityNumber\":\"SEVERITY_NUMBER_INFO\"}]}]}]}",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\"1e9999999\"}]}]}]}",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":1.5}]}]}]}",
        "{\"resourceLogs\":[",
        "{} {}",
      })
  void jsonOfAnotherFormIsBroken(String json) {
    assertThat(broken(Encoding.JSON, json.getBytes(StandardCharsets.UTF_8)).detail()).isNotBlank();
  }

  @Test
  void bytesThatAreNoMessageAreBroken() {
    byte[] request = request(signIn());
    assertThat(broken(Encoding.PROTOBUF, Arrays.copyOf(request, request.length - 3)).code())
        .isEqualTo(Problem.Code.BAD_ENCODING);
    assertThat(broken(Encoding.PROTOBUF, new byte[] {0x0c}).code())
        .isEqualTo(Problem.Code.BAD_ENCODING);
    assertThat(broken(Encoding.PROTOBUF, SIGN_IN.getBytes(StandardCharsets.UTF_8)).code())
        .isEqualTo(Problem.Code.BAD_ENCODING);
  }

  @Test
  void thePageNamesEveryAttributeThatHasAPlace() throws IOException {
    String source =
        Files.readString(Path.of("src/main/java/dev/indelible/server/otlp/LogRecordMap.java"));
    String page = Files.readString(Path.of("../docs/otlp.md"));
    List<String> attributes =
        Pattern.compile("\"([a-z_]+(?:\\.[a-z_-]+)+)\"")
            .matcher(source)
            .results()
            .map(match -> match.group(1))
            .distinct()
            .toList();
    assertThat(attributes).hasSizeGreaterThan(30).allMatch(name -> page.contains("`" + name + "`"));
  }

  @Test
  void anEmptyRequestIsARequest() {
    assertThat(read(ExportLogsServiceRequest.getDefaultInstance().toByteArray()).count()).isZero();
    assertThat(json("{}").count()).isZero();
  }
}
