package dev.indelible.cli.source;

import dev.indelible.mapping.text.KeyValueText;
import java.io.IOException;

/** Lines of {@code key=value} pairs, each a record; a line without a pair is none. */
final class KeyValueSource extends TextSource {

  KeyValueSource(RawFile raw) throws IOException {
    super(raw);
  }

  @Override
  void line(long number, String text) {
    if (text.isBlank()) {
      return;
    }
    if (text.indexOf('=') < 0) {
      refuse(number, "the line has no key=value");
    } else {
      record(number, KeyValueText.read(text));
    }
  }

  @Override
  void end() {}
}
