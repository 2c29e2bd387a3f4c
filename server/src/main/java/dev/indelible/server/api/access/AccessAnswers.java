package dev.indelible.server.api.access;

import dev.indelible.server.control.Change;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import org.jspecify.annotations.Nullable;

/** Answers and parameters that the routes of accounts, sets, members, guests and keys share. */
final class AccessAnswers {

  private AccessAnswers() {}

  /** The reason in the query of a DELETE, if one is given. */
  static @Nullable String reason(Exchange exchange) {
    String reason = exchange.query().text("reason").orElse("");
    if (reason.length() > Change.MAX_REASON_LENGTH) {
      throw ProblemException.invalidParameter("reason", "It is too long.");
    }
    return reason.isBlank() ? null : reason;
  }

  static ProblemException exists(String what) {
    return new ProblemException(409, "already_exists", "The tenant has such " + what + " already.");
  }

  static ProblemException tooMany(String what, int most) {
    return new ProblemException(409, "too_many", "A tenant has at most " + most + " " + what + ".");
  }
}
