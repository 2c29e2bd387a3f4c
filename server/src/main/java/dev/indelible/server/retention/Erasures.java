package dev.indelible.server.retention;

import dev.indelible.server.control.Change;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.ChangeOutcome;
import dev.indelible.server.control.ConfigurationObject.Erasure;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.query.Field;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests of persons to have what is personal about them erased: received, approved, carried out.
 * Thread-safe.
 *
 * <p>What is erased is the personal part of each entry in which the person acted or something was
 * done to them; the facts stay, provably as recorded. Entries that a legal hold keeps are put off
 * until it is released.
 */
public final class Erasures {

  /** The most names, ids and addresses of a person in one request. */
  public static final int MAX_IDENTIFIERS = 20;

  /** The longest of them, in UTF-16 units. */
  public static final int MAX_IDENTIFIER_LENGTH = 320;

  private final Parts parts;

  /** What it works with. */
  record Parts(
      ControlLog control,
      EventLog log,
      SubjectSearch search,
      Holds holds,
      Deletions deletions,
      Subjects subjects,
      DeletionRecords records,
      Supplier<String> ids,
      InstantSource clock) {}

  Erasures(Parts parts) {
    this.parts = parts;
  }

  /** A request was changed by somebody else in between. */
  public static final class ChangedMeanwhileException extends IOException {
    private static final long serialVersionUID = 1L;

    ChangedMeanwhileException(String id) {
      super("erasure " + id + " was changed meanwhile");
    }
  }

  /** The tenant's requests, oldest first. */
  public List<Erasure> all(TenantId tenant) {
    return parts.control().configuration().erasures(tenant);
  }

  /** The request of that id. */
  public Optional<Erasure> find(TenantId tenant, String erasureId) {
    return all(tenant).stream()
        .filter(erasure -> erasure.erasureId().equals(erasureId))
        .findFirst();
  }

  /**
   * Receives a request.
   *
   * @param identifiers ids, names and e-mail addresses of the person
   * @param receivedAt when it came
   * @param dueAfter how long after that it is due
   * @return the request, or empty when too many are open
   */
  public Optional<Erasure> receive(
      TenantId tenant,
      List<String> identifiers,
      Instant receivedAt,
      Period dueAfter,
      ChangedBy by,
      @Nullable String reason)
      throws IOException {
    Erasure erasure =
        new Erasure(
            tenant,
            "erasure-" + parts.ids().get(),
            receivedAt,
            receivedAt.atZone(ZoneOffset.UTC).plus(dueAfter).toInstant(),
            null,
            null,
            null,
            0,
            0,
            List.of());
    // First the person: a request about nobody could not be carried out. One without a request,
    // left
    // by a crash, is forgotten at the next start.
    if (!parts.subjects().add(new Subjects.Subject(tenant, erasure.erasureId(), identifiers))) {
      return Optional.empty();
    }
    change(erasure, 0, by, reason);
    return Optional.of(erasure);
  }

  /** What there is of the person; empty when the request is settled and the person forgotten. */
  public Optional<ErasurePreview> preview(Erasure erasure) throws IOException {
    Optional<Subjects.Subject> subject =
        parts.subjects().find(erasure.tenant(), erasure.erasureId());
    return subject.isEmpty()
        ? Optional.empty()
        : Optional.of(search(erasure.tenant(), subject.get()));
  }

  /** What the tenant's log holds about a person, whether or not they asked for anything. */
  public SubjectReport report(TenantId tenant, List<String> identifiers) throws IOException {
    List<String> requests =
        parts.subjects().all().stream()
            .filter(subject -> subject.tenant().equals(tenant))
            .filter(subject -> subject.names(identifiers))
            .map(Subjects.Subject::erasureId)
            .toList();
    return parts.search().count(tenant, identifiers, parts.holds().ready(tenant)).report(requests);
  }

  /** The query that finds the entries about a person, but for those that record searches. */
  public static String query(List<String> identifiers) {
    return SubjectSearch.filter(identifiers, Field.ACTOR, Field.ON_BEHALF_OF, Field.TARGET)
        .toQuery();
  }

  private ErasurePreview search(TenantId tenant, Subjects.Subject subject) throws IOException {
    return parts.search().find(tenant, subject.identifiers(), parts.holds().ready(tenant));
  }

  /** Turns a request down. */
  public Erasure reject(Erasure erasure, ChangedBy by, String reason) throws IOException {
    Erasure rejected = erasure.rejected(now());
    change(rejected, version(erasure), by, reason);
    parts.subjects().remove(erasure.tenant(), erasure.erasureId());
    return rejected;
  }

  /**
   * Approves a request and carries it out; returns when no file holds any more what could be
   * erased.
   *
   * @return the request, fulfilled, or deferred when legal holds keep entries
   */
  public Erasure approve(Erasure erasure, ChangedBy by, String reason)
      throws IOException, InterruptedException {
    Erasure approved = erasure;
    if (erasure.processingAt() == null) {
      approved = erasure.processing(now());
      change(approved, version(erasure), by, reason);
    }
    return carryOut(approved, by);
  }

  private Erasure carryOut(Erasure erasure, ChangedBy by) throws IOException, InterruptedException {
    TenantId tenant = erasure.tenant();
    Optional<Subjects.Subject> subject = parts.subjects().find(tenant, erasure.erasureId());
    if (subject.isEmpty()) {
      throw new ChangedMeanwhileException(erasure.erasureId());
    }
    long[] deferred = {0};
    List<Deletions.Done> done;
    do {
      done =
          parts
              .deletions()
              .carryOut(
                  () -> {
                    ErasurePreview found = search(tenant, subject.get());
                    deferred[0] = found.deferred();
                    return found.ranges().isEmpty()
                        ? List.of()
                        : List.of(deletion(erasure, by, found.ranges()));
                  });
    } while (!done.isEmpty());
    // Those of an earlier process too, which a start carried out to the end.
    List<Entry> records = parts.records().of(tenant, Deletion.Kind.ERASE, erasure.erasureId());
    Instant fulfilled = deferred[0] == 0 ? now() : null;
    Erasure result =
        erasure.erased(
            records.stream().mapToLong(DeletionRecords::entries).sum(),
            deferred[0],
            records.stream().map(Entry::id).toList(),
            fulfilled);
    if (!result.equals(erasure)) {
      change(result, version(erasure), by, null);
    }
    if (fulfilled != null) {
      parts.subjects().remove(tenant, erasure.erasureId());
    }
    return result;
  }

  private Deletion deletion(Erasure erasure, ChangedBy by, SeqRanges ranges) throws IOException {
    return new Deletion(
        erasure.tenant(),
        Deletion.Kind.ERASE,
        "erase-" + parts.ids().get(),
        now(),
        by,
        "data subject request",
        erasure.erasureId(),
        null,
        Deletions.setDigest(parts.log(), erasure.tenant(), ranges),
        ranges);
  }

  /** Forgets persons whose requests are settled or were never recorded. At the start alone. */
  void forgetSettled() throws IOException {
    for (Subjects.Subject subject : parts.subjects().all()) {
      Optional<Erasure> erasure = find(subject.tenant(), subject.erasureId());
      if (erasure.isEmpty() || erasure.get().isSettled()) {
        parts.subjects().remove(subject.tenant(), subject.erasureId());
      }
    }
  }

  /**
   * Goes on with requests that were approved: after a crash, and where holds have been released.
   */
  void goOn() throws IOException, InterruptedException {
    for (Subjects.Subject subject : parts.subjects().all()) {
      Optional<Erasure> erasure = find(subject.tenant(), subject.erasureId());
      if (erasure.isPresent()
          && !erasure.get().isSettled()
          && erasure.get().processingAt() != null
          && parts.log().stoppedBecause(subject.tenant()).isEmpty()) {
        carryOut(erasure.get(), ChangedBy.SYSTEM);
      }
    }
  }

  private long version(Erasure erasure) {
    return parts.control().configuration().version(erasure);
  }

  private void change(Erasure erasure, long replaces, ChangedBy by, @Nullable String reason)
      throws IOException {
    switch (parts.control().change(new Change(erasure, replaces, by, reason))) {
      case ChangeOutcome.Applied _ -> {}
      case ChangeOutcome.VersionMoved _ -> throw new ChangedMeanwhileException(erasure.erasureId());
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(parts.clock().millis());
  }
}
