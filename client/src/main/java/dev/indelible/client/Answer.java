package dev.indelible.client;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** An answer of the server, after all retries. Immutable and thread-safe. */
public final class Answer {

  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  Answer(int status, HttpHeaders headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The headers. */
  public HttpHeaders headers() {
    return headers;
  }

  /** The value of a header, the first if there are several; empty text when there is none. */
  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** The body; empty when there was none. */
  public byte[] body() {
    return body.clone();
  }

  /** The body as UTF-8 text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The body as JSON; the empty object when there was none or it is not JSON. */
  public JsonText json() {
    return JsonText.parse(body).orElseGet(JsonText::emptyObject);
  }

  /** Whether the status is 2xx. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** The problem document; one of the status alone when the body is none. */
  public Problem problem() {
    return Problem.of(status, json());
  }

  /** The status and the text of the body, for messages of tests and logs. */
  @Override
  public String toString() {
    return status + " " + text();
  }
}
