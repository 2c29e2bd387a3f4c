package dev.indelible.mapping.out;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Fields of the form {@code ecs}, held against the published list of ECS 9.4.0. */
class EcsFieldsTest {

  /** Values that ECS allows in {@code event.category} and {@code event.type}, as it writes them. */
  private static final Set<String> CATEGORIES =
      Set.of("authentication", "configuration", "database", "file", "iam");

  private static final Set<String> TYPES =
      Set.of(
          "access",
          "allowed",
          "change",
          "creation",
          "deletion",
          "denied",
          "end",
          "group",
          "info",
          "start",
          "user");

  private final Map<String, String> fields = new HashMap<>();

  private void readFields() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("ecs-9.4.0-fields.tsv")) {
      assertThat(in).isNotNull();
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n", -1)) {
        if (!line.isEmpty()) {
          fields.put(line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1));
        }
      }
    }
    assertThat(fields).hasSizeGreaterThan(100);
  }

  @Test
  void everyFieldIsOneOfEcsAndOfItsTypeOrStandsUnderOurOwnName() throws IOException {
    readFields();
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Entries entries = new Entries(seed);
    EntryFormat ecs = EntryFormats.byName("ecs").orElseThrow();
    Set<String> written = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      JsonNode document = Entries.JSON.readTree(ecs.format(entries.entry(), Entries.INTEGRITY));
      for (Map.Entry<String, JsonNode> member : document.properties()) {
        if (!member.getKey().equals("indelible")) {
          check(member.getKey(), member.getValue(), written);
        }
      }
      document.at("/event/category").forEach(one -> assertThat(one.asString()).isIn(CATEGORIES));
      document.at("/event/type").forEach(one -> assertThat(one.asString()).isIn(TYPES));
    }
    assertThat(written)
        .contains(
            "@timestamp",
            "event.id",
            "event.sequence",
            "user.id",
            "user.target.id",
            "group.id",
            "source.ip",
            "source.geo.location",
            "related.user",
            "organization.id");
  }

  private void check(String name, JsonNode value, Set<String> written) {
    String type = fields.get(name);
    if (type == null) {
      assertThat(value.isObject()).as("ECS has no field %s", name).isTrue();
      value
          .properties()
          .forEach(member -> check(name + "." + member.getKey(), member.getValue(), written));
      return;
    }
    written.add(name);
    boolean fits =
        switch (type) {
          case "number" -> value.isNumber();
          case "string" -> value.isString();
          case "string | Array<string>" ->
              value.isString()
                  || (value.isArray() && value.valueStream().allMatch(JsonNode::isString));
          case "{ lat: number; lon: number }" ->
              value.path("lat").isNumber() && value.path("lon").isNumber();
          default -> type.equals("'" + value.asString() + "'");
        };
    assertThat(fits).as("%s is %s, not %s", name, type, value).isTrue();
  }
}
