package dev.indelible.server.event;

import static dev.indelible.server.event.Problem.Code.BAD_FORMAT;
import static dev.indelible.server.event.Problem.Code.MISSING;
import static dev.indelible.server.event.Problem.Code.OUT_OF_RANGE;
import static dev.indelible.server.event.Problem.Code.UNKNOWN_VALUE;

import dev.indelible.server.event.Event.Actor;
import dev.indelible.server.event.Event.ActorType;
import dev.indelible.server.event.Event.Change;
import dev.indelible.server.event.Event.Context;
import dev.indelible.server.event.Event.Location;
import dev.indelible.server.event.Event.Outcome;
import dev.indelible.server.event.Event.Principal;
import dev.indelible.server.event.Event.Target;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private static final List<String> ACTOR_FIELDS =
      List.of("type", "id", "name", "email", "roles", "permissions", "on_behalf_of");
  private static final List<String> PRINCIPAL_FIELDS = List.of("type", "id", "name", "email");
  private static final List<String> TARGET_FIELDS = List.of("type", "id", "name", "href");
  private static final List<String> CHANGE_FIELDS = List.of("field", "before", "after");
  private static final List<String> CONTEXT_FIELDS =
      List.of("ip", "location", "user_agent", "session_id", "request_id", "trace_id");
  private static final List<String> LOCATION_FIELDS =
      List.of("country", "region", "city", "latitude", "longitude");
  private static final List<String> ACTOR_TYPES =
      List.of("user", "system", "api_client", "support");
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

  EventReader(StrictReader in) {
    this.in = in;
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
    requireMember(seen, BIT_ACTION, "action", "say what was done, such as \"user.role_changed\"");
    requireMember(
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
        actor = actor();
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
        context = context();
      }
      case "details" -> {
        seen = in.once(seen, 1 << 12);
        details = in.startObject() ? in.currentObject(DETAILS_DEPTH) : null;
      }
      default -> in.unknownField(name, "an event", EVENT_FIELDS);
    }
    return seen;
  }

  private void requireMember(int seen, int bit, String name, String how) {
    if ((seen & bit) == 0) {
      in.problems.addMember(parser, name, MISSING, "\"" + name + "\" is required; " + how + ".");
    }
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
        unknownValue(text, OUTCOMES);
        yield Outcome.UNKNOWN;
      }
    };
  }

  private @Nullable ActorType actorType() {
    String text = in.text(EventLimits.MAX_ID_LENGTH);
    in.missingIfNull();
    return switch (text) {
      case "user" -> ActorType.USER;
      case "system" -> ActorType.SYSTEM;
      case "api_client" -> ActorType.API_CLIENT;
      case "support" -> ActorType.SUPPORT;
      case null -> null;
      default -> {
        unknownValue(text, ACTOR_TYPES);
        yield null;
      }
    };
  }

  private void unknownValue(String text, List<String> known) {
    String nearest = NameHints.nearest(text, known);
    in.problems.addHere(
        parser,
        UNKNOWN_VALUE,
        "must be one of "
            + String.join(", ", known)
            + "; it is \""
            + Problems.quotable(text)
            + "\""
            + (nearest == null ? "." : "; did you mean \"" + nearest + "\"?"));
  }

  private @Nullable Actor actor() {
    if (!in.startObject()) {
      in.missingIfNull();
      return null;
    }
    int seen = 0;
    ActorType type = null;
    String actorId = null;
    String name = null;
    String email = null;
    List<String> roles = List.of();
    List<String> permissions = List.of();
    Principal onBehalfOf = null;
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      switch (field) {
        case "type" -> {
          seen = in.once(seen, BIT_TYPE);
          type = actorType();
        }
        case "id" -> {
          seen = in.once(seen, BIT_ID);
          actorId = in.id();
          seen = forgetNullId(seen);
        }
        case "name" -> {
          seen = in.once(seen, 1 << 2);
          name = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "email" -> {
          seen = in.once(seen, 1 << 3);
          email = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "roles" -> {
          seen = in.once(seen, 1 << 4);
          roles = in.ids(EventLimits.MAX_ROLES);
        }
        case "permissions" -> {
          seen = in.once(seen, 1 << 5);
          permissions = in.ids(EventLimits.MAX_ROLES);
        }
        case "on_behalf_of" -> {
          seen = in.once(seen, 1 << 6);
          onBehalfOf = principal();
        }
        default -> in.unknownField(field, "an actor", ACTOR_FIELDS);
      }
    }
    requireIdentity(seen, type);
    return type == null
        ? null
        : new Actor(type, actorId, name, email, roles, permissions, onBehalfOf);
  }

  /** An id that is JSON null counts as absent: whether it may be depends on the type. */
  private int forgetNullId(int seen) {
    return parser.currentToken() == JsonToken.VALUE_NULL ? seen & ~BIT_ID : seen;
  }

  private void requireIdentity(int seen, @Nullable ActorType type) {
    requireMember(seen, BIT_TYPE, "type", "one of " + String.join(", ", ACTOR_TYPES));
    if (type != ActorType.SYSTEM) {
      requireMember(seen, BIT_ID, "id", "only the type \"system\" may leave it out");
    }
  }

  private @Nullable Principal principal() {
    if (!in.startObject()) {
      return null;
    }
    int seen = 0;
    ActorType type = null;
    String principalId = null;
    String name = null;
    String email = null;
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      switch (field) {
        case "type" -> {
          seen = in.once(seen, BIT_TYPE);
          type = actorType();
        }
        case "id" -> {
          seen = in.once(seen, BIT_ID);
          principalId = in.id();
          seen = forgetNullId(seen);
        }
        case "name" -> {
          seen = in.once(seen, 1 << 2);
          name = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "email" -> {
          seen = in.once(seen, 1 << 3);
          email = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        default -> in.unknownField(field, "on_behalf_of", PRINCIPAL_FIELDS);
      }
    }
    requireIdentity(seen, type);
    return type == null ? null : new Principal(type, principalId, name, email);
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
    requireMember(seen, BIT_TYPE, "type", "such as \"ticket\"");
    requireMember(seen, BIT_ID, "id", "its id within the type");
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
    requireMember(seen, BIT_FIELD, "field", "name what changed");
    return field == null ? null : new Change(field, before, after);
  }

  private Context context() {
    if (!in.startObject()) {
      return Context.NONE;
    }
    int seen = 0;
    String ip = null;
    Location location = null;
    String userAgent = null;
    String sessionId = null;
    String requestId = null;
    String traceId = null;
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      switch (field) {
        case "ip" -> {
          seen = in.once(seen, 1);
          ip = ip();
        }
        case "location" -> {
          seen = in.once(seen, 1 << 1);
          location = location();
        }
        case "user_agent" -> {
          seen = in.once(seen, 1 << 2);
          userAgent = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "session_id" -> {
          seen = in.once(seen, 1 << 3);
          sessionId = in.id();
        }
        case "request_id" -> {
          seen = in.once(seen, 1 << 4);
          requestId = in.id();
        }
        case "trace_id" -> {
          seen = in.once(seen, 1 << 5);
          traceId = in.id();
        }
        default -> in.unknownField(field, "a context", CONTEXT_FIELDS);
      }
    }
    return new Context(ip, location, userAgent, sessionId, requestId, traceId);
  }

  private @Nullable String ip() {
    String text = in.text(EventLimits.MAX_NAME_LENGTH);
    if (text == null) {
      return null;
    }
    String canonical = IpLiteral.canonical(text);
    if (canonical == null) {
      in.problems.addHere(
          parser,
          BAD_FORMAT,
          "must be one IPv4 or IPv6 address without port, zone or brackets, such as"
              + " \"203.0.113.9\"; it is \""
              + Problems.quotable(text)
              + "\".");
    }
    return canonical;
  }

  private @Nullable Location location() {
    if (!in.startObject()) {
      return null;
    }
    int seen = 0;
    String country = null;
    String region = null;
    String city = null;
    Double latitude = null;
    Double longitude = null;
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      switch (field) {
        case "country" -> {
          seen = in.once(seen, 1);
          country = country();
        }
        case "region" -> {
          seen = in.once(seen, 1 << 1);
          region = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "city" -> {
          seen = in.once(seen, 1 << 2);
          city = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "latitude" -> {
          seen = in.once(seen, 1 << 3);
          latitude = in.number(-90, 90);
        }
        case "longitude" -> {
          seen = in.once(seen, 1 << 4);
          longitude = in.number(-180, 180);
        }
        default -> in.unknownField(field, "a location", LOCATION_FIELDS);
      }
    }
    boolean empty =
        country == null && region == null && city == null && latitude == null && longitude == null;
    return empty ? null : new Location(country, region, city, latitude, longitude);
  }

  private @Nullable String country() {
    String text = in.text(EventLimits.MAX_NAME_LENGTH);
    if (text == null) {
      return null;
    }
    String capitals = text.toUpperCase(Locale.ROOT);
    if (capitals.length() == 2 && isCapital(capitals.charAt(0)) && isCapital(capitals.charAt(1))) {
      return capitals;
    }
    in.problems.addHere(
        parser, BAD_FORMAT, "must be an ISO 3166-1 code of two letters, such as \"DE\".");
    return null;
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }
}
