package dev.indelible.verify.audit;

import java.io.IOException;

/** The file is no export, or one of a version that is not read here: it cannot be checked. */
public final class ExportFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  ExportFormatException(String problem) {
    super(problem);
  }
}
