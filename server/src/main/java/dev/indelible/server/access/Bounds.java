package dev.indelible.server.access;

import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.query.IpNetwork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The time and the places that somebody's rights end at: those of the key that they show, or of the
 * keys that let them in. Nobody gives a key or a link that lasts longer than their own, or that
 * works where theirs does not.
 *
 * @param until when the rights end, or null
 * @param keys the networks of each key that has some: what is given works within one network of
 *     each
 */
public record Bounds(@Nullable Instant until, List<List<String>> keys) {

  private static final String KEY = "api_key:";

  public Bounds {
    keys = List.copyOf(keys);
  }

  /** The bounds of a caller: of the key behind it, and of those that made its sign-in link. */
  public static Bounds of(Caller caller, Configuration configuration) {
    List<ApiKey> held = new ArrayList<>();
    configuration.key(caller.keyId()).ifPresent(held::add);
    Session session = caller.session();
    List<String> makers = session == null ? null : session.makers();
    if (makers != null) {
      for (String maker : makers) {
        if (maker.startsWith(KEY)) {
          configuration.key(maker.substring(KEY.length())).ifPresent(held::add);
        }
      }
    }
    Instant until = null;
    List<List<String>> networks = new ArrayList<>();
    for (ApiKey key : held) {
      Instant expiresAt = key.expiresAt();
      if (expiresAt != null && (until == null || expiresAt.isBefore(until))) {
        until = expiresAt;
      }
      if (!key.networks().isEmpty()) {
        networks.add(key.networks());
      }
    }
    return new Bounds(until, networks);
  }

  /** Whether what works until then, or for ever when it is null, ends no later. */
  public boolean coverTime(@Nullable Instant expiresAt) {
    return until == null || (expiresAt != null && !expiresAt.isAfter(until));
  }

  /** The earlier of a time and the end of the rights. */
  public Instant cut(Instant expiresAt) {
    return until != null && until.isBefore(expiresAt) ? until : expiresAt;
  }

  /** Whether there are places where the rights do not work. */
  public boolean haveNetworks() {
    return !keys.isEmpty();
  }

  /** Whether what works from these networks alone, or from any when there is none, is within. */
  public boolean coverNetworks(List<String> networks) {
    return keys.stream()
        .allMatch(
            own ->
                !networks.isEmpty()
                    && networks.stream().allMatch(network -> isWithin(network, own)));
  }

  private static boolean isWithin(String network, List<String> own) {
    Optional<IpNetwork> wanted = IpNetwork.parse(network);
    return wanted.isPresent()
        && own.stream()
            .flatMap(text -> IpNetwork.parse(text).stream())
            .anyMatch(outer -> outer.contains(wanted.get()));
  }
}
