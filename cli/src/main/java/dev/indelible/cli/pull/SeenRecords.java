package dev.indelible.cli.pull;

import dev.indelible.verify.Sha256;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records that were acknowledged since the program began, so that what a window overlaps is not
 * sent each time. It only spares work: without it the server would know them by their ids.
 */
final class SeenRecords {

  /** The most records that are remembered; the oldest are forgotten first. */
  static final int MAX_SEEN = 100_000;

  private static final int DIGEST_BYTES = 16;

  private final LinkedHashSet<String> seen = new LinkedHashSet<>();
  private final List<String> pending = new ArrayList<>();

  /** The records that were not acknowledged before; they are pending from now on. */
  List<JsonNode> unseen(List<JsonNode> records) {
    List<JsonNode> unseen = new ArrayList<>();
    Set<String> here = new HashSet<>();
    for (JsonNode record : records) {
      String digest = digest(record);
      if (!seen.contains(digest) && here.add(digest)) {
        unseen.add(record);
        pending.add(digest);
      }
    }
    return unseen;
  }

  /** Remembers what was pending. */
  void acknowledged() {
    for (String digest : pending) {
      seen.addLast(digest);
    }
    pending.clear();
    while (seen.size() > MAX_SEEN) {
      seen.removeFirst();
    }
  }

  private static String digest(JsonNode record) {
    byte[] digest = Sha256.of(JsonMapper.shared().writeValueAsString(record));
    return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
  }
}
