package dev.indelible.server.event;

import java.util.Arrays;

/**
 * Byte ranges of the items of a JSON array. Finding them first gives every item its own size limit,
 * its own parser and its own errors, whatever another item holds.
 *
 * <p>Only strings and brackets are looked at; what is between the bounds of an item is for its
 * parser to judge. Bytes of multi-byte characters are never mistaken, since they are all above
 * 0x7f.
 */
sealed interface ItemRanges {

  Decoding.Batch decode(EventDecoder.ItemDecoder decoder);

  /** Items found: {@code bounds} holds start and end of each. */
  @SuppressWarnings("ArrayRecordComponent") // lives within one call
  record Found(int[] bounds, int count) implements ItemRanges {
    @Override
    public Decoding.Batch decode(EventDecoder.ItemDecoder decoder) {
      return EventDecoder.decodeItems(bounds, count, decoder);
    }
  }

  /** No array, a broken one, or one that is too large. */
  record None(Problem problem) implements ItemRanges {
    @Override
    public Decoding.Batch decode(EventDecoder.ItemDecoder decoder) {
      return new Decoding.Batch.Broken(problem);
    }
  }

  /** Finds the items of the array that the bytes hold. */
  static ItemRanges find(byte[] bytes, int offset, int length) {
    if (length > EventLimits.MAX_BATCH_BYTES) {
      return new None(
          new Problem(
              "",
              Problem.Code.TOO_LARGE,
              "The batch has "
                  + length
                  + " bytes; at most "
                  + EventLimits.MAX_BATCH_BYTES
                  + " are allowed. Send it in parts, or as lines of application/x-ndjson."));
    }
    return new Scan(bytes, offset, offset + length).run();
  }

  /** One pass over the bytes. */
  final class Scan {
    private static final int BROKEN = -1;

    private final byte[] bytes;
    private final int origin;
    private final int end;
    private int[] bounds = new int[64];
    private int count;

    Scan(byte[] bytes, int origin, int end) {
      this.bytes = bytes;
      this.origin = origin;
      this.end = end;
    }

    ItemRanges run() {
      int at = skipSpace(origin);
      if (at + 2 < end && bytes[at] == (byte) 0xef && bytes[at + 1] == (byte) 0xbb) {
        at = skipSpace(at + 3);
      }
      if (at == end || bytes[at] != '[') {
        return broken(at, "a JSON array begins with [");
      }
      at = skipSpace(at + 1);
      if (at < end && bytes[at] == ']') {
        return finish(at + 1);
      }
      while (true) {
        int itemEnd = itemEnd(at);
        if (itemEnd == BROKEN) {
          return broken(at, "the item that begins here does not end");
        }
        if (itemEnd == at) {
          return broken(at, "an item is missing");
        }
        if (count == EventLimits.MAX_BATCH_EVENTS) {
          return tooMany();
        }
        add(at, itemEnd);
        at = skipSpace(itemEnd);
        if (at == end) {
          return broken(at, "the array does not end");
        }
        if (bytes[at] == ']') {
          return finish(at + 1);
        }
        if (bytes[at] != ',') {
          return broken(at, "a comma or ] should be here");
        }
        at = skipSpace(at + 1);
      }
    }

    private void add(int start, int itemEnd) {
      if (2 * count == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * bounds.length);
      }
      bounds[2 * count] = start;
      bounds[2 * count + 1] = itemEnd;
      count++;
    }

    private ItemRanges finish(int at) {
      int rest = skipSpace(at);
      return rest == end ? new Found(bounds, count) : broken(rest, "something follows the array");
    }

    private ItemRanges tooMany() {
      return new None(
          new Problem(
              "",
              Problem.Code.TOO_MANY,
              "The batch has more than "
                  + EventLimits.MAX_BATCH_EVENTS
                  + " events. Send it in parts, or as lines of application/x-ndjson."));
    }

    private ItemRanges broken(int at, String why) {
      return new None(
          new Problem(
              "",
              Problem.Code.BAD_JSON,
              "This is not a JSON array at byte " + (at - origin) + ": " + why + "."));
    }

    /** The index after the item at {@code start}, {@code start} when there is none, or BROKEN. */
    private int itemEnd(int start) {
      int depth = 0;
      int at = start;
      while (at < end) {
        switch (bytes[at]) {
          case '"' -> {
            at = stringEnd(at + 1);
            if (at == BROKEN) {
              return BROKEN;
            }
          }
          case '{', '[' -> {
            depth++;
            at++;
          }
          case '}', ']' -> {
            if (depth == 0) {
              return trimmed(start, at);
            }
            depth--;
            at++;
            if (depth == 0) {
              return at;
            }
          }
          case ',' -> {
            if (depth == 0) {
              return trimmed(start, at);
            }
            at++;
          }
          default -> at++;
        }
      }
      return BROKEN;
    }

    private int trimmed(int start, int itemEnd) {
      int at = itemEnd;
      while (at > start && isSpace(bytes[at - 1])) {
        at--;
      }
      return at;
    }

    /** The index after the closing quote, or BROKEN. */
    private int stringEnd(int from) {
      int at = from;
      while (at < end) {
        byte b = bytes[at];
        if (b == '"') {
          return at + 1;
        }
        at += b == '\\' ? 2 : 1;
      }
      return BROKEN;
    }

    private int skipSpace(int from) {
      int at = from;
      while (at < end && isSpace(bytes[at])) {
        at++;
      }
      return at;
    }

    private static boolean isSpace(byte b) {
      return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
  }
}
