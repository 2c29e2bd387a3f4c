package dev.indelible.cli.send;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON of an event in UTF-8, on one line and without the line's end. Immutable. */
final class EventLine {

  private static final String ID_BEFORE = "{\"id\":\"";
  private static final int EMPTY_LENGTH = 2;

  private final byte[] utf8;

  private EventLine(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** The line of an event's JSON, which is not changed afterwards. */
  static EventLine of(byte[] utf8) {
    return new EventLine(utf8);
  }

  /**
   * The line of an event that has no id, with one in front.
   *
   * @param event the JSON of an object without the member {@code id}
   * @param id of letters, digits and dashes
   */
  static EventLine of(byte[] event, String id) {
    boolean isEmpty = event.length == EMPTY_LENGTH;
    byte[] front = (ID_BEFORE + id + (isEmpty ? "\"" : "\",")).getBytes(StandardCharsets.US_ASCII);
    byte[] line = Arrays.copyOf(front, front.length + event.length - 1);
    System.arraycopy(event, 1, line, front.length, event.length - 1);
    return new EventLine(line);
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
