package dev.indelible.server.stream;

import dev.indelible.server.access.Authentication;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.follow.EntryFeed;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.seal.TenantCipher;
import dev.indelible.server.search.Search;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.takeout.EntryWriter;
import dev.indelible.server.trail.AccessTrail;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Parts of the program that streams need.
 *
 * @param control where streams are, and are paused
 * @param log the entries
 * @param feed reads them
 * @param search makes filters of queries
 * @param entries writes entries as the API answers with them
 * @param reads the threads that read, in turns
 * @param authentication what makers may now
 * @param trail records what streams do
 * @param cipher seals secrets
 * @param guard in front of the network
 * @param forms the forms that entries are written in
 * @param observer is told of attempts
 * @param terms the operator's settings
 * @param chance time and chance
 */
public record StreamParts(
    ControlLog control,
    EventLog log,
    EntryFeed feed,
    Search search,
    EntryWriter entries,
    ReadPool reads,
    Authentication authentication,
    AccessTrail trail,
    TenantCipher cipher,
    AddressGuard guard,
    StreamForms forms,
    Observer observer,
    Terms terms,
    Chance chance) {

  /**
   * Settings of streams.
   *
   * @param root the folder that files of streams are below, or null when there is none
   * @param ledger how long lines of ledgers are kept
   */
  public record Terms(@Nullable Path root, Duration ledger) {}

  /**
   * Sources of what is not determined.
   *
   * @param clock the time
   * @param nanos a clock that nobody sets
   * @param random for waits between attempts
   */
  public record Chance(InstantSource clock, LongSupplier nanos, RandomGenerator random) {}

  /** Listener to attempts; quick, and called on many threads. */
  public interface Observer {

    /**
     * Told of the end of an attempt.
     *
     * @param type kind of receiver
     * @param outcome {@code taken}, {@code failed} or {@code refused}
     * @param nanos how long it took
     */
    void attempted(String type, String outcome, long nanos);

    /**
     * Told of entries that are dealt with.
     *
     * @param type kind of receiver
     * @param outcome {@code sent}, {@code dead_letter} or {@code purged}
     * @param entries how many
     */
    void settled(String type, String outcome, long entries);
  }
}
