package dev.indelible.server.http;

import dev.indelible.server.control.ConfigurationObject.Hold;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EventJson;
import dev.indelible.server.retention.Holds;
import dev.indelible.server.search.Found;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes entries as the API answers with them, with the legal holds that keep them. */
record EntryWriter(Holds holds) {

  void write(Found entry, OutputStream out) throws IOException {
    EventJson.write(entry.shown(), names(entry.stored()), out);
  }

  byte[] toBytes(Found entry) {
    return EventJson.toBytes(entry.shown(), names(entry.stored()));
  }

  private Map<String, String> names(Entry entry) {
    List<Hold> covering = holds.covering(entry);
    if (covering.isEmpty()) {
      return Map.of();
    }
    Map<String, String> names = new LinkedHashMap<>();
    covering.forEach(hold -> names.put(hold.holdId(), hold.name()));
    return names;
  }
}
