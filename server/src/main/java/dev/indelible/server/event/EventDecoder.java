package dev.indelible.server.event;

import dev.indelible.server.json.NotJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * Reads events from UTF-8 JSON, strictly: unknown fields, wrong types, double keys, broken text and
 * everything beyond {@link EventLimits} are refused, and all problems of an event are reported at
 * once as far as its JSON can be followed.
 *
 * <p>Thread-safe; one instance serves the whole program. {@code docs/formats/event.md} describes
 * what is accepted.
 */
public final class EventDecoder {

  private static final int BYTE_ORDER_MARK_BYTES = 3;

  private final JsonSource source = new JsonSource();

  /** Reads one event: a JSON object and nothing after it. The array is not kept. */
  public Decoding decode(byte[] bytes, int offset, int length) {
    if (length > EventLimits.MAX_EVENT_BYTES) {
      return tooLarge(length);
    }
    return decode(bytes, offset, length, offset, "");
  }

  /** Reads a JSON array of events. */
  public Decoding.Batch decodeArray(byte[] bytes, int offset, int length) {
    return ItemRanges.find(bytes, offset, length)
        .decode((start, size) -> item(bytes, start, size, offset));
  }

  /** Reads an array's item; {@code origin} is where the caller's bytes begin. */
  private Decoding item(byte[] bytes, int start, int size, int origin) {
    return size > EventLimits.MAX_EVENT_BYTES
        ? tooLarge(size)
        : decode(bytes, start, size, origin, "");
  }

  static Decoding.Invalid tooLarge(long bytes) {
    return Problems.one(
        "",
        Problem.Code.TOO_LARGE,
        "The event has "
            + bytes
            + " bytes; at most "
            + EventLimits.MAX_EVENT_BYTES
            + " are allowed. Keep large payloads elsewhere and put a reference into details.");
  }

  /**
   * Reads an event of any size.
   *
   * @param origin where the caller's bytes begin, so that reported offsets are the caller's
   * @param pointerPrefix the prefix of the event's pointers
   */
  Decoding decode(byte[] bytes, int offset, int length, int origin, String pointerPrefix) {
    return read(bytes, offset, length, origin, pointerPrefix, in -> event(in, false));
  }

  /** Reads an event of any size whose actor, of whatever type, may lack an id. */
  Decoding decodeWithoutActorId(byte[] json) {
    return read(json, 0, json.length, 0, "", in -> event(in, true));
  }

  private static Decoding event(StrictReader in, boolean actorMayBeUnknown) {
    if (in.parser.currentToken() == JsonToken.START_OBJECT) {
      return new EventReader(in, actorMayBeUnknown).read();
    }
    in.wrongType("an object");
    return in.problems.toInvalid();
  }

  /** Reads what the parser of a strict reader is at the first token of. */
  @FunctionalInterface
  interface Reading {
    Decoding read(StrictReader in);
  }

  /** Reads one JSON document that must be sound text and have nothing after it. */
  Decoding read(
      byte[] bytes, int offset, int length, int origin, String pointerPrefix, Reading reading) {
    int scan = Utf8.scan(bytes, offset, length);
    if (scan >= 0) {
      return badEncoding(bytes, offset + scan, origin, pointerPrefix);
    }
    int mark = byteOrderMark(bytes, offset, length);
    int start = offset + mark;
    Problems problems = new Problems(pointerPrefix);
    try (JsonParser parser = source.open(bytes, start, length - mark)) {
      if (parser.nextToken() == null) {
        problems.add("", Problem.Code.BAD_JSON, "The body is empty; send a JSON object.");
        return problems.toInvalid();
      }
      StrictReader in = new StrictReader(parser, problems, scan == Utf8.WITH_ESCAPES);
      Decoding decoding = reading.read(in);
      if (parser.nextToken() != null) {
        problems.add(
            "",
            Problem.Code.BAD_JSON,
            "Something follows the JSON object at byte "
                + (offset(parser.currentTokenLocation(), start) - origin)
                + ". Send several events as an array, or as lines of application/x-ndjson.");
        return problems.toInvalid();
      }
      return decoding;
    } catch (StreamConstraintsException beyondTheParser) {
      problems.add(
          "",
          Problem.Code.TOO_DEEP,
          "nests deeper than "
              + EventLimits.MAX_JSON_DEPTH
              + " levels or has names chosen to collide, and was read no further.");
      return problems.toInvalid();
    } catch (JacksonException notJson) {
      // The parser itself refuses half a surrogate pair in a name, and says so only in words.
      boolean halfPair = String.valueOf(notJson.getOriginalMessage()).contains("surrogate");
      problems.add(
          "",
          halfPair ? Problem.Code.BAD_ENCODING : Problem.Code.BAD_JSON,
          notJson(notJson, start, origin));
      return problems.toInvalid();
    }
  }

  private static Decoding.Invalid badEncoding(byte[] bytes, int at, int origin, String prefix) {
    String what =
        bytes[at] == 0
            ? "There is a NUL byte at byte %d, which JSON in UTF-8 cannot hold. Remove it, or send"
                + " UTF-8 if this is UTF-16."
            : "The bytes are not UTF-8 from byte %d on (0x%02x). Send UTF-8; was it Latin-1 or cut"
                + " in the middle of a character?";
    return Problems.one(
        prefix, Problem.Code.BAD_ENCODING, what.formatted(at - origin, bytes[at] & 0xff));
  }

  private static int byteOrderMark(byte[] bytes, int offset, int length) {
    return length >= BYTE_ORDER_MARK_BYTES
            && bytes[offset] == (byte) 0xef
            && bytes[offset + 1] == (byte) 0xbb
            && bytes[offset + 2] == (byte) 0xbf
        ? BYTE_ORDER_MARK_BYTES
        : 0;
  }

  private static String notJson(JacksonException exception, int start, int origin) {
    return "This is not JSON at byte "
        + (offset(exception.getLocation(), start) - origin)
        + ": "
        + Problems.quotable(NotJson.why(exception));
  }

  /** The index in the array; the parser counts from where it began. */
  private static long offset(@Nullable TokenStreamLocation location, int start) {
    return location == null ? start : start + Math.max(0, location.getByteOffset());
  }

  /** Decoder of the item of {@code size} bytes at {@code start}. */
  @FunctionalInterface
  interface ItemDecoder {
    Decoding decode(int start, int size);
  }

  /** Reads every item; one that is no JSON at all breaks the whole array. */
  static Decoding.Batch decodeItems(int[] bounds, int count, ItemDecoder decoder) {
    List<Decoding> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int start = bounds[2 * i];
      Decoding item = decoder.decode(start, bounds[2 * i + 1] - start);
      if (item instanceof Decoding.Invalid(List<Problem> problems, int ignored)) {
        for (Problem problem : problems) {
          if (problem.code() == Problem.Code.BAD_JSON) {
            return new Decoding.Batch.Broken(
                new Problem("/" + i, problem.code(), problem.detail()));
          }
        }
      }
      items.add(item);
    }
    return new Decoding.Batch.Items(items);
  }
}
