package dev.indelible.cli.send;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON of an event in UTF-8, on one line and without the line's end. Immutable. */
final class EventLine {

  private final byte[] utf8;

  private EventLine(byte[] utf8) {
    this.utf8 = utf8;
  }

  static EventLine of(ObjectNode event, JsonMapper json) {
    return new EventLine(json.writeValueAsBytes(event));
  }

  int sizeBytes() {
    return utf8.length;
  }

  /** Adds the line and its end. */
  void writeTo(ByteArrayOutputStream out) {
    out.write(utf8, 0, utf8.length);
    out.write('\n');
  }

  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
