package dev.indelible.cli.map;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.source.RecordSource;
import dev.indelible.cli.source.SourceRecord;
import dev.indelible.cli.source.Sources;
import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Mapping;
import dev.indelible.mapping.Sample;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.EventDecoder;
import dev.indelible.server.event.HmacActorHasher;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Classifier;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The samples that come with the program, through their maps: events, and what the server keeps of
 * them as facts. The events were read by eye; {@code send --map NAME --sample --dry-run} prints
 * them.
 */
class SourceSamplesTest {

  /** Words that stand for the people of the samples, and for what is secret in them. */
  private static final List<String> NEEDLES =
      List.of(
          "mara",
          "quist",
          "holm",
          "jonas",
          "ekberg",
          "olaf",
          "brandt",
          "sailor",
          "lead@",
          "198.51.100.",
          "203.0.113.",
          "gothenburg",
          "made-up",
          "bWFkZS11cC0z");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Maps whose samples are about the people of {@link #NEEDLES}; the others have own tests. */
  static Stream<String> sources() {
    return LogMap.BUILT_IN.stream()
        .filter(map -> !Set.of("git", "github", "okta", "cloudtrail").contains(map));
  }

  static Stream<String> samples() {
    return LogMap.BUILT_IN.stream().filter(map -> !map.equals(LogMap.GIT));
  }

  private static List<JsonNode> records(String name) throws IOException {
    LogMap map = LogMap.builtIn(name).orElseThrow();
    Sample sample = Sample.of(name).orElseThrow();
    List<JsonNode> records = new ArrayList<>();
    try (RecordSource source =
        Sources.open(
            map.input(), sample.fileName(), sample.fileName(), sample.open(), map.records())) {
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        assertThat(record).isInstanceOf(SourceRecord.Parsed.class);
        records.add(((SourceRecord.Parsed) record).tree());
      }
    }
    return records;
  }

  private static List<ObjectNode> events(String name) throws IOException {
    Mapper mapper = new Mapper(LogMap.builtIn(name).orElseThrow());
    List<ObjectNode> events = new ArrayList<>();
    for (JsonNode record : records(name)) {
      for (Mapping mapping : mapper.map(record)) {
        if (!(mapping instanceof Mapping.Skipped)) {
          assertThat(mapping).isInstanceOf(Mapping.Mapped.class);
          events.add(((Mapping.Mapped) mapping).event());
        }
      }
    }
    return events;
  }

  private static Event decoded(ObjectNode event) {
    byte[] json = JSON.writeValueAsBytes(event);
    Decoding decoding = new EventDecoder().decode(json, 0, json.length);
    assertThat(decoding).as("%s", event).isInstanceOf(Decoding.Decoded.class);
    return ((Decoding.Decoded) decoding).event();
  }

  private static String facts(Profile profile, Event event) {
    Classifier.Verdict.Recorded recorded =
        (Classifier.Verdict.Recorded) new Classifier(profile).classify(event);
    Event kept = recorded.secrets().marked() ? recorded.secrets().keys().marked(event) : event;
    return new String(
        new EntryCodec()
            .encode(
                new EntryCodec.Accepted(new TenantId("t"), "id", kept, recorded.classification()),
                new EntryCodec.Privacy(recorded.personal(), new HmacActorHasher(new byte[32])))
            .facts(),
        UTF_8);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void becomeTheEventsThatWereReadByEye(String name) throws IOException {
    StringBuilder events = new StringBuilder();
    for (ObjectNode event : events(name)) {
      events.append(JSON.writeValueAsString(event)).append('\n');
    }
    assertThat(events).isNotEmpty();
    try (InputStream expected = getClass().getResourceAsStream("sample/" + name + ".ndjson")) {
      assertThat(expected).as(name).isNotNull();
      assertThat(events.toString()).isEqualTo(new String(expected.readAllBytes(), UTF_8));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void loseNothingOnTheWay(String name) throws IOException {
    for (JsonNode record : records(name)) {
      for (Mapping mapping : new Mapper(LogMap.builtIn(name).orElseThrow()).map(record)) {
        if (mapping instanceof Mapping.Mapped mapped) {
          String event = JSON.writeValueAsString(mapped.event());
          // Text in text is escaped once more, or once less where it was read.
          String plain = event.replace("\\", "");
          for (String leaf : leaves(record)) {
            assertThat(plain).as("%s of %s", leaf, record).contains(leaf.replace("\\", ""));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sources")
  void haveNothingPersonalOrSecretInTheFactsOfAnyProfile(String name) throws IOException {
    for (Profile profile : Profiles.builtIn().all()) {
      for (ObjectNode event : events(name)) {
        String facts = facts(profile, decoded(event));
        for (String needle : NEEDLES) {
          if (!needle.equals("made-up") || !profile.name().equals("msp")) {
            assertThat(facts).as(profile.name()).doesNotContainIgnoringCase(needle);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void areKnownInEveryProfile(String name) throws IOException {
    for (Profile profile : Profiles.builtIn().all()) {
      for (ObjectNode event : events(name)) {
        String action = event.path("action").asString();
        if (!action.equals("spring.crane_unlocked")) {
          assertThat(facts(profile, decoded(event))).doesNotContain("unknown_action");
        }
      }
    }
  }

  @Test
  void aMemberOfTomorrowStaysInTheDetails() throws IOException {
    for (String name : sources().toList()) {
      Mapper mapper = new Mapper(LogMap.builtIn(name).orElseThrow());
      for (JsonNode record : records(name)) {
        ObjectNode changed = ((ObjectNode) record).deepCopy();
        changed.put("member_of_tomorrow", "new");
        for (Mapping mapping : mapper.map(changed)) {
          if (mapping instanceof Mapping.Mapped(ObjectNode event, boolean _)) {
            assertThat(event.at("/details/member_of_tomorrow").asString()).isEqualTo("new");
          }
        }
      }
    }
  }

  @Test
  void aTypeOfTomorrowIsAnUnknownActionOfItsSource() {
    String record =
        """
        {"id":"k","time":1795770000123,"type":"TELEPORT_ERROR","realmId":"r","userId":"u","clientAddress":"198.51.100.4"}""";
    Mapping mapping =
        new Mapper(LogMap.builtIn("keycloak").orElseThrow()).map(JSON.readTree(record)).getFirst();
    ObjectNode event = ((Mapping.Mapped) mapping).event();
    assertThat(event.path("action").asString()).isEqualTo("keycloak.teleport");
    assertThat(event.path("outcome").asString()).isEqualTo("failure");
    assertThat(event.at("/details/clientAddress").asString()).isEqualTo("198.51.100.4");
    Classifier classifier = new Classifier(Profiles.builtIn().standard());
    classifier.classify(decoded(event));
    assertThat(classifier.unknownSource("keycloak.teleport")).isEqualTo("keycloak");
  }

  /** Texts of a record as written in JSON: no JSON in a text, of times the date, none in digits. */
  private static Set<String> leaves(JsonNode node) {
    Set<String> leaves = new TreeSet<>();
    if (node.isContainer()) {
      node.values().forEach(child -> leaves.addAll(leaves(child)));
    } else if (node.isString() && !node.asString().matches("[{\\[](?s).*|\\d{13,}")) {
      String text = node.asString();
      String written = JSON.writeValueAsString(text);
      leaves.add(
          text.matches("\\d{4}-\\d\\d-\\d\\dT.*Z")
              ? text.substring(0, 10)
              : written.substring(1, written.length() - 1));
    }
    return leaves;
  }
}
