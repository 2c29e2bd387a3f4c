package dev.indelible.server.takeout;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.json.Json;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.print.PrintedDocument;
import dev.indelible.server.retention.Erasures;
import dev.indelible.server.retention.SubjectReport;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * A report of what a log holds about a person, to be sent.
 *
 * @param tenant whose log
 * @param identifiers whom it is about
 * @param found what there is
 * @param holdNames names of the holds in force, by id
 * @param now when it is made
 */
public record SubjectReportDocument(
    TenantId tenant,
    List<String> identifiers,
    SubjectReport found,
    Map<String, String> holdNames,
    Instant now) {

  public SubjectReportDocument {
    identifiers = List.copyOf(identifiers);
    holdNames = Map.copyOf(holdNames);
  }

  public void write(JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("tenant", tenant.value());
    json.writeStringProperty("made_at", Rfc3339.format(now));
    Json.texts(json, "identifiers", identifiers);
    json.writeStringProperty("query", Erasures.query(identifiers));
    json.writeNumberProperty("entries", found.entries());
    json.writeNumberProperty("as_actor", found.asActor());
    json.writeNumberProperty("as_target", found.asTarget());
    json.writeNumberProperty("as_searched", found.asSearched());
    time(json, "first", found.first());
    time(json, "last", found.last());
    counts(json, "categories", "category", found.categories());
    counts(json, "actions", "action", found.actions());
    counts(json, "accounts", "account", found.accounts());
    json.writeObjectPropertyStart("personal");
    json.writeNumberProperty("entries", found.personal());
    counts(json, "fields", "field", found.personalFields());
    json.writeNumberProperty("erased", found.erased());
    json.writeNumberProperty("held", found.held());
    json.writeEndObject();
    json.writeArrayPropertyStart("holds");
    for (SubjectReport.Count hold : found.holds()) {
      json.writeStartObject();
      json.writeStringProperty("id", hold.name());
      json.writeStringProperty("name", name(hold));
      json.writeNumberProperty("entries", hold.entries());
      json.writeEndObject();
    }
    json.writeEndArray();
    Json.texts(json, "held_ids", found.heldIds());
    Json.texts(json, "open_erasures", found.requests());
    json.writeBooleanProperty("complete", found.complete());
    json.writeEndObject();
  }

  private String name(SubjectReport.Count hold) {
    return holdNames.getOrDefault(hold.name(), hold.name());
  }

  private static void counts(
      JsonGenerator json, String list, String member, List<SubjectReport.Count> counts) {
    json.writeArrayPropertyStart(list);
    for (SubjectReport.Count count : counts) {
      json.writeStartObject();
      json.writeStringProperty(member, count.name());
      json.writeNumberProperty("entries", count.entries());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void time(JsonGenerator json, String field, @Nullable Instant time) {
    if (time != null) {
      json.writeStringProperty(field, Rfc3339.format(time));
    }
  }

  /** Report for people, as PDF. */
  public byte[] pdf() throws IOException {
    try (PrintedDocument document =
        new PrintedDocument("What the audit log holds about a person", now)) {
      document.field("Tenant", tenant.value());
      document.field("Person", String.join(", ", identifiers));
      document.field("Made at", Rfc3339.format(now));
      document.field("Entries", Long.toString(found.entries()));
      document.field("As actor", Long.toString(found.asActor()));
      document.field("As target", Long.toString(found.asTarget()));
      document.field("Searches for them", Long.toString(found.asSearched()));
      time(document, "First", found.first());
      time(document, "Last", found.last());
      document.heading("Personal data");
      document.field("Entries with it", Long.toString(found.personal()));
      document.field("Erased already", Long.toString(found.erased()));
      document.field("Kept by holds", Long.toString(found.held()));
      print(document, "Field", found.personalFields());
      if (!found.holds().isEmpty()) {
        document.heading("Legal holds");
        for (SubjectReport.Count hold : found.holds()) {
          document.field(name(hold), Long.toString(hold.entries()));
        }
      }
      if (!found.requests().isEmpty()) {
        document.heading("Open requests for erasure");
        for (String request : found.requests()) {
          document.paragraph(request);
        }
      }
      print(document, "Categories", "Category", found.categories());
      print(document, "Actions", "Action", found.actions());
      print(document, "Accounts", "Account", found.accounts());
      if (!found.complete()) {
        document.paragraph(
            "The lists have %d names at most; rarer ones are left out."
                .formatted(SubjectReport.MAX_NAMES));
      }
      return document.toBytes();
    }
  }

  private static void print(
      PrintedDocument document, String heading, String name, List<SubjectReport.Count> counts) {
    if (!counts.isEmpty()) {
      document.heading(heading);
      print(document, name, counts);
    }
  }

  private static void print(
      PrintedDocument document, String name, List<SubjectReport.Count> counts) {
    document.counts(
        name,
        "Entries",
        counts.stream()
            .map(count -> new PrintedDocument.Count(count.name(), count.entries()))
            .toList());
  }

  private static void time(PrintedDocument document, String name, @Nullable Instant time) {
    if (time != null) {
      document.field(name, Rfc3339.format(time));
    }
  }
}
