package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.EntryCodec.Accepted;
import dev.indelible.server.event.EntryCodec.Parts;
import dev.indelible.server.event.EntryCodec.Privacy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests the sender of an event: a fact that the server states, and no caller. */
class RecordedByTest {

  private static final Classification CLASSIFICATION =
      new Classification("other", "update", false, List.of());
  private static final String EVENT =
      "{\"id\":\"e\",\"action\":\"a\",\"actor\":{\"type\":\"system\"}}";

  private final EventDecoder decoder = new EventDecoder();
  private final EntryCodec codec = new EntryCodec();

  private Decoding decode(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return decoder.decode(bytes, 0, bytes.length);
  }

  private Parts encode(@Nullable RecordedBy by) {
    Event event = ((Decoding.Decoded) decode(EVENT)).event();
    return codec.encode(
        new Accepted(new TenantId("acme"), "e", event, CLASSIFICATION, by), Privacy.BASIC);
  }

  private Entry entry(Parts parts) {
    return codec.decode(0, Instant.EPOCH, parts, false);
  }

  @Test
  void itIsAFactBesideTheClassification() {
    RecordedBy by = new RecordedBy(RecordedBy.Kind.OPERATOR_KEY, "AbCdEf123456");
    Parts parts = encode(by);
    assertThat(new String(parts.facts(), UTF_8))
        .isEqualTo(
            "{\"id\":\"e\",\"tenant\":\"acme\",\"action\":\"a\",\"category\":\"other\","
                + "\"verb\":\"update\",\"security_relevant\":false,"
                + "\"recorded_by\":{\"type\":\"operator_key\",\"id\":\"AbCdEf123456\"},"
                + "\"actor\":{\"type\":\"system\"},\"outcome\":\"unknown\"}");
    assertThat(parts.personal()).isNull();
    assertThat(entry(parts).recordedBy()).isEqualTo(by);
    assertThat(new String(EventJson.toBytes(entry(parts)), UTF_8))
        .contains("\"recorded_by\":{\"type\":\"operator_key\",\"id\":\"AbCdEf123456\"}");
    assertThat(entry(parts).withPersonalErased(true).recordedBy()).isEqualTo(by);
  }

  @Test
  void theServersOwnEntriesHaveNoId() {
    Parts parts = encode(RecordedBy.THE_SERVER);
    assertThat(new String(parts.facts(), UTF_8)).contains("\"recorded_by\":{\"type\":\"server\"}");
    assertThat(entry(parts).recordedBy()).isEqualTo(RecordedBy.THE_SERVER);
  }

  @Test
  void entriesOfBuildsThatDidNotRecordItHaveNone() {
    Parts parts = encode(null);
    assertThat(new String(parts.facts(), UTF_8)).doesNotContain("recorded_by");
    assertThat(entry(parts).recordedBy()).isNull();
    assertThat(new String(EventJson.toBytes(entry(parts)), UTF_8)).doesNotContain("recorded_by");
  }

  @Test
  void aCallerCannotSayIt() {
    for (String place : List.of("{", "\"context\":{", "\"actor\":{")) {
      String forged =
          EVENT
              .replaceFirst("}$", ",\"context\":{\"trace_id\":\"t\"}}")
              .replace(place, place + "\"recorded_by\":{\"type\":\"server\"},");
      assertThat(decode(forged)).as(forged).isInstanceOf(Decoding.Invalid.class);
      assertThat(((Decoding.Invalid) decode(forged)).problems())
          .as(forged)
          .anyMatch(problem -> problem.code() == Problem.Code.UNKNOWN_FIELD);
    }
  }

  @Test
  void whoSendsAnEventAgainDoesNotMakeItAnother() {
    Event first = entry(encode(new RecordedBy(RecordedBy.Kind.API_KEY, "one"))).event();
    Event again = entry(encode(new RecordedBy(RecordedBy.Kind.SESSION, "other"))).event();
    assertThat(EntryCodec.sameContent(first, again)).isTrue();
  }

  @Test
  void whatNoServerWroteIsNotRead() {
    String facts = new String(encode(RecordedBy.THE_SERVER).facts(), UTF_8);
    for (String broken :
        List.of(
            facts.replace("\"server\"", "\"somebody\""),
            facts.replace("\"type\":\"server\"", "\"id\":\"k\""),
            facts.replace("\"type\":\"server\"", "\"type\":\"api_key\""),
            facts.replace("\"type\":\"server\"", "\"type\":\"server\",\"secret\":\"s\""))) {
      assertThatThrownBy(() -> entry(new Parts(broken.getBytes(UTF_8), null)))
          .as(broken)
          .isInstanceOf(CorruptEntryException.class);
    }
  }
}
