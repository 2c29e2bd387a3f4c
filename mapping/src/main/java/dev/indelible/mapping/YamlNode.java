package dev.indelible.mapping;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A part of a map's YAML that knows its line, so that every mistake is named by file, line and
 * place.
 *
 * @param node the YAML
 * @param path the part that it is, such as {@code targets.id}
 * @param file what all parts of one map share
 */
record YamlNode(Node node, String path, File file) {

  /** Deepest nesting of a map, so that one that refers to itself ends. */
  static final int MAX_DEPTH = 40;

  /** The most parts of a map, those that an alias repeats included. */
  static final int MAX_NODES = 50_000;

  /** A map's name, and how much of it was read. Not thread-safe. */
  static final class File {
    private final String name;
    private int nodes;

    private File(String name) {
      this.name = name;
    }

    String name() {
      return name;
    }
  }

  /**
   * The map written as {@code yaml}.
   *
   * @throws InvalidMapException when it is no YAML, or none of a bounded size
   */
  static YamlNode parse(String name, String yaml) {
    LoadSettings settings = LoadSettings.builder().setLabel(name).setUseMarks(true).build();
    Node root;
    try {
      root = new Compose(settings).composeString(yaml).orElse(null);
    } catch (YamlEngineException failure) {
      throw new InvalidMapException("map %s: %s".formatted(name, failure.getMessage()));
    } catch (StackOverflowError _) {
      throw new InvalidMapException("map %s: is nested too deeply".formatted(name));
    }
    if (root == null) {
      throw new InvalidMapException("map %s: is empty".formatted(name));
    }
    YamlNode top = new YamlNode(root, "the map", new File(name));
    top.measure(root, 0);
    return top;
  }

  private void measure(Node part, int depth) {
    if (depth > MAX_DEPTH || ++file.nodes > MAX_NODES) {
      throw new InvalidMapException(
          "map %s: is nested deeper than %d, or has more than %d parts"
              .formatted(file.name, MAX_DEPTH, MAX_NODES));
    }
    switch (part) {
      case SequenceNode sequence -> sequence.getValue().forEach(item -> measure(item, depth + 1));
      case MappingNode mapping ->
          mapping
              .getValue()
              .forEach(
                  member -> {
                    measure(member.getKeyNode(), depth + 1);
                    measure(member.getValueNode(), depth + 1);
                  });
      default -> {}
    }
  }

  /** The line of the file, from 1. */
  int line() {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  /** The error of this part; {@code problem} goes on a sentence whose subject is the part. */
  InvalidMapException invalid(String problem) {
    return new InvalidMapException("map %s:%d: %s %s".formatted(file.name, line(), path, problem));
  }

  boolean isText() {
    return node instanceof ScalarNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  boolean isObject() {
    return node instanceof MappingNode;
  }

  String text() {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw invalid("is not text");
  }

  /** Whether it is text without quotes around it, such as a number or {@code true}. */
  boolean isPlain() {
    return node instanceof ScalarNode scalar && scalar.isPlain();
  }

  /** Whether it says true. */
  boolean flag() {
    return switch (text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid("is true or false");
    };
  }

  /** The items of a list; of anything else, itself. */
  List<YamlNode> items() {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream().map(item -> new YamlNode(item, path, file)).toList();
    }
    return List.of(this);
  }

  /** The texts of a list, or the one text. */
  List<String> texts() {
    return items().stream().map(YamlNode::text).toList();
  }

  /** The part under another name. */
  YamlNode as(String name) {
    return new YamlNode(node, name, file);
  }

  /**
   * The members of an object.
   *
   * @param prefix what precedes their names in their paths
   */
  Members members(String prefix) {
    if (!(node instanceof MappingNode mapping)) {
      throw invalid("is missing or not an object");
    }
    Map<String, YamlNode> members = new LinkedHashMap<>();
    for (NodeTuple member : mapping.getValue()) {
      String key = new YamlNode(member.getKeyNode(), path, file).text();
      YamlNode value = new YamlNode(member.getValueNode(), prefix + key, file);
      if (members.putIfAbsent(key, value) != null) {
        throw value.invalid("occurs twice");
      }
    }
    return new Members(this, members);
  }

  /**
   * The members of an object; a member whose value is YAML's null is none.
   *
   * @param of the object
   */
  record Members(YamlNode of, Map<String, YamlNode> byName) {

    /** Refuses a member whose name is neither in {@code known} nor, in version 2, {@code newer}. */
    void allow(Set<String> known, Set<String> newer, boolean isVersion2) {
      for (Map.Entry<String, YamlNode> member : byName.entrySet()) {
        String key = member.getKey();
        if (!known.contains(key) && !(isVersion2 && newer.contains(key))) {
          String hint = newer.contains(key) ? "; it needs \"version: 2\"" : "";
          throw new YamlNode(member.getValue().node(), of.path(), of.file())
              .invalid("has the unknown key \"" + key + "\"" + hint);
        }
      }
    }

    void allow(Set<String> known) {
      allow(known, Set.of(), false);
    }

    /** All but those of these names. */
    Members without(Set<String> names) {
      if (names.isEmpty()) {
        return this;
      }
      Map<String, YamlNode> others = new LinkedHashMap<>(byName);
      others.keySet().removeAll(names);
      return new Members(of, others);
    }

    @Nullable YamlNode get(String key) {
      YamlNode value = byName.get(key);
      return value != null && value.node() instanceof ScalarNode scalar && isNull(scalar)
          ? null
          : value;
    }

    YamlNode need(String key) {
      YamlNode value = get(key);
      if (value == null) {
        throw of.as(of.path() + "." + key).invalid("is missing");
      }
      return value;
    }

    /** The items of a member; none without it. */
    List<YamlNode> items(String key) {
      YamlNode value = get(key);
      return value == null ? List.of() : value.items();
    }

    List<String> texts(String key) {
      return items(key).stream().map(YamlNode::text).toList();
    }

    boolean flag(String key) {
      YamlNode value = get(key);
      return value != null && value.flag();
    }

    /** Nothing stands there at all; an empty text in quotes is a pointer. */
    private static boolean isNull(ScalarNode scalar) {
      return scalar.isPlain() && scalar.getValue().isEmpty();
    }
  }

  static Set<String> with(Set<String> keys, String... more) {
    Set<String> all = new LinkedHashSet<>(keys);
    all.addAll(List.of(more));
    return all;
  }
}
