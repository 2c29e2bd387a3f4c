package dev.indelible.server.otlp;

import dev.indelible.verify.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * SHA-256 of values, each with its kind and length before it, so that no two lists of values have
 * the same input. Members of objects count in the order of their names: senders keep attributes in
 * maps.
 */
final class ContentDigest {

  private final MessageDigest sha256 = Sha256.create();
  private final ByteBuffer eight = ByteBuffer.allocate(Long.BYTES);

  ContentDigest number(long value) {
    sha256.update(eight.clear().putLong(value).flip());
    return this;
  }

  ContentDigest text(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  ContentDigest raw(byte[] bytes) {
    number(bytes.length);
    sha256.update(bytes);
    return this;
  }

  /** Adds a value of any kind; null is one of them. */
  ContentDigest value(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return kind('0');
    }
    if (value.isObject()) {
      TreeMap<String, JsonNode> sorted = new TreeMap<>();
      value.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
      kind('o').number(sorted.size());
      sorted.forEach((name, member) -> text(name).value(member));
      return this;
    }
    if (value.isArray()) {
      kind('a').number(value.size());
      value.forEach(this::value);
      return this;
    }
    return kind(value.isString() ? 's' : value.isBoolean() ? 'b' : 'n').text(value.asString());
  }

  private ContentDigest kind(char kind) {
    sha256.update((byte) kind);
    return this;
  }

  byte[] bytes() {
    return sha256.digest();
  }
}
