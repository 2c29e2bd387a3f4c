package dev.indelible.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads a stream of server-sent events (WHATWG HTML, section 9.2). Not thread-safe. */
public final class ServerSentEvents {

  private final BufferedReader lines;
  private @Nullable String nextId; // of the event that is being read
  private @Nullable String lastId;

  /**
   * One event.
   *
   * @param type its type, {@code message} when the server gave none
   * @param data its data
   * @param lastId the id that a reconnection continues after, or null when there was none yet
   */
  public record Event(String type, String data, @Nullable String lastId) {}

  public ServerSentEvents(InputStream body) {
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  /** The id that a reconnection continues after; the server may give one before any event. */
  public @Nullable String lastId() {
    return lastId;
  }

  /** The next event, or null when the stream ended; an event cut off by the end is dropped. */
  public @Nullable Event next() throws IOException {
    StringBuilder data = new StringBuilder();
    String type = "message";
    boolean any = false;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty()) {
        lastId = nextId;
        if (any) {
          return new Event(type, data.toString(), lastId);
        }
        type = "message";
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      if (field.equals("data")) {
        data.append(any ? "\n" : "").append(value);
        any = true;
      } else if (field.equals("event")) {
        type = value;
      } else if (field.equals("id")) {
        nextId = value;
      }
    }
    return null;
  }
}
