package dev.indelible.server.otlp;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Resource that records are about, or instrumentation scope that made them: shared by all records
 * below it, and filled while the request is read, since it may stand behind them.
 */
final class Origin {

  final ObjectNode attributes = JsonNodeFactory.instance.objectNode();

  /** Name of a scope; empty for resources. */
  String name = "";

  /** Version of a scope; empty for resources. */
  String version = "";

  /** Reason why the records below it are refused, or null. */
  @Nullable String fault;

  private byte @Nullable [] digest;

  /** Digest of its content; asked for when all of it is read. */
  byte[] digest() {
    if (digest == null) {
      digest = new ContentDigest().text(name).text(version).value(attributes).bytes();
    }
    return digest;
  }

  void fail(String why) {
    if (fault == null) {
      fault = why;
    }
  }
}
