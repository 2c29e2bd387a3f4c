package dev.indelible.server.json;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Says in words for whoever sent it why a text is not JSON.
 *
 * <p>The parser's own sentences end with advice to programmers: how to switch off the strictness
 * that is wanted here, and where it looked in memory. All of that is left out.
 */
public final class NotJson {

  /** The longest explanation, in UTF-16 units. */
  public static final int MAX_LENGTH = 256;

  private static final String ENDS_TOO_EARLY = "Unexpected end-of-input";

  private static final Pattern ADVICE =
      Pattern.compile(
          ": enable `[^`]*` to allow"
              + "|\\s*\\(not recognized as one since Feature '\\w+' not enabled for parser\\)"
              + "|\\s*\\((?:start marker|for \\w+ starting) at \\[Source:[^\\]]*\\][^)]*\\)"
              + "|\\s*(?:at )?\\[Source:[^\\]]*\\]"
              + "|, from `[^`]*`");

  /** A name of the parser's settings that is still there: the sentence is of no use to anybody. */
  private static final Pattern SETTING = Pattern.compile("Feature\\b|Feature\\.|Constraints");

  private NotJson() {}

  /** Explains why the input of {@code failure} is not JSON, without a full stop. */
  public static String why(JacksonException failure) {
    return why(failure.getOriginalMessage());
  }

  public static String why(@Nullable String message) {
    if (message != null && message.startsWith(ENDS_TOO_EARLY)) {
      return "it ends in the middle of a value";
    }
    String words = message == null ? "" : ADVICE.matcher(message).replaceAll("");
    if (words.isBlank() || SETTING.matcher(words).find()) {
      return "unexpected content";
    }
    return words.length() > MAX_LENGTH ? words.substring(0, MAX_LENGTH) + "…" : words;
  }
}
