package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putAll;
import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A data subject's request for erasure. It does not say whose: that is kept apart, and deleted when
 * the request is settled.
 *
 * @param tenant whose entries
 * @param erasureId its id, unique within the tenant
 * @param receivedAt when it was received
 * @param dueAt when it is to be settled
 * @param commitment a hash of whom it is about, whose salt its receipt alone holds; null of
 *     requests that were received before there were receipts
 * @param askedBy who received it, such as {@code user:u_1}, and whom else they count as; none of
 *     requests that were received before that was kept
 * @param waitsUntil when it is carried out though one person alone received and approved it; null
 *     unless somebody has done so
 * @param processingAt when it was approved, or null
 * @param fulfilledAt when nothing was left to erase, or null
 * @param rejectedAt when it was turned down, or null
 * @param entries how many entries' personal parts were erased
 * @param deferred how many are left because legal holds keep them
 * @param records ids of the entries that record what was erased
 */
public record Erasure(
    TenantId tenant,
    String erasureId,
    Instant receivedAt,
    Instant dueAt,
    @Nullable String commitment,
    List<String> askedBy,
    @Nullable Instant waitsUntil,
    @Nullable Instant processingAt,
    @Nullable Instant fulfilledAt,
    @Nullable Instant rejectedAt,
    long entries,
    long deferred,
    List<String> records)
    implements ConfigurationObject {
  static final Kind<Erasure> KIND = new ErasureKind();

  public Erasure {
    askedBy = List.copyOf(askedBy);
    records = List.copyOf(records);
  }

  /** A request without a commitment, which waits for nobody. */
  public Erasure(
      TenantId tenant,
      String erasureId,
      Instant receivedAt,
      Instant dueAt,
      @Nullable Instant processingAt,
      @Nullable Instant fulfilledAt,
      @Nullable Instant rejectedAt,
      long entries,
      long deferred,
      List<String> records) {
    this(
        tenant,
        erasureId,
        receivedAt,
        dueAt,
        null,
        List.of(),
        null,
        processingAt,
        fulfilledAt,
        rejectedAt,
        entries,
        deferred,
        records);
  }

  /** Returns a copy with a commitment and the people who received it. */
  public Erasure receivedWith(String itsCommitment, List<String> by) {
    return new Erasure(
        tenant,
        erasureId,
        receivedAt,
        dueAt,
        itsCommitment,
        by,
        waitsUntil,
        processingAt,
        fulfilledAt,
        rejectedAt,
        entries,
        deferred,
        records);
  }

  @Override
  public String id() {
    return tenant.value() + "/" + erasureId;
  }

  /** Whether nothing is left to do. */
  public boolean isSettled() {
    return fulfilledAt != null || rejectedAt != null;
  }

  /** Whether one person alone received and approved it, and its time is not over. */
  public boolean isWaiting() {
    return waitsUntil != null && processingAt == null && !isSettled();
  }

  /** The request's state, as one word for people and programs. */
  public String state() {
    if (rejectedAt != null) {
      return "rejected";
    }
    if (fulfilledAt != null) {
      return "fulfilled";
    }
    if (processingAt == null) {
      return waitsUntil == null ? "received" : "waiting";
    }
    return deferred > 0 ? "deferred" : "processing";
  }

  /** Returns a copy that waits until {@code at}. */
  public Erasure waiting(Instant at) {
    return with(at, null, null, null);
  }

  /** Returns an approved copy. */
  public Erasure processing(Instant at) {
    return with(waitsUntil, at, null, null);
  }

  /** Returns a rejected copy. */
  public Erasure rejected(Instant at) {
    return with(waitsUntil, processingAt, null, at);
  }

  private Erasure with(
      @Nullable Instant waits,
      @Nullable Instant processing,
      @Nullable Instant fulfilled,
      @Nullable Instant rejected) {
    return new Erasure(
        tenant,
        erasureId,
        receivedAt,
        dueAt,
        commitment,
        askedBy,
        waits,
        processing,
        fulfilled,
        rejected,
        entries,
        deferred,
        records);
  }

  /**
   * Returns a copy with the result of an erasure of personal parts.
   *
   * @param fulfilled when nothing was left, or null
   */
  public Erasure erased(
      long allEntries, long left, List<String> allRecords, @Nullable Instant fulfilled) {
    return new Erasure(
        tenant,
        erasureId,
        receivedAt,
        dueAt,
        commitment,
        askedBy,
        waitsUntil,
        processingAt,
        fulfilled,
        null,
        allEntries,
        left,
        allRecords);
  }

  @Override
  public Kind<Erasure> kind() {
    return KIND;
  }

  private static final class ErasureKind extends Kind<Erasure> {

    ErasureKind() {
      super("erasure", Erasure.class);
    }

    @Override
    void write(Erasure erasure, ObjectNode json) {
      json.put("tenant", erasure.tenant().value());
      json.put("id", erasure.erasureId());
      json.put("received_at", erasure.receivedAt().toString());
      json.put("due_at", erasure.dueAt().toString());
      putIfPresent(json, "commitment", erasure.commitment());
      if (!erasure.askedBy().isEmpty()) {
        putAll(json, "asked_by", erasure.askedBy());
      }
      putIfPresent(json, "waits_until", erasure.waitsUntil());
      putIfPresent(json, "processing_at", erasure.processingAt());
      putIfPresent(json, "fulfilled_at", erasure.fulfilledAt());
      putIfPresent(json, "rejected_at", erasure.rejectedAt());
      json.put("entries", erasure.entries());
      json.put("deferred", erasure.deferred());
      putAll(json, "records", erasure.records());
    }

    @Override
    Erasure read(ObjectFields json) {
      return new Erasure(
          json.tenant(),
          json.text("id"),
          json.instant("received_at"),
          json.instant("due_at"),
          json.optionalText("commitment"),
          json.listOrEmpty("asked_by"),
          json.optionalInstant("waits_until"),
          json.optionalInstant("processing_at"),
          json.optionalInstant("fulfilled_at"),
          json.optionalInstant("rejected_at"),
          json.required("entries").longValue(),
          json.required("deferred").longValue(),
          json.list("records"));
    }

    @Override
    Event.Target target(Erasure erasure) {
      return new Event.Target("erasure", erasure.erasureId(), null, null);
    }

    @Override
    String action(@Nullable Erasure before, Erasure after) {
      return "audit.erasure." + after.state();
    }

    @Override
    boolean keepsHistory() {
      return true;
    }
  }
}
