package dev.indelible.server.retention;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.query.TextFolding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Person who acted in entries whose personal part is erased because somebody else asked for it.
 * Where actors are hashed their id would go along, so that whoever acted on a person could have
 * their own tracks erased in that person's name; the entry that records the erasure keeps it, as
 * personal as it was.
 *
 * @param idHash the hash that the entries' facts have
 * @param id the id that was hashed
 * @param name their name, or null
 */
record Acted(String idHash, String id, @Nullable String name) {

  /** The most of one erasure; one that would have more is carried out in several. */
  static final int MAX = 200;

  /** The member of the record's details that holds them. */
  static final String MEMBER = "acted";

  private static final String ID_HASH = "id_hash";
  private static final String ID = "id";
  private static final String NAME = "name";

  void write(ArrayNode array) {
    ObjectNode one = array.addObject();
    one.put(ID_HASH, idHash);
    one.put(ID, id);
    if (name != null) {
      one.put(NAME, name);
    }
  }

  static List<Acted> read(JsonNode array) {
    List<Acted> all = new ArrayList<>();
    for (JsonNode one : array) {
      String hash = one.path(ID_HASH).asString("");
      String id = one.path(ID).asString("");
      if (!hash.isEmpty() && !id.isEmpty()) {
        all.add(new Acted(hash, id, one.has(NAME) ? one.path(NAME).asString("") : null));
      }
    }
    return all;
  }

  /** Whether the entry keeps the person as somebody who acted in what it records the erasure of. */
  static boolean isKeptIn(Entry entry, List<String> identifiers) {
    ObjectNode details = entry.event().details();
    return details != null
        && entry.event().action().equals(FactsGlance.ERASE)
        && read(details.path(MEMBER)).stream().anyMatch(acted -> acted.is(identifiers));
  }

  private boolean is(List<String> identifiers) {
    return identifiers.stream()
        .map(TextFolding::fold)
        .anyMatch(
            identifier ->
                identifier.equals(TextFolding.fold(id))
                    || (name != null && identifier.equals(TextFolding.fold(name))));
  }

  /** Collects those of entries, each once. */
  static final class Collector {
    private final Map<String, Acted> found = new LinkedHashMap<>();

    /** Adds who acted in an entry, and whom it keeps itself, but for the person who asked. */
    void add(Entry entry, List<String> identifiers) {
      Event.Actor actor = entry.event().actor();
      if (actor.idHash() != null && actor.id() != null) {
        add(new Acted(actor.idHash(), actor.id(), actor.name()), identifiers);
      }
      ObjectNode details = entry.event().details();
      if (details != null && entry.event().action().equals(FactsGlance.ERASE)) {
        read(details.path(MEMBER)).forEach(kept -> add(kept, identifiers));
      }
    }

    private void add(Acted acted, List<String> identifiers) {
      if (!acted.is(identifiers)) {
        found.putIfAbsent(acted.idHash(), acted);
      }
    }

    boolean isFull() {
      return found.size() >= MAX;
    }

    List<Acted> all() {
      return List.copyOf(found.values());
    }
  }
}
