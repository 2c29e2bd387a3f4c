package dev.indelible.verify.access;

import java.io.IOException;

/** Thrown when a file is no review of access, or none that can be made again from an export. */
public final class AccessReviewFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  AccessReviewFormatException(String message) {
    super(message);
  }

  AccessReviewFormatException(String message, Exception cause) {
    super(message, cause);
  }
}
