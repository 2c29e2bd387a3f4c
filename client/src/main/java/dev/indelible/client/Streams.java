package dev.indelible.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's streams of entries to other systems, as the JSON documents that {@code
 * docs/openapi.yaml} describes. A refusal is a {@link RefusedException}. Thread-safe.
 */
public final class Streams {

  private static final String PAGE_LIMIT = "1000";

  private final Transport transport;
  private final String path;

  Streams(Transport transport, String tenant) {
    this.transport = transport;
    this.path = Request.path("tenants", tenant, "streams");
  }

  /** All streams, with how each is doing. */
  public List<JsonText> list() {
    List<JsonText> found = new ArrayList<>();
    pages(path, Map.of(), "streams", found::add);
    return found;
  }

  /** The stream of that id. */
  public JsonText find(String id) {
    return ask(Request.get(of(id)));
  }

  /**
   * Makes a stream.
   *
   * @param json the document: name, query, format, destination, start, …
   * @return the stream; of a webhook with its {@code signing_secret}, which is never shown again
   */
  public JsonText create(String json) {
    return ask(Request.post(path, json));
  }

  /** Replaces a stream's settings; it goes on where it is. */
  public JsonText change(String id, String json) {
    return ask(Request.of("PUT", of(id)).json(json));
  }

  /** Deletes a stream. */
  public void remove(String id) {
    ask(Request.of("DELETE", of(id)));
  }

  /**
   * Pauses a stream: nothing is lost, it goes on where it was.
   *
   * @param reason why, or null
   */
  public JsonText pause(String id, @Nullable String reason) {
    String json = reason == null ? "{}" : "{\"reason\":" + JsonText.quote(reason) + "}";
    return ask(Request.post(of(id) + "/pause", json));
  }

  /** Has a stream that is paused or parked go on. */
  public JsonText resume(String id) {
    return ask(Request.of("POST", of(id) + "/resume"));
  }

  /** Sends something small that is marked as a test, and tells what became of it. */
  public JsonText test(String id) {
    return ask(Request.of("POST", of(id) + "/test"));
  }

  /**
   * Sends a range again, beside the normal course.
   *
   * @param fromSeq the first entry
   * @param toSeq the last one
   * @param reason why
   */
  public JsonText replay(String id, long fromSeq, long toSeq, String reason) {
    return ask(
        Request.post(
            of(id) + "/replay",
            "{\"from_seq\":%d,\"to_seq\":%d,\"reason\":%s}"
                .formatted(fromSeq, toSeq, JsonText.quote(reason))));
  }

  /**
   * Makes a webhook's new secret, beside which the old one signs for a while.
   *
   * @param overlap how long, as ISO 8601 has it, such as {@code P1D}; null for the server's own
   */
  public JsonText rotateSecret(String id, @Nullable String overlap) {
    String json = overlap == null ? "{}" : "{\"overlap\":" + JsonText.quote(overlap) + "}";
    return ask(Request.post(of(id) + "/secret", json));
  }

  /**
   * Reads the ledger.
   *
   * @param parameters such as {@code from_seq} and {@code to_seq}
   * @param taker takes each record, in the order of the ledger
   * @return the last page, with {@code complete_to_seq} and {@code totals}
   */
  public JsonText ledger(String id, Map<String, String> parameters, Consumer<JsonText> taker) {
    return pages(of(id) + "/ledger", parameters, "ledger", taker);
  }

  /**
   * Reads the ranges that were not delivered, with why.
   *
   * @param parameters such as {@code from_seq} and {@code to_seq}
   * @param taker takes each range
   */
  public void undelivered(String id, Map<String, String> parameters, Consumer<JsonText> taker) {
    ask(Request.get(of(id) + "/undelivered").parameters(parameters))
        .at("undelivered")
        .elements()
        .forEach(taker);
  }

  /** Reads the dead letters: the entries that the receiver did not take, with why. */
  public void deadLetters(String id, Consumer<JsonText> taker) {
    pages(of(id) + "/dead-letters", Map.of(), "dead_letters", taker);
  }

  /**
   * Sends dead letters again.
   *
   * @param seqs which ones; none for all
   */
  public JsonText retryDeadLetters(String id, List<Long> seqs) {
    String json = seqs.isEmpty() ? "{}" : "{\"seqs\":" + seqs + "}";
    return ask(Request.post(of(id) + "/dead-letters/retry", json));
  }

  private JsonText pages(
      String at, Map<String, String> parameters, String member, Consumer<JsonText> taker) {
    Map<String, String> asked = new TreeMap<>(parameters);
    asked.putIfAbsent("limit", PAGE_LIMIT);
    while (true) {
      JsonText page = ask(Request.get(at).parameters(asked));
      page.at(member).elements().forEach(taker);
      String cursor = page.at("next_cursor").text().orElse(null);
      if (cursor == null) {
        return page;
      }
      asked.put("cursor", cursor);
    }
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
