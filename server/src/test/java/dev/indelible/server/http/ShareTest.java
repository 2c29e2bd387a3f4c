package dev.indelible.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.http.HttpServerConfig.Bodies;
import dev.indelible.server.http.HttpServerConfig.Limits;
import dev.indelible.server.http.HttpServerConfig.Timeouts;
import dev.indelible.server.http.RawClient.Answer;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who takes all places that they can get, and what is left for the others: with small numbers. */
final class ShareTest {

  private static final String HOST = "Host: test\r\n";

  /** Nobody gives way because the machine is slow. */
  private static final Duration LONGER_THAN_ANY_WAIT = Eventually.LIMIT.multipliedBy(5);

  private final List<RawClient> clients = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  private RawClient client(TestServer server) throws IOException {
    RawClient client = new RawClient(server.port());
    clients.add(client);
    return client;
  }

  private static HttpServerConfig config(int requests, int streams, int waiting) {
    return HttpServerConfig.plain("127.0.0.1", 0)
        .withTimeouts(
            new Timeouts(
                LONGER_THAN_ANY_WAIT,
                LONGER_THAN_ANY_WAIT,
                LONGER_THAN_ANY_WAIT,
                Timeouts.DEFAULT.bodyBytesPerSecond(),
                LONGER_THAN_ANY_WAIT,
                Timeouts.DEFAULT.heartbeat()))
        .withLimits(new Limits(1_000, requests, streams, 16 * 1024))
        .withBodies(new Bodies(waiting, Bodies.MIN_BYTES));
  }

  /** Announces a body and sends one byte of it; returns when it is waited for. */
  private void announce(TestServer server, int alreadyWaiting) throws IOException {
    client(server).send("POST /count HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\nx");
    Eventually.see(
        "waiting bodies",
        () -> server.service.figures().waitingBodies(),
        n -> n == alreadyWaiting + 1);
  }

  @Test
  void bodiesThatNeverComeTakeNoPlaceOfARequest() throws Exception {
    try (TestServer server = new TestServer(config(4, 1, 2 * Admission.LEAST_SHARE))) {
      // Four times as many as there are places for requests, and as many as an address may have.
      for (int i = 0; i < Admission.LEAST_SHARE; i++) {
        announce(server, i);
      }
      assertThat(server.service.figures().requests()).isZero();
      assertThat(server.get("/hello").status()).isEqualTo(200);
      client(server).send("POST /count HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\nx");
      Answer evicted = clients.getFirst().answer();
      assertThat(evicted.status()).isEqualTo(503);
      assertThat(evicted.text()).contains("overloaded");
      assertThat(evicted.headers()).containsKey("retry-after");
      assertThat(server.service.figures().evictedBodies()).isEqualTo(1);
    }
  }

  @Test
  void anHonestBodyInPiecesGetsThroughWhileOthersNeverCome() throws Exception {
    try (TestServer server = new TestServer(config(4, 1, 2 * Admission.LEAST_SHARE))) {
      for (int i = 0; i < Admission.LEAST_SHARE; i++) {
        announce(server, i);
      }
      try (RawClient honest = new RawClient(server.port())) {
        honest.send("POST /count HTTP/1.1\r\n" + HOST + "Content-Length: 6\r\n\r\nabc");
        Eventually.see("evicted", () -> server.service.figures().evictedBodies(), n -> n == 1);
        honest.send("def");
        assertThat(honest.answer().text()).isEqualTo("6");
      }
      for (RawClient other : clients) {
        other.close();
      }
      Eventually.see("waiting bodies", () -> server.service.figures().waitingBodies(), n -> n == 0);
      Eventually.see("memory", () -> server.service.figures().bodyBytes(), n -> n == 0);
      Eventually.see("requests", () -> server.service.figures().requests(), n -> n == 0);
    }
  }

  @Test
  void healthIsToldHoweverBusyTheServerIs() throws Exception {
    try (TestServer server = new TestServer(config(1, 1, 10))) {
      client(server).send("GET /slow HTTP/1.1\r\n" + HOST + "\r\n");
      Eventually.reached("the slow request", server.slowStarted);
      assertThat(server.get("/hello").status()).isEqualTo(503);
      assertThat(server.get("/health/live").status()).isEqualTo(200);
    }
  }

  @Test
  void anAddressWithoutAKeyHasHalfOfTheRequests() throws Exception {
    try (TestServer server = new TestServer(config(64, 1, 10))) {
      for (int i = 0; i < 32; i++) {
        client(server).send("GET /slow HTTP/1.1\r\n" + HOST + "\r\n");
      }
      Eventually.see("slow requests", server.slowRequests::get, n -> n == 32);
      Answer refused = server.get("/hello");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.text()).contains("too_many_requests");
      assertThat(refused.headers()).containsEntry("retry-after", "1");
    }
  }

  @Test
  void sessionKeyAndTenantHaveTheirSharesOfTheTails() {
    Admission admission = new Admission(new Limits(100, 100, 200, 1024), Bodies.DEFAULT);
    List<Admission.Visit> open = new ArrayList<>();
    assertThat(open(admission, open, new Admission.Identity("s1", "a", true)))
        .isEqualTo(Admission.STREAMS_OF_SESSION);
    assertThat(open(admission, open, new Admission.Identity("k1", "a", false)))
        .isEqualTo(Admission.LEAST_SHARE);
    assertThat(open(admission, open, new Admission.Identity("k2", "a", false)))
        .isEqualTo(Admission.LEAST_SHARE);
    // A quarter of all is the tenant's.
    assertThat(open(admission, open, new Admission.Identity("k3", "a", false)))
        .isEqualTo(50 - Admission.STREAMS_OF_SESSION - 2 * Admission.LEAST_SHARE);
    assertThat(open(admission, open, new Admission.Identity("k4", "b", false)))
        .isEqualTo(Admission.LEAST_SHARE);
    assertThat(open(admission, open, new Admission.Identity("operator", null, false)))
        .isEqualTo(Admission.LEAST_SHARE);
    open.forEach(Admission.Visit::end);
    open.forEach(Admission.Visit::end);
    assertThat(admission.figures().streams()).isZero();
  }

  /** How many tails somebody gets. */
  private static int open(
      Admission admission, List<Admission.Visit> open, Admission.Identity identity) {
    for (int i = 0; ; i++) {
      Admission.Visit visit = admission.visit("127.0.0.1");
      visit.begin();
      visit.identify(identity);
      try {
        visit.stream();
      } catch (ProblemException e) {
        assertThat(e.code()).isEqualTo("too_many_streams");
        assertThat(e.status()).isEqualTo(429);
        visit.end();
        return i;
      }
      open.add(visit);
    }
  }

  @Test
  void aTenantsRequestsLeaveRoomForOthers() {
    Admission admission = new Admission(new Limits(100, 64, 1, 1024), Bodies.DEFAULT);
    List<Admission.Visit> open = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      Admission.Visit visit = admission.visit("127.0.0." + i);
      visit.begin();
      visit.identify(new Admission.Identity("k" + i, "a", false));
      open.add(visit);
    }
    Admission.Visit more = admission.visit("::1");
    more.begin();
    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                    ProblemException.class,
                    () -> more.identify(new Admission.Identity("k99", "a", false)))
                .code())
        .isEqualTo("too_many_requests");
    more.end();
    Admission.Visit other = admission.visit("::1");
    other.begin();
    other.identify(new Admission.Identity("k", "b", false));
    other.end();
    open.forEach(Admission.Visit::end);
    assertThat(admission.figures().requests()).isZero();
  }

  @Test
  void anIpv6AddressStandsForWhatOneSubscriberHas() {
    assertThat(Admission.network("2001:db8:1:2:3:4:5:6"))
        .isEqualTo(Admission.network("2001:db8:1:2::99"))
        .isNotEqualTo(Admission.network("2001:db8:1:3::99"));
    assertThat(Admission.network("192.0.2.1")).isEqualTo("192.0.2.1");
    assertThat(Admission.network("un:known")).isEqualTo("un:known");
  }

  @Test
  void bodiesInMemoryAreBoundedForEachAndForAll() throws Exception {
    Admission admission =
        new Admission(Limits.DEFAULT, new Bodies(10, 4 * Admission.MAX_COUNTED_BYTES));
    Admission.Visit first = visit(admission, "a");
    Admission.Visit second = visit(admission, "a");
    first.reserve(1_000);
    first.reserve(1L << 40); // a stream: of it no more is kept at once
    second.reserve(1L << 40);
    assertThat(admission.figures().bodyBytes()).isEqualTo(2 * Admission.MAX_COUNTED_BYTES);
    Admission.Visit other = visit(admission, "b");
    other.reserve(10_000_000);
    first.end();
    second.end();
    other.end();
    assertThat(admission.figures().bodyBytes()).isZero();
  }

  private static Admission.Visit visit(Admission admission, String tenant) {
    Admission.Visit visit = admission.visit("127.0.0.1");
    visit.begin();
    visit.identify(new Admission.Identity("key-of-" + tenant, tenant, false));
    return visit;
  }
}
