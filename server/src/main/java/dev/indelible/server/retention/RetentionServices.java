package dev.indelible.server.retention;

import dev.indelible.server.control.Configuration;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.profile.Profiles;
import dev.indelible.server.search.EntryReader;

/**
 * All that keeps and deletes entries, wired.
 *
 * @param retentions how long entries are kept
 */
public record RetentionServices(Retentions retentions) {

  /**
   * What it is made of.
   *
   * @param configuration tenants and their retention
   * @param profiles what the tenants' profiles allow
   * @param log the entries
   * @param reader turns stored parts into entries
   */
  public record Parts(
      Configuration configuration, Profiles profiles, EventLog log, EntryReader reader) {}

  /** Wires it. */
  public static RetentionServices of(Parts parts) {
    Selector selector = new Selector(parts.log(), parts.reader());
    return new RetentionServices(new Retentions(parts.configuration(), parts.profiles(), selector));
  }
}
