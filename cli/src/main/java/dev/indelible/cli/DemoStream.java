package dev.indelible.cli;

import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RefusedException;
import dev.indelible.client.Streams;
import java.nio.file.Path;

/**
 * The demonstration's stream: what is security-relevant goes to a file beside the data folder, so
 * that the page of streams shows one at work.
 */
final class DemoStream {

  private static final String STREAM =
      """
      {"name": "Security archive", "query": "security:true", "format": "native", "start": {"seq": 0},
       "destination": {"type": "file", "path": "security.ndjson"}}
      """;

  private DemoStream() {}

  /** The folder that it writes to, beside the data directory {@code data}. */
  static Path folder(Path data) {
    Path absolute = data.toAbsolutePath().normalize();
    return absolute.resolveSibling(absolute.getFileName() + "-streams");
  }

  /**
   * Makes it, unless the tenant has one.
   *
   * @param client for the tenant
   * @return whether there is one now: an operator may have set a folder of their own, or none
   */
  static boolean make(IndelibleClient client) {
    Streams streams = client.streams();
    try {
      if (streams.list().isEmpty()) {
        streams.create(STREAM);
      }
      return true;
    } catch (RefusedException refusal) {
      return false;
    }
  }
}
