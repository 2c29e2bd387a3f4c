package dev.indelible.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.testing.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A tail goes on where it was, however its connections end. */
class TailReconnectTest {

  private static List<String> take(Tail tail, int count) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(requireNonNull(tail.next()).id());
    }
    return ids;
  }

  @Test
  void itConnectsAgainBehindTheLastEntry() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> {
                  switch (number) {
                    case 1 ->
                        ScriptedServer.events(
                            exchange,
                            ": hello\n\nid: 7\nevent: entry\ndata: {'id':'a'}\n\nevent: lag\ndata: {}\n\nid: 8\ndata: {'id'\ndata: :'b'}\n\nid: 9\ndata: {'cut");
                    case 2 -> ScriptedServer.notNow(exchange, 503, "3");
                    case 3 -> ScriptedServer.events(exchange, ": nothing\n\n");
                    default -> ScriptedServer.events(exchange, "id: 9\ndata: {'id':'c'}\n\n");
                  }
                });
        IndelibleClient client = server.client().build();
        Tail tail = client.tail("action:x")) {
      assertThat(tail.lastEventId()).isNull();
      assertThat(take(tail, 3)).containsExactly("a", "b", "c");
      assertThat(tail.lastEventId()).isEqualTo("9");
      assertThat(server.asked())
          .extracting(ScriptedServer.Asked::target)
          .hasSize(4)
          .containsOnly("/v1/tenants/acme/tail?q=action%3Ax");
      assertThat(server.asked().get(0).headers())
          .doesNotContainKey("last-event-id")
          .containsEntry("accept", "text/event-stream");
      for (int i = 1; i < 4; i++) {
        assertThat(server.asked().get(i).headers()).containsEntry("last-event-id", "8");
      }
      assertThat(server.remarks)
          .satisfiesExactly(
              ended -> assertThat(ended).startsWith("the stream ended; again in 0."),
              busy -> assertThat(busy).isEqualTo("Too much at once. (too_busy); again in 3.0 s"),
              again -> assertThat(again).startsWith("the stream ended; again in "));
    }
  }

  @Test
  void itMissesNothingWhenItsStreamBreaksBeforeTheFirstEntry() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) ->
                    ScriptedServer.events(
                        exchange,
                        number == 1
                            ? "id: 6\n\nid: 7\ndata: {'cut"
                            : "id: 7\ndata: {'id':'a'}\n\n"));
        IndelibleClient client = server.client().build();
        Tail tail = client.tail("")) {
      assertThat(take(tail, 1)).containsExactly("a");
      assertThat(server.asked().get(0).target()).isEqualTo("/v1/tenants/acme/tail");
      assertThat(server.asked().get(1).headers()).containsEntry("last-event-id", "6");
    }
  }

  @Test
  void itBeginsWhereItIsTold() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, _) -> ScriptedServer.events(exchange, "id: 0\ndata: {'id':'a'}\n\n"));
        IndelibleClient client = server.client().build();
        Tail tail = client.tailAfter("", "-1")) {
      assertThat(take(tail, 1)).containsExactly("a");
      assertThat(server.asked().get(0).headers()).containsEntry("last-event-id", "-1");
    }
  }

  @Test
  void aRefusalForGoodEndsItAndSoDoesABreakWithoutRetries() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> {
                  if (number == 1) {
                    ScriptedServer.json(exchange, 403, "{'code':'forbidden','detail':'No.'}");
                  } else {
                    ScriptedServer.events(exchange, "data: no JSON\n\n");
                  }
                });
        IndelibleClient client = server.client().withoutRetries().build()) {
      try (Tail tail = client.tail("")) {
        assertThatThrownBy(tail::next)
            .isInstanceOf(RefusedException.class)
            .hasMessage("No. (forbidden)");
      }
      try (Tail tail = client.tail("")) {
        assertThatThrownBy(tail::next)
            .isInstanceOf(UnreachableException.class)
            .hasMessage("the stream broke (not JSON)");
      }
    }
  }

  @Test
  void whoWaitsIsToldWhenItIsClosed() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, _) -> {
                  exchange.sendResponseHeaders(200, 0);
                  exchange.getResponseBody().write(": hello\n\n".getBytes(UTF_8));
                  exchange.getResponseBody().flush();
                  open.countDown();
                  Eventually.holds("the test's end", () -> done.getCount() == 0);
                });
        IndelibleClient client = server.client().build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Tail tail = client.tail("");
      Future<Boolean> ended = threads.submit(() -> tail.next() == null);
      Eventually.holds("a stream", () -> open.getCount() == 0);
      tail.close();
      assertThat(Eventually.done("the tail's end", ended)).isTrue();
      done.countDown();
    }
  }
}
