package dev.indelible.server.retention;

import dev.indelible.server.blob.BlobStore;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.journal.ErasableJournal;
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
 * @param holds what keeps them longer
 * @param erasures what is personal, deleted at a person's request
 * @param closures what ends tenants
 * @param purges what deletes those that are due
 * @param keptActors who acted in entries that were erased for somebody else
 * @param configuration what is in force
 * @param ids new ids
 */
public record RetentionServices(
    Retentions retentions,
    Holds holds,
    Erasures erasures,
    Closures closures,
    Purges purges,
    KeptActors keptActors,
    Configuration configuration,
    Supplier<String> ids) {

  /**
   * What it is made of.
   *
   * @param control tenants, their retention and holds
   * @param profiles what the tenants' profiles allow
   * @param log the entries
   * @param journal where the log's entries are before they are sealed
   * @param index finds them
   * @param reader turns stored parts into entries
   * @param hashed what queries mean where ids are hashed
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
   * What it asks of the rest of the program.
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
            new Deletions.Parts(
                parts.log(),
                parts.journal(),
                parts.index(),
                parts.reader(),
                around.recorder(),
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
    Closures closures =
        new Closures(
            new Closures.Parts(
                parts.control(),
                parts.log(),
                selector,
                holds,
                deletions,
                records,
                subjects,
                around.forgetting(),
                around.ids(),
                around.clock()));
    Erasures erasures =
        new Erasures(
            new Erasures.Parts(
                parts.control(),
                parts.log(),
                new SubjectSearch(
                    parts.log(),
                    parts.reader(),
                    selector,
                    new SubjectSearch.Meaning(parts.hashed(), tenant -> rules(parts, tenant))),
                holds,
                deletions,
                subjects,
                records,
                new Waiting(around.clockIsTrusted(), around.believed()),
                around.ids(),
                around.random(),
                around.clock()));
    erasures.forgetSettled();
    return new RetentionServices(
        retentions,
        holds,
        erasures,
        closures,
        new Purges(
            new Purges.Parts(
                parts.control().configuration(),
                retentions,
                erasures,
                closures,
                parts.log(),
                deletions,
                around.ids(),
                around.clock(),
                around.clockIsTrusted(),
                around.purgeEvery())),
        new KeptActors(records, deletions::steps),
        parts.control().configuration(),
        around.ids());
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
