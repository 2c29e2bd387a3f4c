package dev.indelible.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The live tail of the whole program: what comes is shown once, whatever breaks in between. */
class TailTest {

  private static final String TENANT = "tailed";

  @RegisterExtension static final SharedServer.Extension SERVER = new SharedServer.Extension();

  @TempDir Path directory;

  private static void record(Calls operator, int from, int to, String details) throws Exception {
    record(operator, TENANT, from, to, details);
  }

  private static void record(Calls operator, String tenant, int from, int to, String details)
      throws Exception {
    String batch =
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    """
                    {"tenant":"%s","id":"e%d","action":"user.login","account":"%s",\
                    "actor":{"type":"user","id":"u1"},"details":{"text":"%s"}}"""
                        .formatted(tenant, i, i % 3 == 0 ? "eu" : "us", details))
            .collect(Collectors.joining(",", "[", "]"));
    operator.post("/v1/events", batch).expect(201);
  }

  private static List<String> ids(int from, int to, int step) {
    return IntStream.range(from, to).filter(i -> i % step == 0).mapToObj(i -> "e" + i).toList();
  }

  @Test
  @Tag("long")
  void aTailResumesAfterTheServerWasKilledWithoutGapOrRepetition() throws Exception {
    Path data = directory.resolve("data");
    List<String> seen = new ArrayList<>();
    String lastId;
    try (ServerProcess server = ServerProcess.start(data, ServerProcess.BUSY)) {
      Calls operator = server.operator();
      operator.tenant(TENANT, "standard");
      record(operator, 0, 9, "");
      try (TailConnection tail = TailConnection.open(operator, TENANT, "account:eu", null)) {
        record(operator, 9, 60, "");
        tail.read(12, seen);
        lastId = tail.lastId();
        record(operator, 60, 90, "");
      }
      server.kill();
    }
    try (ServerProcess server = ServerProcess.start(data, ServerProcess.BUSY)) {
      Calls operator = server.operator();
      List<String> bySeq = new ArrayList<>();
      try (TailConnection tail = TailConnection.open(operator, TENANT, "account:eu", lastId);
          TailConnection other = openAfter(operator, String.valueOf(lastId))) {
        record(operator, 90, 120, "");
        tail.read(40 - 3 - 12, seen);
        other.read(40 - 3 - 12, bySeq);
      }
      assertThat(seen).isEqualTo(ids(9, 120, 3));
      assertThat(bySeq).isEqualTo(seen.subList(12, seen.size()));
      try (TailConnection fromTheBeginning =
          TailConnection.open(operator, TENANT, "action:user.login", "-1")) {
        List<String> all = new ArrayList<>();
        fromTheBeginning.read(120, all);
        assertThat(all).isEqualTo(ids(0, 120, 1));
      }
    }
  }

  private static TailConnection openAfter(Calls operator, String seq) throws Exception {
    return TailConnection.openAfter(operator, TENANT, "account:eu", seq);
  }

  @Test
  void aTailSaysWhereItBeginsBeforeItsFirstEntry() throws Exception {
    Calls operator = SERVER.operator();
    operator.tenant("tail-begins", "standard");
    String begins;
    try (RawConnection raw = new RawConnection(SERVER.get().address())) {
      raw.send(tailRequest(operator, "tail-begins", "?q=account:eu"));
      begins = raw.readUntil("\n\n", "id: ");
    }
    record(operator, "tail-begins", 0, 4, "");
    List<String> seen = new ArrayList<>();
    try (TailConnection tail = TailConnection.open(operator, "tail-begins", "account:eu", begins)) {
      tail.read(2, seen);
    }
    assertThat(seen).containsExactly("e0", "e3");
  }

  private static String tailRequest(Calls calls, String tenant, String query) {
    return "GET /v1/tenants/%s/tail%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
        .formatted(tenant, query, calls.key());
  }

  @Test
  void readersThatDoNotReadHoldNobodyUp() throws Exception {
    int count = 2_000;
    String tenant = "tail-stalled";
    Calls operator = SERVER.operator();
    operator.tenant(tenant, "standard");
    List<RawConnection> stalled = new ArrayList<>();
    try (TailConnection reading = TailConnection.open(operator, tenant, "account:eu", "-1")) {
      for (int i = 0; i < 20; i++) {
        RawConnection connection = new RawConnection(SERVER.get().address(), 4_096);
        stalled.add(connection);
        connection.send(tailRequest(operator, tenant, "?after_seq=-1"));
      }
      // 8 MiB for each of them: more than the sockets between them and the server hold.
      for (int i = 0; i < count; i += 500) {
        record(operator, tenant, i, i + 500, "x".repeat(4_000));
      }
      List<String> seen = new ArrayList<>();
      reading.read(ids(0, count, 3).size(), seen);
      assertThat(seen).isEqualTo(ids(0, count, 3));
      operator.get("/health/ready").expect(200);
      JsonNode page = operator.get("/v1/tenants/" + tenant + "/events").expect(200).json();
      assertThat(page.path("entries")).isNotEmpty();
    } finally {
      for (RawConnection connection : stalled) {
        connection.close();
      }
    }
  }

  @Test
  void aKeyThatIsRevokedSeesNothingMore() throws Exception {
    Calls operator = SERVER.operator();
    operator.tenant("tail-revoked", "standard");
    JsonNode made =
        operator
            .post("/v1/tenants/tail-revoked/keys", "{\"name\":\"k\",\"scopes\":[\"events.read\"]}")
            .expect(201)
            .json();
    Calls reader = operator.withKey(made.path("secret").asString());
    try (TailConnection tail =
        TailConnection.open(reader, "tail-revoked", "action:user.login", null)) {
      List<String> seen = new ArrayList<>();
      record(operator, "tail-revoked", 0, 2, "");
      tail.read(2, seen);
      String id = made.path("key").path("id").asString(made.path("id").asString());
      operator.send(operator.request("DELETE", "/v1/tenants/tail-revoked/keys/" + id)).expect(204);
      assertThat(tail.readToTheEnd()).isEmpty();
    }
    reader.get("/v1/tenants/tail-revoked/tail").expect(401);
  }

  @Test
  @Tag("long")
  void theCommandGoesOnAfterTheServerWasKilled() throws Exception {
    Path data = directory.resolve("data");
    int port;
    Process command = null;
    ExecutorService reading = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Long> seqs = new ArrayList<>();
      BufferedReader lines;
      int recorded;
      try (ServerProcess server = ServerProcess.start(data, ServerProcess.BUSY)) {
        port = server.address().getPort();
        Calls operator = server.operator();
        operator.tenant(TENANT, "standard");
        command = tail(operator, directory.resolve("tail.err"));
        lines = command.inputReader(StandardCharsets.UTF_8);
        // It does not say when it is connected; from its first entry on nothing may be missing.
        recorded = recordUntilReady(operator, lines);
        record(operator, recorded, recorded + 20, "");
        recorded += 20;
        server.kill();
      }
      try (ServerProcess server = ServerProcess.start(data, ServerProcess.BUSY, port)) {
        record(server.operator(), recorded, recorded + 20, "");
        String last = "e" + (recorded + 19);
        String id;
        do {
          String line = Eventually.done("a line after " + seqs, reading.submit(lines::readLine));
          assertThat(line).as("the command ended after %s", seqs).isNotNull();
          JsonNode entry = Calls.JSON.readTree(line);
          id = entry.path("id").asString();
          seqs.add(entry.path("seq").asLong());
        } while (!id.equals(last));
      }
      for (int i = 1; i < seqs.size(); i++) {
        assertThat(seqs.get(i)).isEqualTo(seqs.get(i - 1) + 1);
      }
      assertThat(seqs).hasSizeGreaterThan(40);
    } finally {
      if (command != null) {
        command.destroyForcibly();
      }
      reading.close(); // its last line has ended with the command
    }
  }

  /** Records one event after the other until there is something to read; returns how many. */
  private static int recordUntilReady(Calls operator, BufferedReader lines) {
    AtomicInteger recorded = new AtomicInteger();
    Eventually.holds(
        "something to read from the command",
        () -> {
          if (lines.ready()) {
            return true;
          }
          int next = recorded.getAndIncrement();
          record(operator, next, next + 1, "");
          return false;
        });
    return recorded.get();
  }

  private static Process tail(Calls operator, Path errors) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                ServerProcess.program(
                    "tail",
                    "--server",
                    operator.address().toString(),
                    "--tenant",
                    TENANT,
                    "--json"))
            .redirectError(errors.toFile());
    builder.environment().put("INDELIBLE_KEY", String.valueOf(operator.key()));
    return builder.start();
  }
}
