package dev.indelible.server.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The place in a list where its next page begins: a position in an order that outlives the removal
 * of what stood there. Opaque to clients; bound to the list, so that one of another list, like any
 * other text, is refused (400 {@code invalid_cursor}). The checksum tells texts that no server
 * made; it protects nothing, since what a list shows is decided anew for each page.
 */
public final class ListCursor {

  private static final String PARAMETER = "cursor";
  private static final String SEPARATOR = ".";

  /** The most elements in one answer. */
  public static final int MAX_PAGE = 1_000;

  /** Elements in one answer unless the request says how many. */
  static final int DEFAULT_PAGE = 100;

  private final String list;

  /** Cursors of one list, such as {@code acme/holds}. */
  public ListCursor(String list) {
    this.list = list;
  }

  /** The cursor behind a position. */
  public String after(String position) {
    String encoded =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(position.getBytes(StandardCharsets.UTF_8));
    return encoded + SEPARATOR + checksum(position);
  }

  /** The position in the request's cursor, or null when it asks for the first page. */
  public @Nullable String position(Exchange exchange) {
    String cursor = exchange.query().text(PARAMETER).orElse("");
    if (cursor.isEmpty()) {
      return null;
    }
    int dot = cursor.indexOf(SEPARATOR);
    try {
      String position =
          new String(
              Base64.getUrlDecoder().decode(cursor.substring(0, Math.max(dot, 0))),
              StandardCharsets.UTF_8);
      if (dot > 0 && after(position).equals(cursor)) {
        return position;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, as one of another list is.
    }
    throw invalid();
  }

  /** Writes the member that leads to the next page, or null when there is none. */
  public static void writeNext(JsonGenerator json, @Nullable String cursor) {
    if (cursor == null) {
      json.writeNullProperty("next_cursor");
    } else {
      json.writeStringProperty("next_cursor", cursor);
    }
  }

  /** Asked-for elements of a page, 1 to {@link #MAX_PAGE}; 100 unless the request says. */
  public static int limit(Exchange exchange) {
    return exchange.query().integer("limit", 1, MAX_PAGE, DEFAULT_PAGE);
  }

  /** One page of a list, and the cursor of the next one, or null when it is the last. */
  public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
      items = List.copyOf(items);
    }
  }

  /**
   * A page of a list that grows at its end alone, so that an element's index is its position.
   *
   * @param all every element that there ever was, in order
   * @param shown which of them the list shows now
   */
  public <T> Page<T> page(Exchange exchange, List<T> all, Predicate<T> shown, int limit) {
    String position = position(exchange);
    int from = position == null ? 0 : index(position) + 1;
    if (from < 0 || from > all.size()) {
      throw invalid();
    }
    List<T> items = new ArrayList<>();
    int last = from - 1;
    for (int at = from; at < all.size(); at++) {
      if (!shown.test(all.get(at))) {
        continue;
      }
      if (items.size() == limit) {
        return new Page<>(items, after(Integer.toString(last)));
      }
      items.add(all.get(at));
      last = at;
    }
    return new Page<>(items, null);
  }

  private static int index(String position) {
    try {
      return Integer.parseInt(position);
    } catch (NumberFormatException e) {
      throw invalid().withCause(e);
    }
  }

  public static ProblemException invalid() {
    String detail = "It must be the next_cursor of the page before, of the same list.";
    return new ProblemException(400, "invalid_cursor", PARAMETER + ": " + detail)
        .withFaults(
            List.of(ProblemException.Fault.ofParameter(PARAMETER, "invalid_cursor", detail)));
  }

  private String checksum(String position) {
    CRC32C checksum = new CRC32C();
    checksum.update((list + "\n" + position).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) checksum.getValue());
  }
}
