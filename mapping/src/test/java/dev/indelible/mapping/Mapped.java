package dev.indelible.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Records read through maps. */
final class Mapped {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private Mapped() {}

  /** JSON with names and texts in single quotes, to be read in Java. */
  static ObjectNode json(String text) {
    return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
  }

  /** The event that the map written as {@code yaml} makes of a record. */
  static ObjectNode by(String yaml, String record) {
    return by(yaml, json(record));
  }

  /** The event that the map written as {@code yaml} makes of a record, which it leaves alone. */
  static ObjectNode by(String yaml, ObjectNode record) {
    ObjectNode before = record.deepCopy();
    List<Mapping> mappings = all(yaml, record);
    assertThat(record).isEqualTo(before);
    assertThat(mappings).singleElement().isInstanceOf(Mapping.Mapped.class);
    return ((Mapping.Mapped) mappings.getFirst()).event();
  }

  /** All that the map written as {@code yaml} makes of a record. */
  static List<Mapping> all(String yaml, ObjectNode record) {
    return new Mapper(MapReader.read("test.yaml", yaml)).map(record);
  }

  /** Refusal of a record by the map written as {@code yaml}. */
  static Mapping.Unmappable unmappable(String yaml, String record) {
    List<Mapping> mappings = all(yaml, json(record));
    assertThat(mappings).singleElement().isInstanceOf(Mapping.Unmappable.class);
    return (Mapping.Unmappable) mappings.getFirst();
  }

  /** Reason why the map written as {@code yaml} makes no event of a record. */
  static String refusal(String yaml, String record) {
    return unmappable(yaml, record).why();
  }

  /** A value as it would be written here: single quotes. */
  static String written(JsonNode node) {
    return node.toString().replace('"', '\'');
  }
}
