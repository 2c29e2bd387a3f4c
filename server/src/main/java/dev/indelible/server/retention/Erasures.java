package dev.indelible.server.retention;

import dev.indelible.server.control.Change;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.ChangeOutcome;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.Erasure;
import dev.indelible.server.control.ErasureRule;
import dev.indelible.server.control.Made;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.query.Field;
import dev.indelible.verify.audit.ErasureReceipt;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
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

  /** Reason why a request is carried out that one person alone approved. */
  static final String WAITED = "the waiting time is over";

  /** Reason why a request goes on waiting when the clock is vouched for; its new time follows. */
  static final String WAITS_ANEW =
      "the time that was left counts from when the clock was accepted: ";

  private final Dependencies dependencies;

  record Dependencies(
      ControlLog control,
      EventLog log,
      SubjectSearch search,
      Holds holds,
      Deletions deletions,
      Subjects subjects,
      DeletionRecords records,
      Waiting waiting,
      Supplier<String> ids,
      RandomGenerator random,
      InstantSource clock) {}

  Erasures(Dependencies dependencies) {
    this.dependencies = dependencies;
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
    return dependencies.control().configuration().erasures(tenant);
  }

  /** The request of that id. */
  public Optional<Erasure> find(TenantId tenant, String erasureId) {
    return all(tenant).stream()
        .filter(erasure -> erasure.erasureId().equals(erasureId))
        .findFirst();
  }

  /**
   * Person or key that acts on a request.
   *
   * @param by the person or key
   * @param person as whom they count, such as {@code user:u_1} by a key of theirs
   * @param reason why, or null
   */
  public record Acting(ChangedBy by, String person, @Nullable String reason) {}

  /**
   * A request that was received.
   *
   * @param erasure the request
   * @param receipt shows later whom it was about; nobody keeps it here
   */
  public record Received(Erasure erasure, ErasureReceipt receipt) {}

  /**
   * Receives a request.
   *
   * @param identifiers ids, names and e-mail addresses of the person
   * @param times when it came and is due
   * @param acting the person or key that received it
   * @return the request, or empty when too many are open
   */
  public Optional<Received> receive(
      TenantId tenant, List<String> identifiers, Times times, Acting acting) throws IOException {
    String id = "erasure-" + dependencies.ids().get();
    byte[] salt = new byte[ErasureReceipt.SALT_BYTES];
    dependencies.random().nextBytes(salt);
    ErasureReceipt receipt = ErasureReceipt.of(tenant.value(), id, identifiers, salt);
    Erasure erasure =
        new Erasure(
                tenant, id, times.receivedAt(), times.dueAt(), null, null, null, 0, 0, List.of())
            .receivedWith(receipt.commitment(), List.of(acting.person()));
    // First the person: a request about nobody could not be carried out. One without a request,
    // left
    // by a crash, is forgotten at the next start.
    if (!dependencies
        .subjects()
        .add(new Subjects.Subject(tenant, id, identifiers, receipt.salt()))) {
      return Optional.empty();
    }
    change(erasure, 0, acting.by(), acting.reason());
    return Optional.of(new Received(erasure, receipt));
  }

  /**
   * Times of a request: when it was received and is due.
   *
   * @param receivedAt when it came
   * @param dueAfter how long after that it is due
   */
  public record Times(Instant receivedAt, Period dueAfter) {
    Instant dueAt() {
      return receivedAt.atZone(ZoneOffset.UTC).plus(dueAfter).toInstant();
    }
  }

  /**
   * The receipt of a request; empty when it is settled, and whom it was about is known to those
   * alone who have the receipt.
   */
  public Optional<ErasureReceipt> receipt(Erasure erasure) throws IOException {
    return dependencies
        .subjects()
        .find(erasure.tenant(), erasure.erasureId())
        .flatMap(
            subject ->
                Optional.ofNullable(subject.salt())
                    .map(
                        salt ->
                            ErasureReceipt.of(
                                erasure.tenant().value(),
                                erasure.erasureId(),
                                subject.identifiers(),
                                Base64.getDecoder().decode(salt))));
  }

  /**
   * Searches for the person's entries; empty when the request is settled and the person forgotten.
   */
  public Optional<ErasurePreview> preview(Erasure erasure)
      throws IOException, InterruptedException {
    TenantId tenant = erasure.tenant();
    Optional<Subjects.Subject> subject = dependencies.subjects().find(tenant, erasure.erasureId());
    if (subject.isEmpty()) {
      return Optional.empty();
    }
    StayingTexts.Builder staying = new StayingTexts.Builder();
    dependencies
        .control()
        .history(
            tenant, dependencies.search().texts(tenant, subject.get().identifiers()).into(staying));
    return Optional.of(search(tenant, subject.get(), staying));
  }

  /** Reports what the tenant's log holds about a person, whether or not they asked for anything. */
  public SubjectReport report(TenantId tenant, List<String> identifiers) throws IOException {
    List<String> requests =
        dependencies.subjects().all().stream()
            .filter(subject -> subject.tenant().equals(tenant))
            .filter(subject -> subject.names(identifiers))
            .map(Subjects.Subject::erasureId)
            .toList();
    return dependencies
        .search()
        .count(tenant, identifiers, dependencies.holds().ready(tenant))
        .report(requests);
  }

  /** The query that finds the entries about a person, but for those that record searches. */
  public static String query(List<String> identifiers) {
    return SubjectSearch.filter(identifiers, Field.ACTOR, Field.ON_BEHALF_OF, Field.TARGET)
        .toQuery();
  }

  private ErasurePreview search(
      TenantId tenant, Subjects.Subject subject, StayingTexts.Builder staying) throws IOException {
    return dependencies
        .search()
        .find(tenant, subject.identifiers(), dependencies.holds().ready(tenant), staying);
  }

  /** Turns a request down. */
  public Erasure reject(Erasure erasure, ChangedBy by, String reason) throws IOException {
    Erasure rejected = erasure.rejected(now());
    change(rejected, version(erasure), by, reason);
    dependencies.subjects().remove(erasure.tenant(), erasure.erasureId());
    return rejected;
  }

  /** Effect of approving a request. */
  public enum Approval {
    /** The request is carried out. */
    NOW,
    /** The request waits, as nobody else of the tenant may approve it. */
    WAITS,
    /** The request waits already. */
    WAITS_ALREADY,
    /** The request needs the approval of somebody else. */
    NEEDS_ANOTHER
  }

  /**
   * Effect of approving a request now.
   *
   * @param byAsker whether they count as whoever received it
   * @param others whether somebody else of the tenant may approve it
   */
  public Approval approval(Erasure erasure, boolean byAsker, boolean others) {
    ErasureRule rule = rule(erasure.tenant());
    Instant until = erasure.waitsUntil();
    if (!rule.takesTwo()
        || erasure.processingAt() != null
        || !byAsker
        || dependencies.waiting().isOver(until)) {
      return Approval.NOW;
    }
    if (until != null) {
      return Approval.WAITS_ALREADY;
    }
    return others ? Approval.NEEDS_ANOTHER : Approval.WAITS;
  }

  /** Persons as whom those count who received a request; none when that is not known. */
  public List<String> askers(Erasure erasure) {
    if (!erasure.askedBy().isEmpty()) {
      return erasure.askedBy();
    }
    return dependencies.control().configuration().history(erasure).stream()
        .limit(1)
        .map(Made::who)
        .toList();
  }

  private ErasureRule rule(TenantId tenant) {
    return dependencies
        .control()
        .configuration()
        .tenantOrClosed(tenant)
        .map(Tenant::erasureRule)
        .orElse(ErasureRule.TWO);
  }

  /** Notes that one person alone received and approved a request: it waits. */
  public Erasure await(Erasure erasure, Acting acting) throws IOException {
    Erasure waiting = erasure.waiting(dependencies.waiting().end(rule(erasure.tenant()).waits()));
    change(waiting, version(erasure), acting.by(), acting.reason());
    return waiting;
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
    Optional<Subjects.Subject> subject = dependencies.subjects().find(tenant, erasure.erasureId());
    if (subject.isEmpty()) {
      throw new ChangedMeanwhileException(erasure.erasureId());
    }
    long[] deferred = {0};
    List<Deletions.Done> done;
    do {
      done =
          dependencies
              .deletions()
              .carryOut(
                  () -> {
                    ErasurePreview found =
                        search(tenant, subject.get(), new StayingTexts.Builder());
                    deferred[0] = found.deferred();
                    return found.ranges().isEmpty()
                        ? List.of()
                        : List.of(deletion(erasure, by, found));
                  });
    } while (!done.isEmpty());
    // Those of an earlier process too, which a start carried out to the end.
    List<Entry> records =
        dependencies.records().of(tenant, Deletion.Kind.ERASE, erasure.erasureId());
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
      dependencies.subjects().remove(tenant, erasure.erasureId());
    }
    return result;
  }

  private Deletion deletion(Erasure erasure, ChangedBy by, ErasurePreview found)
      throws IOException {
    return new Deletion(
        erasure.tenant(),
        Deletion.Kind.ERASE,
        "erase-" + dependencies.ids().get(),
        now(),
        by,
        "data subject request",
        erasure.erasureId(),
        erasure.commitment(),
        found.acted(),
        null,
        Deletions.setDigest(dependencies.log(), erasure.tenant(), found.ranges()),
        found.ranges(),
        null);
  }

  /** Forgets persons whose requests are settled or were never recorded. At the start alone. */
  void forgetSettled() throws IOException {
    for (Subjects.Subject subject : dependencies.subjects().all()) {
      Optional<Erasure> erasure = find(subject.tenant(), subject.erasureId());
      if (erasure.isEmpty() || erasure.get().isSettled()) {
        dependencies.subjects().remove(subject.tenant(), subject.erasureId());
      }
    }
  }

  /**
   * Goes on with requests that were approved: after a crash, where holds have been released, and
   * where a waiting time is over.
   *
   * @throws IOException when one of them cannot be carried out now; the others are
   */
  void goOn() throws IOException, InterruptedException {
    IOException failure = null;
    for (Subjects.Subject subject : dependencies.subjects().all()) {
      Optional<Erasure> found = find(subject.tenant(), subject.erasureId());
      if (found.isEmpty()
          || found.get().isSettled()
          || dependencies.log().stoppedBecause(subject.tenant()).isPresent()) {
        continue;
      }
      try {
        goOn(found.get());
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void goOn(Erasure erasure) throws IOException, InterruptedException {
    if (erasure.processingAt() != null) {
      carryOut(erasure, ChangedBy.SYSTEM);
    } else if (dependencies.waiting().isOver(erasure.waitsUntil())) {
      approve(erasure, ChangedBy.SYSTEM, WAITED);
    }
  }

  /**
   * Extends the waits of requests by what was left, when somebody vouches for a clock that jumped:
   * meanwhile nobody had that time to turn them down. Does so once for each jump.
   *
   * @param believed the time that was believed until then
   * @param at the time that is believed from now on
   */
  public void clockAccepted(Instant believed, Instant at) throws IOException {
    String why = WAITS_ANEW + at;
    for (Subjects.Subject subject : dependencies.subjects().all()) {
      Optional<Erasure> found =
          find(subject.tenant(), subject.erasureId()).filter(Erasure::isWaiting);
      Instant until = found.map(Erasure::waitsUntil).orElse(null);
      if (until != null && until.isAfter(believed) && isOlder(found.get(), at, why)) {
        Erasure later = found.get().waiting(at.plus(Duration.between(believed, until)));
        change(later, version(later), ChangedBy.SYSTEM, why);
      }
    }
  }

  /** Whether a request began to wait before the clock was vouched for, and has not been put off. */
  private boolean isOlder(Erasure waiting, Instant at, String why) {
    List<Made> history = dependencies.control().configuration().history(waiting);
    return history.stream().noneMatch(made -> why.equals(made.reason()))
        && history.stream()
            .filter(made -> made.object() instanceof Erasure then && then.isWaiting())
            .findFirst()
            .filter(made -> !made.at().isAfter(at))
            .isPresent();
  }

  private long version(Erasure erasure) {
    return dependencies.control().configuration().version(erasure);
  }

  private void change(Erasure erasure, long replaces, ChangedBy by, @Nullable String reason)
      throws IOException {
    switch (dependencies.control().change(new Change(erasure, replaces, by, reason))) {
      case ChangeOutcome.Applied _ -> {}
      case ChangeOutcome.VersionMoved _ -> throw new ChangedMeanwhileException(erasure.erasureId());
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(dependencies.clock().millis());
  }

  /** Whether it was not settled in time, or is not and the time is over. */
  public static boolean isOverdue(Erasure erasure, Instant now) {
    Instant fulfilled = erasure.fulfilledAt();
    return erasure.rejectedAt() == null
        && (fulfilled == null ? now : fulfilled).isAfter(erasure.dueAt());
  }
}
