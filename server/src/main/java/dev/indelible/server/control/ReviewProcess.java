package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A review of the log that is done again and again: what, by whom, how often, what to look for; and
 * how far it is.
 *
 * @param tenant whose log
 * @param reviewId its id within the tenant
 * @param name its name for people
 * @param what what is looked at
 * @param people who looks, and who answers for it
 * @param when how often, and when next
 * @param lookFor what to look for, in words
 * @param progress what was done last, and what followed
 * @param createdAt when it was planned
 * @param removedAt when it was removed, or null
 */
public record ReviewProcess(
    TenantId tenant,
    String reviewId,
    String name,
    What what,
    People people,
    When when,
    String lookFor,
    Progress progress,
    Instant createdAt,
    @Nullable Instant removedAt)
    implements ConfigurationObject {
  static final Kind<ReviewProcess> KIND = new ReviewProcessKind();

  /** The most reviews of a tenant. */
  public static final int MAX_REVIEWS = TenantQuota.REVIEWS.most();

  /** The longest name of a review, and of a person, in UTF-16 units. */
  public static final int MAX_NAME_LENGTH = 200;

  /** The longest text: what to look for, what was found, what is to be done. */
  public static final int MAX_TEXT_LENGTH = 8_000;

  /** The most follow-ups that are open at once. */
  public static final int MAX_FOLLOW_UPS = 50;

  /**
   * Subject of a review.
   *
   * @param kind {@code query}, {@code view}, {@code pack}, or {@code access} for who has access
   * @param value the query, the id of a saved view, or the id of a pack's template; empty for
   *     {@code access}
   * @param otherThanGranter whether nobody signs off who granted an access that is in force
   */
  public record What(String kind, String value, boolean otherThanGranter) {

    /** Subject of a review that anybody signs off who may. */
    public What(String kind, String value) {
      this(kind, value, false);
    }
  }

  /**
   * People of a review.
   *
   * @param reviewer who looks
   * @param reviewerId that person's user id, by which they may sign off, or null
   * @param reviewerEmail where reminders go, or null
   * @param answerable who answers for it
   * @param answerableEmail where word of one that is overdue goes, or null
   * @param language of mail, such as {@code en}
   */
  public record People(
      String reviewer,
      @Nullable String reviewerId,
      @Nullable String reviewerEmail,
      String answerable,
      @Nullable String answerableEmail,
      String language) {

    /** People of a review whose reviewer needs the permission to manage reviews. */
    public People(
        String reviewer,
        @Nullable String reviewerEmail,
        String answerable,
        @Nullable String answerableEmail,
        String language) {
      this(reviewer, null, reviewerEmail, answerable, answerableEmail, language);
    }
  }

  /**
   * Times of a review.
   *
   * @param every ISO 8601 period between two, such as {@code P3M}
   * @param due when the next one is due
   */
  public record When(String every, Instant due) {}

  /**
   * State of a review.
   *
   * @param seenSeq sequence number behind the last entry that a review saw
   * @param seenAt when that entry was recorded, or null before the first review
   * @param remindedFor the due time of which somebody was reminded, or null
   * @param overdueFor the due time that was said to be overdue, or null
   * @param last the last review, or null
   * @param followUps those of all reviews that are open, and those that were closed since the last
   */
  public record Progress(
      long seenSeq,
      @Nullable Instant seenAt,
      @Nullable Instant remindedFor,
      @Nullable Instant overdueFor,
      @Nullable SignOff last,
      List<FollowUp> followUps) {

    /** Nothing was reviewed yet. */
    public static final Progress NONE = new Progress(0, null, null, null, null, List.of());

    public Progress {
      followUps = List.copyOf(followUps);
    }
  }

  /**
   * A review that was done.
   *
   * @param by who signed it off
   * @param at when
   * @param due when it was due
   * @param fromSeq the first entry that it could see
   * @param toSeq behind the last
   * @param hasFindings whether anything was found
   * @param findings what, in words
   * @param grantsOfOthers grants in force of which the signer made none, where that was required;
   *     else null
   */
  public record SignOff(
      String by,
      Instant at,
      Instant due,
      long fromSeq,
      long toSeq,
      boolean hasFindings,
      String findings,
      @Nullable Long grantsOfOthers) {

    /** A review of which nobody asked whose grants it was about. */
    public SignOff(
        String by,
        Instant at,
        Instant due,
        long fromSeq,
        long toSeq,
        boolean hasFindings,
        String findings) {
      this(by, at, due, fromSeq, toSeq, hasFindings, findings, null);
    }
  }

  /**
   * Task that follows from a review.
   *
   * @param followUpId its id within the review
   * @param what what is to be done
   * @param assignee who does it
   * @param due until when
   * @param closedAt when it was done, or null
   * @param closedBy who said so, or null
   * @param closedWith what was done, or null
   */
  public record FollowUp(
      String followUpId,
      String what,
      String assignee,
      Instant due,
      @Nullable Instant closedAt,
      @Nullable String closedBy,
      @Nullable String closedWith) {

    /** Whether it is still to be done. */
    public boolean isOpen() {
      return closedAt == null;
    }
  }

  @Override
  public String id() {
    return tenant.value() + "/" + reviewId;
  }

  /** Returns a copy that is further. */
  public ReviewProcess with(Progress next) {
    return with(when, next, removedAt);
  }

  /** Returns a copy that is further, and due at another time. */
  public ReviewProcess with(When nextTime, Progress next) {
    return with(nextTime, next, removedAt);
  }

  /** Returns a removed copy. */
  public ReviewProcess removed(Instant at) {
    return with(when, progress, at);
  }

  private ReviewProcess with(When time, Progress next, @Nullable Instant removed) {
    return new ReviewProcess(
        tenant, reviewId, name, what, people, time, lookFor, next, createdAt, removed);
  }

  @Override
  public Kind<ReviewProcess> kind() {
    return KIND;
  }

  private static final class ReviewProcessKind extends Kind<ReviewProcess> {

    ReviewProcessKind() {
      super("review", ReviewProcess.class);
    }

    @Override
    void write(ReviewProcess review, ObjectNode json) {
      json.put("tenant", review.tenant().value());
      json.put("id", review.reviewId());
      json.put("name", review.name());
      json.put("what", review.what().kind());
      json.put("value", review.what().value());
      if (review.what().otherThanGranter()) {
        json.put("other_than_granter", true);
      }
      People people = review.people();
      json.put("reviewer", people.reviewer());
      putIfPresent(json, "reviewer_id", people.reviewerId());
      putIfPresent(json, "reviewer_email", people.reviewerEmail());
      json.put("answerable", people.answerable());
      putIfPresent(json, "answerable_email", people.answerableEmail());
      json.put("language", people.language());
      json.put("every", review.when().every());
      json.put("due", review.when().due().toString());
      json.put("look_for", review.lookFor());
      Progress progress = review.progress();
      json.put("seen_seq", progress.seenSeq());
      putIfPresent(json, "seen_at", progress.seenAt());
      putIfPresent(json, "reminded_for", progress.remindedFor());
      putIfPresent(json, "overdue_for", progress.overdueFor());
      if (progress.last() != null) {
        write(progress.last(), json.putObject("last"));
      }
      ArrayNode followUps = json.putArray("follow_ups");
      progress.followUps().forEach(one -> write(one, followUps.addObject()));
      json.put("created_at", review.createdAt().toString());
      putIfPresent(json, "removed_at", review.removedAt());
    }

    private static void write(SignOff last, ObjectNode json) {
      json.put("by", last.by()).put("at", last.at().toString());
      json.put("due", last.due().toString());
      json.put("from_seq", last.fromSeq()).put("to_seq", last.toSeq());
      json.put("has_findings", last.hasFindings()).put("findings", last.findings());
      if (last.grantsOfOthers() != null) {
        json.put("grants_of_others", last.grantsOfOthers());
      }
    }

    private static void write(FollowUp one, ObjectNode json) {
      json.put("id", one.followUpId()).put("what", one.what()).put("assignee", one.assignee());
      json.put("due", one.due().toString());
      putIfPresent(json, "closed_at", one.closedAt());
      putIfPresent(json, "closed_by", one.closedBy());
      putIfPresent(json, "closed_with", one.closedWith());
    }

    @Override
    ReviewProcess read(ObjectFields json) {
      List<FollowUp> followUps = new ArrayList<>();
      for (JsonNode one : json.required("follow_ups")) {
        followUps.add(followUp(new ObjectFields(one)));
      }
      return new ReviewProcess(
          json.tenant(),
          json.text("id"),
          json.text("name"),
          new What(json.text("what"), json.text("value"), json.has("other_than_granter")),
          new People(
              json.text("reviewer"),
              json.optionalText("reviewer_id"),
              json.optionalText("reviewer_email"),
              json.text("answerable"),
              json.optionalText("answerable_email"),
              json.text("language")),
          new When(json.text("every"), json.instant("due")),
          json.text("look_for"),
          new Progress(
              json.required("seen_seq").longValue(),
              json.optionalInstant("seen_at"),
              json.optionalInstant("reminded_for"),
              json.optionalInstant("overdue_for"),
              json.has("last") ? signOff(new ObjectFields(json.required("last"))) : null,
              followUps),
          json.instant("created_at"),
          json.optionalInstant("removed_at"));
    }

    private static SignOff signOff(ObjectFields json) {
      return new SignOff(
          json.text("by"),
          json.instant("at"),
          json.instant("due"),
          json.required("from_seq").longValue(),
          json.required("to_seq").longValue(),
          json.flag("has_findings"),
          json.text("findings"),
          json.has("grants_of_others") ? json.required("grants_of_others").longValue() : null);
    }

    private static FollowUp followUp(ObjectFields json) {
      return new FollowUp(
          json.text("id"),
          json.text("what"),
          json.text("assignee"),
          json.instant("due"),
          json.optionalInstant("closed_at"),
          json.optionalText("closed_by"),
          json.optionalText("closed_with"));
    }

    @Override
    void check(ReviewProcess review) {
      requireAtMost(MAX_NAME_LENGTH, "name", review.name());
      requireAtMost(MAX_TEXT_LENGTH, "text of what to look for", review.lookFor());
      long open = review.progress().followUps().stream().filter(FollowUp::isOpen).count();
      requireAtMost(MAX_FOLLOW_UPS, "number of open follow-ups", (int) open);
    }

    @Override
    Event.Target target(ReviewProcess review) {
      return new Event.Target("review", review.reviewId(), review.name(), null);
    }

    @Override
    String action(@Nullable ReviewProcess before, ReviewProcess after) {
      if (before == null) {
        return "audit.review.create";
      }
      if (after.removedAt() != null) {
        return "audit.review.remove";
      }
      Progress was = before.progress();
      Progress is = after.progress();
      if (is.last() != null && !is.last().equals(was.last())) {
        return "audit.review.sign_off";
      }
      if (!is.followUps().equals(was.followUps())) {
        return "audit.review.follow_up";
      }
      if (is.overdueFor() != null && !is.overdueFor().equals(was.overdueFor())) {
        return "audit.review.overdue";
      }
      return is.remindedFor() != null && !is.remindedFor().equals(was.remindedFor())
          ? "audit.review.due"
          : "audit.review.update";
    }

    /** Addresses of people are in no entry. */
    @Override
    ObjectNode compared(ReviewProcess review) {
      ObjectNode json = describe(review);
      json.remove(List.of("reviewer_email", "answerable_email"));
      return json;
    }
  }
}
