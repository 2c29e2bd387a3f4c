package dev.indelible.server.event;

import dev.indelible.server.event.Event.Actor;
import dev.indelible.server.event.Event.Change;
import dev.indelible.server.event.Event.Context;
import dev.indelible.server.event.Event.Principal;
import dev.indelible.server.event.Event.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compares what events say; {@link EntryCodec#sameContent} states the rules. */
final class EventContent {

  private EventContent() {}

  static boolean same(Event a, Event b) {
    return a.outcome() == b.outcome() && sameButOutcome(a, b);
  }

  static boolean sameButOutcome(Event a, Event b) {
    return a.action().equals(b.action())
        && (a.id() == null || b.id() == null || a.id().equals(b.id()))
        && Objects.equals(a.account(), b.account())
        && Objects.equals(a.occurredAt(), b.occurredAt())
        && Objects.equals(a.outcomeReason(), b.outcomeReason())
        && Objects.equals(a.reason(), b.reason())
        && same(a.actor(), b.actor())
        && sameTargets(a.targets(), b.targets())
        && same(a.context(), b.context())
        && same(a.changes(), b.changes())
        && sameValue(a.details(), b.details());
  }

  private static boolean same(Actor a, Actor b) {
    return a.type() == b.type()
        && Objects.equals(a.id(), b.id())
        && Objects.equals(a.name(), b.name())
        && Objects.equals(a.email(), b.email())
        && a.roles().equals(b.roles())
        && a.permissions().equals(b.permissions())
        && a.agent().equals(b.agent())
        && same(a.onBehalfOf(), b.onBehalfOf());
  }

  private static boolean same(@Nullable Principal a, @Nullable Principal b) {
    if (a == null || b == null) {
      return a == null && b == null;
    }
    return a.type() == b.type()
        && Objects.equals(a.id(), b.id())
        && Objects.equals(a.name(), b.name())
        && Objects.equals(a.email(), b.email())
        && a.agent().equals(b.agent())
        && same(a.onBehalfOf(), b.onBehalfOf());
  }

  private static boolean same(Context a, Context b) {
    return Objects.equals(a.ip(), b.ip())
        && (a.location() == null || b.location() == null || a.location().equals(b.location()))
        && Objects.equals(a.userAgent(), b.userAgent())
        && Objects.equals(a.sessionId(), b.sessionId())
        && Objects.equals(a.requestId(), b.requestId())
        && Objects.equals(a.traceId(), b.traceId())
        && Objects.equals(a.producer(), b.producer())
        && Objects.equals(a.producerSeq(), b.producerSeq());
  }

  /** The hash of an id is not what a caller sent; which ids are hashed may have changed since. */
  private static boolean sameTargets(List<Target> a, List<Target> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!a.get(i).type().equals(b.get(i).type())
          || !a.get(i).id().equals(b.get(i).id())
          || !Objects.equals(a.get(i).name(), b.get(i).name())
          || !Objects.equals(a.get(i).href(), b.get(i).href())) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(List<Change> a, List<Change> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!a.get(i).field().equals(b.get(i).field())
          || !sameValue(a.get(i).before(), b.get(i).before())
          || !sameValue(a.get(i).after(), b.get(i).after())) {
        return false;
      }
    }
    return true;
  }

  static boolean sameValue(@Nullable JsonNode a, @Nullable JsonNode b) {
    if (a == null || b == null) {
      return a == null && b == null;
    }
    if (SecretKeys.isMark(a) || SecretKeys.isMark(b)) {
      // Marks are compared, not the secrets: one of both may be of before they were marked.
      return true;
    }
    if (a.getNodeType() != b.getNodeType()) {
      return false;
    }
    return switch (a.getNodeType()) {
      case OBJECT -> sameMembers(a, b);
      case ARRAY -> sameElements(a, b);
      case NUMBER -> a.decimalValue().compareTo(b.decimalValue()) == 0;
      case STRING, BOOLEAN, NULL, BINARY, MISSING, POJO -> a.equals(b);
    };
  }

  private static boolean sameMembers(JsonNode a, JsonNode b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<String, JsonNode> member : a.properties()) {
      if (!sameValue(member.getValue(), b.get(member.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameElements(JsonNode a, JsonNode b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!sameValue(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }
}
