package dev.indelible.cli.source;

import dev.indelible.mapping.Input.LineStart;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Lines of a plain log: each is a record {@code {"line": "…"}}, or those that go on with one belong
 * to it.
 */
final class LineSource extends TextSource {

  private final @Nullable LineStart start;
  private final StringBuilder record = new StringBuilder();
  private long first;
  private int count;
  private boolean isTooLong;

  /**
   * @param start how a record's first line begins; null when each line is one
   */
  LineSource(RawFile raw, @Nullable LineStart start) throws IOException {
    super(raw);
    this.start = start;
  }

  @Override
  void line(long number, String text) {
    if (start == null) {
      if (!text.isBlank()) {
        give(number, text);
      }
      return;
    }
    if (count == 0 || start.isAt(text)) {
      end();
      first = number;
    }
    count++;
    isTooLong |= count > MAX_RECORD_LINES || record.length() + text.length() > MAX_RECORD_LENGTH;
    if (!isTooLong) {
      record.append(record.isEmpty() ? "" : "\n").append(text);
    }
  }

  @Override
  void end() {
    if (isTooLong) {
      refuse(
          first,
          "the record has more than %,d lines or %,d characters"
              .formatted(MAX_RECORD_LINES, MAX_RECORD_LENGTH));
    } else if (count > 0 && !record.toString().isBlank()) {
      give(first, record.toString());
    }
    record.setLength(0);
    count = 0;
    isTooLong = false;
  }

  private void give(long number, String text) {
    record(number, JsonNodeFactory.instance.objectNode().put("line", text));
  }
}
