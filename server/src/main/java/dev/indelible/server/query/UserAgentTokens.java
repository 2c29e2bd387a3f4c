package dev.indelible.server.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tokens of user agents that say something: no numbers, and none of the words that browsers
 * carry since they imitated one another ({@code Mozilla}, {@code AppleWebKit}, {@code like}, {@code
 * Gecko}), which would be a quarter of the index. A user agent comes back many times, so that the
 * tokens of the latest ones are kept. Not thread-safe.
 *
 * <p>The map is the JDK's: one is made for each entry that a live tail looks at, and costs nothing
 * while it is empty.
 */
final class UserAgentTokens {

  /** User agents whose tokens are kept. */
  static final int MAX_KEPT = 1_024;

  /** A user agent that is longer, in UTF-16 units, is cut anew each time. */
  static final int MAX_KEPT_LENGTH = 512;

  private static final Set<String> EMPTY_WORDS =
      Set.of(
          "mozilla",
          "applewebkit",
          "khtml",
          "like",
          "gecko",
          "compatible",
          "nt",
          "os",
          "u",
          "x11",
          "x64",
          "win64",
          "wow64",
          "x86_64",
          "amd64");

  private final TextTokens tokens;
  private final Map<String, List<char[]>> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<char[]>> eldest) {
          return size() > MAX_KEPT;
        }
      };

  UserAgentTokens(TextTokens tokens) {
    this.tokens = tokens;
  }

  /** Hands the tokens of {@code userAgent} to {@code sink}, each once. */
  void of(String userAgent, TextTokens.Sink sink) {
    List<char[]> found = kept.get(userAgent);
    if (found == null) {
      found = cut(userAgent);
      if (userAgent.length() <= MAX_KEPT_LENGTH) {
        kept.put(userAgent, found);
      }
    }
    for (char[] token : found) {
      sink.token(token, 0, token.length);
    }
  }

  private List<char[]> cut(String userAgent) {
    List<String> words = new ArrayList<>();
    tokens.ofEntry(
        userAgent,
        (buffer, offset, length) -> {
          if (TextTokens.hasLetter(buffer, offset, length)) {
            words.add(new String(buffer, offset, length));
          }
        });
    return words.stream()
        .distinct()
        .filter(word -> !EMPTY_WORDS.contains(word))
        .map(String::toCharArray)
        .toList();
  }
}
