package dev.indelible.cli.source;

import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Place;
import dev.indelible.cli.source.SourceRecord.Unreadable;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a JSON array, NDJSON, JSON objects one after the other, or an object whose property holds
 * the array; finds out by itself which, and whether it is gzipped.
 *
 * <p>In NDJSON a line that is not JSON costs that line only. In the other forms nothing after a
 * syntax error can be trusted, so it ends the file with one {@link Unreadable}.
 */
public final class JsonSource implements RecordSource {

  /** The longest line of NDJSON, in bytes; longer ones are skipped and reported. */
  static final int MAX_LINE_BYTES = 4 * 1024 * 1024;

  /** How far ahead the form is looked for, in bytes. */
  static final int LOOK_AHEAD_BYTES = 64 * 1024;

  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final ObjectReader ONE_OF_MANY =
      JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final String file;
  private final CountingStream counting;
  private final BufferedInputStream in;
  private final @Nullable JsonParser parser;
  private long line;
  private long ordinal;
  private boolean lineTooLong;
  private boolean ended;

  /**
   * Opens {@code raw} and looks for its form.
   *
   * @param file its name for people
   * @param recordsProperty the property of a root object that holds the array of records, or null
   */
  public JsonSource(String file, InputStream raw, @Nullable String recordsProperty)
      throws IOException {
    this.file = file;
    this.counting = new CountingStream(raw);
    this.in = decompressed(new BufferedInputStream(counting, LOOK_AHEAD_BYTES));
    byte[] head = head(in);
    JsonParser found = null;
    int start = skipBlank(head);
    if (start < head.length && head[start] == '[') {
      found = JSON.createParser(in);
      found.nextToken();
    } else if (recordsProperty != null && findRecords(head, recordsProperty)) {
      found = JSON.createParser(in);
      advanceTo(found, recordsProperty);
    } else if (start < head.length && head[start] == '{' && spansLines(head, start)) {
      found = JSON.createParser(in);
    }
    this.parser = found;
  }

  @Override
  public @Nullable SourceRecord next() throws IOException {
    if (ended) {
      return null;
    }
    try {
      return parser == null ? nextLine() : nextValue(parser);
    } catch (JacksonException failure) {
      ended = true;
      long at = failure.getLocation() == null ? 0 : failure.getLocation().getLineNr();
      return new Unreadable(
          new Place(file, at, ordinal + 1),
          "not JSON, so nothing after it was read: " + why(failure));
    } catch (IOException failure) {
      throw new IOException(file + ": " + failure.getMessage(), failure);
    }
  }

  @Override
  public long bytesRead() {
    return counting.count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private @Nullable SourceRecord nextValue(JsonParser parser) {
    JsonToken token = parser.nextToken();
    if (token == null || token == JsonToken.END_ARRAY) {
      ended = true;
      return null;
    }
    Place place = new Place(file, parser.currentTokenLocation().getLineNr(), ++ordinal);
    JsonNode tree = ONE_OF_MANY.readTree(parser);
    return new Parsed(place, tree);
  }

  private @Nullable SourceRecord nextLine() throws IOException {
    for (byte[] content = readLine(); content != null; content = readLine()) {
      line++;
      int from = line == 1 ? skipBlank(content) : 0;
      if (lineTooLong) {
        return new Unreadable(
            new Place(file, line, ++ordinal),
            "the line is longer than " + MAX_LINE_BYTES + " bytes");
      }
      if (!isBlank(content, from)) {
        return parsed(content, from, new Place(file, line, ++ordinal));
      }
    }
    ended = true;
    return null;
  }

  private static SourceRecord parsed(byte[] content, int from, Place place) {
    try {
      return new Parsed(place, JSON.readTree(content, from, content.length - from));
    } catch (JacksonException failure) {
      return new Unreadable(place, "not JSON: " + why(failure));
    }
  }

  /** The next line, cut (and {@link #lineTooLong} set) when it is too long; null at the end. */
  private byte @Nullable [] readLine() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    lineTooLong = false;
    int next = in.read();
    if (next < 0) {
      return null;
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (bytes.size() < MAX_LINE_BYTES) {
        bytes.write(next);
      } else {
        lineTooLong = true;
      }
    }
    return bytes.toByteArray();
  }

  private static BufferedInputStream decompressed(BufferedInputStream in) throws IOException {
    in.mark(2);
    int first = in.read();
    int second = in.read();
    in.reset();
    if (first == GZIP_FIRST && second == GZIP_SECOND) {
      return new BufferedInputStream(new GZIPInputStream(in, LOOK_AHEAD_BYTES), LOOK_AHEAD_BYTES);
    }
    return in;
  }

  private static byte[] head(BufferedInputStream in) throws IOException {
    in.mark(LOOK_AHEAD_BYTES);
    byte[] head = in.readNBytes(LOOK_AHEAD_BYTES);
    in.reset();
    return head;
  }

  /** Where the content starts: after a byte order mark and blanks. */
  private static int skipBlank(byte[] bytes) {
    int i =
        bytes.length >= 3
                && bytes[0] == (byte) 0xef
                && bytes[1] == (byte) 0xbb
                && bytes[2] == (byte) 0xbf
            ? 3
            : 0;
    while (i < bytes.length && isBlank(bytes[i])) {
      i++;
    }
    return i;
  }

  private static boolean isBlank(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (!isBlank(bytes[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  /**
   * Whether the first value goes on after the first line, as in indented JSON: the line alone is
   * not complete, and what follows it goes on with it. A line of NDJSON that was cut off does not.
   */
  private static boolean spansLines(byte[] head, int start) {
    int end = start;
    while (end < head.length && head[end] != '\n') {
      end++;
    }
    return end < head.length
        && firstValue(head, start, end) == FirstValue.CUT_OFF
        && firstValue(head, start, head.length) != FirstValue.WRONG;
  }

  private enum FirstValue {
    COMPLETE,
    CUT_OFF,
    WRONG
  }

  private static FirstValue firstValue(byte[] bytes, int start, int end) {
    try (JsonParser parser = JSON.createParser(bytes, start, end - start)) {
      parser.nextToken();
      parser.skipChildren();
      return FirstValue.COMPLETE;
    } catch (UnexpectedEndOfInputException _) {
      return FirstValue.CUT_OFF;
    } catch (JacksonException _) {
      return FirstValue.WRONG;
    }
  }

  private static boolean findRecords(byte[] head, String property) {
    try (JsonParser parser = JSON.createParser(head)) {
      return advanceTo(parser, property);
    } catch (JacksonException _) {
      return false;
    }
  }

  /** Moves to the start of the array that the root object's {@code property} holds. */
  private static boolean advanceTo(JsonParser parser, String property) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return false;
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean found = parser.currentName().equals(property);
      JsonToken value = parser.nextToken();
      if (found) {
        return value == JsonToken.START_ARRAY;
      }
      parser.skipChildren();
    }
    return false;
  }

  private static String why(JacksonException failure) {
    return failure.getOriginalMessage();
  }

  /** Counts what is read from the file itself. */
  private static final class CountingStream extends FilterInputStream {
    private long count;

    CountingStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int next = in.read();
      if (next >= 0) {
        count++;
      }
      return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      if (n > 0) {
        count += n;
      }
      return n;
    }
  }
}
