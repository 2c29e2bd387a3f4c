package dev.indelible.cli.source;

import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Place;
import dev.indelible.cli.source.SourceRecord.Unreadable;
import dev.indelible.mapping.form.FieldForms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records of a file of lines of text in UTF-8. A line that is not of the form costs that line only;
 * a gzip stream that is damaged or cut off ends the file with one {@link Unreadable}, after the
 * records before it. Not thread-safe.
 */
abstract class TextSource implements RecordSource {

  /** The most lines of one record. */
  static final int MAX_RECORD_LINES = 10_000;

  /** The longest record of several lines, in UTF-16 units. */
  static final int MAX_RECORD_LENGTH = 4 * 1024 * 1024;

  private final RawFile raw;
  private final ByteLines lines;
  private final Deque<SourceRecord> waiting = new ArrayDeque<>();
  private long line;
  private long ordinal;
  private boolean ended;

  TextSource(RawFile raw) throws IOException {
    this.raw = raw;
    raw.skipByteOrderMark();
    this.lines = new ByteLines(raw.in());
  }

  /** Receives a line, without its end. */
  abstract void line(long number, String text);

  /** Receives the end of the file. */
  abstract void end();

  @Override
  public final @Nullable SourceRecord next() throws IOException {
    while (waiting.isEmpty() && !ended) {
      try {
        readLine();
      } catch (DamagedGzipException damage) {
        finish();
        refuse(line + 1, "nothing from here on was read: " + damage.getMessage());
      } catch (IOException failure) {
        throw raw.named(failure);
      }
    }
    return waiting.poll();
  }

  private void readLine() throws IOException {
    byte[] bytes = lines.next();
    if (bytes == null) {
      finish();
      return;
    }
    line++;
    if (lines.isTooLong()) {
      refuse(line, lines.whyTooLong());
      return;
    }
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\r') {
      length--;
    }
    String text;
    try {
      ByteBuffer utf8 = ByteBuffer.wrap(bytes, 0, length);
      text = StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException _) {
      refuse(line, "the line is not UTF-8");
      return;
    }
    if (FieldForms.isSound(text)) {
      line(line, text);
    } else {
      refuse(line, "the line holds a NUL character, which no text can hold");
    }
  }

  private void finish() {
    ended = true;
    end();
  }

  /** Gives out a record that starts on line {@code number}. */
  final void record(long number, ObjectNode record) {
    waiting.add(new Parsed(place(number), record));
  }

  /** Gives out why there is no record on line {@code number}. */
  final void refuse(long number, String why) {
    waiting.add(new Unreadable(place(number), why));
  }

  private Place place(long number) {
    return new Place(raw.name(), number, ++ordinal);
  }

  @Override
  public final String identity() {
    return raw.identity();
  }

  @Override
  public final long bytesRead() {
    return raw.bytesRead();
  }

  @Override
  public final void close() throws IOException {
    raw.close();
  }
}
