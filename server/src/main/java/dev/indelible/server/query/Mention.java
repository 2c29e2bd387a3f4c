package dev.indelible.server.query;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A person's identifier as it may stand in a text that somebody wrote, such as a query or a reason:
 * found as free text is found, whatever its case, accents, Unicode form, spaces, quotes and signs
 * around it. Immutable, thread-safe.
 *
 * <p>An identifier of one word is found where its tokens stand one behind another and are no part
 * of a longer one ({@code u-7} is none of {@code u-7-b}). A name of several words is found where
 * the text has all of them, in any order.
 */
public final class Mention {

  private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}]+");

  private final List<List<TextTokens.QueryToken>> words = new ArrayList<>();
  private final String folded;

  /** Creates a matcher for mentions of {@code identifier}. */
  public Mention(String identifier) {
    folded = TextFolding.fold(identifier.strip());
    for (String word : SPACE.splitAsStream(identifier).toList()) {
      List<TextTokens.QueryToken> tokens = TextTokens.ofQuery(word, false);
      if (!tokens.isEmpty()) {
        words.add(tokens);
      }
    }
  }

  /** Whether the text has the identifier in it. */
  public boolean isIn(Words text) {
    if (words.isEmpty()) {
      return text.folded.contains(folded);
    }
    boolean whole = words.size() == 1;
    return words.stream().allMatch(word -> text.has(word, whole));
  }

  /**
   * A text, cut into its words once, to be asked for many identifiers.
   *
   * <p>Immutable, thread-safe.
   */
  public static final class Words {

    private final String folded;
    private final List<String> tokens = new ArrayList<>();

    /** Flag of each token: whether a hyphen alone joins it to the one before. */
    private final List<Boolean> joined = new ArrayList<>();

    /** The words of {@code text}. */
    public Words(String text) {
      folded = TextFolding.fold(text);
      int[] end = {-1};
      TextTokens.ofText(
          text,
          (buffer, offset, length) -> {
            tokens.add(new String(buffer, offset, length));
            joined.add(end[0] >= 0 && offset == end[0] + 1 && buffer[end[0]] == '-');
            end[0] = offset + length;
          });
    }

    private boolean has(List<TextTokens.QueryToken> word, boolean whole) {
      for (int from = 0; from + word.size() <= tokens.size(); from++) {
        if (stands(word, from) && !(whole && (joined.get(from) || isJoined(from + word.size())))) {
          return true;
        }
      }
      return false;
    }

    private boolean isJoined(int token) {
      return token < joined.size() && joined.get(token);
    }

    private boolean stands(List<TextTokens.QueryToken> word, int from) {
      for (int i = 0; i < word.size(); i++) {
        String token = tokens.get(from + i);
        TextTokens.QueryToken wanted = word.get(i);
        if (wanted.prefix() ? !token.startsWith(wanted.text()) : !token.equals(wanted.text())) {
          return false;
        }
      }
      return true;
    }
  }
}
