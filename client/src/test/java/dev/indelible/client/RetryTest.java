package dev.indelible.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client asks again when that may help, as long and as often as it is told to. */
class RetryTest {

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void notNowIsAskedAgainAfterTheServersTime(int status) throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> {
                  if (number < 3) {
                    ScriptedServer.notNow(exchange, status, "7");
                  } else {
                    ScriptedServer.json(exchange, 200, "{'size':3}");
                  }
                });
        IndelibleClient client = server.client().build()) {
      Answer answer = client.get("/v1/x");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json().at("size").integer()).hasValue(3);
      assertThat(server.waited).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
      assertThat(server.remarks)
          .first()
          .isEqualTo("the server says not now: Too much at once. (too_busy); again in 7.0 s");
    }
  }

  @Test
  void retryAfterMayBeADateAndIsNoLongerThanTheLongestWait() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> {
                  switch (number) {
                    case 1 -> ScriptedServer.notNow(exchange, 503, "Mon, 30 Nov 2026 12:00:11 GMT");
                    case 2 -> ScriptedServer.notNow(exchange, 503, "Mon, 30 Nov 2026 11:00:00 GMT");
                    case 3 -> ScriptedServer.notNow(exchange, 503, "86400");
                    default -> ScriptedServer.json(exchange, 200, "{}");
                  }
                });
        IndelibleClient client = server.client().build()) {
      assertThat(client.get("/").status()).isEqualTo(200);
      assertThat(server.waited)
          .containsExactly(Duration.ofSeconds(11), Duration.ZERO, RetryPolicy.DEFAULT.longest());
    }
  }

  @Test
  void withoutRetryAfterWaitsGrowAndHaveARandomPart() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> ScriptedServer.json(exchange, number < 9 ? 503 : 200, "{}"));
        IndelibleClient client = server.client().build()) {
      assertThat(client.get("/").status()).isEqualTo(200);
      for (int i = 0; i < 8; i++) {
        Duration full = RetryPolicy.DEFAULT.first().multipliedBy(1L << i);
        Duration most =
            full.compareTo(RetryPolicy.DEFAULT.longest()) > 0
                ? RetryPolicy.DEFAULT.longest()
                : full;
        assertThat(server.waited.get(i)).isBetween(most.dividedBy(2), most);
      }
    }
  }

  @Test
  void patienceEnds() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer((exchange, _) -> ScriptedServer.notNow(exchange, 503, "20"));
        IndelibleClient client =
            server
                .client()
                .retry(
                    new RetryPolicy(
                        Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(50)))
                .build()) {
      assertThatThrownBy(() -> client.get("/"))
          .isInstanceOf(UnreachableException.class)
          .hasMessage(
              "the server says not now: Too much at once. (too_busy); gave up after 4 attempts");
    }
  }

  @Test
  void withoutRetriesEveryAnswerIsGivenAsItIs() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer((exchange, _) -> ScriptedServer.notNow(exchange, 503, "1"));
        IndelibleClient client = server.client().withoutRetries().build()) {
      Answer answer = client.get("/");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("retry-after")).isEqualTo("1");
      assertThat(server.waited).isEmpty();
    }
  }

  @Test
  void aConnectionThatIsCutIsTriedAgainOnlyWhereThatIsSafe() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> {
                  if (number % 2 == 1) {
                    ScriptedServer.cut(exchange);
                  } else {
                    ScriptedServer.json(exchange, 200, "{}");
                  }
                });
        IndelibleClient client = server.client().build()) {
      assertThat(client.get("/").status()).isEqualTo(200);
      assertThat(client.send(Request.post("/", "{}").repeatable()).status()).isEqualTo(200);
      assertThat(server.asked()).hasSize(4);
      assertThatThrownBy(() -> client.post("/", "{}"))
          .isInstanceOf(UnreachableException.class)
          .hasMessageContaining("cannot be reached");
      assertThat(server.asked()).hasSize(5);
    }
  }

  @Test
  void aPostIsSentAgainWhenTheServerSaysThatNothingWasDone() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (exchange, number) -> {
                  if (number == 1) {
                    ScriptedServer.notNow(exchange, 429, "1");
                  } else {
                    ScriptedServer.notNow(exchange, 504, "1");
                  }
                });
        IndelibleClient client = server.client().build()) {
      assertThat(client.post("/", "{}").status()).as("nobody knows").isEqualTo(504);
      assertThat(server.asked()).hasSize(2);
    }
  }

  @Test
  void nobodyThereIsTriedAgainAndSaid() throws Exception {
    URI nowhere;
    try (ServerSocket free = new ServerSocket(0)) {
      nowhere = URI.create("http://127.0.0.1:" + free.getLocalPort());
    }
    try (ScriptedServer waits = new ScriptedServer((_, _) -> {});
        IndelibleClient client =
            IndelibleClient.to(nowhere)
                .waits(
                    new Waits(
                        () -> ScriptedServer.BEGIN.plusSeconds(100L * waits.waited.size()),
                        new Random(1),
                        waits.waited::add,
                        waits.remarks::add))
                .build()) {
      assertThatThrownBy(() -> client.post("/v1/events", "{}"))
          .isInstanceOf(UnreachableException.class)
          .hasMessageContaining(nowhere + " cannot be reached")
          .hasMessageEndingWith("gave up after 4 attempts");
      assertThat(waits.remarks).hasSize(3);
    }
  }

  @Test
  void whoIsInterruptedStopsWaiting() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer((exchange, _) -> ScriptedServer.notNow(exchange, 503, "5"));
        IndelibleClient client =
            IndelibleClient.to(server.address())
                .waits(
                    new Waits(
                        () -> ScriptedServer.BEGIN,
                        new Random(1),
                        _ -> {
                          throw new InterruptedException();
                        },
                        _ -> {}))
                .build()) {
      assertThatThrownBy(() -> client.get("/")).isInstanceOf(UnreachableException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
