package dev.indelible.mapping;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a map by the part of an event that they are of, looked up once and not for every
 * record; null where the map has none. Immutable.
 */
final class EventRules {

  final LogMap map;
  final @Nullable Rule id;
  final @Nullable Rule tenant;
  final @Nullable Rule account;
  final @Nullable Rule action;
  final Party actor;
  final List<Rule> roles;
  final List<Rule> permissions;
  final @Nullable Rule outcome;
  final @Nullable Rule outcomeReason;
  final @Nullable Rule reason;
  final @Nullable Rule ip;
  final @Nullable Rule userAgent;
  final @Nullable Rule sessionId;
  final @Nullable Rule requestId;
  final @Nullable Rule traceId;
  final @Nullable Rule producer;
  final @Nullable Rule producerSeq;
  final Location location;

  /** The needs of each target's id, and of each change, by their numbers in the map. */
  final Needs[] targets;

  final Needs[] changes;

  EventRules(LogMap map) {
    this.map = map;
    Map<String, Rule> texts = map.texts();
    id = texts.get("id");
    tenant = texts.get("tenant");
    account = texts.get("account");
    action = texts.get("action");
    actor = Party.of(texts, "actor.");
    roles = map.lists().getOrDefault("actor.roles", List.of());
    permissions = map.lists().getOrDefault("actor.permissions", List.of());
    outcome = texts.get("outcome");
    outcomeReason = texts.get("outcome_reason");
    reason = texts.get("reason");
    ip = texts.get("context.ip");
    userAgent = texts.get("context.user_agent");
    sessionId = texts.get("context.session_id");
    requestId = texts.get("context.request_id");
    traceId = texts.get("context.trace_id");
    producer = texts.get("context.producer");
    producerSeq = texts.get("context.producer_seq");
    location = Location.of(texts);
    targets =
        map.targets().stream()
            .map(rule -> Needs.of(rule.each(), rule.condition(), rule.id()))
            .toArray(Needs[]::new);
    changes =
        map.changes().stream()
            .map(rule -> Needs.of(rule.each(), rule.condition(), rule.field()))
            .toArray(Needs[]::new);
  }

  /**
   * Rules of someone who acted, or for whom.
   *
   * @param onBehalfOf those of the next party; null where there is none
   */
  record Party(
      @Nullable Rule type,
      @Nullable Rule id,
      @Nullable Rule name,
      @Nullable Rule email,
      @Nullable Rule model,
      @Nullable Rule version,
      @Nullable Party onBehalfOf) {

    private static Party of(Map<String, Rule> texts, String prefix) {
      String next = prefix + "on_behalf_of.";
      return new Party(
          texts.get(prefix + "type"),
          texts.get(prefix + "id"),
          texts.get(prefix + "name"),
          texts.get(prefix + "email"),
          texts.get(prefix + "model"),
          texts.get(prefix + "version"),
          texts.containsKey(next + "id") ? of(texts, next) : null);
    }
  }

  /** Rules of a place on earth. */
  record Location(
      @Nullable Rule country,
      @Nullable Rule region,
      @Nullable Rule city,
      @Nullable Rule latitude,
      @Nullable Rule longitude) {

    private static Location of(Map<String, Rule> texts) {
      return new Location(
          texts.get("context.location.country"),
          texts.get("context.location.region"),
          texts.get("context.location.city"),
          texts.get("context.location.latitude"),
          texts.get("context.location.longitude"));
    }

    boolean isEmpty() {
      return country == null
          && region == null
          && city == null
          && latitude == null
          && longitude == null;
    }
  }
}
