package dev.indelible.cli.reconcile;

import dev.indelible.verify.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Contents of entries, compared as JSON: members in any order, numbers by their value. The holds
 * that keep an entry, and whether its personal part was erased, do not count: both come after it
 * was sent. Not thread-safe.
 */
final class Content {

  /** The most fields that are named as different. */
  static final int MAX_FIELDS = 20;

  private static final Set<String> NOT_COMPARED = Set.of("holds", "personal_erased");

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final MessageDigest sha256 = Sha256.create();

  /** 128 bits that two contents have in common only if they are equal. */
  record Digest(long high, long low) {

    /** The digest of an entry of which nothing can be compared. */
    static final Digest NONE = new Digest(0, 0);
  }

  Digest digest(JsonNode entry) {
    put(entry, true);
    byte[] hash = sha256.digest();
    return new Digest(number(hash, 0), number(hash, Long.BYTES));
  }

  private static long number(byte[] bytes, int from) {
    long number = 0;
    for (int i = from; i < from + Long.BYTES; i++) {
      number = number << 8 | (bytes[i] & 0xff);
    }
    return number;
  }

  private void put(JsonNode value, boolean isEntry) {
    if (value.isObject()) {
      sha256.update((byte) '{');
      for (String name : new TreeSet<>(value.propertyNames())) {
        if (!isEntry || !NOT_COMPARED.contains(name)) {
          put(name);
          put(value.path(name), false);
        }
      }
      sha256.update((byte) '}');
    } else if (value.isArray()) {
      sha256.update((byte) '[');
      value.forEach(each -> put(each, false));
      sha256.update((byte) ']');
    } else if (value.isNumber()) {
      sha256.update((byte) '#');
      put(number(value));
    } else {
      sha256.update((byte) (value.isString() ? '"' : '='));
      put(value.isString() ? value.stringValue() : value.toString());
    }
  }

  private void put(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha256.update(
        new byte[] {
          (byte) (bytes.length >> 24),
          (byte) (bytes.length >> 16),
          (byte) (bytes.length >> 8),
          (byte) bytes.length
        });
    sha256.update(bytes);
  }

  private static String number(JsonNode value) {
    var decimal = value.decimalValue().stripTrailingZeros();
    return decimal.unscaledValue() + "e" + decimal.scale();
  }

  /** Names of the fields in which two entries differ, with dots between; at most 20. */
  static List<String> differences(JsonNode expected, JsonNode found) {
    List<String> fields = new ArrayList<>();
    compare("", expected, found, fields);
    return fields;
  }

  /**
   * Names of the fields of {@code left}, what is left of an entry in the log, that {@code found}
   * has not or has otherwise. Hashes that stand in the place of an id are not compared.
   */
  static List<String> lacking(JsonNode left, JsonNode found) {
    List<String> fields = new ArrayList<>();
    within("", left, found, fields);
    return fields;
  }

  private static void within(String at, JsonNode left, JsonNode found, List<String> fields) {
    if (fields.size() == MAX_FIELDS) {
      return;
    }
    if (left.isObject() && found.isObject()) {
      for (String name : left.propertyNames()) {
        if (!at.isEmpty() || !NOT_COMPARED.contains(name)) {
          within(at.isEmpty() ? name : at + "." + name, left.path(name), found.path(name), fields);
        }
      }
    } else if (left.isArray() && found.isArray() && left.size() == found.size()) {
      for (int i = 0; i < left.size(); i++) {
        within(at + "[" + i + "]", left.get(i), found.get(i), fields);
      }
    } else if (!same(left, found)
        && !(left.isString() && HASH.matcher(left.stringValue()).matches())) {
      fields.add(at);
    }
  }

  private static void compare(String at, JsonNode a, JsonNode b, List<String> fields) {
    if (fields.size() == MAX_FIELDS) {
      return;
    }
    if (a.isObject() && b.isObject()) {
      Collection<String> names = new TreeSet<>(a.propertyNames());
      names.addAll(b.propertyNames());
      for (String name : names) {
        if (!at.isEmpty() || !NOT_COMPARED.contains(name)) {
          compare(at.isEmpty() ? name : at + "." + name, a.path(name), b.path(name), fields);
        }
      }
    } else if (a.isArray() && b.isArray() && a.size() == b.size()) {
      for (int i = 0; i < a.size(); i++) {
        compare(at + "[" + i + "]", a.get(i), b.get(i), fields);
      }
    } else if (!same(a, b)) {
      fields.add(at);
    }
  }

  private static boolean same(JsonNode a, JsonNode b) {
    return (a.isNumber() && b.isNumber()) ? number(a).equals(number(b)) : a.equals(b);
  }
}
