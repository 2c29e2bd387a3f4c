package dev.indelible.server.witness;

import dev.indelible.verify.Parsed;
import dev.indelible.verify.TlogPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reader of the witnesses of a policy file: those with an address are asked, and its quorum is that
 * of checkpoints. Its logs are for those who verify.
 *
 * <p>Source: c2sp.org/tlog-policy.
 */
public final class WitnessPolicy {

  private WitnessPolicy() {}

  /**
   * Reads a file.
   *
   * @throws IOException when it cannot be read
   * @throws IllegalArgumentException if it is no policy, asks for nobody, asks for more witnesses
   *     than there may be, or needs one without an address
   */
  public static Witnesses.Terms read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(TlogPolicy.MAX_BYTES + 1);
    }
    Parsed<TlogPolicy> parsed = TlogPolicy.parse(bytes);
    if (parsed instanceof Parsed.Malformed<TlogPolicy> malformed) {
      throw new IllegalArgumentException(malformed.message());
    }
    TlogPolicy policy = parsed.orThrow();
    if (policy.quorum().fewest() == 0) {
      throw new IllegalArgumentException("its quorum is none: leave the setting out");
    }
    List<WitnessAddress> asked = new ArrayList<>();
    for (TlogPolicy.Witness witness : policy.witnesses()) {
      String url = witness.url();
      if (url != null) {
        asked.add(new WitnessAddress(witness.key(), MaskedUrl.read(url.replaceAll("/+$", ""))));
      }
    }
    if (asked.size() > WitnessAddress.MAX_WITNESSES) {
      throw new IllegalArgumentException(
          "more than " + WitnessAddress.MAX_WITNESSES + " witnesses have an address");
    }
    return new Witnesses.Terms(asked, policy.quorum());
  }
}
