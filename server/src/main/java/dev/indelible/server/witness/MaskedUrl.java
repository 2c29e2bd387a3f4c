package dev.indelible.server.witness;

import java.net.URI;

/** Addresses as they may be shown and logged: without what in them may be a secret. */
public final class MaskedUrl {

  /** Replacement of a secret. */
  public static final String MASK = "***";

  private MaskedUrl() {}

  /**
   * The text with the user info, the query and the fragment of the address in it masked; everything
   * behind the scheme where they cannot be told apart. Rather too much is masked than too little:
   * the text need not be an address, but may have been meant as one.
   */
  public static String of(String text) {
    int scheme = text.indexOf("://");
    int from = scheme < 0 ? 0 : scheme + "://".length();
    int at = text.lastIndexOf('@');
    int query = from;
    while (query < text.length() && text.charAt(query) != '?' && text.charAt(query) != '#') {
      query++;
    }
    if (at > query) {
      return text.substring(0, from) + MASK;
    }
    return text.substring(0, from)
        + (at < from ? "" : MASK)
        + text.substring(Math.max(from, at), query)
        + (query == text.length() ? "" : text.charAt(query) + MASK);
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it is none; the message does not give away secrets
   */
  public static URI read(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException(of(text) + " is no http or https address");
    }
  }
}
