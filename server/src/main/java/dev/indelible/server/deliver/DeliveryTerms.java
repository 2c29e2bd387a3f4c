package dev.indelible.server.deliver;

import dev.indelible.server.query.IpNetwork;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operator's settings of destinations.
 *
 * @param root the folder that folders of tenants are in, or null when there are none
 * @param allowPrivate networks that are not public and may be connected to all the same
 * @param publicUrl the server's address for people, without a slash at its end, or null
 * @param mail the server that takes e-mail, or null
 */
public record DeliveryTerms(
    @Nullable Path root,
    List<IpNetwork> allowPrivate,
    @Nullable String publicUrl,
    @Nullable MailTerms mail) {

  /** Terms without anything that the operator has to name. */
  public static final DeliveryTerms NONE = new DeliveryTerms(null, List.of(), null, null);

  /** The most networks. */
  public static final int MAX_NETWORKS = 100;

  public DeliveryTerms {
    allowPrivate = List.copyOf(allowPrivate);
  }
}
