package dev.indelible.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * An evidence pack that is asked for: a template, a period, and the checkpoint that it is to be at.
 * Immutable.
 *
 * <p>It has an id from the start, so that asking for it again begins nothing new.
 */
public final class PackOrder {

  /** Members in the order of their names, each as JSON. */
  private final Map<String, String> members;

  private PackOrder(Map<String, String> members) {
    this.members = members;
  }

  /**
   * A pack of a period.
   *
   * @param template the id of a template
   * @param from the earliest occurrence, inclusive, RFC 3339
   * @param to the latest occurrence, exclusive, likewise
   */
  public static PackOrder of(String template, String from, String to) {
    return new PackOrder(Map.of())
        .with("template", template)
        .with("from", from)
        .with("to", to)
        .with("id", UUID.randomUUID().toString());
  }

  /** Leaves the personal parts out although the key may see them. */
  public PackOrder withoutPersonal() {
    return withJson("withhold_personal", "true");
  }

  /** The language of the texts for people, such as {@code de}. */
  public PackOrder language(String tag) {
    return with("language", tag);
  }

  /** The reason, which is recorded; some tenants require one. */
  public PackOrder reason(String why) {
    return with("reason", why);
  }

  /** The checkpoint of an earlier pack, as a signed note: the pack is made at its position. */
  public PackOrder checkpoint(String note) {
    return with("checkpoint", note);
  }

  private PackOrder with(String name, String value) {
    return withJson(name, JsonText.quote(value));
  }

  private PackOrder withJson(String name, String json) {
    Map<String, String> more = new TreeMap<>(members);
    more.put(name, json);
    return new PackOrder(more);
  }

  /** The body of the request. */
  String json() {
    List<String> all = new ArrayList<>();
    new TreeMap<>(members).forEach((name, json) -> all.add(JsonText.quote(name) + ":" + json));
    return all.stream().collect(Collectors.joining(",", "{", "}"));
  }
}
