package dev.indelible.cli.pull;

import dev.indelible.cli.pull.PullException.Kind;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Link} (RFC 8288).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8288">RFC 8288</a>
 */
final class LinkHeader {

  private static final Pattern LINK = Pattern.compile("<([^>]*)>((?:\\s*;\\s*[^,;<]+)*)");
  private static final Pattern NEXT =
      Pattern.compile(";\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next)\\s*(?:;|$)");

  private LinkHeader() {}

  /** The target of the relation {@code next}; null when there is none. */
  static @Nullable URI next(List<String> values) {
    for (String value : values) {
      Matcher links = LINK.matcher(value);
      while (links.find()) {
        if (NEXT.matcher(links.group(2)).find()) {
          try {
            return URI.create(links.group(1));
          } catch (IllegalArgumentException e) {
            throw new PullException(Kind.WRONG, "the address of the next page is none");
          }
        }
      }
    }
    return null;
  }
}
