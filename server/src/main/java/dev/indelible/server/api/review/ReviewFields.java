package dev.indelible.server.api.review;

import dev.indelible.server.control.ReviewProcess;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.review.ReviewTimes;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request that plan a review.
 *
 * @param name its name
 * @param what what is looked at
 * @param people who looks, and who answers for it
 * @param when how often, and when next
 * @param lookFor what to look for
 */
record ReviewFields(
    String name,
    ReviewProcess.What what,
    ReviewProcess.People people,
    ReviewProcess.When when,
    String lookFor) {

  /** The names of the fields. */
  static final String[] NAMES = {
    "name",
    "what",
    "value",
    "other_than_granter",
    "reviewer",
    "reviewer_id",
    "reviewer_email",
    "answerable",
    "answerable_email",
    "language",
    "every",
    "due",
    "look_for"
  };

  /** Kind of a review of who has access. */
  static final String ACCESS = "access";

  /** Kinds of what is looked at. */
  static final List<String> KINDS = List.of("query", "view", "pack", ACCESS);

  private static final List<String> LANGUAGES = List.of("en", "de");
  private static final Pattern EMAIL = Pattern.compile("[^\\s@<>,;\"]{1,64}@[A-Za-z0-9.-]{1,189}");
  private static final int MAX_EMAIL_LENGTH = 254;

  /** Reads them; what is wrong is a fault of {@code fields}. */
  static ReviewFields read(JsonFields fields) {
    String every = text(fields, "every", 16);
    if (!every.isEmpty() && ReviewTimes.period(every).isEmpty()) {
      fields.fault(
          "every",
          "bad_format",
          "This must be a period such as P7D, P1M or P3M, of at least a day and at most three"
              + " years.");
    }
    Instant due = fields.instant("due");
    if (!fields.has("due")) {
      fields.fault("due", "missing", "This is required.");
    }
    return new ReviewFields(
        text(fields, "name", ReviewProcess.MAX_NAME_LENGTH),
        what(fields),
        new ReviewProcess.People(
            text(fields, "reviewer", ReviewProcess.MAX_NAME_LENGTH),
            fields.text("reviewer_id", Field.OPTIONAL, ReviewProcess.MAX_NAME_LENGTH),
            email(fields, "reviewer_email"),
            text(fields, "answerable", ReviewProcess.MAX_NAME_LENGTH),
            email(fields, "answerable_email"),
            fields.choice("language", LANGUAGES, LANGUAGES.getFirst())),
        new ReviewProcess.When(every, Objects.requireNonNullElse(due, Instant.EPOCH)),
        fields.textOrEmpty("look_for", ReviewProcess.MAX_TEXT_LENGTH).strip());
  }

  private static ReviewProcess.What what(JsonFields fields) {
    String kind = fields.choice("what", KINDS, KINDS.getFirst());
    String value = fields.textOrEmpty("value", QueryParser.MAX_LENGTH).strip();
    boolean isAccess = kind.equals(ACCESS);
    if (isAccess && !value.isEmpty()) {
      fields.fault("value", "bad_format", "A review of access is of everybody: leave this out.");
    }
    Boolean asked = fields.flag("other_than_granter");
    return new ReviewProcess.What(kind, value, asked == null ? isAccess : asked);
  }

  private static String text(JsonFields fields, String name, int most) {
    return Objects.requireNonNullElse(fields.text(name, Field.REQUIRED, most), "");
  }

  private static @Nullable String email(JsonFields fields, String name) {
    String address = fields.text(name, Field.OPTIONAL, MAX_EMAIL_LENGTH);
    if (address != null && !EMAIL.matcher(address).matches()) {
      fields.fault(name, "bad_format", "This must be an e-mail address.");
    }
    return address;
  }
}
