package dev.indelible.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route of a path: a tree of segments. Immutable once built. */
final class Router {

  /** The most segments of a path. */
  static final int MAX_SEGMENTS = 64;

  private final Node root = new Node();

  Router(List<Route> routes) {
    Set<String> operationIds = new HashSet<>();
    for (Route route : routes) {
      if (!operationIds.add(route.operationId())) {
        throw new IllegalArgumentException("two routes are called " + route.operationId());
      }
      add(route);
    }
  }

  private void add(Route route) {
    Node node = root;
    List<String> names = new ArrayList<>();
    String[] segments = route.pathTemplate().substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      if (!segment.startsWith("{")) {
        node = node.literals.computeIfAbsent(segment, key -> new Node());
      } else if (segment.endsWith("*}")) {
        if (i != segments.length - 1) {
          throw new IllegalArgumentException("only the last name may take the rest: " + route);
        }
        names.add(segment.substring(1, segment.length() - 2));
        if (node.rest == null) {
          node.rest = new Node();
        }
        node = node.rest;
      } else {
        names.add(segment.substring(1, segment.length() - 1));
        if (node.named == null) {
          node.named = new Node();
        }
        node = node.named;
      }
    }
    if (node.methods.putIfAbsent(route.method(), new Target(route, names)) != null) {
      throw new IllegalArgumentException(
          "two routes answer " + route.method() + " " + route.pathTemplate());
    }
  }

  /**
   * Finds the routes of a path.
   *
   * @param path as sent, percent-encoded, starting with a slash
   * @throws IllegalArgumentException when a segment cannot be decoded
   */
  @Nullable Match match(String path) {
    if (!path.startsWith("/")) {
      return null;
    }
    List<String> segments = new ArrayList<>();
    for (String encoded : path.substring(1).split("/", MAX_SEGMENTS + 1)) {
      String segment = PercentDecoder.decode(encoded, false);
      if (segment.equals(".") || segment.equals("..")) {
        return null;
      }
      segments.add(segment);
    }
    if (segments.size() > MAX_SEGMENTS) {
      return null;
    }
    List<String> values = new ArrayList<>(4);
    Node node = find(root, segments, 0, values);
    return node == null ? null : new Match(node.methods, List.copyOf(values));
  }

  private static @Nullable Node find(
      Node node, List<String> segments, int at, List<String> values) {
    if (at == segments.size()) {
      return node.methods.isEmpty() ? null : node;
    }
    String segment = segments.get(at);
    Node literal = node.literals.get(segment);
    if (literal != null) {
      Node found = find(literal, segments, at + 1, values);
      if (found != null) {
        return found;
      }
    }
    if (node.named != null && !segment.isEmpty()) {
      values.add(segment);
      Node found = find(node.named, segments, at + 1, values);
      if (found != null) {
        return found;
      }
      values.removeLast();
    }
    if (node.rest != null && !segment.isEmpty()) {
      values.add(String.join("/", segments.subList(at, segments.size())));
      return node.rest;
    }
    return null;
  }

  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    final TreeMap<String, Target> methods = new TreeMap<>();
    @Nullable Node named;
    @Nullable Node rest;
  }

  /** A route with the names in its template, in order. */
  record Target(Route route, List<String> names) {}

  /** Match of a path: its routes by method, and the values of the names in the template. */
  record Match(Map<String, Target> methods, List<String> values) {

    /** The route for a method; that of GET for HEAD. */
    @Nullable Target target(String method) {
      return methods.get(method.equals("HEAD") ? "GET" : method);
    }

    /** The value of each name. */
    Map<String, String> parameters(Target target) {
      Map<String, String> parameters = new LinkedHashMap<>();
      for (int i = 0; i < target.names().size(); i++) {
        parameters.put(target.names().get(i), values.get(i));
      }
      return parameters;
    }

    /** The value of the {@code Allow} header. */
    String allow() {
      Set<String> allowed = new TreeSet<>(methods.keySet());
      allowed.add("OPTIONS");
      if (allowed.contains("GET")) {
        allowed.add("HEAD");
      }
      return String.join(", ", allowed);
    }
  }
}
