package dev.indelible.server.event;

import dev.indelible.server.event.Event.Actor;
import dev.indelible.server.event.Event.ActorType;
import dev.indelible.server.event.Event.Agent;
import dev.indelible.server.event.Event.Change;
import dev.indelible.server.event.Event.Context;
import dev.indelible.server.event.Event.Location;
import dev.indelible.server.event.Event.Outcome;
import dev.indelible.server.event.Event.Principal;
import dev.indelible.server.event.Event.Target;
import dev.indelible.server.json.Rfc3339;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads stored parts back. The personal part mirrors the facts, so both are read by the same code,
 * the facts first: what the second reading finds is added to what the first found.
 *
 * <p>What was stored has been validated, so this reader only makes sure that it is what the codec
 * writes; anything else is a {@link CorruptEntryException}.
 */
final class StoredEventReader {

  private static final int DETAILS_DEPTH = 2;
  private static final int CHANGE_VALUE_DEPTH = 4;

  @Nullable String id;
  @Nullable TenantId tenant;
  @Nullable RecordedBy recordedBy;
  private @Nullable String account;
  private @Nullable Instant occurredAt;
  private @Nullable String action;
  private @Nullable String category;
  private @Nullable String verb;
  private boolean securityRelevant;
  private List<String> flags = List.of();
  private final Party actor = new Party();
  private final List<TargetDraft> targets = new ArrayList<>(2);
  private @Nullable String outcome;
  private @Nullable String outcomeReason;
  private final List<ChangeDraft> changes = new ArrayList<>(4);
  private @Nullable String reason;
  private @Nullable String ip;
  private @Nullable Location location;
  private @Nullable String userAgent;
  private @Nullable String sessionId;
  private @Nullable String requestId;
  private @Nullable String traceId;
  private @Nullable String producer;
  private @Nullable Long producerSeq;
  private @Nullable ObjectNode details;

  private static final class Party {
    private @Nullable String type;
    private @Nullable String id;
    private @Nullable String idHash;
    private @Nullable String name;
    private @Nullable String email;
    private @Nullable String model;
    private @Nullable String version;
    private @Nullable Party onBehalfOf;
    private List<String> roles = List.of();
    private List<String> permissions = List.of();
  }

  private static final class TargetDraft {
    private @Nullable String type;
    private @Nullable String id;
    private @Nullable String idHash;
    private @Nullable String name;
    private @Nullable String href;

    /** The facts of a target whose id names a person have the hash, the personal part the id. */
    void found(@Nullable String next) {
      if (id != null) {
        idHash = id;
      }
      id = next;
    }
  }

  private static final class ChangeDraft {
    private @Nullable String field;
    private @Nullable JsonNode before;
    private @Nullable JsonNode after;
  }

  /** Reads one part; the facts must be read before the personal part. */
  void read(StrictReader in) {
    JsonParser parser = in.parser;
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new CorruptEntryException("a part that is not an object");
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      switch (name) {
        case "id" -> id = text(in);
        case "tenant" -> tenant = new TenantId(present(text(in), name));
        case "account" -> account = text(in);
        case "occurred_at" -> occurredAt = time(in);
        case "action" -> action = text(in);
        case "category" -> category = text(in);
        case "verb" -> verb = text(in);
        case "security_relevant" -> securityRelevant = parser.nextToken() == JsonToken.VALUE_TRUE;
        case "flags" -> flags = in.ids(EventLimits.MAX_ROLES);
        case "recorded_by" -> recordedBy = recordedBy(in);
        case "actor" -> party(in, actor);
        case "targets" -> targets(in);
        case "outcome" -> outcome = text(in);
        case "outcome_reason" -> outcomeReason = text(in);
        case "changes" -> changes(in);
        case "reason" -> reason = text(in);
        case "context" -> context(in);
        case "details" -> details(in);
        default -> throw unknown(name);
      }
    }
    if (parser.nextToken() != null || !in.problems.isEmpty()) {
      throw new CorruptEntryException("a part with values that no event has");
    }
  }

  private static @Nullable String text(StrictReader in) {
    return in.text(EventLimits.MAX_TEXT_LENGTH);
  }

  private static CorruptEntryException unknown(String name) {
    return new CorruptEntryException("a part with the field " + Problems.quotable(name));
  }

  private static <T> T present(@Nullable T value, String name) {
    if (value == null) {
      throw new CorruptEntryException("facts without " + name);
    }
    return value;
  }

  private static Instant time(StrictReader in) {
    long millis = Rfc3339.parse(present(text(in), "a time"));
    if (millis == Rfc3339.NOT_A_TIME) {
      throw new CorruptEntryException("facts with a broken time");
    }
    return Instant.ofEpochMilli(millis);
  }

  private void party(StrictReader in, Party party) {
    if (!in.startObject()) {
      return;
    }
    for (String name = in.parser.nextName(); name != null; name = in.parser.nextName()) {
      switch (name) {
        case "type" -> party.type = text(in);
        case "id" -> party.id = text(in);
        case "id_hash" -> party.idHash = text(in);
        case "name" -> party.name = text(in);
        case "email" -> party.email = text(in);
        case "model" -> party.model = text(in);
        case "version" -> party.version = text(in);
        case "roles" -> party.roles = in.ids(EventLimits.MAX_ROLES);
        case "permissions" -> party.permissions = in.ids(EventLimits.MAX_ROLES);
        case "on_behalf_of" -> {
          Party other = party.onBehalfOf;
          if (other == null) {
            other = new Party();
            party.onBehalfOf = other;
          }
          party(in, other);
        }
        default -> throw unknown(name);
      }
    }
  }

  private static RecordedBy recordedBy(StrictReader in) {
    String type = null;
    String by = null;
    if (in.startObject()) {
      for (String name = in.parser.nextName(); name != null; name = in.parser.nextName()) {
        switch (name) {
          case "type" -> type = text(in);
          case "id" -> by = text(in);
          default -> throw unknown(name);
        }
      }
    }
    RecordedBy.Kind kind = RecordedBy.Kind.named(present(type, "who recorded them"));
    return new RecordedBy(present(kind, "a known kind of who recorded them"), by);
  }

  private void targets(StrictReader in) {
    if (!in.startList()) {
      return;
    }
    for (int i = 0; in.parser.nextToken() == JsonToken.START_OBJECT; i++) {
      if (i == targets.size()) {
        targets.add(new TargetDraft());
      }
      TargetDraft target = targets.get(i);
      for (String name = in.parser.nextName(); name != null; name = in.parser.nextName()) {
        switch (name) {
          case "type" -> target.type = text(in);
          case "id" -> target.found(text(in));
          case "name" -> target.name = text(in);
          case "href" -> target.href = text(in);
          default -> throw unknown(name);
        }
      }
    }
  }

  private void changes(StrictReader in) {
    if (!in.startList()) {
      return;
    }
    for (int i = 0; in.parser.nextToken() == JsonToken.START_OBJECT; i++) {
      if (i == changes.size()) {
        changes.add(new ChangeDraft());
      }
      ChangeDraft change = changes.get(i);
      for (String name = in.parser.nextName(); name != null; name = in.parser.nextName()) {
        switch (name) {
          case "field" -> change.field = text(in);
          case "before" -> change.before = in.anything(CHANGE_VALUE_DEPTH);
          case "after" -> change.after = in.anything(CHANGE_VALUE_DEPTH);
          default -> throw unknown(name);
        }
      }
    }
  }

  private void context(StrictReader in) {
    if (!in.startObject()) {
      return;
    }
    for (String name = in.parser.nextName(); name != null; name = in.parser.nextName()) {
      switch (name) {
        case "ip" -> ip = text(in);
        case "location" -> location = location(in);
        case "user_agent" -> userAgent = text(in);
        case "session_id" -> sessionId = text(in);
        case "request_id" -> requestId = text(in);
        case "trace_id" -> traceId = text(in);
        case "producer" -> producer = text(in);
        case "producer_seq" -> producerSeq = in.wholeNumber(0, EventLimits.MAX_PRODUCER_SEQ);
        default -> throw unknown(name);
      }
    }
  }

  private static @Nullable Location location(StrictReader in) {
    if (!in.startObject()) {
      return null;
    }
    String country = null;
    String region = null;
    String city = null;
    Double latitude = null;
    Double longitude = null;
    for (String name = in.parser.nextName(); name != null; name = in.parser.nextName()) {
      switch (name) {
        case "country" -> country = text(in);
        case "region" -> region = text(in);
        case "city" -> city = text(in);
        case "latitude" -> latitude = in.number(-90, 90);
        case "longitude" -> longitude = in.number(-180, 180);
        default -> throw unknown(name);
      }
    }
    return new Location(country, region, city, latitude, longitude);
  }

  private void details(StrictReader in) {
    if (!in.startObject()) {
      return;
    }
    ObjectNode read = in.currentObject(DETAILS_DEPTH);
    if (details == null) {
      details = read;
    } else {
      DetailSplit.join(details, read);
    }
  }

  Classification classification() {
    return new Classification(
        present(category, "category"), present(verb, "verb"), securityRelevant, flags);
  }

  Event event() {
    return new Event(
        id,
        tenant,
        account,
        occurredAt,
        present(action, "action"),
        new Actor(
            actorType(actor.type),
            actor.id,
            actor.idHash,
            actor.name,
            actor.email,
            Agent.of(actor.model, actor.version),
            actor.roles,
            actor.permissions,
            principal(actor.onBehalfOf)),
        builtTargets(),
        outcome(),
        outcomeReason,
        builtChanges(),
        reason,
        new Context(ip, location, userAgent, sessionId, requestId, traceId, producer, producerSeq),
        details);
  }

  private static @Nullable Principal principal(@Nullable Party party) {
    return party == null
        ? null
        : new Principal(
            actorType(party.type),
            party.id,
            party.idHash,
            party.name,
            party.email,
            Agent.of(party.model, party.version),
            principal(party.onBehalfOf));
  }

  private List<Target> builtTargets() {
    List<Target> built = new ArrayList<>(targets.size());
    for (TargetDraft target : targets) {
      built.add(
          new Target(
              present(target.type, "a target's type"),
              present(target.id, "a target's id"),
              target.idHash,
              target.name,
              target.href));
    }
    return built;
  }

  private List<Change> builtChanges() {
    List<Change> built = new ArrayList<>(changes.size());
    for (ChangeDraft change : changes) {
      built.add(new Change(present(change.field, "a field"), change.before, change.after));
    }
    return built;
  }

  private Outcome outcome() {
    return switch (outcome) {
      case "success" -> Outcome.SUCCESS;
      case "failure" -> Outcome.FAILURE;
      case "unknown" -> Outcome.UNKNOWN;
      case null, default -> throw new CorruptEntryException("facts without an outcome");
    };
  }

  private static ActorType actorType(@Nullable String type) {
    return switch (type) {
      case "user" -> ActorType.USER;
      case "system" -> ActorType.SYSTEM;
      case "api_client" -> ActorType.API_CLIENT;
      case "support" -> ActorType.SUPPORT;
      case "ai_agent" -> ActorType.AI_AGENT;
      case null, default -> throw new CorruptEntryException("facts without an actor's type");
    };
  }
}
