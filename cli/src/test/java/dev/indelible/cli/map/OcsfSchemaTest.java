package dev.indelible.cli.map;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.out.EntryFormat;
import dev.indelible.mapping.out.EntryFormat.Integrity;
import dev.indelible.mapping.out.EntryFormats;
import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EventDecoder;
import dev.indelible.server.event.EventJson;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Catalog;
import dev.indelible.server.profile.Classifier;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Entries of every action of every profile and catalog, and of every sample of the built-in maps,
 * as OCSF 1.9.0. Held against what the resource {@code ocsf/events.json} states, and against the
 * published schema where it is there.
 */
class OcsfSchemaTest {

  private static final Path PUBLISHED =
      Path.of(System.getenv().getOrDefault("INDELIBLE_SHARED", "../../shared"))
          .resolve("vectors")
          .resolve("ocsf-schema");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final Integrity INTEGRITY =
      new Integrity("logs.example.com/acme", new byte[32], 5000, new byte[32]);

  private static final TenantId TENANT = new TenantId("acme");
  private static final Instant RECORDED = Instant.parse("2026-11-20T10:00:00.120Z");

  private static final List<ObjectNode> ENTRIES = new ArrayList<>();

  @BeforeAll
  static void makeEntries() throws IOException {
    Profiles profiles = Profiles.builtIn();
    for (Profile profile : profiles.all()) {
      Classifier classifier = new Classifier(profile);
      for (Profile.Category category : profile.categories()) {
        category.actions().forEach(action -> add(classifier, profile, action));
      }
      for (Catalog catalog : profile.catalogs()) {
        for (Catalog.Group group : catalog.groups()) {
          group.actions().forEach(action -> add(classifier, profile, action));
        }
      }
      for (String map : LogMap.BUILT_IN) {
        addSample(classifier, map);
      }
    }
  }

  /** Entries of an action: with each of its kinds of targets, two of them, and none; by several. */
  private static void add(Classifier classifier, Profile profile, Profile.Action action) {
    String name = action.action().replace(".*", ".create_thing").replace("*", "thing_updated");
    List<String> types = new ArrayList<>(action.targetTypes());
    int turn = ENTRIES.size();
    List<List<String>> targets = new ArrayList<>(List.of(List.of()));
    if (types.isEmpty()) {
      types.add(List.of("user", "role", "group", "file", "table", "ticket").get(turn % 6));
    }
    for (String type : types) {
      targets.add(List.of(type));
      targets.add(List.of(type, List.of("user", "role", "team", "file").get(turn % 4)));
    }
    for (List<String> some : targets) {
      ObjectNode event = JSON.createObjectNode().put("action", name);
      String actor = List.of("user", "system", "api_client", "support", "ai_agent").get(turn++ % 5);
      event.putObject("actor").put("type", actor);
      if (!actor.equals("system")) {
        event.withObject("/actor").put("id", "a_1").put("email", turn % 2 == 0 ? "no" : "a@b.cd");
      }
      some.forEach(
          type -> event.withArray("/targets").addObject().put("type", type).put("id", "t " + type));
      event.put("outcome", List.of("success", "failure", "unknown").get(turn % 3));
      if (turn % 2 == 0) {
        event.put("reason", "ticket 4711").put("outcome_reason", "denied");
        event
            .putObject("context")
            .put("ip", turn % 4 == 0 ? "203.0.113.9" : "2001:db8::7")
            .put("producer", "app 1")
            .put("request_id", "r1")
            .put("session_id", "s1")
            .put("user_agent", "curl/8")
            .putObject("location")
            .put("latitude", 52.5)
            .put("longitude", 13.4);
        event.putObject("details").put("n", 12345678901234567L);
      }
      record(classifier, event, profile.name());
    }
  }

  private static void record(Classifier classifier, JsonNode event, String as) {
    byte[] json = JSON.writeValueAsBytes(event);
    if (!(new EventDecoder().decode(json, 0, json.length) instanceof Decoding.Decoded decoded)) {
      throw new AssertionError(as + " makes no event of " + event);
    }
    if (classifier.classify(decoded.event()) instanceof Classifier.Verdict.Recorded recorded) {
      Classification classification = recorded.classification();
      int seq = ENTRIES.size();
      Entry entry =
          new Entry(TENANT, seq, "e" + seq, RECORDED, decoded.event(), classification, false);
      ENTRIES.add((ObjectNode) JSON.readTree(EventJson.toBytes(entry)));
    }
  }

  private static void addSample(Classifier classifier, String map) throws IOException {
    try (InputStream in = OcsfSchemaTest.class.getResourceAsStream("sample/" + map + ".ndjson")) {
      if (in != null) {
        for (String line : new String(in.readAllBytes(), UTF_8).split("\n", -1)) {
          if (!line.isBlank()) {
            record(classifier, JSON.readTree(line), map);
          }
        }
      }
    }
  }

  private static JsonNode ocsf(ObjectNode entry, @Nullable Integrity integrity) {
    EntryFormat format = EntryFormats.byName("ocsf").orElseThrow();
    return JSON.readTree(format.format(entry, integrity));
  }

  private static Schema schema(JsonNode schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
  }

  /** One event of each shape: those alike but for their values are looked at once. */
  private static List<JsonNode> shapes() {
    Map<String, JsonNode> shapes = new HashMap<>();
    for (ObjectNode entry : ENTRIES) {
      JsonNode event = ocsf(entry, entry.path("seq").asInt() % 3 == 0 ? null : INTEGRITY);
      StringBuilder shape = new StringBuilder();
      shape(event, shape);
      shape.append(event.path("type_uid"));
      shapes.putIfAbsent(shape.toString(), event);
    }
    return List.copyOf(shapes.values());
  }

  private static void shape(JsonNode node, StringBuilder into) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      into.append(member.getKey()).append(member.getValue().getNodeType());
      if (!member.getKey().equals("unmapped")) {
        shape(member.getValue(), into);
      }
    }
    if (node.isArray()) {
      node.forEach(element -> shape(element, into.append('[')));
    }
  }

  @Test
  void everyEventIsOneOfTheClassesAsTheyAreStated() throws IOException {
    Schema stated;
    try (InputStream in = getClass().getResourceAsStream("ocsf/events.json")) {
      stated = schema(JSON.readTree(in));
    }
    Map<String, String> faults = new TreeMap<>();
    Set<Integer> classes = new TreeSet<>();
    for (JsonNode event : shapes()) {
      classes.add(event.path("class_uid").asInt());
      assertThat(event.path("type_uid").asInt())
          .isEqualTo(event.path("class_uid").asInt() * 100 + event.path("activity_id").asInt());
      List<com.networknt.schema.Error> errors = stated.validate(event);
      if (!errors.isEmpty()) {
        faults.putIfAbsent(errors.getFirst().toString(), event.toString());
      }
    }
    assertThat(faults).isEmpty();
    assertThat(ENTRIES).hasSizeGreaterThan(5_000);
    assertThat(classes)
        .containsExactly(1001, 3001, 3002, 3004, 3005, 3006, 3007, 3008, 6003, 6005, 6006);
  }

  @Test
  void everyEventIsValidByThePublishedSchema() throws IOException {
    assumeTrue(Files.isDirectory(PUBLISHED), "no published OCSF schema in " + PUBLISHED);
    OcsfSchema published = new OcsfSchema(PUBLISHED);
    assertThat(published.version()).startsWith("1.9.");
    Map<Integer, Schema> schemas = new HashMap<>();
    published.classes(published.categories()).forEach((uid, one) -> schemas.put(uid, schema(one)));
    Map<String, String> faults = new TreeMap<>();
    for (JsonNode event : shapes()) {
      int uid = event.path("class_uid").asInt();
      List<com.networknt.schema.Error> errors = schemas.get(uid).validate(event);
      if (!errors.isEmpty()) {
        faults.putIfAbsent(uid + ": " + errors.getFirst(), event.toString());
      }
    }
    assertThat(faults).isEmpty();
    // The schema is no rubber stamp.
    ObjectNode spoiled = (ObjectNode) shapes().getFirst().deepCopy();
    Schema one = schemas.get(spoiled.path("class_uid").asInt());
    assertThat(one.validate(spoiled.deepCopy().put("surprise", 1))).isNotEmpty();
    assertThat(one.validate(spoiled.deepCopy().put("severity_id", 77))).isNotEmpty();
    assertThat(one.validate(spoiled.deepCopy().without("time"))).isNotEmpty();
    assertThat(one.validate(spoiled.deepCopy().put("time", "now"))).isNotEmpty();
  }
}
