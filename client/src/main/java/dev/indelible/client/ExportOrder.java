package dev.indelible.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * An export that is asked for: a query, a period, a format, and what may be left out. Immutable.
 *
 * <p>It has an id from the start, so that asking for it again begins nothing new.
 */
public final class ExportOrder {

  /** Members in the order of their names, each as JSON. */
  private final Map<String, String> members;

  private ExportOrder(Map<String, String> members) {
    this.members = members;
  }

  /**
   * An export of everything.
   *
   * @param format {@code csv}, {@code json}, {@code ndjson}, {@code xlsx} or {@code pdf}
   */
  public static ExportOrder of(String format) {
    return new ExportOrder(
        Map.of(
            "format", JsonText.quote(format), "id", JsonText.quote(UUID.randomUUID().toString())));
  }

  /** The query; everything unless given. */
  public ExportOrder query(String text) {
    return text.isBlank() ? this : with("query", text);
  }

  /** From a time on, inclusive: RFC 3339. */
  public ExportOrder from(String time) {
    return with("from", time);
  }

  /** Before a time: RFC 3339. */
  public ExportOrder to(String time) {
    return with("to", time);
  }

  /** The time zone of the query's days and of the times for people; UTC unless given. */
  public ExportOrder zone(String id) {
    return with("zone", id);
  }

  /** The columns of a table, in their order; all of them unless given. */
  public ExportOrder columns(List<String> names) {
    return withJson(
        "columns", names.stream().map(JsonText::quote).collect(Collectors.joining(",", "[", "]")));
  }

  /** Leaves the personal parts out although the key may see them. */
  public ExportOrder withoutPersonal() {
    return withJson("withhold_personal", "true");
  }

  /** The language of the texts for people, such as {@code de}. */
  public ExportOrder language(String tag) {
    return with("language", tag);
  }

  /** The reason, which is recorded; some tenants require one. */
  public ExportOrder reason(String why) {
    return with("reason", why);
  }

  /** The id of the export, which it has in the API too. */
  public String id() {
    return JsonText.of(members.getOrDefault("id", "\"\"")).text().orElseThrow();
  }

  private ExportOrder with(String name, String value) {
    return withJson(name, JsonText.quote(value));
  }

  private ExportOrder withJson(String name, String json) {
    Map<String, String> more = new TreeMap<>(members);
    more.put(name, json);
    return new ExportOrder(more);
  }

  /** The body of the request. */
  String json() {
    List<String> all = new ArrayList<>();
    new TreeMap<>(members).forEach((name, json) -> all.add(JsonText.quote(name) + ":" + json));
    return all.stream().collect(Collectors.joining(",", "{", "}"));
  }
}
