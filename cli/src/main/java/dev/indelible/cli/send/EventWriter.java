package dev.indelible.cli.send;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes trees as JSON in UTF-8, the same bytes as {@link JsonMapper#writeValueAsBytes}, with one
 * generator and one buffer for all of them. Not thread-safe.
 */
final class EventWriter {

  /** Deeper than anything that was read and put into {@code details}. */
  private static final int MAX_DEPTH = 2_000;

  private static final JsonMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .rootValueSeparator("")
              .streamWriteConstraints(
                  StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
              .build());

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
  private final JsonGenerator json = JSON.createGenerator(out);

  /** The JSON of {@code tree}, on one line. */
  byte[] write(JsonNode tree) {
    out.reset();
    value(tree);
    json.flush();
    return out.toByteArray();
  }

  private void value(JsonNode node) {
    switch (node) {
      case ObjectNode object -> {
        json.writeStartObject();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
          json.writeName(member.getKey());
          value(member.getValue());
        }
        json.writeEndObject();
      }
      case ArrayNode array -> {
        json.writeStartArray();
        for (int i = 0; i < array.size(); i++) {
          value(array.get(i));
        }
        json.writeEndArray();
      }
      default -> {
        if (node.isString()) {
          json.writeString(node.stringValue());
        } else {
          JSON.writeValue(json, node);
        }
      }
    }
  }
}
