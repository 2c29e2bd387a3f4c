package dev.indelible.cli.reconcile;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An entry's place in the log's tree, as OCSF and ECS events carry it. It names the checkpoint of
 * the moment at which the entry was sent, so that it is not compared.
 */
final class Integrity {

  private static final String PROFILE = "record_integrity";

  private Integrity() {}

  /** An OCSF or ECS event without it. */
  static JsonNode without(JsonNode event) {
    if (!(event.deepCopy() instanceof ObjectNode copy)) {
      return event;
    }
    copy.remove("attestation_list");
    if (copy.path("metadata") instanceof ObjectNode metadata
        && metadata.path("profiles") instanceof ArrayNode profiles) {
      profiles.removeIf(profile -> profile.asString("").equals(PROFILE));
      if (profiles.isEmpty()) {
        metadata.remove("profiles");
      }
    }
    if (copy.path("indelible") instanceof ObjectNode own) {
      own.remove("log");
    }
    return copy;
  }
}
