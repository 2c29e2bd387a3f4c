package dev.indelible.server.profile;

/** Thrown when a profile's file is not one; the message names file and line. */
public final class ProfileFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProfileFormatException(String file, int line, String problem) {
    super(file + " line " + line + ": " + problem);
  }

  ProfileFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
