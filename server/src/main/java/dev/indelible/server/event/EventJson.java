package dev.indelible.server.event;

import dev.indelible.server.event.Event.Actor;
import dev.indelible.server.event.Event.Agent;
import dev.indelible.server.event.Event.Change;
import dev.indelible.server.event.Event.Context;
import dev.indelible.server.event.Event.Location;
import dev.indelible.server.event.Event.Principal;
import dev.indelible.server.event.Event.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes events and entries as JSON: an event as a caller would send it, an entry as the API
 * answers with it. Absent fields, empty lists and empty objects are left out.
 */
public final class EventJson {

  private static final int CAPACITY_BYTES = 1_024;

  private EventJson() {}

  /** The event as a caller would send it. */
  public static byte[] toBytes(Event event) {
    JsonOut out = new JsonOut(CAPACITY_BYTES);
    out.open('{');
    out.text(FieldNames.ID, event.id());
    TenantId tenant = event.tenant();
    if (tenant != null) {
      out.text(FieldNames.TENANT, tenant.value());
    }
    out.text(FieldNames.ACCOUNT, event.account());
    out.time(FieldNames.OCCURRED_AT, event.occurredAt());
    out.text(FieldNames.ACTION, event.action());
    body(out, event);
    out.close('}');
    return out.toBytes();
  }

  /** The entry as the API answers with it. */
  public static byte[] toBytes(Entry entry) {
    return write(entry).toBytes();
  }

  /** Writes the entry as the API answers with it; the stream is neither flushed nor closed. */
  public static void write(Entry entry, OutputStream stream) throws IOException {
    write(entry).writeTo(stream);
  }

  /**
   * Writes an entry with the legal holds that keep it.
   *
   * @param holds names of the holds by their ids, in the order shown
   */
  public static void write(Entry entry, Map<String, String> holds, OutputStream stream)
      throws IOException {
    write(entry, holds).writeTo(stream);
  }

  /** Encodes an entry with the legal holds that keep it. */
  public static byte[] toBytes(Entry entry, Map<String, String> holds) {
    return write(entry, holds).toBytes();
  }

  private static JsonOut write(Entry entry) {
    return write(entry, Map.of());
  }

  private static JsonOut write(Entry entry, Map<String, String> holds) {
    JsonOut out = new JsonOut(CAPACITY_BYTES);
    Event event = entry.event();
    out.open('{');
    out.text(FieldNames.ID, entry.id());
    out.text(FieldNames.TENANT, entry.tenant().value());
    out.text(FieldNames.ACCOUNT, event.account());
    out.number(FieldNames.SEQ, entry.seq());
    out.time(FieldNames.OCCURRED_AT, entry.occurredAt());
    out.time(FieldNames.RECORDED_AT, entry.recordedAt());
    out.text(FieldNames.ACTION, event.action());
    classification(out, entry.classification());
    recordedBy(out, entry.recordedBy());
    body(out, event);
    if (entry.personalErased()) {
      out.bool(FieldNames.PERSONAL_ERASED, true);
    }
    if (!holds.isEmpty()) {
      out.member(FieldNames.HOLDS).open('[');
      holds.forEach(
          (id, name) -> {
            out.element().open('{');
            out.text(FieldNames.ID, id);
            out.text(FieldNames.NAME, name);
            out.close('}');
          });
      out.close(']');
    }
    out.close('}');
    return out;
  }

  static void classification(JsonOut out, Classification classification) {
    out.text(FieldNames.CATEGORY, classification.category());
    out.text(FieldNames.VERB, classification.verb());
    out.bool(FieldNames.SECURITY_RELEVANT, classification.securityRelevant());
    out.texts(FieldNames.FLAGS, classification.flags());
  }

  static void recordedBy(JsonOut out, @Nullable RecordedBy recordedBy) {
    if (recordedBy != null) {
      out.member(FieldNames.RECORDED_BY).open('{');
      out.text(FieldNames.TYPE, recordedBy.kind().jsonName());
      out.text(FieldNames.ID, recordedBy.id());
      out.close('}');
    }
  }

  /** Writes the model and version of an agent; never personal. */
  static void agent(JsonOut out, Agent agent) {
    out.text(FieldNames.MODEL, agent.model());
    out.text(FieldNames.VERSION, agent.version());
  }

  /** Writes the event's producer and its number there; never personal. */
  static void producer(JsonOut out, Context context) {
    Long seq = context.producerSeq();
    out.text(FieldNames.PRODUCER, context.producer());
    if (seq != null) {
      out.number(FieldNames.PRODUCER_SEQ, seq.longValue());
    }
  }

  private static void body(JsonOut out, Event event) {
    actor(out, event.actor());
    if (!event.targets().isEmpty()) {
      out.member(FieldNames.TARGETS).open('[');
      for (Target target : event.targets()) {
        out.element().open('{');
        out.text(FieldNames.TYPE, target.type());
        out.text(FieldNames.ID, target.id());
        out.text(FieldNames.NAME, target.name());
        out.text(FieldNames.HREF, target.href());
        out.close('}');
      }
      out.close(']');
    }
    out.text(FieldNames.OUTCOME, event.outcome().jsonName());
    out.text(FieldNames.OUTCOME_REASON, event.outcomeReason());
    if (!event.changes().isEmpty()) {
      out.member(FieldNames.CHANGES).open('[');
      for (Change change : event.changes()) {
        out.element().open('{');
        out.text(FieldNames.FIELD, change.field());
        out.node(FieldNames.BEFORE, change.before());
        out.node(FieldNames.AFTER, change.after());
        out.close('}');
      }
      out.close(']');
    }
    out.text(FieldNames.REASON, event.reason());
    Context context = event.context();
    if (!context.equals(Context.NONE)) {
      context(out, context);
    }
    out.node(FieldNames.DETAILS, event.details());
  }

  private static void actor(JsonOut out, Actor actor) {
    out.member(FieldNames.ACTOR).open('{');
    out.text(FieldNames.TYPE, actor.type().jsonName());
    out.text(FieldNames.ID, actor.id());
    out.text(FieldNames.ID_HASH, actor.idHash());
    out.text(FieldNames.NAME, actor.name());
    out.text(FieldNames.EMAIL, actor.email());
    agent(out, actor.agent());
    out.texts(FieldNames.ROLES, actor.roles());
    out.texts(FieldNames.PERMISSIONS, actor.permissions());
    onBehalfOf(out, actor.onBehalfOf());
    out.close('}');
  }

  private static void onBehalfOf(JsonOut out, @Nullable Principal party) {
    if (party != null) {
      out.member(FieldNames.ON_BEHALF_OF).open('{');
      out.text(FieldNames.TYPE, party.type().jsonName());
      out.text(FieldNames.ID, party.id());
      out.text(FieldNames.ID_HASH, party.idHash());
      out.text(FieldNames.NAME, party.name());
      out.text(FieldNames.EMAIL, party.email());
      agent(out, party.agent());
      onBehalfOf(out, party.onBehalfOf());
      out.close('}');
    }
  }

  private static void context(JsonOut out, Context context) {
    out.member(FieldNames.CONTEXT).open('{');
    out.text(FieldNames.IP, context.ip());
    location(out, context.location());
    out.text(FieldNames.USER_AGENT, context.userAgent());
    out.text(FieldNames.SESSION_ID, context.sessionId());
    out.text(FieldNames.REQUEST_ID, context.requestId());
    out.text(FieldNames.TRACE_ID, context.traceId());
    producer(out, context);
    out.close('}');
  }

  static void location(JsonOut out, @Nullable Location location) {
    if (location != null) {
      out.member(FieldNames.LOCATION).open('{');
      out.text(FieldNames.COUNTRY, location.country());
      out.text(FieldNames.REGION, location.region());
      out.text(FieldNames.CITY, location.city());
      out.number(FieldNames.LATITUDE, location.latitude());
      out.number(FieldNames.LONGITUDE, location.longitude());
      out.close('}');
    }
  }
}
