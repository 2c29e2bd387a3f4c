package dev.indelible.server.profile;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.JsonSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A YAML file as the JSON that it stands for, and where in the file each value is. Double keys,
 * anchors and aliases are refused.
 *
 * @param root the value
 * @param lines the line of each value and of each key, by JSON pointer
 */
public record YamlText(JsonNode root, Map<String, Integer> lines) {

  /** The largest file, in characters. */
  public static final int MAX_CHARACTERS = 1024 * 1024;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /**
   * Reads a file.
   *
   * @throws ProfileFormatException when it is not YAML of that kind
   */
  public static YamlText parse(String file, String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new JsonSchema())
            .setCodePointLimit(MAX_CHARACTERS)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      Node root =
          new Compose(settings)
              .composeString(text)
              .orElseThrow(() -> new ProfileFormatException(file + " is empty", null));
      Map<String, Integer> lines = new HashMap<>();
      return new YamlText(json(file, root, "", lines), lines);
    } catch (YamlEngineException notYaml) {
      throw new ProfileFormatException(file + " is not YAML: " + notYaml.getMessage(), notYaml);
    }
  }

  /** The line of a value, or of the nearest that it is in. */
  public int line(String pointer) {
    String at = pointer;
    while (!lines.containsKey(at) && !at.isEmpty()) {
      at = at.substring(0, at.lastIndexOf('/'));
    }
    return lines.getOrDefault(at, 1);
  }

  private static JsonNode json(String file, Node node, String pointer, Map<String, Integer> lines) {
    lines.putIfAbsent(pointer, line(node));
    if (node.getAnchor().isPresent()) {
      throw error(file, node, "anchors and aliases are not read; write it out");
    }
    return switch (node) {
      case MappingNode mapping -> object(file, mapping, pointer, lines);
      case SequenceNode sequence -> {
        ArrayNode array = NODES.arrayNode();
        for (Node element : sequence.getValue()) {
          array.add(json(file, element, pointer + "/" + array.size(), lines));
        }
        yield array;
      }
      case ScalarNode scalar -> scalar(file, scalar);
      default -> throw error(file, node, "is no value");
    };
  }

  private static ObjectNode object(
      String file, MappingNode mapping, String pointer, Map<String, Integer> lines) {
    ObjectNode object = NODES.objectNode();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw error(file, tuple.getKeyNode(), "a key must be a plain name");
      }
      String name = key.getValue();
      String at = ProfileFields.child(pointer, name);
      lines.put(at, line(key));
      if (object.has(name)) {
        throw error(file, key, "\"" + name + "\" occurs twice");
      }
      object.set(name, json(file, tuple.getValueNode(), at, lines));
    }
    return object;
  }

  private static JsonNode scalar(String file, ScalarNode scalar) {
    Tag tag = scalar.getTag();
    String value = scalar.getValue();
    if (tag.equals(Tag.STR)) {
      return NODES.stringNode(value.strip());
    }
    if (tag.equals(Tag.BOOL)) {
      return NODES.booleanNode(value.equals("true"));
    }
    if (tag.equals(Tag.NULL)) {
      return NODES.nullNode();
    }
    try {
      if (tag.equals(Tag.INT)) {
        return NODES.numberNode(new BigInteger(value));
      }
      if (tag.equals(Tag.FLOAT)) {
        return NODES.numberNode(Double.parseDouble(value));
      }
    } catch (NumberFormatException noNumber) {
      throw error(file, scalar, "\"" + value + "\" is no number");
    }
    throw error(file, scalar, "is of the unknown type " + tag);
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  private static ProfileFormatException error(String file, Node node, String problem) {
    return new ProfileFormatException(file + " line " + line(node) + ": " + problem, null);
  }
}
