package dev.indelible.server.retention;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The deletions under way, durable: what a start finds here it carries out to the end. {@code
 * docs/formats/deletion.md}. Not thread-safe.
 */
final class DeletionState {

  /** The state's name. */
  static final String STATE = "retention/deletions";

  static final int VERSION = 1;

  private final BlobStore blobs;
  private long stateVersion;

  DeletionState(BlobStore blobs) {
    this.blobs = blobs;
  }

  /** Reads the deletions that are under way. */
  List<Deletion> read() throws IOException {
    Optional<BlobStore.State> state = blobs.state(STATE);
    stateVersion = state.map(BlobStore.State::version).orElse(0L);
    return state.isEmpty() ? List.of() : decode(state.get().bytes());
  }

  /** Says what is under way from now on; durable when this returns. */
  void write(List<Deletion> deletions) throws IOException {
    if (!blobs.compareAndSetState(STATE, stateVersion, encode(deletions))) {
      throw new IOException("state " + STATE + " was changed by another process");
    }
    stateVersion++;
  }

  static byte[] encode(List<Deletion> deletions) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("v", VERSION);
    ArrayNode list = json.putArray("deletions");
    for (Deletion deletion : deletions) {
      ObjectNode item = list.addObject();
      item.put("tenant", deletion.tenant().value());
      item.put("kind", deletion.kind() == Deletion.Kind.PURGE ? "purge" : "erase");
      item.put("record_id", deletion.recordId());
      item.put("decided_at", deletion.decidedAt().toString());
      item.put("by_type", deletion.by().type());
      put(item, "by_id", deletion.by().id());
      item.put("reason", deletion.reason());
      item.put("basis", deletion.basis());
      put(item, "commitment", deletion.commitment());
      if (!deletion.acted().isEmpty()) {
        ArrayNode acted = item.putArray(Acted.MEMBER);
        deletion.acted().forEach(one -> one.write(acted));
      }
      put(item, "cut_off", deletion.cutOff());
      Integer parts = deletion.accessParts();
      if (parts != null) {
        item.put(Deletion.ACCESS_PARTS, parts);
      }
      item.put("set_digest", deletion.setDigest());
      ArrayNode ranges = item.putArray("ranges");
      for (long[] range : deletion.entries().ranges()) {
        ranges.addArray().add(range[0]).add(range[1]);
      }
    }
    return JsonMapper.shared().writeValueAsBytes(json);
  }

  private static void put(ObjectNode json, String field, @Nullable Object value) {
    if (value != null) {
      json.put(field, value.toString());
    }
  }

  static List<Deletion> decode(byte[] bytes) {
    JsonNode json = JsonMapper.shared().readTree(bytes);
    if (json.path("v").asInt(-1) != VERSION) {
      throw new IllegalStateException(
          "state %s has version %s, this program reads %d"
              .formatted(STATE, json.path("v"), VERSION));
    }
    List<Deletion> deletions = new ArrayList<>();
    for (JsonNode item : json.path("deletions")) {
      List<long[]> ranges = new ArrayList<>();
      for (JsonNode range : item.path("ranges")) {
        ranges.add(new long[] {range.get(0).longValue(), range.get(1).longValue()});
      }
      JsonNode cutOff = item.get("cut_off");
      JsonNode by = item.get("by_id");
      deletions.add(
          new Deletion(
              new TenantId(item.path("tenant").stringValue()),
              item.path("kind").stringValue().equals("purge")
                  ? Deletion.Kind.PURGE
                  : Deletion.Kind.ERASE,
              item.path("record_id").stringValue(),
              Instant.parse(item.path("decided_at").stringValue()),
              new ChangedBy(
                  item.path("by_type").stringValue(), by == null ? null : by.stringValue()),
              item.path("reason").stringValue(),
              item.path("basis").stringValue(),
              item.has("commitment") ? item.path("commitment").stringValue() : null,
              Acted.read(item.path(Acted.MEMBER)),
              cutOff == null ? null : Instant.parse(cutOff.stringValue()),
              item.path("set_digest").stringValue(),
              new SeqRanges(ranges),
              item.has(Deletion.ACCESS_PARTS)
                  ? item.path(Deletion.ACCESS_PARTS).intValue()
                  : null));
    }
    return deletions;
  }
}
