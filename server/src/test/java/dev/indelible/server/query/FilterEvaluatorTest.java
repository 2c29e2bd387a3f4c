package dev.indelible.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class FilterEvaluatorTest {

  private static final Entry ENTRY =
      new Entry(
          new TenantId("acme"),
          3,
          "0199a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5b",
          Instant.parse("2026-11-20T10:00:01.500Z"),
          new Event(
              null,
              null,
              "eu",
              Instant.parse("2026-11-20T10:00:00Z"),
              "user.role_changed",
              new Event.Actor(
                  Event.ActorType.USER,
                  "U_7",
                  "José Núñez",
                  "Jose@acme.test",
                  List.of("tenant_admin"),
                  List.of("users.manage"),
                  new Event.Principal(Event.ActorType.SUPPORT, "s_1", "Kim", null)),
              List.of(new Event.Target("user", "u/9", "Bo", null)),
              Event.Outcome.FAILURE,
              "quota exceeded",
              List.of(
                  new Event.Change(
                      "role",
                      JsonNodeFactory.instance.stringNode("agent"),
                      JsonNodeFactory.instance.stringNode("owner"))),
              "ticket 4711",
              new Event.Context(
                  "203.0.113.9",
                  new Event.Location("DE", null, "Köln", null, null),
                  "curl/8.5",
                  "s1",
                  "r1",
                  "t1"),
              JsonNodeFactory.instance.objectNode().put("plan", "東京プラン")),
          new Classification("permission", "assign", true, List.of("late")),
          false);

  private static boolean matches(String query) {
    return switch (QueryParser.parse(query, Instant.parse("2026-11-21T00:00:00Z"))) {
      case ParsedQuery.Valid(Filter filter) -> new FilterEvaluator(filter).matches(ENTRY);
      case QueryProblem problem -> throw new AssertionError(query + ": " + problem);
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "",
        "actor:U_7",
        "actor:\"jose nunez\"",
        "actor:JOSE@acme.test",
        "actor:jos*",
        "actor_id:U_7",
        "actor_type:user",
        "on_behalf_of:s_1",
        "on_behalf_of:kim",
        "role:tenant_admin",
        "permission:users.*",
        "action:user.role_changed",
        "action:USER.*",
        "verb:assign",
        "category:permission",
        "target:user/u/9",
        "target:u/9",
        "target:bo",
        "target:user/u*",
        "target_type:user",
        "account:eu,us",
        "outcome:failure",
        "-outcome:success",
        "ip:203.0.113.0/24",
        "ip:203.0.113.9",
        "country:de",
        "session:s1",
        "request:r1",
        "trace:t1",
        "changed:role",
        "security:true",
        "flag:late",
        "id:0199a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5b",
        "id:0199a*",
        "has:reason has:changes has:ip has:details has:targets has:on_behalf_of",
        "after:2026-11-20T10:00:00Z",
        "before:2026-11-20T10:00:00.001Z",
        "after:-1d",
        "recorded_after:2026-11-20T10:00:01.5Z",
        "nuñez",
        "4711",
        "\"ticket 4711\"",
        "quota",
        "owner",
        "plan",
        "京プ",
        "curl",
        "koln",
        "changed",
        "u/9",
        "U_7",
        "s1",
        "0199a1b2*",
        "203.0.113.9",
        "xyz OR owner",
        "(xyz OR owner) -nothing",
      })
  void findsTheEntryBy(String query) {
    assertThat(matches(query)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-*",
        "actor:u_7",
        "actor_id:jose",
        "actor:ticket",
        "on_behalf_of:u_7",
        "role:tenant",
        "target:ticket/9",
        "target:use*",
        "account:us",
        "outcome:success",
        "ip:203.0.112.0/24",
        "ip:::/96",
        "country:fr",
        "security:false",
        "after:2026-11-20T10:00:00.001Z",
        "before:2026-11-20T10:00:00Z",
        "recorded_before:2026-11-20T10:00:01.5Z",
        "tenant_admin",
        "471",
        "owner xyz",
        "-(owner OR xyz)",
        "Role:owner",
      })
  void doesNotFindTheEntryBy(String query) {
    assertThat(matches(query)).isFalse();
  }
}
