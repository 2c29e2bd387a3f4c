package dev.indelible.server.event;

import static dev.indelible.server.event.Problem.Code.BAD_FORMAT;
import static dev.indelible.server.event.Problem.Code.OUT_OF_RANGE;

import dev.indelible.mapping.form.FieldForms;
import dev.indelible.server.event.Event.Actor;
import dev.indelible.server.event.Event.Change;
import dev.indelible.server.event.Event.Context;
import dev.indelible.server.event.Event.Outcome;
import dev.indelible.server.event.Event.Target;
import dev.indelible.server.json.Rfc3339;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one event, field by field, and reports everything that is wrong with it.
 *
 * <p>One instance reads one event. The {@code seen} masks are local to the object being read: a
 * field has a bit, a second sight of it is a duplicate, and a required bit that is missing at the
 * end is a missing field.
 */
final class EventReader {

  static final List<String> EVENT_FIELDS =
      List.of(
          "id",
          "tenant",
          "account",
          "occurred_at",
          "action",
          "actor",
          "targets",
          "outcome",
          "outcome_reason",
          "changes",
          "reason",
          "context",
          "details");
  private static final List<String> TARGET_FIELDS = List.of("type", "id", "name", "href");
  private static final List<String> CHANGE_FIELDS = List.of("field", "before", "after");
  private static final List<String> OUTCOMES = List.of("success", "failure", "unknown");

  private static final long MIN_MILLIS = startOf(EventLimits.MIN_YEAR);
  private static final long END_MILLIS = startOf(EventLimits.MAX_YEAR + 1);

  private static final int BIT_TYPE = 1;
  private static final int BIT_ID = 1 << 1;
  private static final int BIT_ACTION = 1;
  private static final int BIT_ACTOR = 1 << 1;
  private static final int BIT_FIELD = 1;
  private static final int DETAILS_DEPTH = 2;
  private static final int CHANGE_VALUE_DEPTH = 4;

  private final StrictReader in;
  private final JsonParser parser;
  private final boolean actorMayBeUnknown;

  private @Nullable String id;
  private @Nullable TenantId tenant;
  private @Nullable String account;
  private @Nullable Instant occurredAt;
  private @Nullable String action;
  private @Nullable Actor actor;
  private List<Target> targets = List.of();
  private Outcome outcome = Outcome.UNKNOWN;
  private @Nullable String outcomeReason;
  private List<Change> changes = List.of();
  private @Nullable String reason;
  private Context context = Context.NONE;
  private @Nullable ObjectNode details;

  /**
   * A reader of one event.
   *
   * @param actorMayBeUnknown whether an actor of any type may lack an id
   */
  EventReader(StrictReader in, boolean actorMayBeUnknown) {
    this.in = in;
    this.actorMayBeUnknown = actorMayBeUnknown;
    this.parser = in.parser;
  }

  private static long startOf(int year) {
    return LocalDate.of(year, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  /** Reads the event at whose opening brace the parser is. */
  Decoding read() {
    int seen = 0;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      seen = field(name, seen);
    }
    in.requireMember(
        seen, BIT_ACTION, "action", "say what was done, such as \"user.role_changed\"");
    in.requireMember(
        seen, BIT_ACTOR, "actor", "say who did it: {\"type\": \"user\", \"id\": \"u_7\"}");
    if (!in.problems.isEmpty() || action == null || actor == null) {
      return in.problems.toInvalid();
    }
    return new Decoding.Decoded(
        new Event(
            id,
            tenant,
            account,
            occurredAt,
            action,
            actor,
            targets,
            outcome,
            outcomeReason,
            changes,
            reason,
            context,
            details));
  }

  private int field(String name, int before) {
    int seen = before;
    switch (name) {
      case "action" -> {
        seen = in.once(seen, BIT_ACTION);
        action = action();
      }
      case "actor" -> {
        seen = in.once(seen, BIT_ACTOR);
        actor = ActorReader.read(in, actorMayBeUnknown);
      }
      case "id" -> {
        seen = in.once(seen, 1 << 2);
        id = in.id();
      }
      case "tenant" -> {
        seen = in.once(seen, 1 << 3);
        tenant = tenant();
      }
      case "account" -> {
        seen = in.once(seen, 1 << 4);
        account = in.id();
      }
      case "occurred_at" -> {
        seen = in.once(seen, 1 << 5);
        occurredAt = time();
      }
      case "targets" -> {
        seen = in.once(seen, 1 << 6);
        targets = targets();
      }
      case "outcome" -> {
        seen = in.once(seen, 1 << 7);
        outcome = outcome();
      }
      case "outcome_reason" -> {
        seen = in.once(seen, 1 << 8);
        outcomeReason = in.text(EventLimits.MAX_TEXT_LENGTH);
      }
      case "changes" -> {
        seen = in.once(seen, 1 << 9);
        changes = changes();
      }
      case "reason" -> {
        seen = in.once(seen, 1 << 10);
        reason = in.text(EventLimits.MAX_TEXT_LENGTH);
      }
      case "context" -> {
        seen = in.once(seen, 1 << 11);
        context = ContextReader.read(in);
      }
      case "details" -> {
        seen = in.once(seen, 1 << 12);
        details = in.startObject() ? in.currentObject(DETAILS_DEPTH) : null;
      }
      default -> in.unknownField(name, "an event", EVENT_FIELDS);
    }
    return seen;
  }

  private @Nullable String action() {
    String text = in.text(EventLimits.MAX_TEXT_LENGTH);
    in.missingIfNull();
    if (text == null || FieldForms.isAction(text)) {
      return text;
    }
    in.problems.addHere(
        parser,
        BAD_FORMAT,
        "must be 1 to 128 of the characters a-z 0-9 _ . : - and begin with a letter or digit, such"
            + " as \"user.role_changed\"; it is \""
            + Problems.quotable(text)
            + "\".");
    return null;
  }

  private @Nullable TenantId tenant() {
    String text = in.text(EventLimits.MAX_ID_LENGTH);
    if (text == null) {
      return null;
    }
    if (TenantId.isValid(text)) {
      return new TenantId(text);
    }
    in.problems.addHere(
        parser,
        BAD_FORMAT,
        "must be a tenant's name: 1 to 64 of the characters a-z 0-9 . _ - and the first a letter or"
            + " digit.");
    return null;
  }

  private @Nullable Instant time() {
    String text = in.text(EventLimits.MAX_ID_LENGTH);
    if (text == null) {
      return null;
    }
    long millis = Rfc3339.parse(text);
    if (millis == Rfc3339.NOT_A_TIME) {
      in.problems.addHere(
          parser,
          BAD_FORMAT,
          "must be an RFC 3339 time with a zone, such as \"2026-11-20T10:00:00.000Z\"; it is \""
              + Problems.quotable(text)
              + "\".");
      return null;
    }
    if (millis < MIN_MILLIS || millis >= END_MILLIS) {
      in.problems.addHere(
          parser,
          OUT_OF_RANGE,
          "must be in the years " + EventLimits.MIN_YEAR + " to " + EventLimits.MAX_YEAR + ".");
      return null;
    }
    return Instant.ofEpochMilli(millis);
  }

  private Outcome outcome() {
    String text = in.text(EventLimits.MAX_ID_LENGTH);
    return switch (text) {
      case "success" -> Outcome.SUCCESS;
      case "failure" -> Outcome.FAILURE;
      case "unknown" -> Outcome.UNKNOWN;
      case null -> Outcome.UNKNOWN;
      default -> {
        in.unknownValue(text, OUTCOMES);
        yield Outcome.UNKNOWN;
      }
    };
  }

  private List<Target> targets() {
    if (!in.startList()) {
      return List.of();
    }
    List<Target> list = new ArrayList<>(2);
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      count++;
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        in.wrongType("an object");
      } else if (count > EventLimits.MAX_TARGETS) {
        parser.skipChildren();
      } else {
        Target target = target();
        if (target != null) {
          list.add(target);
        }
      }
    }
    in.tooMany(count, EventLimits.MAX_TARGETS);
    return list;
  }

  private @Nullable Target target() {
    int seen = 0;
    String type = null;
    String targetId = null;
    String name = null;
    String href = null;
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      switch (field) {
        case "type" -> {
          seen = in.once(seen, BIT_TYPE);
          type = in.requiredId();
        }
        case "id" -> {
          seen = in.once(seen, BIT_ID);
          targetId = in.requiredId();
        }
        case "name" -> {
          seen = in.once(seen, 1 << 2);
          name = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "href" -> {
          seen = in.once(seen, 1 << 3);
          href = link();
        }
        default -> in.unknownField(field, "a target", TARGET_FIELDS);
      }
    }
    in.requireMember(seen, BIT_TYPE, "type", "such as \"ticket\"");
    in.requireMember(seen, BIT_ID, "id", "its id within the type");
    return type == null || targetId == null ? null : new Target(type, targetId, name, href);
  }

  private @Nullable String link() {
    String text = in.text(EventLimits.MAX_TEXT_LENGTH);
    if (text == null || FieldForms.isLink(text)) {
      return text;
    }
    in.problems.addHere(
        parser,
        BAD_FORMAT,
        "must be an http or https URL without user information, or a path that begins with one"
            + " slash.");
    return null;
  }

  private List<Change> changes() {
    if (!in.startList()) {
      return List.of();
    }
    List<Change> list = new ArrayList<>(4);
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      count++;
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        in.wrongType("an object");
      } else if (count > EventLimits.MAX_CHANGES) {
        parser.skipChildren();
      } else {
        Change change = change();
        if (change != null) {
          list.add(change);
        }
      }
    }
    in.tooMany(count, EventLimits.MAX_CHANGES);
    return list;
  }

  private @Nullable Change change() {
    int seen = 0;
    String field = null;
    JsonNode before = null;
    JsonNode after = null;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      switch (name) {
        case "field" -> {
          seen = in.once(seen, BIT_FIELD);
          field = in.text(EventLimits.MAX_NAME_LENGTH);
          in.missingIfNull();
          if (field != null && field.isEmpty()) {
            in.problems.addHere(parser, BAD_FORMAT, "must not be empty: name what changed.");
          }
        }
        case "before" -> {
          seen = in.once(seen, 1 << 1);
          before = in.anything(CHANGE_VALUE_DEPTH);
        }
        case "after" -> {
          seen = in.once(seen, 1 << 2);
          after = in.anything(CHANGE_VALUE_DEPTH);
        }
        default -> in.unknownField(name, "a change", CHANGE_FIELDS);
      }
    }
    in.requireMember(seen, BIT_FIELD, "field", "name what changed");
    return field == null ? null : new Change(field, before, after);
  }
}
