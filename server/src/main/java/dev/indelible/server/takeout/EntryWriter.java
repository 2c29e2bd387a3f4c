package dev.indelible.server.takeout;

import dev.indelible.server.control.Hold;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EventJson;
import dev.indelible.server.retention.Holds;
import dev.indelible.server.retention.KeptActors;
import dev.indelible.server.search.Found;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes entries as the API answers with them, with the legal holds that keep them. */
public record EntryWriter(Holds holds, KeptActors actors) {

  public void write(Found entry, OutputStream out) throws IOException {
    EventJson.write(shown(entry), holdNames(entry), out);
  }

  public byte[] toBytes(Found entry) throws IOException {
    return EventJson.toBytes(shown(entry), holdNames(entry));
  }

  /** The entry as whoever takes it may see it, with who acted where that is kept. */
  public Entry shown(Found entry) throws IOException {
    return entry.personal() ? actors.shown(entry.shown()) : entry.shown();
  }

  /** Names of the legal holds that keep the entry, by their ids. */
  public Map<String, String> holdNames(Found entry) {
    List<Hold> covering = holds.covering(entry.stored(), entry.personal());
    if (covering.isEmpty()) {
      return Map.of();
    }
    Map<String, String> names = new LinkedHashMap<>();
    covering.forEach(hold -> names.put(hold.holdId(), hold.name()));
    return names;
  }
}
