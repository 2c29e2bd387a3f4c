package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.Event.ActorType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudEventDecoderTest {

  private static final String FOREIGN =
      """
      {"specversion":"1.0","id":"A-1","source":"/shop","type":"com.Example.Order.Created",
       "time":"2026-11-20T10:00:00.1234Z","subject":"order/7","tracelevel":3,
       "datacontenttype":"application/json","data":{"total":12.50}}""";
  private static final String OWN =
      """
      {"specversion":"1.0","id":"A-1","source":"/shop","type":"dev.indelible.event",
       "time":"2026-11-20T10:00:00Z","subject":"u_9",
       "data":{"action":"user.deleted","actor":{"type":"user","id":"u_7"}}}""";

  private final CloudEventDecoder decoder = new CloudEventDecoder(new EventDecoder());

  private Decoding decode(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return decoder.decode(bytes, 0, bytes.length);
  }

  private static Event event(Decoding decoding) {
    assertThat(decoding).isInstanceOf(Decoding.Decoded.class);
    return ((Decoding.Decoded) decoding).event();
  }

  @Test
  void attributesBecomeFieldsAndNothingIsDropped() {
    Event event = event(decode(FOREIGN));
    assertThat(event.id()).isEqualTo(CloudEventIds.entryId("/shop", "A-1"));
    assertThat(event.action()).isEqualTo("com.example.order.created");
    assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-11-20T10:00:00.123Z"));
    assertThat(event.actor().type()).isEqualTo(ActorType.SYSTEM);
    assertThat(event.actor().id()).isEqualTo("/shop");
    assertThat(event.targets()).containsExactly(new Event.Target("subject", "order/7", null, null));
    assertThat(requireNonNull(event.details()).toString())
        .isEqualTo(
            "{\"data\":{\"total\":12.50},\"cloudevents\":{\"specversion\":\"1.0\","
                + "\"source\":\"/shop\",\"tracelevel\":3,\"datacontenttype\":\"application/json\","
                + "\"type\":\"com.Example.Order.Created\",\"id\":\"A-1\"}}");
  }

  @Test
  void theAuthContextExtensionNamesTheActor() {
    Event event =
        event(
            decode(
                FOREIGN.replace(
                    "\"tracelevel\":3", "\"authtype\":\"service_account\",\"authid\":\"bot-1\"")));
    assertThat(event.actor().type()).isEqualTo(ActorType.API_CLIENT);
    assertThat(event.actor().id()).isEqualTo("bot-1");
    assertThat(
            event(decode(FOREIGN.replace("\"tracelevel\":3", "\"authid\":\"ana\""))).actor().type())
        .isEqualTo(ActorType.USER);
  }

  @Test
  void anEventInTheDataWinsAndTheCloudEventFillsWhatItLeavesOut() {
    Event event = event(decode(OWN));
    assertThat(event.id()).isEqualTo(CloudEventIds.entryId("/shop", "A-1"));
    assertThat(event.action()).isEqualTo("user.deleted");
    assertThat(event.actor().id()).isEqualTo("u_7");
    assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-11-20T10:00:00Z"));
    assertThat(event.targets()).containsExactly(new Event.Target("subject", "u_9", null, null));
    assertThat(requireNonNull(event.details()).get("cloudevents").get("source").stringValue())
        .isEqualTo("/shop");
    Event fuller =
        event(
            decode(
                OWN.replace(
                    "\"action\"",
                    "\"id\":\"mine\",\"occurred_at\":\"2020-01-01T00:00:00Z\","
                        + "\"targets\":[{\"type\":\"user\",\"id\":\"u_1\"}],\"action\"")));
    assertThat(fuller.id()).isEqualTo("mine");
    assertThat(fuller.occurredAt()).isEqualTo(Instant.parse("2020-01-01T00:00:00Z"));
    assertThat(fuller.targets()).containsExactly(new Event.Target("user", "u_1", null, null));
  }

  @Test
  void typeAndExtensionAttributesStandForWhatTheDataLeavesOut() {
    Event event =
        event(
            decode(
                """
                {"specversion":"1.0","id":"A-2","source":"/shop","type":"Order.Refunded","tenant":"acme",
                 "account":"eu","data":{"actor":{"type":"user","id":"u_7"},"targets":[{"type":"order","id":"1"}]}}"""));
    assertThat(event.action()).isEqualTo("order.refunded");
    assertThat(requireNonNull(event.tenant()).value()).isEqualTo("acme");
    assertThat(event.account()).isEqualTo("eu");
    assertThat(
            requireNonNull(
                    event(decode(FOREIGN.replace("\"tracelevel\":3", "\"tenant\":\"t1\"")))
                        .tenant())
                .value())
        .isEqualTo("t1");
    assertThat(
            ((Decoding.Invalid)
                    decode(
                        OWN.replace("\"action\":\"user.deleted\",", "")
                            .replace("dev.indelible.event", "a b")))
                .problems())
        .extracting(Problem::pointer)
        .containsExactly("/type");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"specversion\":\"1.0\", | | /specversion | missing",
        "\"specversion\":\"1.0\" | \"specversion\":\"0.3\" | /specversion | bad_format",
        "\"id\":\"A-1\", | | /id | missing",
        "\"source\":\"/shop\", | | /source | missing",
        "\"type\":\"com.Example.Order.Created\" | \"type\":\"com example\" | /type | bad_format",
        "\"type\":\"com.Example.Order.Created\" | \"type\":7 | /type | wrong_type",
        "2026-11-20T10:00:00.1234Z | yesterday | /time | bad_format",
        "\"tracelevel\":3 | \"tracelevel\":{} | /tracelevel | wrong_type",
        "\"tracelevel\":3 | \"id\":\"x\" | /id | duplicate_key",
        "{\"total\":12.50} | {\"total\":1e999} | /data/total | out_of_range",
      })
  void problemsPointToWhereTheCallerWroteThem(
      String good, String bad, String pointer, String code) {
    Decoding decoding = decode(FOREIGN.replace(good, bad == null ? "" : bad));
    assertThat(decoding).isInstanceOf(Decoding.Invalid.class);
    assertThat(((Decoding.Invalid) decoding).problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.pointer()).isEqualTo(pointer);
              assertThat(problem.code().jsonName()).isEqualTo(code);
            });
  }

  @Test
  void problemsOfAnEventInTheDataPointIntoTheData() {
    Decoding decoding =
        decode(
            OWN.replace("\"user.deleted\"", "\"User Deleted\",\"colour\":1").replace("u_9", "\\n"));
    assertThat(((Decoding.Invalid) decoding).problems())
        .extracting(Problem::pointer)
        .containsExactlyInAnyOrder("/data/action", "/data/colour", "/subject");
  }

  @Test
  void aBatchIsReadItemByItem() {
    byte[] bytes = ("[" + FOREIGN + ",{}," + OWN + "]").getBytes(UTF_8);
    List<Decoding> items =
        ((Decoding.Batch.Items) decoder.decodeBatch(bytes, 0, bytes.length)).items();
    assertThat(items).hasSize(3);
    assertThat(items.get(0)).isInstanceOf(Decoding.Decoded.class);
    assertThat(((Decoding.Invalid) items.get(1)).problems()).hasSize(4);
    assertThat(items.get(2)).isInstanceOf(Decoding.Decoded.class);
    byte[] broken = ("[" + FOREIGN + ",{]").getBytes(UTF_8);
    assertThat(decoder.decodeBatch(broken, 0, broken.length))
        .isInstanceOf(Decoding.Batch.Broken.class);
  }

  @Test
  void binaryModeTakesAttributesFromHeaders() {
    Map<String, String> headers =
        Map.of(
            "CE-SpecVersion", "1.0",
            "ce-id", "b1",
            "ce-source", "/caf%C3%A9",
            "ce-type", "order.created",
            "ce-subject", "50%",
            "Content-Type", "application/json");
    Event event = event(decoder.decodeBinary(headers, "{\"total\":1}".getBytes(UTF_8)));
    assertThat(event.action()).isEqualTo("order.created");
    assertThat(event.actor().id()).isEqualTo("/café");
    assertThat(event.targets().getFirst().id()).isEqualTo("50%");
    assertThat(requireNonNull(event.details()).get("data").get("total").intValue()).isEqualTo(1);
    assertThat(event(decoder.decodeBinary(headers, new byte[0])).id())
        .isEqualTo(CloudEventIds.entryId("/café", "b1"));
    assertThat(decoder.decodeBinary(Map.of("ce-id", "x"), new byte[0]))
        .isInstanceOf(Decoding.Invalid.class);
    assertThat(decoder.decodeBinary(Map.of("ce-id", "%ff"), new byte[0]))
        .isInstanceOf(Decoding.Invalid.class);
    assertThat(decoder.decodeBinary(headers, "{\"total\":".getBytes(UTF_8)))
        .isInstanceOf(Decoding.Invalid.class);
  }
}
