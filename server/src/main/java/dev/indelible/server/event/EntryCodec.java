package dev.indelible.server.event;

import dev.indelible.server.event.Event.Actor;
import dev.indelible.server.event.Event.ActorType;
import dev.indelible.server.event.Event.Change;
import dev.indelible.server.event.Event.Context;
import dev.indelible.server.event.Event.Principal;
import dev.indelible.server.event.Event.Target;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/**
 * Turns an accepted event into the two parts that are stored and hashed, and back.
 *
 * <p>Both parts are compact UTF-8 JSON with their members in one fixed order; {@code
 * docs/formats/parts.md} describes them. Thread-safe.
 */
public final class EntryCodec {

  private static final int FACTS_CAPACITY_BYTES = 1_024;
  private static final int PERSONAL_CAPACITY_BYTES = 512;

  private final JsonSource source = new JsonSource();

  /**
   * An event that is about to be recorded.
   *
   * @param tenant the tenant whose log records it
   * @param id the entry's id
   * @param event the event as the caller sent it, perhaps with a location added
   * @param classification the profile's classification of it
   * @param recordedBy the sender, or null when it is not to be recorded
   */
  public record Accepted(
      TenantId tenant,
      String id,
      Event event,
      Classification classification,
      @Nullable RecordedBy recordedBy) {

    /** An event of which nobody says who hands it over. */
    public Accepted(TenantId tenant, String id, Event event, Classification classification) {
      this(tenant, id, event, classification, null);
    }
  }

  /**
   * Rules that keep personal data out of the facts.
   *
   * @param rules the rules for personal values
   * @param hasher the tenant's; required when the rules hash ids
   */
  public record Privacy(PersonalRules rules, @Nullable ActorHasher hasher) {

    /** Privacy of the values that are always personal, and of no others. */
    public static final Privacy BASIC = new Privacy(PersonalRules.BASIC, null);

    public Privacy {
      if (rules.hashesIds() && hasher == null) {
        throw new IllegalArgumentException("hashing ids needs a hasher");
      }
    }
  }

  /**
   * The bytes of both parts; not copied.
   *
   * @param facts UTF-8 JSON that holds nothing personal
   * @param personal UTF-8 JSON of the personal values, or null when there is none
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // internal carrier on the hot path; identity is never compared
  public record Parts(byte[] facts, byte @Nullable [] personal) {}

  /** The parts of an accepted event; the same input always gives the same bytes. */
  public Parts encode(Accepted accepted, Privacy privacy) {
    Event event = accepted.event();
    JsonOut facts = new JsonOut(FACTS_CAPACITY_BYTES);
    JsonOut personal = new JsonOut(PERSONAL_CAPACITY_BYTES);
    facts.open('{');
    personal.open('{');
    facts.text(FieldNames.ID, accepted.id());
    facts.text(FieldNames.TENANT, accepted.tenant().value());
    facts.text(FieldNames.ACCOUNT, event.account());
    facts.time(FieldNames.OCCURRED_AT, event.occurredAt());
    facts.text(FieldNames.ACTION, event.action());
    EventJson.classification(facts, accepted.classification());
    EventJson.recordedBy(facts, accepted.recordedBy());
    actor(event.actor(), privacy, facts, personal);
    targets(event, privacy, facts, personal);
    facts.text(FieldNames.OUTCOME, event.outcome().jsonName());
    facts.text(FieldNames.OUTCOME_REASON, event.outcomeReason());
    changes(event.changes(), privacy.rules(), facts, personal);
    (privacy.rules().reason() ? personal : facts).text(FieldNames.REASON, event.reason());
    context(event.context(), facts, personal);
    details(event, privacy.rules(), facts, personal);
    facts.close('}');
    personal.close('}');
    return new Parts(facts.toBytes(), personal.length() > 2 ? personal.toBytes() : null);
  }

  private static void actor(Actor actor, Privacy privacy, JsonOut facts, JsonOut personal) {
    ActorHasher hasher = hasherOf(actor, privacy);
    Principal other = actor.onBehalfOf();
    facts.member(FieldNames.ACTOR).open('{');
    identity(actor.type(), actor.id(), hasher, facts);
    EventJson.agent(facts, actor.agent());
    facts.texts(FieldNames.ROLES, actor.roles());
    facts.texts(FieldNames.PERMISSIONS, actor.permissions());
    onBehalfOf(other, privacy, facts);
    facts.close('}');
    if (isPersonal(actor.id(), actor.name(), actor.email(), hasher) || isPersonal(other, privacy)) {
      personal.member(FieldNames.ACTOR).open('{');
      personal.text(FieldNames.ID, hasher == null ? null : actor.id());
      personal.text(FieldNames.NAME, actor.name());
      personal.text(FieldNames.EMAIL, actor.email());
      personalOnBehalfOf(other, privacy, personal);
      personal.close('}');
    }
  }

  private static void onBehalfOf(@Nullable Principal party, Privacy privacy, JsonOut facts) {
    if (party != null) {
      facts.member(FieldNames.ON_BEHALF_OF).open('{');
      identity(party.type(), party.id(), hasherOf(party, privacy), facts);
      EventJson.agent(facts, party.agent());
      onBehalfOf(party.onBehalfOf(), privacy, facts);
      facts.close('}');
    }
  }

  private static void personalOnBehalfOf(
      @Nullable Principal party, Privacy privacy, JsonOut personal) {
    if (party != null && isPersonal(party, privacy)) {
      personal.member(FieldNames.ON_BEHALF_OF).open('{');
      personal.text(FieldNames.ID, hasherOf(party, privacy) == null ? null : party.id());
      personal.text(FieldNames.NAME, party.name());
      personal.text(FieldNames.EMAIL, party.email());
      personalOnBehalfOf(party.onBehalfOf(), privacy, personal);
      personal.close('}');
    }
  }

  /** Whether anything of the party, or of those on whose behalf it acted, is personal. */
  private static boolean isPersonal(@Nullable Principal party, Privacy privacy) {
    for (Principal step = party; step != null; step = step.onBehalfOf()) {
      if (isPersonal(step.id(), step.name(), step.email(), hasherOf(step, privacy))) {
        return true;
      }
    }
    return false;
  }

  /** Hasher of an actor's id; null if the facts hold the id itself. */
  private static @Nullable ActorHasher hasherOf(Actor actor, Privacy privacy) {
    return privacy.rules().hashes(actor.type(), actor.id(), actor.name(), actor.email())
        ? privacy.hasher()
        : null;
  }

  private static @Nullable ActorHasher hasherOf(Principal other, Privacy privacy) {
    return privacy.rules().hashes(other.type(), other.id(), other.name(), other.email())
        ? privacy.hasher()
        : null;
  }

  private static boolean isPersonal(
      @Nullable String id,
      @Nullable String name,
      @Nullable String email,
      @Nullable ActorHasher hasher) {
    return name != null || email != null || (hasher != null && id != null);
  }

  private static void identity(
      ActorType type, @Nullable String id, @Nullable ActorHasher hasher, JsonOut facts) {
    facts.text(FieldNames.TYPE, type.jsonName());
    if (id != null) {
      if (hasher == null) {
        facts.text(FieldNames.ID, id);
      } else {
        facts.text(FieldNames.ID_HASH, hasher.hash(id));
      }
    }
  }

  private static void targets(Event event, Privacy privacy, JsonOut facts, JsonOut personal) {
    List<Target> targets = event.targets();
    if (targets.isEmpty()) {
      return;
    }
    boolean any = false;
    facts.member(FieldNames.TARGETS).open('[');
    for (Target target : targets) {
      ActorHasher hasher = hasherOf(target, event.actor(), privacy);
      any |= hasher != null || target.name() != null;
      facts.element().open('{');
      facts.text(FieldNames.TYPE, target.type());
      facts.text(FieldNames.ID, hasher == null ? target.id() : hasher.hash(target.id()));
      facts.text(FieldNames.HREF, hasher == null ? target.href() : null);
      facts.close('}');
    }
    facts.close(']');
    if (any) {
      personal.member(FieldNames.TARGETS).open('[');
      for (Target target : targets) {
        boolean hashed = hasherOf(target, event.actor(), privacy) != null;
        personal.element().open('{');
        personal.text(FieldNames.ID, hashed ? target.id() : null);
        personal.text(FieldNames.NAME, target.name());
        personal.text(FieldNames.HREF, hashed ? target.href() : null);
        personal.close('}');
      }
      personal.close(']');
    }
  }

  /**
   * Hasher of a target's id; the link to the target, which mostly contains the id, is personal
   * then.
   */
  private static @Nullable ActorHasher hasherOf(Target target, Actor actor, Privacy privacy) {
    PersonalRules rules = privacy.rules();
    return rules.ids().coversTarget(target) || (rules.hashActor() && isActor(target, actor))
        ? privacy.hasher()
        : null;
  }

  /** Whether the target is whoever acts, or somebody on whose behalf: its id would stand clear. */
  private static boolean isActor(Target target, Actor actor) {
    if (target.id().equals(actor.id())) {
      return true;
    }
    for (Principal step = actor.onBehalfOf(); step != null; step = step.onBehalfOf()) {
      if (target.id().equals(step.id())) {
        return true;
      }
    }
    return false;
  }

  private static void changes(
      List<Change> changes, PersonalRules rules, JsonOut facts, JsonOut personal) {
    if (changes.isEmpty()) {
      return;
    }
    boolean any = false;
    facts.member(FieldNames.CHANGES).open('[');
    for (Change change : changes) {
      facts.element().open('{');
      facts.text(FieldNames.FIELD, change.field());
      if (rules.coversChange(change.field())) {
        any |= change.before() != null || change.after() != null;
      } else {
        facts.node(FieldNames.BEFORE, change.before());
        facts.node(FieldNames.AFTER, change.after());
      }
      facts.close('}');
    }
    facts.close(']');
    if (any) {
      personal.member(FieldNames.CHANGES).open('[');
      for (Change change : changes) {
        personal.element().open('{');
        if (rules.coversChange(change.field())) {
          personal.node(FieldNames.BEFORE, change.before());
          personal.node(FieldNames.AFTER, change.after());
        }
        personal.close('}');
      }
      personal.close(']');
    }
  }

  private static void context(Context context, JsonOut facts, JsonOut personal) {
    if (context.sessionId() != null
        || context.requestId() != null
        || context.traceId() != null
        || context.producer() != null) {
      facts.member(FieldNames.CONTEXT).open('{');
      facts.text(FieldNames.SESSION_ID, context.sessionId());
      facts.text(FieldNames.REQUEST_ID, context.requestId());
      facts.text(FieldNames.TRACE_ID, context.traceId());
      EventJson.producer(facts, context);
      facts.close('}');
    }
    if (context.ip() != null || context.location() != null || context.userAgent() != null) {
      personal.member(FieldNames.CONTEXT).open('{');
      personal.text(FieldNames.IP, context.ip());
      EventJson.location(personal, context.location());
      personal.text(FieldNames.USER_AGENT, context.userAgent());
      personal.close('}');
    }
  }

  private static void details(Event event, PersonalRules rules, JsonOut facts, JsonOut personal) {
    if (event.details() == null) {
      return;
    }
    if (rules.details().isEmpty()) {
      facts.node(FieldNames.DETAILS, event.details());
      return;
    }
    DetailSplit split = DetailSplit.of(event.details(), rules);
    facts.node(FieldNames.DETAILS, split.facts());
    personal.node(FieldNames.DETAILS, split.personal());
  }

  /**
   * The entry that the parts hold.
   *
   * @param personalErased whether there was a personal part that is gone
   * @throws CorruptEntryException when the parts are not what {@link #encode} writes
   */
  public Entry decode(long seq, Instant recordedAt, Parts parts, boolean personalErased) {
    StoredEventReader reader = new StoredEventReader();
    try {
      read(parts.facts(), reader);
      byte[] personal = parts.personal();
      if (personal != null) {
        read(personal, reader);
      }
    } catch (JacksonException | IllegalArgumentException broken) {
      throw new CorruptEntryException("a part that cannot be read", broken);
    }
    if (reader.tenant == null || reader.id == null) {
      throw new CorruptEntryException("facts without tenant or id");
    }
    return new Entry(
        reader.tenant,
        seq,
        reader.id,
        recordedAt,
        reader.event(),
        reader.classification(),
        reader.recordedBy,
        personalErased);
  }

  private void read(byte[] part, StoredEventReader reader) {
    try (JsonParser parser = source.open(part, 0, part.length)) {
      reader.read(new StrictReader(parser, new Problems(""), false));
    }
  }

  /**
   * Whether two events say the same: what a caller sent, and what an earlier request with the same
   * id had recorded.
   *
   * <p>The order of members in objects does not matter; numbers are the same when their values are
   * ({@code 1} and {@code 1.0}); absent and null are the same except for the values of a change.
   * The tenant is not compared, since a key may stand for it, nor is who handed it over; an id is
   * when both have one; a location is when both have one, since the server may have added it; the
   * mark of a secret is the same as any value in its place, which may be of before it was marked.
   */
  public static boolean sameContent(Event a, Event b) {
    return EventContent.same(a, b);
  }

  /**
   * Compares two events except for their outcomes, for events whose outcome was decided by a
   * catalog.
   */
  public static boolean sameButOutcome(Event a, Event b) {
    return EventContent.sameButOutcome(a, b);
  }
}
