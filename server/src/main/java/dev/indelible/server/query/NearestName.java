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

  /** How many letters must be put in, left out or replaced (Levenshtein). */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
