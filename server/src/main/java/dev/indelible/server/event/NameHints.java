package dev.indelible.server.event;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that somebody most likely meant. */
final class NameHints {

  /** The most edits between what was written and what is proposed. */
  private static final int MAX_EDITS = 3;

  /** The longest name that is compared, in UTF-16 units. */
  private static final int MAX_LENGTH = 40;

  private NameHints() {}

  /** The nearest of {@code known}, or null when none is near. */
  static @Nullable String nearest(String written, List<String> known) {
    if (written.length() > MAX_LENGTH) {
      return null;
    }
    String plain = plain(written);
    String best = null;
    int bestEdits = Math.min(MAX_EDITS, plain.length() / 3) + 1;
    for (String name : known) {
      int edits = edits(plain, plain(name));
      if (edits < bestEdits) {
        best = name;
        bestEdits = edits;
      }
    }
    return best;
  }

  /** {@code userAgent}, {@code User-Agent} and {@code user_agent} are the same to a reader. */
  private static String plain(String name) {
    return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  /** The Levenshtein distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
