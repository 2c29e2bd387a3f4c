package dev.indelible.server.query;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the name that somebody who mistyped probably meant. */
public final class NearestName {

  private static final int MAX_LENGTH = 32;

  private NearestName() {}

  /** The nearest of {@code names}, or nothing when none is near. */
  public static Optional<String> to(String mistyped, Stream<String> names) {
    String lower = mistyped.toLowerCase(Locale.ROOT);
    if (lower.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    return names
        .filter(name -> isNear(lower, name))
        .min(
            Comparator.comparingInt((String name) -> distance(lower, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static boolean isNear(String mistyped, String name) {
    boolean begins =
        mistyped.length() >= 3 && (name.startsWith(mistyped) || mistyped.startsWith(name));
    return begins || distance(mistyped, name) <= Math.max(1, name.length() / 3);
  }

  /**
   * Number of letters to insert, delete, replace or exchange with the next one (optimal string
   * alignment).
   */
  private static int distance(String a, String b) {
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      rows[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      rows[i][0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        rows[i][j] = Math.min(replaced, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
        if (isExchanged(a, i, b, j)) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[a.length()][b.length()];
  }

  private static boolean isExchanged(String a, int i, String b, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
