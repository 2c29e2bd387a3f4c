package dev.indelible.server.api.caller;

import dev.indelible.server.control.Change;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.takeout.Exports;
import org.jspecify.annotations.Nullable;

/** The reasons that requests give in their parameter {@code reason}. */
public final class Reasons {

  private Reasons() {}

  /**
   * The reason for taking entries away, or null when none is given.
   *
   * @throws dev.indelible.server.takeout.TakeoutException when the profile requires one
   */
  public static @Nullable String ofExport(Exchange exchange, Profile profile) {
    String reason = exchange.query().text("reason").orElse("");
    if (reason.strip().length() > Change.MAX_REASON_LENGTH) {
      throw ProblemException.invalidParameter(
          "reason", "It has at most " + Change.MAX_REASON_LENGTH + " characters.");
    }
    return Exports.reason(profile, reason);
  }
}
