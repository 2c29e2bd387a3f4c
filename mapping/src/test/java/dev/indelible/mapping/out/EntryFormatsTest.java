package dev.indelible.mapping.out;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.mapping.out.SyslogForms.Received;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What of an entry is in each of its forms. Draws entries at random, by a seed that is printed. */
class EntryFormatsTest {

  private static final int DRAWS = Boolean.getBoolean("long") ? 20_000 : 400;

  private final long seed = Long.getLong("test.seed", System.nanoTime());

  private static EntryFormat format(String name) {
    return EntryFormats.byName(name).orElseThrow();
  }

  /** The line that a form writes, which is checked to be one of UTF-8. */
  private static String line(String name, ObjectNode entry) {
    ObjectNode before = entry.deepCopy();
    byte[] bytes = format(name).format(entry, Entries.INTEGRITY);
    assertThat(entry).isEqualTo(before);
    try {
      String line = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      assertThat(line).doesNotContain("\n").doesNotContain("\r").doesNotContain("\u0000");
      return line;
    } catch (CharacterCodingException failure) {
      throw new AssertionError(name + " is no UTF-8: " + entry, failure);
    }
  }

  /** All texts, numbers as they are written, and names of a tree. */
  private static Set<String> said(JsonNode node) {
    Set<String> said = new HashSet<>();
    collect(node, said);
    return said;
  }

  private static void collect(JsonNode node, Set<String> into) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              member -> {
                into.add(member.getKey());
                collect(member.getValue(), into);
              });
    } else if (node.isArray()) {
      node.forEach(element -> collect(element, into));
    } else {
      into.add(node.asString());
    }
  }

  private static String millis(JsonNode time) {
    return Long.toString(Instant.parse(time.asString()).toEpochMilli());
  }

  /** Values that a form says in other words. */
  private static Set<String> inOtherWords(ObjectNode entry) {
    return Set.of(
        entry.path("outcome").asString(),
        entry.path("security_relevant").asString(),
        entry.path("recorded_at").asString(),
        entry.path("occurred_at").asString());
  }

  private static Set<String> saidOf(ObjectNode entry) {
    Set<String> values = new HashSet<>();
    Set<String> names = Set.of("details", "changes");
    entry
        .properties()
        .forEach(
            member -> {
              if (names.contains(member.getKey())) {
                collect(member.getValue(), values);
              } else {
                values(member.getValue(), values);
              }
            });
    return values;
  }

  private static void values(JsonNode node, Set<String> into) {
    if (node.isContainer()) {
      node.forEach(inner -> values(inner, into));
    } else {
      into.add(node.asString());
    }
  }

  @Test
  void theEntryItselfAndCloudEventsHoldItToTheDigit() {
    System.out.println("seed " + seed);
    Entries entries = new Entries(seed);
    for (int i = 0; i < DRAWS; i++) {
      ObjectNode entry = entries.entry();
      assertThat(Entries.JSON.readTree(line("native", entry))).isEqualTo(entry);
      JsonNode event = Entries.JSON.readTree(line("cloudevents", entry));
      assertThat(event.path("data")).isEqualTo(entry);
      assertThat(event.path("specversion").asString()).isEqualTo("1.0");
      assertThat(event.path("id")).isEqualTo(entry.path("id"));
      assertThat(event.path("type")).isEqualTo(entry.path("action"));
      assertThat(event.path("time")).isEqualTo(entry.path("occurred_at"));
      assertThat(event.path("source").asString()).contains(entry.path("tenant").asString());
      assertThat(event.path("datacontenttype").asString()).isEqualTo("application/json");
    }
  }

  @Test
  void ocsfAndEcsLoseNothing() {
    System.out.println("seed " + seed);
    Entries entries = new Entries(seed);
    for (int i = 0; i < DRAWS; i++) {
      ObjectNode entry = entries.entry();
      JsonNode ocsf = Entries.JSON.readTree(line("ocsf", entry));
      JsonNode meta = ocsf.path("metadata");
      assertThat(meta.path("uid")).isEqualTo(entry.path("id"));
      assertThat(meta.path("sequence")).isEqualTo(entry.path("seq"));
      assertThat(meta.path("tenant_uid")).isEqualTo(entry.path("tenant"));
      assertThat(meta.path("event_code")).isEqualTo(entry.path("action"));
      assertThat(ocsf.path("time").asString()).isEqualTo(millis(entry.path("occurred_at")));
      assertThat(meta.path("logged_time").asString()).isEqualTo(millis(entry.path("recorded_at")));
      assertThat(ocsf.path("status").asString())
          .isEqualToIgnoringCase(entry.path("outcome").asString());
      assertThat(ocsf.at("/actor/user/type")).isEqualTo(entry.at("/actor/type"));
      if (entry.path("actor").has("id")) {
        assertThat(ocsf.at("/actor/user/uid")).isEqualTo(entry.at("/actor/id"));
      }
      assertAllSaid(entry, said(ocsf));

      JsonNode ecs = Entries.JSON.readTree(line("ecs", entry));
      assertThat(ecs.at("/event/id")).isEqualTo(entry.path("id"));
      assertThat(ecs.at("/event/sequence")).isEqualTo(entry.path("seq"));
      assertThat(ecs.at("/event/outcome")).isEqualTo(entry.path("outcome"));
      assertThat(ecs.at("/event/created")).isEqualTo(entry.path("recorded_at"));
      assertThat(ecs.path("@timestamp")).isEqualTo(entry.path("occurred_at"));
      assertThat(ecs.at("/organization/id")).isEqualTo(entry.path("tenant"));
      assertThat(ecs.at("/user/id").asString()).isEqualTo(entry.at("/actor/id").asString());
      assertAllSaid(entry, said(ecs));
      for (JsonNode document : List.of(ocsf, ecs)) {
        assertNoRoundedNumber(document);
      }
    }
  }

  private static void assertAllSaid(ObjectNode entry, Set<String> said) {
    Set<String> missing = saidOf(entry);
    missing.removeAll(said);
    missing.removeAll(inOtherWords(entry));
    assertThat(missing).as("%s", entry).isEmpty();
  }

  /** A reader of doubles has every number as it is written. */
  private static void assertNoRoundedNumber(JsonNode node) {
    if (node.isNumber()) {
      double read = node.doubleValue();
      assertThat(read).isFinite();
      assertThat(new BigDecimal(Double.toString(read))).isEqualByComparingTo(node.decimalValue());
    }
    node.forEach(EntryFormatsTest::assertNoRoundedNumber);
  }

  @Test
  void cefAndLeefAreReadBackToTheCharacter() {
    System.out.println("seed " + seed);
    Entries entries = new Entries(seed);
    for (int i = 0; i < DRAWS; i++) {
      ObjectNode entry = entries.entry();
      Received cef = SyslogForms.cef(line("cef", entry));
      assertThat(cef.header().get(3)).isEqualTo(entry.path("action").asString());
      assertThat(cef.values())
          .containsEntry("externalId", entry.path("id").asString())
          .containsEntry("cn1", entry.path("seq").asString())
          .containsEntry("cs1", entry.path("tenant").asString())
          .containsEntry("outcome", entry.path("outcome").asString())
          .containsEntry("start", millis(entry.path("occurred_at")))
          .containsEntry("rt", millis(entry.path("recorded_at")));
      assertThat(cef.values().getOrDefault("suid", ""))
          .isEqualTo(entry.at("/actor/id").asString(""));
      assertAllSaid(entry, saidIn(cef, "cs4", "cs6"));

      Received leef = SyslogForms.leef(line("leef", entry));
      assertThat(leef.header().get(3)).isEqualTo(entry.path("action").asString());
      assertThat(leef.values())
          .containsEntry("id", entry.path("id").asString())
          .containsEntry("seq", entry.path("seq").asString())
          .containsEntry("tenant", entry.path("tenant").asString())
          .containsEntry("outcome", entry.path("outcome").asString())
          .containsEntry("occurredTime", entry.path("occurred_at").asString())
          .containsEntry("recordedTime", entry.path("recorded_at").asString());
      assertThat(leef.values().getOrDefault("usrName", ""))
          .isEqualTo(entry.at("/actor/id").asString(""));
      assertAllSaid(entry, saidIn(leef, "changes", "more", "role", "targets"));
    }
  }

  /** All texts of an event, those in the values that are JSON among them. */
  private static Set<String> saidIn(Received received, String... json) {
    Set<String> said = new HashSet<>(received.values().values());
    for (String key : json) {
      String value = received.values().get(key);
      if (value != null) {
        collect(Entries.JSON.readTree(value), said);
      }
    }
    return said;
  }

  @ParameterizedTest
  @ValueSource(strings = {"native", "cloudevents", "ocsf", "ecs", "cef", "leef"})
  void halvesOfPairsAndNulBreakNoForm(String name) {
    ObjectNode entry = new Entries(1).entry();
    entry.put("reason", "a\u0000b\ud800c\udc00d");
    assertThat(line(name, entry)).matches("(?s).*a(\ufffd|\\\\+u0000)b.c.d.*");
  }

  @Test
  void longNumbersAreTextWhereAskedFor() {
    ObjectNode entry = new Entries(2).entry();
    entry.set("details", Entries.JSON.readTree("{\"n\": 12345678901234567890, \"m\": 5}"));
    EntryFormat plain = format("native");
    EntryFormat asText = EntryFormats.withLongNumbersAsText(plain);
    assertThat(new String(plain.format(entry, null), StandardCharsets.UTF_8))
        .contains("{\"n\":12345678901234567890,\"m\":5}");
    assertThat(new String(asText.format(entry, null), StandardCharsets.UTF_8))
        .contains("{\"n\":\"12345678901234567890\",\"m\":5}");
  }

  @Test
  void onlyAnEntryThatASignedTreeCoversSaysWhereItStands() {
    ObjectNode entry = new Entries(3).entry();
    JsonNode covered = Entries.JSON.readTree(line("ocsf", entry));
    assertThat(covered.at("/attestation_list/0/chain_uid").asString())
        .isEqualTo("logs.example.com/acme");
    assertThat(covered.at("/attestation_list/0/fingerprint/value").asString())
        .isEqualTo("0".repeat(64));
    assertThat(covered.at("/metadata/profiles/0").asString()).isEqualTo("record_integrity");
    JsonNode open = Entries.JSON.readTree(format("ocsf").format(entry, null));
    assertThat(open.has("attestation_list")).isFalse();
    assertThat(open.at("/metadata/profiles").toString()).doesNotContain("record_integrity");
  }
}
