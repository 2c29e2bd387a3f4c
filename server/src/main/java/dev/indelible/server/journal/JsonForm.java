package dev.indelible.server.journal;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records of a {@link KeyedJournal} as JSON: a batch is an object with a version {@code v} and a
 * list of objects. Thread-safe.
 *
 * @param <R> a record
 */
public abstract class JsonForm<R> implements KeyedJournal.Form<R> {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final String what;
  private final int version;
  private final String list;

  /**
   * A form.
   *
   * @param what the records in a word, for errors
   * @param version of the form; no other one is read
   * @param list the name of the member that is the list
   */
  protected JsonForm(String what, int version, String list) {
    this.what = what;
    this.version = version;
    this.list = list;
  }

  /** Writes a record's members. */
  protected abstract void write(R record, ObjectNode json);

  /** Reads a record from its members. */
  protected abstract R read(JsonNode json);

  @Override
  public final byte[] encode(List<? extends R> records) {
    ObjectNode batch = JsonNodeFactory.instance.objectNode();
    batch.put("v", version);
    ArrayNode array = batch.putArray(list);
    for (R record : records) {
      write(record, array.addObject());
    }
    return JSON.writeValueAsBytes(batch);
  }

  @Override
  public final List<R> decode(byte[] batch) {
    JsonNode json;
    try {
      json = JSON.readTree(batch);
    } catch (JacksonException e) {
      throw new IllegalStateException(what + " are not JSON: " + e.getOriginalMessage(), e);
    }
    int found = json.path("v").asInt(-1);
    if (found != version) {
      throw new IllegalStateException(
          what + " of version " + found + ", this program reads " + version);
    }
    List<R> records = new ArrayList<>();
    for (JsonNode one : json.path(list)) {
      records.add(read(one));
    }
    return records;
  }
}
