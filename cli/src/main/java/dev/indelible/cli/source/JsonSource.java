package dev.indelible.cli.source;

import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Place;
import dev.indelible.cli.source.SourceRecord.Unreadable;
import dev.indelible.mapping.text.ExactReader;
import dev.indelible.server.json.NotJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON texts one after the other, on lines of their own (NDJSON) or not: each is a record, an
 * array of records, or an object whose property holds the array. Finds out by itself whether the
 * file is gzipped.
 *
 * <p>In NDJSON a line that is not JSON costs that line only. In the other forms nothing after a
 * syntax error can be trusted, so it ends the file with one {@link Unreadable}, and so does a gzip
 * stream that is damaged or cut off: what was not read is always said.
 */
public final class JsonSource implements RecordSource {

  private static final JsonMapper JSON = new JsonMapper();

  private final RawFile raw;
  private final String file;
  private final @Nullable String recordsProperty;
  private final ByteLines lines;
  private final @Nullable JsonParser parser;

  /** Records of the line that was read last. */
  private final Deque<SourceRecord> waiting = new ArrayDeque<>();

  private Where where = Where.BETWEEN_TEXTS;
  private long line;
  private long ordinal;
  private boolean ended;

  /** Position of the parser before the next record. */
  private enum Where {
    BETWEEN_TEXTS,
    IN_ARRAY,
    IN_RECORDS
  }

  /**
   * Opens a file as {@link #JsonSource(String, String, InputStream, String)} does, known by its
   * name for people.
   */
  public JsonSource(String file, InputStream raw, @Nullable String recordsProperty)
      throws IOException {
    this(file, file, raw, recordsProperty);
  }

  /**
   * Opens {@code raw} and looks for its form.
   *
   * @param file its name for people
   * @param identity see {@link RecordSource#identity}
   * @param recordsProperty the property of a text that holds the array of records, or null
   */
  public JsonSource(String file, String identity, InputStream raw, @Nullable String recordsProperty)
      throws IOException {
    this.raw = new RawFile(file, identity, raw);
    this.file = file;
    this.recordsProperty = recordsProperty;
    this.lines = new ByteLines(this.raw.in());
    byte[] head = this.raw.head();
    int start = skipBlank(head);
    boolean ofValues =
        start < head.length
            && (head[start] == '['
                || (recordsProperty != null && findRecords(head, recordsProperty))
                || (head[start] == '{' && spansLines(head, start)));
    this.parser = ofValues ? JSON.createParser(this.raw.in()) : null;
  }

  @Override
  public @Nullable SourceRecord next() throws IOException {
    if (ended) {
      return null;
    }
    try {
      return parser == null ? nextLine() : nextValue(parser);
    } catch (JacksonException failure) {
      long at = failure.getLocation() == null ? 0 : failure.getLocation().getLineNr();
      if (failure.getCause() instanceof IOException broken) {
        return unread(broken, parser == null ? at : parser.currentLocation().getLineNr());
      }
      return end(at, "not JSON, so nothing after it was read: " + NotJson.why(failure));
    } catch (IOException failure) {
      return unread(failure, line + 1);
    }
  }

  @Override
  public String identity() {
    return raw.identity();
  }

  @Override
  public long bytesRead() {
    return raw.bytesRead();
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }

  /** Ends with what is wrong with a gzip stream; any other failure is the environment's. */
  private SourceRecord unread(IOException failure, long at) throws IOException {
    if (failure instanceof DamagedGzipException) {
      return end(at, "nothing from here on was read: " + failure.getMessage());
    }
    throw raw.named(failure);
  }

  private SourceRecord end(long at, String why) {
    ended = true;
    return new Unreadable(new Place(file, at, ++ordinal), why);
  }

  private @Nullable SourceRecord nextValue(JsonParser parser) {
    while (true) {
      JsonToken token = parser.nextToken();
      if (where != Where.BETWEEN_TEXTS) {
        if (token != JsonToken.END_ARRAY) {
          return record(parser);
        }
        leaveArray(parser);
      } else if (token == null) {
        ended = true;
        return null;
      } else if (token == JsonToken.START_ARRAY) {
        where = Where.IN_ARRAY;
      } else if (token == JsonToken.START_OBJECT && recordsProperty != null) {
        SourceRecord record = objectOrRecords(parser, recordsProperty);
        if (record != null) {
          return record;
        }
      } else {
        return record(parser);
      }
    }
  }

  private SourceRecord record(JsonParser parser) {
    Place place = new Place(file, parser.currentTokenLocation().getLineNr(), ++ordinal);
    ExactReader reader = new ExactReader(parser);
    JsonNode tree = reader.read();
    return record(place, tree, reader.problem());
  }

  private static SourceRecord record(Place place, JsonNode tree, @Nullable String problem) {
    return problem == null ? new Parsed(place, tree) : new Unreadable(place, problem);
  }

  /** The object at whose start the parser is; null when it turned out to hold the records. */
  private @Nullable SourceRecord objectOrRecords(JsonParser parser, String property) {
    long at = parser.currentTokenLocation().getLineNr();
    ExactReader reader = new ExactReader(parser);
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() == JsonToken.START_ARRAY && name.equals(property)) {
        where = Where.IN_RECORDS;
        return null;
      }
      reader.member(object, name);
    }
    return record(new Place(file, at, ++ordinal), object, reader.problem());
  }

  /** Passes over what follows the records in their object, up to its end or to more records. */
  private void leaveArray(JsonParser parser) {
    if (where == Where.IN_RECORDS) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean more = parser.currentName().equals(recordsProperty);
        if (parser.nextToken() == JsonToken.START_ARRAY && more) {
          return;
        }
        parser.skipChildren();
      }
    }
    where = Where.BETWEEN_TEXTS;
  }

  private @Nullable SourceRecord nextLine() throws IOException {
    while (waiting.isEmpty()) {
      byte[] content = lines.next();
      if (content == null) {
        ended = true;
        return null;
      }
      line++;
      int from = line == 1 ? skipBlank(content) : 0;
      if (lines.isTooLong()) {
        return new Unreadable(
            new Place(file, line, ++ordinal),
            lines.whyTooLong());
      }
      if (!isBlank(content, from)) {
        readTexts(content, from);
      }
    }
    return waiting.poll();
  }

  /** Reads the texts of a line, all of them or none. */
  private void readTexts(byte[] content, int from) {
    long before = ordinal;
    try (JsonParser texts = JSON.createParser(content, from, content.length - from)) {
      while (texts.nextToken() != null) {
        ExactReader reader = new ExactReader(texts);
        JsonNode text = reader.read();
        ArrayNode records = reader.problem() == null ? recordsOf(text) : null;
        if (records == null) {
          waiting.add(record(new Place(file, line, ++ordinal), text, reader.problem()));
        } else {
          records.forEach(one -> waiting.add(new Parsed(new Place(file, line, ++ordinal), one)));
        }
      }
    } catch (JacksonException failure) {
      waiting.clear();
      ordinal = before + 1;
      waiting.add(
          new Unreadable(new Place(file, line, ordinal), "not JSON: " + NotJson.why(failure)));
    }
  }

  /** The records that a text holds when it is not one itself. */
  private @Nullable ArrayNode recordsOf(JsonNode text) {
    if (text instanceof ArrayNode array) {
      return array;
    }
    return recordsProperty != null && text.get(recordsProperty) instanceof ArrayNode records
        ? records
        : null;
  }

  /** Offset at which the content starts, after a byte order mark and blanks. */
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

  /** Whether the first text is an object whose {@code property} holds an array. */
  private static boolean findRecords(byte[] head, String property) {
    try (JsonParser parser = JSON.createParser(head)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean found = parser.currentName().equals(property);
        if (parser.nextToken() == JsonToken.START_ARRAY && found) {
          return true;
        }
        parser.skipChildren();
      }
      return false;
    } catch (JacksonException _) {
      return false;
    }
  }
}
