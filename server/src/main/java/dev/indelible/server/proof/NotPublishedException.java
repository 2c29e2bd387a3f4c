package dev.indelible.server.proof;

/** No checkpoint covers what was asked for yet, or none can be made now. */
public final class NotPublishedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotPublishedException(String message) {
    super(message);
  }
}
