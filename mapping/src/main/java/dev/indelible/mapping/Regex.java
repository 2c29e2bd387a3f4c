package dev.indelible.mapping;

import dev.indelible.mapping.Budget.ExceededException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a map, in the syntax of {@link Pattern}, whose work is bounded by a
 * {@link Budget}. Thread-safe.
 */
final class Regex {

  private final Pattern pattern;

  /** Names of the groups, in the order in which they are written. */
  private final List<String> groups;

  /** Whether it repeats nothing, so that its work is bounded by its length times the text's. */
  private final boolean isPlain;

  /** Plain comparison that finds what the pattern does; null where it is none. */
  private final @Nullable Comparison comparison;

  /** Whether a match is in texts that were looked at before. */
  private final Memory<Boolean> found = new Memory<>();

  private final Memory.Work<Boolean> search = this::search;

  private Regex(Pattern pattern) {
    this.pattern = pattern;
    this.comparison = Comparison.of(pattern.pattern());
    this.groups =
        pattern.namedGroups().entrySet().stream()
            .sorted(Comparator.comparing(Map.Entry::getValue))
            .map(Map.Entry::getKey)
            .toList();
    this.isPlain = hasNoRepetition(pattern.pattern());
  }

  private static boolean hasNoRepetition(String pattern) {
    return pattern.replace("(?", "(").chars().allMatch(c -> "*+?{".indexOf(c) < 0);
  }

  private CharSequence seen(String text, Budget budget) {
    return isPlain ? text : budget.counted(text);
  }

  /**
   * The expression written as {@code text}.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  static Regex of(String text) {
    try {
      return new Regex(Pattern.compile(text));
    } catch (PatternSyntaxException failure) {
      throw new IllegalArgumentException(
          failure.getDescription() + ": " + failure.getPattern(), failure);
    } catch (StackOverflowError _) {
      throw new IllegalArgumentException("is nested too deeply");
    }
  }

  /** Names of the groups, in the order in which they are written. */
  List<String> groups() {
    return groups;
  }

  /**
   * The reason why {@code with} cannot take the place of a match ({@code $3} of two groups); null
   * if it can.
   */
  @Nullable String problemOf(String with) {
    try {
      // An alternative that matches nothing at all makes every group known and unset.
      Pattern.compile(pattern.pattern() + "\n|").matcher("").replaceAll(with);
      return null;
    } catch (IndexOutOfBoundsException | IllegalArgumentException failure) {
      return String.valueOf(failure.getMessage());
    }
  }

  /** Whether a match is in {@code text}. */
  boolean finds(String text, Budget budget) {
    return (comparison != null && comparison.isExactFor(text))
        ? comparison.holds(text)
        : found.of(text, budget, search);
  }

  private boolean search(String text, Budget budget) {
    try {
      return pattern.matcher(seen(text, budget)).find();
    } catch (StackOverflowError _) {
      throw tooDeep();
    }
  }

  /** The text with every match replaced, groups in {@code with} written as {@code $1}. */
  String replaceAll(String text, String with, Budget budget) {
    try {
      Matcher matcher = pattern.matcher(seen(text, budget));
      if (!matcher.find()) {
        return text;
      }
      StringBuilder changed = new StringBuilder(text.length());
      do {
        matcher.appendReplacement(changed, with);
        if (changed.length() > Budget.MAX_MADE_LENGTH) {
          throw tooLong();
        }
      } while (matcher.find());
      return matcher.appendTail(changed).toString();
    } catch (StackOverflowError _) {
      throw tooDeep();
    }
  }

  /**
   * The first match as {@code with} writes it; without that its first group, or all of it where the
   * expression has no group. Null when there is no match.
   */
  @Nullable String extract(String text, @Nullable String with, Budget budget) {
    try {
      Matcher matcher = pattern.matcher(seen(text, budget));
      if (!matcher.find()) {
        return null;
      }
      if (with == null) {
        return matcher.group(matcher.groupCount() == 0 ? 0 : 1);
      }
      StringBuilder made = new StringBuilder();
      matcher.appendReplacement(made, with);
      made.delete(0, matcher.start());
      if (made.length() > Budget.MAX_MADE_LENGTH) {
        throw tooLong();
      }
      return made.toString();
    } catch (StackOverflowError _) {
      throw tooDeep();
    }
  }

  /** The first match, to be asked for groups; null when there is none. */
  @Nullable Matcher match(String text, Budget budget) {
    try {
      Matcher matcher = pattern.matcher(seen(text, budget));
      return matcher.find() ? matcher : null;
    } catch (StackOverflowError _) {
      throw tooDeep();
    }
  }

  private ExceededException tooDeep() {
    return new ExceededException("the pattern %s goes too deep on this text".formatted(pattern));
  }

  static ExceededException tooLong() {
    return new ExceededException(
        "it makes a text longer than %,d characters".formatted(Budget.MAX_MADE_LENGTH));
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }
}
