package dev.indelible.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.RecordedBy;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding entries by agents, by steps of a chain, by producers, and by who handed them over. */
class AgentFieldsTest {

  private static final Entry ENTRY = entry();

  private static Entry entry() {
    Event.Principal nadia =
        new Event.Principal(Event.ActorType.USER, "u_nadia", "Nadia", "nadia@acme.test");
    Event.Principal app = party(Event.ActorType.API_CLIENT, "desk-app", Event.Agent.NONE, nadia);
    Event.Principal planner =
        party(Event.ActorType.AI_AGENT, "planner", new Event.Agent("acme-small", "7"), app);
    return new Entry(
        new TenantId("acme"),
        3,
        "e",
        Instant.parse("2026-11-20T10:00:00Z"),
        new Event(
            null,
            null,
            null,
            null,
            "ticket.closed",
            new Event.Actor(
                Event.ActorType.AI_AGENT,
                "triage",
                null,
                null,
                null,
                new Event.Agent("acme-large-3", "1.4"),
                List.of(),
                List.of(),
                planner),
            List.of(),
            Event.Outcome.SUCCESS,
            null,
            List.of(),
            null,
            new Event.Context(null, null, null, null, null, null, "desk-3", 4711L),
            null),
        new Classification("tickets", "update", false, List.of()),
        new RecordedBy(RecordedBy.Kind.SESSION, "AbCdEf123456"),
        false);
  }

  private static Event.Principal party(
      Event.ActorType type, String id, Event.Agent agent, Event.@Nullable Principal next) {
    return new Event.Principal(type, id, null, null, null, agent, next);
  }

  private static Filter filter(String query) {
    return switch (QueryParser.parse(query, Instant.parse("2026-11-21T00:00:00Z"))) {
      case ParsedQuery.Valid(Filter filter) -> filter;
      case QueryProblem problem -> throw new AssertionError(query + ": " + problem);
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "actor_type:ai_agent",
        "model:acme-large-3",
        "model:acme-small",
        "model:acme-*",
        "version:1.4",
        "version:7",
        "on_behalf_of:planner",
        "on_behalf_of:desk-app",
        "on_behalf_of:u_nadia",
        "on_behalf_of:Nadia",
        "on_behalf_of:nadia@acme.test",
        "on_behalf_of_id:u_nadia",
        "has:on_behalf_of",
        "producer:desk-3",
        "producer:desk*",
        "producer_seq:4711",
        "recorded_by:AbCdEf123456",
        "nadia",
        "planner",
        "\"acme-large-3\"",
        "\"desk-3\"",
      })
  void findsTheEntryBy(String query) {
    assertThat(new FilterEvaluator(filter(query)).matches(ENTRY)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "actor_type:user",
        "actor:u_nadia",
        "model:1.4",
        "model:acme",
        "version:acme-small",
        "on_behalf_of:triage",
        "producer:desk",
        "producer_seq:471",
        "recorded_by:session",
        "recorded_by:server",
        "on_behalf_of_id:nadia",
      })
  void doesNotFindTheEntryBy(String query) {
    assertThat(new FilterEvaluator(filter(query)).matches(ENTRY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model:m",
        "version:1",
        "producer:p",
        "producer_seq:1",
        "recorded_by:k",
        "actor_type:ai_agent",
      })
  void whoSeesNothingPersonalMayAskFor(String query) {
    assertThat(new FactsOnly(true).of(filter(query))).isEqualTo(filter(query));
  }
}
