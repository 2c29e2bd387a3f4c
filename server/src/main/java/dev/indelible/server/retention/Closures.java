package dev.indelible.server.retention;

import dev.indelible.server.control.Change;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.ChangeOutcome;
import dev.indelible.server.control.Closure;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends tenants: closes them, then deletes all their entries. Only the records of deletions and the
 * leaves stay, so that a checkpoint that somebody holds can still be verified. Thread-safe.
 */
public final class Closures {

  /** Legal basis of such a deletion, in place of a period of retention. */
  static final String BASIS = "offboarding";

  private final Dependencies dependencies;

  record Dependencies(
      ControlLog control,
      EventLog log,
      Selector selector,
      Holds holds,
      Deletions deletions,
      DeletionRecords records,
      Subjects subjects,
      TenantForgetting forgetting,
      Supplier<String> ids,
      InstantSource clock) {}

  Closures(Dependencies dependencies) {
    this.dependencies = dependencies;
  }

  /** The tenant's closure; empty while it is open. */
  public Optional<Closure> find(TenantId tenant) {
    return dependencies.control().configuration().closure(tenant);
  }

  /** A legal hold keeps entries of the tenant. */
  public static final class HeldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HeldException(TenantId tenant) {
      super("a legal hold keeps entries of tenant " + tenant);
    }
  }

  /** Number of entries that closing the tenant would delete now; reads all of them. */
  public long wouldDelete(TenantId tenant) throws IOException {
    return dependencies.selector().everything(tenant).count();
  }

  /**
   * Closes a tenant and deletes its entries; returns when no file holds them any more.
   *
   * @throws HeldException when a hold is in force; no hold is applied from then on
   * @throws IOException when it cannot be finished now; nobody sees the tenant all the same, and it
   *     is finished later
   */
  public Closure close(Tenant tenant, ChangedBy by, String reason)
      throws IOException, InterruptedException {
    Closure closure =
        dependencies
            .deletions()
            .whileNothingIsDecided(
                () -> {
                  Optional<Closure> before = find(tenant.tenant());
                  return before.isPresent() ? before.get() : begin(tenant.tenant(), by, reason);
                });
    return closure.isComplete() ? closure : delete(closure, by);
  }

  private Closure begin(TenantId tenant, ChangedBy by, String reason) throws IOException {
    if (!dependencies.holds().active(tenant).isEmpty()) {
      throw new HeldException(tenant);
    }
    Closure closure = new Closure(tenant, now(), List.of());
    change(closure, by, reason);
    return closure;
  }

  private Closure delete(Closure closure, ChangedBy by) throws IOException, InterruptedException {
    TenantId tenant = closure.tenant();
    dependencies.subjects().removeAll(tenant);
    dependencies.forgetting().forget(tenant);
    // That of an earlier process too, which a start carried out to the end.
    boolean[] recorded = {!records(tenant).isEmpty()};
    List<Deletions.Done> done;
    do {
      done =
          dependencies
              .deletions()
              .carryOut(
                  () -> {
                    SeqRanges all = dependencies.selector().everything(tenant);
                    // Where everything was due before, the record says that nothing was left.
                    return all.isEmpty() && recorded[0]
                        ? List.of()
                        : List.of(deletion(tenant, by, all));
                  });
      recorded[0] |= !done.isEmpty();
    } while (!done.isEmpty());
    List<Entry> records = records(tenant);
    if (records.isEmpty()) {
      throw new IOException("the deletion of tenant " + tenant + " has no record yet");
    }
    Closure complete = closure.complete(records.stream().map(Entry::id).toList());
    change(complete, by, null);
    return complete;
  }

  private List<Entry> records(TenantId tenant) throws IOException {
    return dependencies.records().of(tenant, Deletion.Kind.PURGE, BASIS);
  }

  private Deletion deletion(TenantId tenant, ChangedBy by, SeqRanges all) throws IOException {
    return new Deletion(
        tenant,
        Deletion.Kind.PURGE,
        "purge-" + dependencies.ids().get(),
        now(),
        by,
        "the tenant was closed",
        BASIS,
        null,
        List.of(),
        null,
        Deletions.setDigest(dependencies.log(), tenant, all),
        all,
        null);
  }

  /**
   * Goes on with tenants that were closed and still have entries.
   *
   * @throws IOException when one of them cannot be finished now; the others are
   */
  void goOn() throws IOException, InterruptedException {
    IOException failure = null;
    for (Closure closure : dependencies.control().configuration().closures()) {
      if (!closure.isComplete() && dependencies.log().stoppedBecause(closure.tenant()).isEmpty()) {
        try {
          delete(closure, ChangedBy.SYSTEM);
        } catch (IOException e) {
          failure = e;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void change(Closure closure, ChangedBy by, @Nullable String reason) throws IOException {
    long version = dependencies.control().configuration().version(closure);
    switch (dependencies.control().change(new Change(closure, version, by, reason))) {
      case ChangeOutcome.Applied _ -> {}
      case ChangeOutcome.VersionMoved _ ->
          throw new IOException("tenant " + closure.tenant() + " is being closed by somebody else");
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(dependencies.clock().millis());
  }
}
