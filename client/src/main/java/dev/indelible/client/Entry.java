package dev.indelible.client;

/**
 * An entry of a log: an event as recorded.
 *
 * @param json the entry, as {@code docs/formats/event.md} describes it
 */
public record Entry(JsonText json) {

  /** The id; empty when there is none. */
  public String id() {
    return text("id");
  }

  /** The place in the tenant's log, from 0; -1 when there is none. */
  public long seq() {
    return json.at("seq").integer().orElse(-1);
  }

  /** The server's clock when it was recorded: RFC 3339 in UTC with milliseconds. */
  public String recordedAt() {
    return text("recorded_at");
  }

  /** The action. */
  public String action() {
    return text("action");
  }

  /** The text of a member of a member and so on, such as {@code text("actor", "id")}, or empty. */
  public String text(String... names) {
    return json.at(names).text().orElse("");
  }

  /** The JSON as the server sent it. */
  @Override
  public String toString() {
    return json.toString();
  }
}
