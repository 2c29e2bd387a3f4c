package dev.indelible.server.query;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Searchable terms of an entry: the one definition behind the event index and {@link
 * FilterEvaluator}. Not thread-safe: holds a tokenizer.
 */
public final class EntryTerms {

  /** Entries whose actor's id is personal, so that the facts have its hash. */
  public static final String HASHED_ACTOR = "hashed_actor";

  /** Entries with such an id of the party on whose behalf the actor acted. */
  static final String HASHED_PRINCIPAL = "hashed_on_behalf_of";

  /** Values of {@code has:}. */
  static final List<String> PARTS =
      List.of(
          "reason",
          "changes",
          "details",
          "ip",
          "targets",
          "on_behalf_of",
          HASHED_ACTOR,
          HASHED_PRINCIPAL);

  /** Receives an entry's terms, each already spelled; doubles are possible. */
  public interface Sink extends TextTokens.Sink {

    /** A term of any kind but {@code TARGET}, {@code IP} and {@code TEXT}. */
    void word(TermKind kind, String text);

    /** A target. */
    void target(String type, String id);

    /** The address. */
    void address(IpNetwork address);
  }

  private final TextTokens tokens = new TextTokens();
  private final UserAgentTokens userAgents = new UserAgentTokens(tokens);

  /** Hands every term of {@code entry} to {@code sink}. */
  public void of(Entry entry, Sink sink) {
    Event event = entry.event();
    sink.word(TermKind.ID, entry.id());
    word(TermKind.ACTION, event.action(), sink);
    text(event.action(), sink);
    sink.word(TermKind.OUTCOME, event.outcome().jsonName());
    optional(TermKind.ACCOUNT, event.account(), sink);
    text(event.outcomeReason(), sink);
    if (event.reason() != null) {
      sink.word(TermKind.HAS, "reason");
      text(event.reason(), sink);
    }
    classification(entry.classification(), sink);
    if (entry.recordedBy() != null) {
      word(TermKind.RECORDED_BY, entry.recordedBy().term(), sink);
    }
    actor(event.actor(), sink);
    targets(event.targets(), sink);
    changes(event.changes(), sink);
    context(event.context(), sink);
    if (event.details() != null && !event.details().isEmpty()) {
      sink.word(TermKind.HAS, "details");
      json(event.details(), sink);
    }
  }

  /** Hands the tokens of a text of an entry to {@code sink}. */
  public void ofText(String text, Sink sink) {
    tokens.ofEntry(text, sink);
  }

  /** Hands the tokens of an entry's user agent to {@code sink}. */
  public void ofUserAgent(String userAgent, Sink sink) {
    userAgents.of(userAgent, sink);
  }

  private static void classification(Classification classification, Sink sink) {
    word(TermKind.CATEGORY, classification.category(), sink);
    word(TermKind.VERB, classification.verb(), sink);
    sink.word(TermKind.SECURITY, classification.securityRelevant() ? "true" : "false");
    for (String flag : classification.flags()) {
      word(TermKind.FLAG, flag, sink);
    }
  }

  private void actor(Event.Actor actor, Sink sink) {
    sink.word(TermKind.ACTOR_TYPE, actor.type().jsonName());
    if (actor.id() != null) {
      word(TermKind.ACTOR_ID, actor.id(), sink);
      id(actor.id(), sink);
    }
    hash(TermKind.ACTOR_ID, actor.idHash(), HASHED_ACTOR, sink);
    party(TermKind.ACTOR_NAME, actor.name(), sink);
    party(TermKind.ACTOR_NAME, actor.email(), sink);
    for (String role : actor.roles()) {
      word(TermKind.ROLE, role, sink);
    }
    for (String permission : actor.permissions()) {
      word(TermKind.PERMISSION, permission, sink);
    }
    agent(actor.agent(), sink);
    if (actor.onBehalfOf() != null) {
      sink.word(TermKind.HAS, "on_behalf_of");
    }
    for (Event.Principal other = actor.onBehalfOf(); other != null; other = other.onBehalfOf()) {
      party(TermKind.ON_BEHALF_OF_ID, other.id(), sink);
      hash(TermKind.ON_BEHALF_OF_ID, other.idHash(), HASHED_PRINCIPAL, sink);
      party(TermKind.ON_BEHALF_OF_NAME, other.name(), sink);
      party(TermKind.ON_BEHALF_OF_NAME, other.email(), sink);
      agent(other.agent(), sink);
    }
  }

  private void agent(Event.Agent agent, Sink sink) {
    party(TermKind.MODEL, agent.model(), sink);
    optional(TermKind.VERSION, agent.version(), sink);
  }

  private static void hash(TermKind kind, @Nullable String hash, String part, Sink sink) {
    if (hash != null) {
      word(kind, hash, sink);
      sink.word(TermKind.HAS, part);
    }
  }

  private void party(TermKind kind, @Nullable String value, Sink sink) {
    optional(kind, value, sink);
    text(value, sink);
  }

  private void targets(List<Event.Target> targets, Sink sink) {
    if (!targets.isEmpty()) {
      sink.word(TermKind.HAS, "targets");
    }
    for (Event.Target target : targets) {
      word(TermKind.TARGET_TYPE, target.type(), sink);
      text(target.type(), sink);
      String hash = target.idHash();
      if (hash == null) {
        sink.target(target.type(), target.id());
        id(target.id(), sink);
      } else {
        // An id that names a person is found as names are, and so by nobody who may not see those.
        sink.target(target.type(), hash);
        word(TermKind.TARGET_NAME, target.type() + "/" + target.id(), sink);
        party(TermKind.TARGET_NAME, target.id(), sink);
      }
      party(TermKind.TARGET_NAME, target.name(), sink);
    }
  }

  private void changes(List<Event.Change> changes, Sink sink) {
    if (!changes.isEmpty()) {
      sink.word(TermKind.HAS, "changes");
    }
    for (Event.Change change : changes) {
      word(TermKind.CHANGED, change.field(), sink);
      text(change.field(), sink);
      if (change.before() != null) {
        json(change.before(), sink);
      }
      if (change.after() != null) {
        json(change.after(), sink);
      }
    }
  }

  private void context(Event.Context context, Sink sink) {
    optional(TermKind.SESSION, context.sessionId(), sink);
    optional(TermKind.REQUEST, context.requestId(), sink);
    optional(TermKind.TRACE, context.traceId(), sink);
    party(TermKind.PRODUCER, context.producer(), sink);
    Long producerSeq = context.producerSeq();
    if (producerSeq != null) {
      sink.word(TermKind.PRODUCER_SEQ, producerSeq.toString());
    }
    if (context.userAgent() != null) {
      userAgents.of(context.userAgent(), sink);
    }
    String ip = context.ip();
    if (ip != null) {
      sink.word(TermKind.HAS, "ip");
      IpNetwork.parse(ip).ifPresent(sink::address);
    }
    Event.Location location = context.location();
    if (location != null) {
      optional(TermKind.COUNTRY, location.country(), sink);
      text(location.region(), sink);
      text(location.city(), sink);
    }
  }

  /** The tokens of an id of an actor or a target, unless the id itself is found as a token. */
  private void id(String id, Sink sink) {
    if (!TextTokens.isToken(id)) {
      text(id, sink);
    }
  }

  private void json(JsonNode node, Sink sink) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> property : node.properties()) {
        text(property.getKey(), sink);
        json(property.getValue(), sink);
      }
    } else if (node.isArray()) {
      for (JsonNode element : node) {
        json(element, sink);
      }
    } else if (!node.isNull()) {
      text(node.asString(), sink);
    }
  }

  private void text(@Nullable String text, Sink sink) {
    if (text != null) {
      tokens.ofEntry(text, sink);
    }
  }

  private static void optional(TermKind kind, @Nullable String text, Sink sink) {
    if (text != null) {
      word(kind, text, sink);
    }
  }

  private static void word(TermKind kind, String text, Sink sink) {
    sink.word(kind, kind.spell(text));
  }
}
