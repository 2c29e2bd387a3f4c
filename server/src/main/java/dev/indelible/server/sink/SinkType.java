package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.event.TenantId;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Kind of receiver: what it needs to be told, and how a way to it is opened. Stateless. */
public interface SinkType {

  /** The name in the API, such as {@code syslog}. */
  String name();

  /** Names of those of its settings that are sealed where they are kept, and never shown. */
  Set<String> secrets();

  /** The limits and form of a stream that does not say otherwise. */
  Defaults defaults();

  /**
   * Checks settings that a person gave, all at once: unknown, missing, malformed and contradictory
   * ones. Hosts are looked up, and refused where their addresses are not allowed.
   *
   * @param settings without {@code type}; secrets in clear, or missing where they stay as they are
   * @param kept names of secrets that stay as they are
   */
  void check(ObjectNode settings, Set<String> kept, AddressGuard guard, Faults faults);

  /**
   * Whether a receiver with these settings says that it has what it was sent; where it does not,
   * the ledger says "written".
   */
  default boolean received(ObjectNode settings) {
    return defaults().received();
  }

  /** Opens a way, without connecting yet. Settings are such as {@link #check} let through. */
  Sink open(Opening opening);

  /**
   * Opens a way likewise, for kinds that need the time.
   *
   * @param clock the time
   */
  default Sink open(Opening opening, InstantSource clock) {
    return open(opening);
  }

  /** Collector of what is wrong. */
  @FunctionalInterface
  interface Faults {

    /**
     * Takes a fault.
     *
     * @param field name of the setting
     * @param code a code of a single fault, as {@code docs/errors.md} has them
     * @param detail for people
     */
    void add(String field, String code, String detail);
  }

  /**
   * Limits and form of what it is given.
   *
   * @param format name of the format
   * @param batchEntries entries of a batch, at most
   * @param batchBytes bytes of a batch's bodies, at most, and one entry more
   * @param messageBytes bytes of a body, at most; a longer one is sent short (syslog) or goes to
   *     the dead letters
   * @param received whether the receiver says that it has what it was sent; where it does not, the
   *     ledger says "written"
   */
  record Defaults(
      String format, int batchEntries, int batchBytes, int messageBytes, boolean received) {}

  /**
   * Surroundings of a way.
   *
   * @param stream id of the stream
   * @param tenant whose stream; null for one of the operator's over all tenants
   * @param settings as they are kept, without secrets
   * @param secret a secret by the name of its setting; null when there is none
   * @param guard in front of every connection
   * @param messageBytes the stream's limit for a body
   */
  record Opening(
      String stream,
      @Nullable TenantId tenant,
      ObjectNode settings,
      Function<String, byte @Nullable []> secret,
      AddressGuard guard,
      int messageBytes) {}
}
