package dev.indelible.verify.audit;

import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.util.ArrayList;
import java.util.List;

/**
 * Recognises the entries that say what was deleted.
 *
 * <pre>
 * {…,"action":"audit.entries.purge",…,"details":{"ranges":[[first,end],…],…}}    whole entries
 * {…,"action":"audit.personal.erase",…,"details":{"ranges":[[first,end],…],…}}   personal parts
 * </pre>
 *
 * <p>Ranges are half-open. Format: {@code docs/formats/export.md}. Not thread-safe.
 */
final class DeletionEntry {

  /** The action of an entry that says which entries were purged. */
  static final String PURGE = "audit.entries.purge";

  /** The action of an entry that says of which entries the personal part was erased. */
  static final String ERASE = "audit.personal.erase";

  /** The most ranges that one entry can name. */
  static final int MAX_RANGES = 100_000;

  /**
   * Largest offset of the action in an entry's facts: only members with short values precede it.
   */
  private static final int MAX_ACTION_OFFSET = 16 * 1024;

  /** Cannot be within a string of compact JSON, where quotes are escaped. */
  private static final byte[] MARK = {'"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '"'};

  private final Json json = new Json();
  private final Json.Bytes name = new Json.Bytes();
  private final Json.Bytes action = new Json.Bytes();
  private final List<long[]> ranges = new ArrayList<>();

  /** Whether these are the facts of such an entry. */
  boolean read(byte[] facts, int length) {
    int at = actionAt(facts, length);
    if (at < 0 || !(startsWith(facts, at, length, PURGE) || startsWith(facts, at, length, ERASE))) {
      return false;
    }
    ranges.clear();
    action.length = 0;
    try {
      readFacts(json.over(facts, 0, length));
    } catch (MalformedJsonException e) {
      return false;
    }
    return isPurge() || action.is(ERASE);
  }

  private static int actionAt(byte[] facts, int length) {
    int limit = Math.min(length, MAX_ACTION_OFFSET) - MARK.length;
    for (int i = 0; i <= limit; i++) {
      if (facts[i] == '"' && facts[i + 1] == 'a' && startsWith(facts, i, MARK)) {
        return i + MARK.length;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] facts, int at, byte[] mark) {
    for (int i = 0; i < mark.length; i++) {
      if (facts[at + i] != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWith(byte[] facts, int at, int length, String ascii) {
    if (length - at < ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (facts[at + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void readFacts(Json in) throws MalformedJsonException {
    in.expect('{');
    do {
      in.string(name);
      in.expect(':');
      if (name.is("action")) {
        in.string(action);
      } else if (name.is("details")) {
        readDetails(in);
      } else {
        in.skip();
      }
    } while (in.take(','));
    in.expect('}');
    in.expectEnd();
  }

  private void readDetails(Json in) throws MalformedJsonException {
    in.expect('{');
    if (in.take('}')) {
      return;
    }
    do {
      in.string(name);
      in.expect(':');
      if (name.is("ranges")) {
        readRanges(in);
      } else {
        in.skip();
      }
    } while (in.take(','));
    in.expect('}');
  }

  private void readRanges(Json in) throws MalformedJsonException {
    in.expect('[');
    if (in.take(']')) {
      return;
    }
    do {
      in.expect('[');
      long first = in.integer();
      in.expect(',');
      long end = in.integer();
      in.expect(']');
      if (ranges.size() == MAX_RANGES) {
        throw in.malformed("more than " + MAX_RANGES + " ranges");
      }
      ranges.add(new long[] {first, end});
    } while (in.take(','));
    in.expect(']');
  }

  /** Whether it speaks of whole entries, not of personal parts alone. */
  boolean isPurge() {
    return action.is(PURGE);
  }

  /** Ranges of sequence numbers that the entry says were deleted. */
  List<long[]> ranges() {
    return ranges;
  }
}
