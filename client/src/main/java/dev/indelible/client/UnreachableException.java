package dev.indelible.client;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the server did not answer, or said "not now" until patience ended; the message says
 * which. Whether a request that was sent was done is not known; events with ids may be sent again.
 */
public final class UnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreachableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
