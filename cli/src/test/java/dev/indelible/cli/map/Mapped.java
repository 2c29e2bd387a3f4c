package dev.indelible.cli.map;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.MapReader;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Mapping;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.EventDecoder;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Records read through maps, each event held against what the server accepts. */
final class Mapped {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private Mapped() {}

  /** JSON with names and texts in single quotes, to be read in Java. */
  static ObjectNode json(String text) {
    return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
  }

  /** The event that the built-in map {@code name} makes of a record. */
  static ObjectNode builtIn(String name, String record) {
    return event(LogMap.builtIn(name).orElseThrow(), record);
  }

  /** The event that the map written as {@code yaml} makes of a record. */
  static ObjectNode by(String yaml, String record) {
    return event(MapReader.read("test", yaml), record);
  }

  /** Reason why the map written as {@code yaml} makes no event of a record. */
  static String refusal(String yaml, String record) {
    Mapping mapping = new Mapper(MapReader.read("test", yaml)).map(json(record)).getFirst();
    assertThat(mapping).isInstanceOf(Mapping.Unmappable.class);
    return ((Mapping.Unmappable) mapping).why();
  }

  private static ObjectNode event(LogMap map, String record) {
    Mapping mapping = new Mapper(map).map(json(record)).getFirst();
    assertThat(mapping).isInstanceOf(Mapping.Mapped.class);
    ObjectNode event = ((Mapping.Mapped) mapping).event();
    byte[] sent = JSON.writeValueAsString(event).getBytes(UTF_8);
    assertThat(new EventDecoder().decode(sent, 0, sent.length))
        .as("%s", event)
        .isInstanceOf(Decoding.Decoded.class);
    return event;
  }

  /** A value as it would be written here: single quotes. */
  static String written(JsonNode node) {
    return node.toString().replace('"', '\'');
  }
}
