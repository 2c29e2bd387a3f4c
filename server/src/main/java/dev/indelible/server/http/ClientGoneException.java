package dev.indelible.server.http;

import java.io.IOException;

/** The client closed, reset or lost its connection; there is nobody to answer. */
final class ClientGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  ClientGoneException(Throwable cause) {
    super("the client is gone", cause);
  }
}
