package dev.indelible.server.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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

/**
 * One mapping of a YAML file, read strictly: every value is asked for with its type, a key that
 * nobody asks for is an error, and so are double keys, anchors and aliases. Errors name file and
 * line.
 */
final class YamlMap {

  /** The largest file, in characters. */
  static final int MAX_CHARACTERS = 1024 * 1024;

  private final String file;
  private final int line;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  private YamlMap(String file, Node node) {
    this.file = file;
    this.line = line(node);
    if (!(node instanceof MappingNode mapping)) {
      throw error(node, "must be a mapping of names to values");
    }
    refuseAnchor(node);
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw error(tuple.getKeyNode(), "a key must be a plain name");
      }
      if (values.put(key.getValue(), tuple.getValueNode()) != null) {
        throw error(key, "\"" + key.getValue() + "\" occurs twice");
      }
      lines.put(key.getValue(), line(key));
    }
  }

  /** The mapping that a whole file is. */
  static YamlMap parse(String file, String text) {
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
              .orElseThrow(() -> new ProfileFormatException(file, 1, "the file is empty"));
      return new YamlMap(file, root);
    } catch (YamlEngineException notYaml) {
      throw new ProfileFormatException(file + " is not YAML: " + notYaml.getMessage(), notYaml);
    }
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private ProfileFormatException error(Node node, String problem) {
    return new ProfileFormatException(file, line(node), problem);
  }

  /** An error at a key of this mapping. */
  ProfileFormatException error(String key, String problem) {
    return new ProfileFormatException(file, lines.getOrDefault(key, line), key + ": " + problem);
  }

  private void refuseAnchor(Node node) {
    if (node.getAnchor().isPresent()) {
      throw error(node, "anchors and aliases are not read; write it out");
    }
  }

  private @Nullable Node ask(String key) {
    asked.add(key);
    return values.get(key);
  }

  private Node demand(String key) {
    Node node = ask(key);
    if (node == null) {
      throw new ProfileFormatException(file, line, "\"" + key + "\" is missing");
    }
    return node;
  }

  boolean has(String key) {
    return ask(key) != null;
  }

  private String scalar(Node node, Tag tag, String expected) {
    refuseAnchor(node);
    if (node instanceof ScalarNode scalar && node.getTag().equals(tag)) {
      return scalar.getValue();
    }
    throw error(node, "must be " + expected);
  }

  String text(String key) {
    return scalar(demand(key), Tag.STR, key + ", a text").strip();
  }

  String text(String key, String absent) {
    return has(key) ? text(key) : absent;
  }

  boolean flag(String key, boolean absent) {
    Node node = ask(key);
    return node == null ? absent : scalar(node, Tag.BOOL, key + ", true or false").equals("true");
  }

  int integer(String key, int least, int most) {
    try {
      int number = Integer.parseInt(scalar(demand(key), Tag.INT, key + ", an integer"));
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException beyondAnInt) {
      throw error(key, "must be from " + least + " to " + most);
    }
    throw error(key, "must be from " + least + " to " + most);
  }

  /** A text with a form of its own. */
  <T> T value(String key, Function<String, T> reader) {
    String text = text(key);
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException malformed) {
      throw error(key, String.valueOf(malformed.getMessage()));
    }
  }

  /** Texts without doubles; none when the key is absent. */
  List<String> texts(String key) {
    Set<String> texts = new LinkedHashSet<>();
    for (Node node : nodes(key)) {
      String text = scalar(node, Tag.STR, "a text");
      if (!texts.add(text)) {
        throw error(node, "\"" + text + "\" occurs twice");
      }
    }
    return List.copyOf(texts);
  }

  /** Mappings, each read whole; none when the key is absent. */
  <T> List<T> maps(String key, Function<YamlMap, T> reader) {
    List<T> list = new ArrayList<>();
    for (Node node : nodes(key)) {
      list.add(read(new YamlMap(file, node), reader));
    }
    return list;
  }

  <T> T map(String key, Function<YamlMap, T> reader) {
    return read(new YamlMap(file, demand(key)), reader);
  }

  private static <T> T read(YamlMap map, Function<YamlMap, T> reader) {
    T value = reader.apply(map);
    map.end();
    return value;
  }

  private List<Node> nodes(String key) {
    Node node = ask(key);
    if (node == null) {
      return List.of();
    }
    refuseAnchor(node);
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw error(node, key + " must be a list");
  }

  /** Refuses keys that nobody asked for. */
  void end() {
    for (String key : values.keySet()) {
      if (!asked.contains(key)) {
        throw error(key, "is not known here; known are " + String.join(", ", asked));
      }
    }
  }
}
