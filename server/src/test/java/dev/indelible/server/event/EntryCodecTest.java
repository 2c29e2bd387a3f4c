package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.EntryCodec.Accepted;
import dev.indelible.server.event.EntryCodec.Parts;
import dev.indelible.server.event.EntryCodec.Privacy;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EntryCodecTest {

  private static final TenantId ACME = new TenantId("acme");
  private static final Instant RECORDED = Instant.parse("2026-11-20T10:00:00.005Z");
  private static final Classification CLASSIFICATION =
      new Classification("user_management", "update", true, List.of("late", "unknown_action"));
  private static final Privacy STRICT =
      new Privacy(
          new PersonalRules(
              Set.of("email", "phone"),
              List.of("/email", "/a/email", "/b/*/a", "/people/name"),
              true),
          new HmacActorHasher(new byte[HmacActorHasher.KEY_BYTES]));

  private final EntryCodec codec = new EntryCodec();
  private final EventDecoder decoder = new EventDecoder();

  private Event event(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    Decoding decoding = decoder.decode(bytes, 0, bytes.length);
    assertThat(decoding).as(json).isInstanceOf(Decoding.Decoded.class);
    return ((Decoding.Decoded) decoding).event();
  }

  private static String text(byte[] part) {
    return new String(part, UTF_8);
  }

  private Parts encode(Event event, Privacy privacy) {
    return codec.encode(new Accepted(ACME, "e1", event, CLASSIFICATION), privacy);
  }

  private Event full() {
    return event(
        """
        {"id":"e1","account":"eu","occurred_at":"2026-11-20T10:00:00.000Z",
         "action":"user.role_changed",
         "actor":{"type":"user","id":"u_7","name":"Ana","email":"ana@acme.test","roles":["owner"],
           "on_behalf_of":{"type":"support","id":"s_1","name":"Sam"}},
         "targets":[{"type":"role","id":"r_1"},{"type":"user","id":"u_9","name":"Bo","href":"/u/9"}],
         "outcome":"success",
         "changes":[{"field":"role","before":"agent","after":"admin"},
                    {"field":"contact.email","before":"old@x.test","after":"new@x.test"}],
         "reason":"ticket 4711",
         "context":{"ip":"203.0.113.9","location":{"country":"DE","latitude":52.5},
           "user_agent":"curl","session_id":"s1"},
         "details":{"n":1.50,"people":[{"name":"Cy","role":"x"},7,{"role":"y"}]}}""");
  }

  @Test
  void writesTheseBytesAndNoOthers() {
    Parts parts = encode(full(), Privacy.BASIC);
    assertThat(text(parts.facts()))
        .isEqualTo(
            "{\"id\":\"e1\",\"tenant\":\"acme\",\"account\":\"eu\","
                + "\"occurred_at\":\"2026-11-20T10:00:00.000Z\",\"action\":\"user.role_changed\","
                + "\"category\":\"user_management\",\"verb\":\"update\",\"security_relevant\":true,"
                + "\"flags\":[\"late\",\"unknown_action\"],\"actor\":{\"type\":\"user\","
                + "\"id\":\"u_7\",\"roles\":[\"owner\"],\"on_behalf_of\":{\"type\":\"support\","
                + "\"id\":\"s_1\"}},\"targets\":[{\"type\":\"role\",\"id\":\"r_1\"},"
                + "{\"type\":\"user\",\"id\":\"u_9\",\"href\":\"/u/9\"}],\"outcome\":\"success\","
                + "\"changes\":[{\"field\":\"role\",\"before\":\"agent\",\"after\":\"admin\"},"
                + "{\"field\":\"contact.email\",\"before\":\"old@x.test\","
                + "\"after\":\"new@x.test\"}],\"reason\":\"ticket 4711\","
                + "\"context\":{\"session_id\":\"s1\"},\"details\":{\"n\":1.50,"
                + "\"people\":[{\"name\":\"Cy\",\"role\":\"x\"},7,{\"role\":\"y\"}]}}");
    assertThat(text(Objects.requireNonNull(parts.personal())))
        .isEqualTo(
            "{\"actor\":{\"name\":\"Ana\",\"email\":\"ana@acme.test\","
                + "\"on_behalf_of\":{\"name\":\"Sam\"}},\"targets\":[{},{\"name\":\"Bo\"}],"
                + "\"context\":{\"ip\":\"203.0.113.9\",\"location\":{\"country\":\"DE\","
                + "\"latitude\":52.5},\"user_agent\":\"curl\"}}");
  }

  @Test
  void theRulesMoveMoreIntoThePersonalPart() {
    Parts parts = encode(full(), STRICT);
    assertThat(text(parts.facts()))
        .doesNotContain("u_7", "s_1", "old@x.test", "new@x.test", "Cy", "Ana")
        .contains("\"id_hash\":\"", "{\"field\":\"contact.email\"}")
        .contains("\"people\":[{\"role\":\"x\"},7,{\"role\":\"y\"}]");
    assertThat(text(Objects.requireNonNull(parts.personal())))
        .contains("\"actor\":{\"id\":\"u_7\"", "\"on_behalf_of\":{\"id\":\"s_1\"")
        .contains("\"changes\":[{},{\"before\":\"old@x.test\",\"after\":\"new@x.test\"}]")
        .contains("\"details\":{\"people\":[{\"name\":\"Cy\"},{},{}]}");
    Entry entry = codec.decode(3, RECORDED, parts, false);
    assertThat(EntryCodec.sameContent(full(), entry.event())).isTrue();
  }

  @Test
  void withoutThePersonalPartTheHashStillLinksOneActorsEntries() {
    Parts one = encode(full(), STRICT);
    Parts other =
        encode(event("{\"action\":\"a\",\"actor\":{\"type\":\"user\",\"id\":\"u_7\"}}"), STRICT);
    Entry first = codec.decode(0, RECORDED, new Parts(one.facts(), null), true);
    Entry second = codec.decode(1, RECORDED, new Parts(other.facts(), null), true);
    assertThat(first.event().actor().id()).isNull();
    assertThat(first.event().actor().idHash())
        .isEqualTo(second.event().actor().idHash())
        .hasSize(64);
    assertThat(first.personalErased()).isTrue();
    assertThat(first.event().targets().get(1).name()).isNull();
    assertThat(text(EventJson.toBytes(first))).contains("\"personal_erased\":true", "\"id_hash\"");
  }

  @Test
  void theHashIsHmacSha256OfTheIdInHexadecimal() {
    // RFC 4231 has no 32-byte key, so this was computed with openssl dgst -sha256 -mac HMAC.
    assertThat(new HmacActorHasher(new byte[32]).hash("u_7"))
        .isEqualTo("4728830bda882cb8ac25ce15c458b7087e636dfc21b09129d9a22374a8089ca0");
  }

  @Test
  void anEventWithNothingPersonalHasNoPersonalPart() {
    Parts parts =
        encode(event("{\"action\":\"a\",\"actor\":{\"type\":\"system\"}}"), Privacy.BASIC);
    assertThat(parts.personal()).isNull();
    assertThat(text(parts.facts())).doesNotContain("occurred_at", "recorded_at", "personal");
    Entry entry = codec.decode(0, RECORDED, parts, false);
    assertThat(entry.occurredAt()).isEqualTo(RECORDED);
    assertThat(entry.event().occurredAt()).isNull();
  }

  @Test
  void anEntrysJsonHoldsBothPartsAndThePlaceInTheLog() {
    Entry entry = codec.decode(42, RECORDED, encode(full(), Privacy.BASIC), false);
    assertThat(text(EventJson.toBytes(entry)))
        .startsWith(
            "{\"id\":\"e1\",\"tenant\":\"acme\",\"account\":\"eu\",\"seq\":42,"
                + "\"occurred_at\":\"2026-11-20T10:00:00.000Z\","
                + "\"recorded_at\":\"2026-11-20T10:00:00.005Z\",\"action\":\"user.role_changed\","
                + "\"category\":\"user_management\",\"verb\":\"update\",\"security_relevant\":true,"
                + "\"flags\":[\"late\",\"unknown_action\"],\"actor\":{\"type\":\"user\"")
        .contains("\"name\":\"Ana\"", "\"ip\":\"203.0.113.9\"")
        .doesNotContain("personal_erased");
  }

  @Test
  void whatIsStoredIsReadBackTheSame() {
    long seed = System.nanoTime();
    RandomEvents events = new RandomEvents(seed);
    for (int i = 0; i < 10_000; i++) {
      Event event = events.next();
      Privacy privacy = i % 2 == 0 ? Privacy.BASIC : STRICT;
      String id = event.id() == null ? "given" : event.id();
      Accepted accepted = new Accepted(ACME, id, event, CLASSIFICATION);
      Parts parts = codec.encode(accepted, privacy);
      Entry entry = codec.decode(i, RECORDED, parts, false);
      String shown = "seed " + seed + ", event " + i + ": " + text(parts.facts());
      assertThat(EntryCodec.sameContent(event, entry.event())).as(shown).isTrue();
      assertThat(entry.classification()).isEqualTo(CLASSIFICATION);
      assertThat(entry.id()).isEqualTo(id);
      assertThat(entry.tenant()).isEqualTo(ACME);
      Parts again = codec.encode(new Accepted(ACME, id, event, CLASSIFICATION), privacy);
      assertThat(again.facts()).as(shown).isEqualTo(parts.facts());
      assertThat(again.personal()).as(shown).isEqualTo(parts.personal());
      // The facts alone can be read too: that is what erasure leaves.
      codec.decode(i, RECORDED, new Parts(parts.facts(), null), parts.personal() != null);
    }
  }

  @Test
  void differentEventsAreNotTheSame() {
    String base =
        "{\"action\":\"a\",\"actor\":{\"type\":\"user\",\"id\":\"u\",\"roles\":[\"x\",\"y\"]},"
            + "\"changes\":[{\"field\":\"f\",\"before\":null}],\"reason\":\"r\","
            + "\"details\":{\"a\":[1,{\"b\":true}],\"c\":\"1\"}}";
    Event event = event(base);
    assertThat(
            EntryCodec.sameContent(
                event,
                event(
                    "{\"details\":{\"c\":\"1\",\"a\":[1.0,{\"b\":true}]},\"reason\":\"r\","
                        + "\"outcome\":\"unknown\",\"tenant\":\"acme\",\"targets\":[],"
                        + "\"changes\":[{\"before\":null,\"field\":\"f\"}],"
                        + "\"actor\":{\"roles\":[\"x\",\"y\"],\"id\":\"u\",\"type\":\"user\"},"
                        + "\"action\":\"a\"}")))
        .isTrue();
    List.of(
            base.replace("\"a\":[1", "\"a\":[2"),
            base.replace("\"b\":true", "\"b\":false"),
            base.replace("\"c\":\"1\"", "\"c\":1"),
            base.replace("\"reason\":\"r\",", ""),
            base.replace("[\"x\",\"y\"]", "[\"y\",\"x\"]"),
            base.replace(",\"before\":null", ""),
            base.replace("\"field\":\"f\"", "\"field\":\"g\""),
            base.replace("\"id\":\"u\"", "\"id\":\"v\""),
            base.replace("\"action\":\"a\"", "\"action\":\"b\""),
            base.replace("\"reason\"", "\"occurred_at\":\"2026-01-01T00:00:00Z\",\"reason\""),
            base.replace("\"reason\"", "\"context\":{\"ip\":\"::1\"},\"reason\""))
        .forEach(
            other -> assertThat(EntryCodec.sameContent(event, event(other))).as(other).isFalse());
  }

  @Test
  void brokenPartsAreNotRead() {
    Parts parts = encode(full(), Privacy.BASIC);
    for (String facts :
        List.of(
            "",
            "[]",
            "{}",
            text(parts.facts()).substring(1),
            text(parts.facts()) + "x",
            text(parts.facts()).replace("\"outcome\":\"success\",", ""),
            text(parts.facts()).replace("\"reason\"", "\"colour\""))) {
      assertThatThrownBy(
              () -> codec.decode(0, RECORDED, new Parts(facts.getBytes(UTF_8), null), false))
          .as(facts)
          .isInstanceOf(CorruptEntryException.class);
    }
  }

  @Test
  void pathsIntoDetailsPassThroughArraysAndTakeWholeValues() {
    Event event =
        event(
            "{\"action\":\"a\",\"actor\":{\"type\":\"system\"},\"details\":{\"email\":[1,2],"
                + "\"a\":[[{\"email\":{\"x\":1},\"k\":1}],\"s\"],\"b\":{\"z\":{\"a\":1,\"q\":2}}}}");
    Parts parts = encode(event, STRICT);
    assertThat(text(parts.facts()))
        .endsWith("\"details\":{\"a\":[[{\"k\":1}],\"s\"],\"b\":{\"z\":{\"q\":2}}}}");
    assertThat(text(Objects.requireNonNull(parts.personal())))
        .isEqualTo(
            "{\"details\":{\"email\":[1,2],\"a\":[[{\"email\":{\"x\":1}}],{}],"
                + "\"b\":{\"z\":{\"a\":1}}}}");
    assertThat(EntryCodec.sameContent(event, codec.decode(0, RECORDED, parts, false).event()))
        .isTrue();
    assertThatThrownBy(() -> new PersonalRules(Set.of(), List.of("email"), false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
