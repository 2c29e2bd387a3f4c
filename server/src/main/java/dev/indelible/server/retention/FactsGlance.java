package dev.indelible.server.retention;

import dev.indelible.server.run.StoredEntry;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one short member of an entry's facts without reading all of them: millions of entries are
 * looked at for their action and category alone. The form is that of {@code docs/formats/parts.md}:
 * compact, with the members in order, so that the first occurrence of a name between quotes and
 * before a colon is the member itself and never a part of a text.
 */
final class FactsGlance {

  /** The action of an entry that says which entries were purged; {@code docs/formats/export.md}. */
  static final String PURGE = "audit.entries.purge";

  /** The action of an entry that says of which entries the personal part was erased. */
  static final String ERASE = "audit.personal.erase";

  private static final byte[] ACTION = mark("action");
  private static final byte[] CATEGORY = mark("category");

  private FactsGlance() {}

  private static byte[] mark(String member) {
    return ("\"" + member + "\":\"").getBytes(StandardCharsets.US_ASCII);
  }

  /** The action, or an empty text when there is none. */
  static String action(byte[] facts) {
    return text(facts, ACTION);
  }

  /** The category, or an empty text when there is none. */
  static String category(byte[] facts) {
    return text(facts, CATEGORY);
  }

  /**
   * Whether the entry is the record of a deletion. Such an entry is never deleted: without it
   * nobody could tell what it speaks of from what was lost.
   */
  static boolean isDeletionRecord(byte[] facts) {
    int at = end(facts, ACTION);
    return at >= 0 && (startsWith(facts, at, PURGE) || startsWith(facts, at, ERASE));
  }

  private static boolean startsWith(byte[] facts, int at, String action) {
    if (at + action.length() >= facts.length || facts[at + action.length()] != '"') {
      return false;
    }
    for (int i = 0; i < action.length(); i++) {
      if (facts[at + i] != action.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] facts, byte[] mark) {
    int from = end(facts, mark);
    if (from < 0) {
      return "";
    }
    int to = from;
    while (to < facts.length && facts[to] != '"') {
      to++;
    }
    return new String(facts, from, to - from, StandardCharsets.UTF_8);
  }

  /** Offset behind the first occurrence of the mark, or -1. */
  private static int end(byte[] facts, byte[] mark) {
    int last = facts.length - mark.length;
    for (int i = 0; i <= last; i++) {
      if (facts[i] == mark[0] && facts[i + 1] == mark[1]) {
        int at = 2;
        while (at < mark.length && facts[i + at] == mark[at]) {
          at++;
        }
        if (at == mark.length) {
          return i + at;
        }
      }
    }
    return -1;
  }

  /** The facts of an entry, or null when it was purged. */
  static byte @Nullable [] factsOf(StoredEntry entry) {
    return switch (entry.body()) {
      case StoredEntry.Whole whole -> whole.parts().facts();
      case StoredEntry.PersonalErased erased -> erased.facts();
      case StoredEntry.Purged _ -> null;
    };
  }
}
