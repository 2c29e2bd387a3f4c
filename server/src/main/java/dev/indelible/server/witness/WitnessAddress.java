package dev.indelible.server.witness;

import dev.indelible.verify.Parsed;
import dev.indelible.verify.VerifierKey;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A witness: where it is, and how its cosignatures are checked.
 *
 * @param key its verifier key, of a type that cosigns
 * @param submissionPrefix the address that {@code /add-checkpoint} is appended to
 */
public record WitnessAddress(VerifierKey key, URI submissionPrefix) {

  /** The most witnesses of a server. */
  public static final int MAX_WITNESSES = 16;

  /**
   * @throws IllegalArgumentException if the key is no witness's, or the address not of HTTP
   */
  public WitnessAddress {
    if (!key.type().isCosignature()) {
      throw new IllegalArgumentException(key + " is a log's key, not a witness's");
    }
    String scheme = submissionPrefix.getScheme();
    if (submissionPrefix.getHost() == null
        || !("http".equals(scheme) || "https".equals(scheme))
        || submissionPrefix.getQuery() != null) {
      throw new IllegalArgumentException(
          MaskedUrl.of(submissionPrefix.toString()) + " is no http or https address");
    }
  }

  /**
   * Reads a list: a verifier key, a space and an address each, separated by commas.
   *
   * @throws IllegalArgumentException if it is none, names a witness twice, or is too long
   */
  public static List<WitnessAddress> parseList(String text) {
    List<WitnessAddress> witnesses = new ArrayList<>();
    for (String item : text.strip().split(",", -1)) {
      String[] words = item.strip().split("\\s+", -1);
      if (words.length != 2) {
        throw new IllegalArgumentException(
            "\""
                + MaskedUrl.of(item.strip())
                + "\" is not a verifier key, a space, and an address");
      }
      if (!(VerifierKey.parse(words[0]) instanceof Parsed.Ok<VerifierKey>(VerifierKey key))) {
        throw new IllegalArgumentException("\"" + MaskedUrl.of(words[0]) + "\" is no verifier key");
      }
      if (witnesses.stream().anyMatch(known -> known.key().name().equals(key.name()))) {
        throw new IllegalArgumentException("the witness " + key.name() + " is named twice");
      }
      witnesses.add(new WitnessAddress(key, MaskedUrl.read(words[1].replaceAll("/+$", ""))));
    }
    if (witnesses.size() > MAX_WITNESSES) {
      throw new IllegalArgumentException("more than " + MAX_WITNESSES + " witnesses");
    }
    return witnesses;
  }
}
