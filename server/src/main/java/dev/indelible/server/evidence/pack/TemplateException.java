package dev.indelible.server.evidence.pack;

/** Signals a template that is none; the message names the file, the line and the choices. */
public final class TemplateException extends Exception {

  private static final long serialVersionUID = 1L;

  TemplateException(String message) {
    super(message);
  }
}
