package dev.indelible.client;

import java.util.ArrayList;
import java.util.List;

/**
 * A tenant's schedules of exports, as the JSON documents that {@code docs/openapi.yaml} describes.
 * A refusal is a {@link RefusedException}. Thread-safe.
 */
public final class Schedules {

  private final Transport transport;
  private final String path;

  Schedules(Transport transport, String tenant) {
    this.transport = transport;
    this.path = Request.path("tenants", tenant, "schedules");
  }

  /** All schedules. */
  public List<JsonText> list() {
    return all(path, "schedules");
  }

  /** The schedule of that id. */
  public JsonText find(String id) {
    return ask(Request.get(of(id)));
  }

  /**
   * Makes a schedule.
   *
   * @param json the document: name, cron, zone, query, format, destination, …
   */
  public JsonText create(String json) {
    return ask(Request.post(path, json));
  }

  /** Replaces a schedule; its window goes on where it is. */
  public JsonText change(String id, String json) {
    return ask(Request.of("PUT", of(id)).json(json));
  }

  /** Deletes a schedule. */
  public void remove(String id) {
    ask(Request.of("DELETE", of(id)));
  }

  /** Pauses a schedule: nothing is lost, the next run takes what was recorded meanwhile. */
  public void pause(String id) {
    ask(Request.of("POST", of(id) + "/pause"));
  }

  /** Has a paused schedule go on. */
  public void resume(String id) {
    ask(Request.of("POST", of(id) + "/resume"));
  }

  /** Runs a schedule now, beside its times. */
  public void run(String id) {
    ask(Request.of("POST", of(id) + "/run"));
  }

  /** Sends a small file to a schedule's destination. */
  public void test(String id) {
    ask(Request.of("POST", of(id) + "/test"));
  }

  /** The runs of a schedule, the last one first. */
  public List<JsonText> runs(String id) {
    return all(of(id) + "/runs", "runs");
  }

  private List<JsonText> all(String at, String member) {
    List<JsonText> found = new ArrayList<>();
    String cursor = null;
    do {
      Request request = Request.get(at);
      JsonText page = ask(cursor == null ? request : request.parameter("cursor", cursor));
      found.addAll(page.at(member).elements());
      cursor = page.at("next_cursor").text().orElse(null);
    } while (cursor != null);
    return found;
  }

  private String of(String id) {
    return path + "/" + Request.encode(id);
  }

  private JsonText ask(Request request) {
    Answer answer = transport.ask(request);
    if (!answer.isSuccess()) {
      throw new RefusedException(answer);
    }
    return answer.json();
  }
}
