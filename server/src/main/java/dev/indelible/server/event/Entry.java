package dev.indelible.server.event;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as recorded.
 *
 * @param tenant the tenant whose log holds it
 * @param seq its place in that log: the RFC 6962 leaf index, from 0
 * @param id the caller's id or the server's UUIDv7; unique within the tenant
 * @param recordedAt the server's clock at append, to the millisecond; never runs backwards within a
 *     tenant
 * @param event the event as the caller sent it; erased values are absent
 * @param classification the profile's classification of it
 * @param recordedBy the sender; null for entries of a build that did not record it
 * @param personalErased whether the personal part existed and is gone
 */
public record Entry(
    TenantId tenant,
    long seq,
    String id,
    Instant recordedAt,
    Event event,
    Classification classification,
    @Nullable RecordedBy recordedBy,
    boolean personalErased) {

  /** The flag of events that by their own account had not happened yet. */
  public static final String EARLY = "early";

  /** Time by which an event's own time may be ahead of its recording without being doubted. */
  public static final Duration EARLY_AFTER = Duration.ofMinutes(5);

  /** An entry of which nobody says who handed it over. */
  public Entry(
      TenantId tenant,
      long seq,
      String id,
      Instant recordedAt,
      Event event,
      Classification classification,
      boolean personalErased) {
    this(tenant, seq, id, recordedAt, event, classification, null, personalErased);
  }

  /** Returns this entry, marked as having lost its personal part or not. */
  public Entry withPersonalErased(boolean erased) {
    return new Entry(tenant, seq, id, recordedAt, event, classification, recordedBy, erased);
  }

  /** Returns this entry with another event in it. */
  public Entry with(Event other) {
    return new Entry(
        tenant, seq, id, recordedAt, other, classification, recordedBy, personalErased);
  }

  /** Time of occurrence: the caller's, or the server's if the caller gave none. */
  public Instant occurredAt() {
    Instant occurredAt = event.occurredAt();
    return occurredAt != null ? occurredAt : recordedAt;
  }

  /** Whether it says of itself that it had not happened yet when it was recorded. */
  public boolean isEarly() {
    return classification.flags().contains(EARLY)
        || occurredAt().isAfter(recordedAt.plus(EARLY_AFTER));
  }

  /**
   * The moment by which it stands among others in the order of what happened: when it happened, and
   * of an {@linkplain #isEarly early} one when it was recorded, since nobody can know the other.
   */
  public Instant placedAt() {
    return isEarly() ? recordedAt : occurredAt();
  }
}
