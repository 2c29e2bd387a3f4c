package dev.indelible.server.event;

/** Thrown when the stored parts of an entry are not what {@link EntryCodec} writes. */
public final class CorruptEntryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptEntryException(String message) {
    super(message);
  }

  CorruptEntryException(String message, Throwable cause) {
    super(message, cause);
  }
}
