package dev.indelible.server.log;

import dev.indelible.ports.journal.Position;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * List of the runs that make up the log, and how far in the journal they reach. It is the one state
 * that sealing and merging change, and changes whole: a crash leaves the old one or the new one,
 * and at worst a run that no manifest names.
 *
 * <p>{@code docs/formats/manifest.md}.
 *
 * @param runs names of the runs, oldest first; a tenant's entries go on from one to the next
 * @param sealedThrough everything before this position of the journal is in them
 * @param owner the number of whoever owns the log: each who opens it to write takes the next one,
 *     so that an earlier owner can change the manifest no more
 */
record Manifest(List<String> runs, Position sealedThrough, long owner) {

  static final int VERSION = 2;

  /** Version 1 has no owner: its runs are those of owner 0. */
  static final int OLDEST_VERSION = 1;

  /** The name of the state that holds it. */
  static final String STATE = "log/manifest";

  static final Manifest EMPTY = new Manifest(List.of(), Position.START, 0);

  Manifest {
    runs = List.copyOf(runs);
  }

  /** Copy of the manifest with another owner. */
  Manifest ownedBy(long another) {
    return new Manifest(runs, sealedThrough, another);
  }

  byte[] encode() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("v", VERSION);
    json.put("sealed_through", sealedThrough.value());
    json.put("owner", owner);
    ArrayNode names = json.putArray("runs");
    runs.forEach(names::add);
    return JsonMapper.shared().writeValueAsBytes(json);
  }

  static Manifest decode(byte[] bytes) {
    try {
      JsonNode json = JsonMapper.shared().readTree(bytes);
      int version = json.path("v").asInt(-1);
      if (version < OLDEST_VERSION || version > VERSION) {
        throw new IllegalStateException(
            "state "
                + STATE
                + " has version "
                + json.path("v")
                + ", this program reads "
                + OLDEST_VERSION
                + " to "
                + VERSION);
      }
      List<String> runs = new ArrayList<>();
      for (JsonNode name : json.path("runs")) {
        runs.add(name.stringValue());
      }
      return new Manifest(
          runs,
          new Position(json.path("sealed_through").longValue()),
          version == OLDEST_VERSION ? 0 : json.path("owner").longValue());
    } catch (JacksonException e) {
      throw new IllegalStateException(
          "state " + STATE + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
