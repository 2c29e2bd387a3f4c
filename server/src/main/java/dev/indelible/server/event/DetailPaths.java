package dev.indelible.server.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Paths of personal values in the details, made ready to be followed: a member of an object is
 * looked up once or, with {@code *}, a few times, however many paths there are. Immutable,
 * thread-safe.
 *
 * <p>A path is a list of member names: {@code /customer/email}. {@code *} is any member. Arrays are
 * passed through: {@code /people/email} is the address of every person of a list. What the path
 * ends at goes whole, so {@code /people} is the whole list.
 */
public final class DetailPaths {

  /** The most steps of a path. */
  static final int MAX_STEPS = EventLimits.MAX_JSON_DEPTH;

  /** No paths. */
  public static final DetailPaths NONE = new DetailPaths(List.of());

  private static final String ANY = "*";

  private final List<String> paths;
  private final Place root;

  /** A step of paths that begin alike. */
  private static final class Node {
    private final Map<String, Node> members = new HashMap<>();
    private @Nullable Node any;
    private boolean whole;

    private void add(List<String> rest) {
      if (rest.isEmpty()) {
        whole = true;
        return;
      }
      String name = rest.getFirst();
      Node next = name.equals(ANY) ? any : members.get(name);
      if (next == null) {
        next = new Node();
        if (name.equals(ANY)) {
          any = next;
        } else {
          members.put(name, next);
        }
      }
      next.add(rest.subList(1, rest.size()));
    }
  }

  /** A place in the details that paths lead to or through: by name, and by {@code *}. */
  static final class Place {
    private final List<Node> nodes;
    private final boolean whole;

    private Place(List<Node> nodes) {
      this.nodes = nodes;
      this.whole = nodes.stream().anyMatch(node -> node.whole);
    }

    /** The place that a member leads to, or null when no path goes there. */
    @Nullable Place member(String name) {
      List<Node> next = null;
      for (Node node : nodes) {
        Node named = node.members.get(name);
        if (named != null || node.any != null) {
          next = next == null ? new ArrayList<>(2) : next;
          if (named != null) {
            next.add(named);
          }
          if (node.any != null) {
            next.add(node.any);
          }
        }
      }
      return next == null ? null : new Place(next);
    }

    /** Whether a path ends here, so that all below is personal. */
    boolean isWhole() {
      return whole;
    }
  }

  private DetailPaths(List<String> paths) {
    this.paths = paths;
    Node first = new Node();
    paths.forEach(path -> first.add(steps(path)));
    this.root = new Place(List.of(first));
  }

  /**
   * Creates a set of paths; duplicates count once.
   *
   * @throws IllegalArgumentException when one is not a path
   */
  public static DetailPaths of(List<String> paths) {
    for (String path : paths) {
      if (!path.startsWith("/") || path.length() < 2 || steps(path).size() > MAX_STEPS) {
        throw new IllegalArgumentException(
            "not a path such as /customer/email into the details: " + path);
      }
    }
    return paths.isEmpty() ? NONE : new DetailPaths(List.copyOf(new LinkedHashSet<>(paths)));
  }

  /** The paths as they were written. */
  public List<String> paths() {
    return paths;
  }

  /** The values that paths end at, with all that is below; null when there are none. */
  public @Nullable ObjectNode values(ObjectNode details) {
    return isEmpty() ? null : DetailSplit.of(details, root).personal();
  }

  /** Whether there is none. */
  boolean isEmpty() {
    return paths.isEmpty();
  }

  /** Place of the details themselves. */
  Place root() {
    return root;
  }

  /** Returns the union of these paths and others. */
  DetailPaths plus(DetailPaths more) {
    if (isEmpty() || more.isEmpty()) {
      return isEmpty() ? more : this;
    }
    Set<String> all = new LinkedHashSet<>(paths);
    all.addAll(more.paths);
    return of(List.copyOf(all));
  }

  /** The member names of a path, escapes of RFC 6901 undone. */
  private static List<String> steps(String path) {
    return List.of(path.substring(1).split("/", -1)).stream()
        .map(step -> step.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DetailPaths that && paths.equals(that.paths);
  }

  @Override
  public int hashCode() {
    return paths.hashCode();
  }

  @Override
  public String toString() {
    return paths.toString();
  }
}
