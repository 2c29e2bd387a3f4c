package dev.indelible.server.retention;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.ErasableJournal;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.query.HashedActors;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.search.EntryReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * All that keeps and deletes entries, wired.
 *
 * @param retentions how long entries are kept
 * @param holds legal holds, which keep entries longer
 * @param erasures deletion of personal data at a person's request
 * @param closures the deletion of tenants
 * @param purges the deletion of entries that are due
 * @param keptActors actors of entries that were erased for somebody else
 * @param configuration the configuration in force
 * @param ids new ids
 * @param copies who else keeps copies of entries
 */
public record RetentionServices(
    Retentions retentions,
    Holds holds,
    Erasures erasures,
    Closures closures,
    Purges purges,
    KeptActors keptActors,
    Configuration configuration,
    Supplier<String> ids,
    Copies copies) {

  /**
   * Services and data that retention works with.
   *
   * @param control tenants, their retention and holds
   * @param profiles the bounds of the tenants' profiles
   * @param log the entries
   * @param journal where the log's entries are before they are sealed
   * @param index finds them
   * @param reader turns stored parts into entries
   * @param hashed the translation of queries where ids are hashed
   * @param blobs where it is kept what is under way
   */
  public record Parts(
      ControlLog control,
      TenantProfiles profiles,
      EventLog log,
      ErasableJournal journal,
      EventIndex index,
      EntryReader reader,
      Function<TenantId, HashedActors> hashed,
      BlobStore blobs) {}

  /**
   * Callbacks and settings from the rest of the program.
   *
   * @param recorder records what is deleted
   * @param forgetting forgets who the people of a deleted tenant are
   * @param scopes the whole of a tenant's log
   * @param ids new ids
   * @param random a cryptographically strong generator
   * @param clock the system clock, or a test's
   * @param clockIsTrusted whether anything may be deleted because time has passed
   * @param believed the time that is reckoned with, whatever the clock is set to
   * @param purgeEvery how often what is due is deleted
   * @param copies who else keeps copies of entries
   * @param before records what is left of entries that a purge deletes
   * @param steps is told of the steps of deletions
   */
  public record Surroundings(
      EntryRecorder recorder,
      TenantForgetting forgetting,
      Function<TenantId, TenantScope> scopes,
      Supplier<String> ids,
      RandomGenerator random,
      InstantSource clock,
      BooleanSupplier clockIsTrusted,
      Supplier<Instant> believed,
      Duration purgeEvery,
      Copies copies,
      BeforePurge before,
      DeletionSteps steps) {}

  private static boolean hidesActors(Parts parts, TenantId tenant) {
    return parts
        .control()
        .configuration()
        .tenantOrClosed(tenant)
        .filter(found -> parts.profiles().of(tenant, found.profile()).actorHashing())
        .isPresent();
  }

  /**
   * Wires it. The log was started with what an earlier process left under way ({@link
   * DeletionsUnderWay}).
   */
  public static RetentionServices open(Parts parts, Surroundings around) throws IOException {
    Deletions deletions =
        new Deletions(
            new Deletions.Dependencies(
                parts.log(),
                parts.journal(),
                parts.index(),
                around.recorder(),
                around.copies(),
                around.steps()),
            new DeletionState(parts.blobs()));
    Holds holds =
        new Holds(
            parts.control().configuration(),
            deletions,
            parts.hashed(),
            tenant -> hidesActors(parts, tenant));
    Selector selector = new Selector(parts.log(), parts.reader());
    Retentions retentions =
        new Retentions(parts.control().configuration(), parts.profiles(), holds, selector);
    retentions.noteProfiles(parts.control());
    Subjects subjects = new Subjects(parts.blobs());
    DeletionRecords records =
        new DeletionRecords(parts.log(), parts.index(), parts.reader(), around.scopes());
    Shared shared = new Shared(selector, holds, deletions, records, subjects);
    Closures closures = closures(parts, around, shared);
    Erasures erasures = erasures(parts, around, shared);
    erasures.forgetSettled();
    Purges purges =
        new Purges(
            new Purges.Dependencies(
                parts.control().configuration(),
                retentions,
                erasures,
                closures,
                parts.log(),
                deletions,
                around.before(),
                around.ids(),
                around.clock(),
                around.clockIsTrusted(),
                around.purgeEvery()));
    return new RetentionServices(
        retentions,
        holds,
        erasures,
        closures,
        purges,
        new KeptActors(records, deletions::steps),
        parts.control().configuration(),
        around.ids(),
        around.copies());
  }

  /** Services that closures and erasures both need. */
  private record Shared(
      Selector selector,
      Holds holds,
      Deletions deletions,
      DeletionRecords records,
      Subjects subjects) {}

  private static Closures closures(Parts parts, Surroundings around, Shared shared) {
    return new Closures(
        new Closures.Dependencies(
            parts.control(),
            parts.log(),
            shared.selector(),
            shared.holds(),
            shared.deletions(),
            shared.records(),
            shared.subjects(),
            around.forgetting(),
            around.ids(),
            around.clock()));
  }

  private static Erasures erasures(Parts parts, Surroundings around, Shared shared) {
    return new Erasures(
        new Erasures.Dependencies(
            parts.control(),
            parts.log(),
            new SubjectSearch(
                parts.log(),
                parts.reader(),
                shared.selector(),
                new SubjectSearch.Meaning(parts.hashed(), tenant -> rules(parts, tenant))),
            shared.holds(),
            shared.deletions(),
            shared.subjects(),
            shared.records(),
            new Waiting(around.clockIsTrusted(), around.believed()),
            around.ids(),
            around.random(),
            around.clock()));
  }

  private static PersonRules rules(Parts parts, TenantId tenant) {
    return new PersonRules(
        parts
            .control()
            .configuration()
            .tenantOrClosed(tenant)
            .map(found -> parts.profiles().of(tenant, found.profile()))
            .orElseGet(parts.profiles().profiles()::standard));
  }
}
