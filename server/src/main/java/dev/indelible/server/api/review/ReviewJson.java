package dev.indelible.server.api.review;

import dev.indelible.server.control.ReviewProcess;
import dev.indelible.server.json.Json;
import dev.indelible.server.review.ReviewTimes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Reviews as JSON. */
final class ReviewJson {

  private ReviewJson() {}

  /**
   * Facts about a review beside its plan.
   *
   * @param now the time
   * @param size of the log now
   * @param query which entries it looks at, or null when it is withheld, or there is none any more
   * @param withheld whether it is withheld
   */
  record Seen(Instant now, long size, @Nullable String query, boolean withheld) {}

  static void write(JsonGenerator json, ReviewProcess review, Seen seen) {
    json.writeStartObject();
    json.writeStringProperty("id", review.reviewId());
    json.writeStringProperty("name", review.name());
    json.writeStringProperty("what", review.what().kind());
    if (!seen.withheld()) {
      json.writeStringProperty("value", review.what().value());
    }
    json.writeBooleanProperty("withheld", seen.withheld());
    json.writeBooleanProperty("other_than_granter", review.what().otherThanGranter());
    ReviewProcess.People people = review.people();
    json.writeStringProperty("reviewer", people.reviewer());
    Json.text(json, "reviewer_id", people.reviewerId());
    Json.text(json, "reviewer_email", people.reviewerEmail());
    json.writeStringProperty("answerable", people.answerable());
    Json.text(json, "answerable_email", people.answerableEmail());
    json.writeStringProperty("language", people.language());
    json.writeStringProperty("every", review.when().every());
    Json.time(json, "due", review.when().due());
    json.writeStringProperty("state", ReviewTimes.state(review, seen.now()).jsonName());
    json.writeStringProperty("look_for", review.lookFor());
    unseen(json, review, seen);
    ReviewProcess.SignOff last = review.progress().last();
    if (last != null) {
      json.writeObjectPropertyStart("last");
      json.writeStringProperty("by", last.by());
      Json.time(json, "at", last.at());
      Json.time(json, "due", last.due());
      json.writeNumberProperty("from_seq", last.fromSeq());
      json.writeNumberProperty("to_seq", last.toSeq());
      json.writeBooleanProperty("has_findings", last.hasFindings());
      json.writeStringProperty("findings", last.findings());
      if (last.grantsOfOthers() != null) {
        json.writeNumberProperty("grants_of_others", last.grantsOfOthers());
      }
      json.writeEndObject();
    }
    json.writeArrayPropertyStart("follow_ups");
    review.progress().followUps().forEach(one -> followUp(json, one, seen.now()));
    json.writeEndArray();
    Json.time(json, "created_at", review.createdAt());
    json.writeEndObject();
  }

  /** Writes which entries no review has seen: numbers, and a query that finds them. */
  private static void unseen(JsonGenerator json, ReviewProcess review, Seen seen) {
    json.writeObjectPropertyStart("unseen");
    json.writeNumberProperty("from_seq", review.progress().seenSeq());
    json.writeNumberProperty("to_seq", seen.size());
    String query = seen.query();
    Instant since = review.progress().seenAt();
    if (query != null) {
      String part = query.isBlank() ? "" : since == null ? query : "(" + query + ") ";
      json.writeStringProperty("query", since == null ? part : part + "recorded_after:" + since);
    }
    json.writeEndObject();
  }

  private static void followUp(JsonGenerator json, ReviewProcess.FollowUp one, Instant now) {
    json.writeStartObject();
    json.writeStringProperty("id", one.followUpId());
    json.writeStringProperty("what", one.what());
    json.writeStringProperty("assignee", one.assignee());
    Json.time(json, "due", one.due());
    json.writeStringProperty(
        "state", !one.isOpen() ? "closed" : one.due().isAfter(now) ? "open" : "overdue");
    Json.time(json, "closed_at", one.closedAt());
    Json.text(json, "closed_by", one.closedBy());
    Json.text(json, "closed_with", one.closedWith());
    json.writeEndObject();
  }
}
