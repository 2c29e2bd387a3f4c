package dev.indelible.server.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A simulated directory's names: as the process sees them, as the disk has them for sure, and what
 * was done in between. Not thread-safe: the disk's monitor guards it.
 */
final class SimulatedDirectory {

  /** File or directory behind a name. */
  sealed interface Node {}

  record FileNode(SimulatedFile file) implements Node {}

  record DirectoryNode(SimulatedDirectory directory) implements Node {}

  /** Sets or removes names, all or none. */
  record NameChange(Map<String, Node> set, Set<String> removed) {
    void applyTo(Map<String, Node> names) {
      removed.forEach(names::remove);
      names.putAll(set);
    }
  }

  final TreeMap<String, Node> names = new TreeMap<>();
  private final TreeMap<String, Node> forced = new TreeMap<>();
  private final List<NameChange> changes = new ArrayList<>();

  void change(NameChange change) {
    change.applyTo(names);
    changes.add(change);
  }

  void force() {
    forced.clear();
    forced.putAll(names);
    changes.clear();
  }

  /** A directory in the same state, forced or not. */
  SimulatedDirectory copy(Map<Object, Node> copied) {
    SimulatedDirectory after = new SimulatedDirectory();
    names.forEach((name, node) -> after.names.put(name, copy(node, copied)));
    forced.forEach((name, node) -> after.forced.put(name, copy(node, copied)));
    for (NameChange change : changes) {
      Map<String, Node> set = new TreeMap<>();
      change.set.forEach((name, node) -> set.put(name, copy(node, copied)));
      after.changes.add(new NameChange(set, change.removed));
    }
    return after;
  }

  private static Node copy(Node node, Map<Object, Node> copied) {
    Object key =
        switch (node) {
          case FileNode(SimulatedFile file) -> file;
          case DirectoryNode(SimulatedDirectory directory) -> directory;
        };
    Node known = copied.get(key);
    if (known != null) {
      return known;
    }
    Node copy =
        switch (node) {
          case FileNode(SimulatedFile file) -> new FileNode(file.copy());
          case DirectoryNode(SimulatedDirectory directory) ->
              new DirectoryNode(directory.copy(copied));
        };
    copied.put(key, copy);
    return copy;
  }

  /** The directory as it may be after power loss: any of the changes since its force may miss. */
  SimulatedDirectory afterPowerLoss(
      long seed, RandomGenerator random, Map<SimulatedFile, SimulatedFile> files) {
    TreeMap<String, Node> left = new TreeMap<>(forced);
    for (NameChange change : changes) {
      boolean kept = seed == 1 || (seed != 0 && random.nextBoolean());
      if (kept) {
        change.applyTo(left);
      }
    }
    SimulatedDirectory after = new SimulatedDirectory();
    for (Map.Entry<String, Node> entry : left.entrySet()) {
      Node node =
          switch (entry.getValue()) {
            case FileNode(SimulatedFile file) ->
                new FileNode(
                    files.computeIfAbsent(
                        file, key -> key.afterPowerLoss(fate(seed, random), random)));
            case DirectoryNode(SimulatedDirectory directory) ->
                new DirectoryNode(directory.afterPowerLoss(seed, random, files));
          };
      after.names.put(entry.getKey(), node);
    }
    after.force();
    return after;
  }

  private static SimulatedFile.Fate fate(long seed, RandomGenerator random) {
    if (seed == 0) {
      return SimulatedFile.Fate.DROPPED;
    }
    if (seed == 1) {
      return SimulatedFile.Fate.ARRIVED;
    }
    SimulatedFile.Fate[] all = SimulatedFile.Fate.values();
    return all[random.nextInt(all.length)];
  }
}
