package dev.indelible.server.http;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of the machine that a client itself runs on. */
final class LoopbackHost {

  /** With a port or without; no name that somebody else could own. */
  private static final Pattern FORM =
      Pattern.compile(
          "(localhost|([a-z0-9-]+\\.)+localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?");

  private LoopbackHost() {}

  /** Whether the value of a header {@code Host} names this machine alone. */
  static boolean isOf(String authority) {
    return FORM.matcher(authority.toLowerCase(Locale.ROOT)).matches();
  }
}
