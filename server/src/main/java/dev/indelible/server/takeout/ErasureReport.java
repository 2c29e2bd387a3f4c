package dev.indelible.server.takeout;

import dev.indelible.server.control.Erasure;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.print.PrintedDocument;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.retention.Erasures;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Report on the persons' requests for erasure of a span of time, for a regulator. Names nobody.
 *
 * @param tenant whose requests
 * @param from they were received at that time or later
 * @param to and before that
 * @param now when the report is made
 * @param erasures the requests, oldest first
 * @param left the exports that held what they erased and had left before, by the request's id
 */
public record ErasureReport(
    TenantId tenant,
    Instant from,
    Instant to,
    Instant now,
    List<Erasure> erasures,
    Map<String, List<Copies.Left>> left) {

  public ErasureReport {
    erasures = List.copyOf(erasures);
    left = Map.copyOf(left);
  }

  /**
   * Span of a report.
   *
   * @param from requests received from then
   * @param to until then
   * @param now when it is made
   */
  public record Span(Instant from, Instant to, Instant now) {}

  /**
   * The report on those of all requests that were received in the span.
   *
   * @param copies tells which copies had left before they were deleted
   */
  public static ErasureReport of(TenantId tenant, List<Erasure> all, Span span, Copies copies) {
    List<Erasure> erasures =
        all.stream()
            .filter(
                erasure ->
                    !erasure.receivedAt().isBefore(span.from())
                        && !erasure.receivedAt().isAfter(span.to()))
            .toList();
    Map<String, List<Copies.Left>> left = new HashMap<>();
    for (Erasure erasure : erasures) {
      left.put(erasure.erasureId(), copies.left(tenant, erasure.erasureId()));
    }
    return new ErasureReport(tenant, span.from(), span.to(), span.now(), erasures, left);
  }

  private List<Copies.Left> left(Erasure erasure) {
    return left.getOrDefault(erasure.erasureId(), List.of());
  }

  private long count(Predicate<Erasure> which) {
    return erasures.stream().filter(which).count();
  }

  private long fulfilled() {
    return count(erasure -> erasure.fulfilledAt() != null);
  }

  private long rejected() {
    return count(erasure -> erasure.rejectedAt() != null);
  }

  private long deferred() {
    return count(erasure -> erasure.state().equals("deferred"));
  }

  private long overdue() {
    return count(erasure -> Erasures.isOverdue(erasure, now));
  }

  public void write(JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("from", Rfc3339.format(from));
    json.writeStringProperty("to", Rfc3339.format(to));
    json.writeStringProperty("made_at", Rfc3339.format(now));
    json.writeNumberProperty("received", erasures.size());
    json.writeNumberProperty("fulfilled", fulfilled());
    json.writeNumberProperty("rejected", rejected());
    json.writeNumberProperty("open", erasures.size() - fulfilled() - rejected());
    json.writeNumberProperty("deferred", deferred());
    json.writeNumberProperty("overdue", overdue());
    json.writeArrayPropertyStart("erasures");
    erasures.forEach(erasure -> ErasureJson.write(json, erasure, now, left(erasure)));
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Report for people, as PDF. */
  public byte[] pdf() throws IOException {
    try (PrintedDocument document = new PrintedDocument("Requests for erasure", now)) {
      document.field("Tenant", tenant.value());
      document.field("Received from", Rfc3339.format(from));
      document.field("until", Rfc3339.format(to));
      document.field("Made at", Rfc3339.format(now));
      document.field("Received", Integer.toString(erasures.size()));
      document.field("Fulfilled", Long.toString(fulfilled()));
      document.field("Rejected", Long.toString(rejected()));
      document.field("Open", Long.toString(erasures.size() - fulfilled() - rejected()));
      document.field("Deferred by holds", Long.toString(deferred()));
      document.field("Overdue", Long.toString(overdue()));
      for (Erasure erasure : erasures) {
        print(document, erasure);
      }
      return document.toBytes();
    }
  }

  private void print(PrintedDocument document, Erasure erasure) {
    document.heading(erasure.erasureId());
    document.field(
        "State",
        erasure.state() + (Erasures.isOverdue(erasure, now) ? ", not settled in time" : ""));
    document.field("Received", Rfc3339.format(erasure.receivedAt()));
    document.field("Due", Rfc3339.format(erasure.dueAt()));
    time(document, "Approved", erasure.processingAt());
    time(document, "Fulfilled", erasure.fulfilledAt());
    time(document, "Rejected", erasure.rejectedAt());
    document.field("Entries", Long.toString(erasure.entries()));
    if (erasure.deferred() > 0) {
      document.field("Kept by holds", Long.toString(erasure.deferred()));
    }
    for (Copies.Left copy : left(erasure)) {
      Copies.OfStream stream = copy.stream();
      document.field(
          stream == null ? "Export that had left" : "Stream that had sent it",
          (stream == null ? copy.id() : stream.name() + " to " + stream.destination())
              + ", first on "
              + Rfc3339.format(copy.at()));
    }
    for (String record : erasure.records()) {
      document.field("Recorded by", record);
    }
  }

  private static void time(PrintedDocument document, String name, @Nullable Instant time) {
    if (time != null) {
      document.field(name, Rfc3339.format(time));
    }
  }
}
