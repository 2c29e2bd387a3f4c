package dev.indelible.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;

/**
 * An answer whose body is read as it arrives. The caller closes it, which ends the connection. Not
 * thread-safe, but that another thread may close it.
 */
public final class StreamedAnswer implements AutoCloseable {

  /** The longest problem document that is read, in bytes. */
  static final int MAX_PROBLEM_BYTES = 64 * 1024;

  private final int status;
  private final HttpHeaders headers;
  private final InputStream body;

  StreamedAnswer(int status, HttpHeaders headers, InputStream body) {
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

  /** The body. */
  public InputStream body() {
    return body;
  }

  /** Reads a refusal's body, at most 64 KiB of it, and closes it. */
  public Answer whole() throws IOException {
    try (body) {
      return new Answer(status, headers, body.readNBytes(MAX_PROBLEM_BYTES));
    }
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
