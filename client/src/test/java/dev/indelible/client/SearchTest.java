package dev.indelible.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Pages, and the stream of all of them. */
class SearchTest {

  private static final String FIRST =
      "{'entries':[{'id':'a','seq':9,'action':'x.y','recorded_at':'t','actor':{'id':'u'},'details':{'n':1.50}},{'id':'b'}],'next_cursor':'c/2','indexed_through':9}";

  private static ScriptedServer server() throws Exception {
    return new ScriptedServer(
        (exchange, number) ->
            ScriptedServer.json(
                exchange,
                200,
                switch (number) {
                  case 1 -> FIRST;
                  case 2 -> "{'entries':[],'next_cursor':'c/3','indexed_through':9}";
                  default -> "{'entries':[{'id':'c'}],'next_cursor':null,'indexed_through':9}";
                }));
  }

  @Test
  void aStreamFetchesPageAfterPage() throws Exception {
    try (ScriptedServer server = server();
        IndelibleClient client = server.client().build()) {
      Query query =
          Query.of("actor:u x")
              .from("-7d")
              .order(Query.Order.LAST_OCCURRED)
              .pageSize(2)
              .zone("UTC");
      assertThat(client.search(query).map(Entry::id)).containsExactly("a", "b", "c");
      assertThat(server.asked())
          .extracting(ScriptedServer.Asked::target)
          .containsExactly(
              "/v1/tenants/acme/events?from=-7d&limit=2&order=-occurred&q=actor%3Au%20x&zone=UTC",
              "/v1/tenants/acme/events?cursor=c%2F2&from=-7d&limit=2&order=-occurred&q=actor%3Au%20x&zone=UTC",
              "/v1/tenants/acme/events?cursor=c%2F3&from=-7d&limit=2&order=-occurred&q=actor%3Au%20x&zone=UTC");
    }
  }

  @Test
  void whoStopsReadingFetchesNoMore() throws Exception {
    try (ScriptedServer server = server();
        IndelibleClient client = server.client().build()) {
      assertThat(client.search(Query.of("")).limit(2)).hasSize(2);
      assertThat(server.asked())
          .extracting(ScriptedServer.Asked::target)
          .containsExactly("/v1/tenants/acme/events");
    }
  }

  @Test
  void anEntryIsTheTextThatWasSent() throws Exception {
    try (ScriptedServer server = server();
        IndelibleClient client = server.client().build()) {
      Page page = client.page(Query.of(""), null);
      assertThat(page.nextCursor()).hasValue("c/2");
      assertThat(page.indexedThrough()).isEqualTo(9);
      Entry entry = page.entries().get(0);
      assertThat(entry.seq()).isEqualTo(9);
      assertThat(entry.action()).isEqualTo("x.y");
      assertThat(entry.recordedAt()).isEqualTo("t");
      assertThat(entry.text("actor", "id")).isEqualTo("u");
      assertThat(entry.text("actor", "name")).isEmpty();
      assertThat(entry.toString()).endsWith("\"details\":{\"n\":1.50}}");
      assertThat(page.entries().get(1).seq()).isEqualTo(-1);
    }
  }

  @Test
  void anErrorInTheQueryIsARefusalThatSaysWhere() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, _) ->
                    ScriptedServer.json(
                        exchange, 400, "{'code':'invalid_query','detail':'unknown','column':3}"));
        IndelibleClient client = server.client().build()) {
      assertThatThrownBy(() -> client.search(Query.of("a b:")).count())
          .isInstanceOfSatisfying(
              RefusedException.class,
              e -> {
                assertThat(e.status()).isEqualTo(400);
                assertThat(e.problem().json().at("column").integer()).hasValue(3);
              });
    }
  }

  @Test
  void aPageHasItsLimits() {
    for (int wrong : new int[] {0, Query.MAX_PAGE_SIZE + 1}) {
      assertThatThrownBy(() -> Query.of("").pageSize(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
