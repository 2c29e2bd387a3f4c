package dev.indelible.server.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.HmacActorHasher;
import dev.indelible.server.event.PersonalRules;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.EntryTerms;
import dev.indelible.server.query.RandomEntries;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The terms that are found in stored bytes are those that {@link EntryTerms} defines. */
class PartTermsTest {

  private static final TenantId ACME = new TenantId("acme");
  private static final EntryCodec CODEC = new EntryCodec();
  private static final EntryCodec.Privacy HASHING =
      new EntryCodec.Privacy(
          new PersonalRules(Set.of("role"), List.of("/inner", "/settings"), true),
          new HmacActorHasher(new byte[HmacActorHasher.KEY_BYTES]));

  private final EntryTerms entryTerms = new EntryTerms();
  private final TermList found = new TermList();
  private final FacetValues foundFacets = new FacetValues();
  private final PartTerms parts = new PartTerms(found, foundFacets, entryTerms);

  /** Terms as text, each byte a character; the buffer is reused. */
  private static Set<String> terms(TermList list) {
    Set<String> terms = new TreeSet<>();
    for (int i = 0; i < list.size(); i++) {
      terms.add(
          new String(
              list.array(),
              list.startOf(i),
              list.endOf(i) - list.startOf(i),
              StandardCharsets.ISO_8859_1));
    }
    return terms;
  }

  private boolean read(Indexable stored) {
    found.begin(stored.tenant().value());
    return parts.read(stored);
  }

  /** Reads an entry both ways and compares; returns whether its bytes were enough. */
  private boolean agrees(Indexable stored, String description) {
    if (!read(stored)) {
      return false;
    }
    Entry entry = stored.decode(CODEC);
    TermList expected = new TermList();
    expected.begin(entry.tenant().value());
    entryTerms.of(entry, expected);
    assertThat(terms(found)).as(description).isEqualTo(terms(expected));
    FacetValues facets = new FacetValues();
    facets.load(entry);
    for (FacetField field : FacetField.values()) {
      assertThat(foundFacets.texts(field))
          .as("%s of %s", field, description)
          .containsExactlyInAnyOrderElementsOf(facets.texts(field));
    }
    assertThat(parts.occurredAtMillis())
        .as(description)
        .isEqualTo(entry.occurredAt().toEpochMilli());
    assertThat(parts.isEarly()).as(description).isEqualTo(entry.isEarly());
    return true;
  }

  private static Indexable stored(Entry entry, EntryCodec.Privacy privacy) {
    EntryCodec.Parts parts =
        CODEC.encode(
            new EntryCodec.Accepted(
                entry.tenant(),
                entry.id(),
                entry.event(),
                entry.classification(),
                entry.recordedBy()),
            privacy);
    return new Indexable(
        entry.tenant(), entry.seq(), entry.recordedAt().toEpochMilli(), parts, false);
  }

  @RepeatedTest(4)
  void ofEntriesAtRandomTheyAreTheSame(RepetitionInfo repetition) {
    RandomGenerator random =
        RandomGeneratorFactory.of("L64X128MixRandom").create(repetition.getCurrentRepetition());
    RandomEntries entries = new RandomEntries(random);
    int direct = 0;
    int asked = 2_000;
    for (int seq = 0; seq < asked; seq++) {
      Entry entry = entries.entry(ACME, seq);
      Indexable stored = stored(entry, seq % 3 == 0 ? HASHING : EntryCodec.Privacy.BASIC);
      if (entry.personalErased()) {
        stored =
            new Indexable(
                ACME,
                seq,
                stored.recordedAtMillis(),
                new EntryCodec.Parts(stored.parts().facts(), null),
                true);
      }
      direct +=
          agrees(
                  stored,
                  "seed %d, entry %d: %s"
                      .formatted(
                          repetition.getCurrentRepetition(),
                          seq,
                          new String(stored.parts().facts(), StandardCharsets.UTF_8)))
              ? 1
              : 0;
    }
    assertThat(direct).as("entries whose bytes were enough").isGreaterThan(asked / 3);
  }

  private static Indexable with(String members, byte[] personal) {
    String facts =
        """
        {"id":"e","tenant":"acme","action":"user.Role_changed","category":"c","verb":"b",\
        "security_relevant":true,"actor":{"type":"user","id":"u_1"},"outcome":"success"%s}"""
            .formatted(members);
    return new Indexable(
        ACME,
        7,
        1_000,
        new EntryCodec.Parts(
            facts.getBytes(StandardCharsets.UTF_8), personal.length == 0 ? null : personal),
        false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",\"occurred_at\":\"2026-11-20T10:00:00.000Z\"",
        ",\"reason\":\"\"",
        ",\"reason\":\"a_b __ _ 1_2 x-y 0199A1B2-3c4d-7e5f-8a9b-0c1d2e3f4a5b!\"",
        ",\"reason\":\"0199a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5bz 0199a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5\"",
        ",\"reason\":\"a \\\"quoted\\\" line\\nand\\t\\\\ another\\r\\f\\b\"",
        ",\"reason\":\"caf\u00e9 \u00dcber\"",
        ",\"details\":{}",
        ",\"details\":{\"---\":null}",
        ",\"details\":{\"a\":{},\"b\":[],\"c\":[[1,-2],{\"d\":true}],\"e\":false,\"f\":-0}",
        ",\"details\":{\"a\":3.25,\"b\":-0.50,\"c\":0.000001,\"d\":123456.7}",
        ",\"changes\":[{\"field\":\"a.b\",\"before\":null,\"after\":{\"x\":[1]}},{\"field\":\"c\"}]",
        ",\"targets\":[{\"type\":\"t\",\"id\":\"0199a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5b\"}]",
        ",\"targets\":[{\"type\":\"t\",\"id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"href\":\"x\"}]",
        ",\"targets\":[{\"type\":\"t\",\"id\":\"4BF92F3577B34DA6A3CE929D0E0E4736\"},"
            + "{\"type\":\"s\",\"id\":\"A/b\"}]",
        ",\"context\":{\"trace_id\":\"t\",\"producer\":\"desk 3\",\"producer_seq\":90}",
        ",\"recorded_by\":{\"type\":\"server\"},\"flags\":[\"early\",\"x\"]",
        ",\"recorded_by\":{\"type\":\"session\",\"id\":\"s_1\"}"
      })
  void theUsualIsFoundInTheBytes(String members) {
    assertThat(agrees(with(members, new byte[0]), members)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"reason\":\"\\u0001\"",
        ",\"details\":{\"n\":1e400}",
        ",\"details\":{\"n\":0.00000000001}",
        ",\"details\":{\"n\":1.0E10}",
        ",\"details\":{\"n\":1.2.3}",
        ",\"details\":{\"n\":1234567890123456789012}",
        ",\"targets\":[{\"type\":\"t\"}]",
        ",\"somebody\":\"else\"",
        ", \"reason\":\"white space\"",
        ",\"outcome\":\"another\"",
        ",\"reason\":null",
        ",\"reason\":\"no end",
        "}{"
      })
  void theUnusualIsLeftToTheOtherWay(String members) {
    assertThat(read(with(members, new byte[0]))).isFalse();
    assertThat(read(with("", new byte[0]))).as("and the next one is read again").isTrue();
  }

  @Test
  void anIdInThePersonalPartMakesThatOfTheFactsAHashAndIsLeftToTheOtherWay() {
    byte[] personal = "{\"targets\":[{\"id\":\"ana\"}]}".getBytes(StandardCharsets.UTF_8);
    assertThat(read(with(",\"targets\":[{\"type\":\"user\",\"id\":\"00ff\"}]", personal)))
        .isFalse();
  }

  @Test
  void namesAndUserAgentsThatComeBackHaveTheSameTerms() {
    List<Indexable> entries = new ArrayList<>();
    for (int i = 0; i < 3 * TermCache.SLOTS; i++) {
      String name = i % 3 == 0 ? "José Núñez" : "Göran " + i;
      String agent = i % 2 == 0 ? "Mozilla/5.0 (X11) Firefox/128" : "curl/" + i + " é";
      entries.add(
          with(
              "",
              "{\"actor\":{\"name\":\"%s\"},\"context\":{\"user_agent\":\"%s\"}}"
                  .formatted(name, agent)
                  .getBytes(StandardCharsets.UTF_8)));
    }
    for (Indexable entry : entries) {
      assertThat(agrees(entry, Arrays.toString(entry.parts().personal()))).isTrue();
    }
  }

  @Test
  void termsThatAreLongAreCutAsTheyAreElsewhere() {
    String word = "x".repeat(2_100);
    assertThat(agrees(with(",\"account\":\"" + word + "\"", new byte[0]), "plain")).isTrue();
    String accented = "é" + word;
    assertThat(agrees(with(",\"account\":\"" + accented + "\"", new byte[0]), "others")).isTrue();
  }
}
