package dev.indelible.server.ingest;

import dev.indelible.server.event.Event.Location;
import org.jspecify.annotations.Nullable;

/** Knows where addresses are. */
@FunctionalInterface
public interface AddressLocations {

  /** Knows nothing. */
  AddressLocations NONE = ip -> null;

  /**
   * The place of an IPv4 or IPv6 address in text form, or null when it is not known. Thread-safe;
   * must be quick.
   */
  @Nullable Location locate(String ip);
}
