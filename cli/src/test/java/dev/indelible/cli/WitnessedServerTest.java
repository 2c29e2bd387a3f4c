package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.cli.witness.Witness;
import dev.indelible.cli.witness.WitnessService;
import dev.indelible.cli.witness.WitnessState;
import dev.indelible.cli.witness.WitnessedLogs;
import dev.indelible.server.Setting;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import dev.indelible.verify.NoteSigner;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.VerifierKey;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server whose logs are cosigned by witnesses of ours, over HTTP. */
class WitnessedServerTest {

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  private record Running(VerifierKey key, int port) {
    String item() {
      return key + " http://127.0.0.1:" + port;
    }
  }

  private record Ended(int code, String out) {}

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
  }

  private Running witness(String name) throws Exception {
    WitnessState state =
        WitnessState.open(folder.resolve(name), "witness.example/" + name, new Random());
    open.add(state);
    WitnessService service =
        WitnessService.start(
            new Witness(state, new WitnessedLogs(logs()), InstantSource.system()),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new PrintWriter(new StringWriter(), true));
    open.add(service);
    // One is asked for its signature with ML-DSA-44, the others for that with Ed25519.
    NoteSigner signer = name.equals("w2") ? state.signers().getLast() : state.signers().getFirst();
    return new Running(signer.verifierKey(), service.port());
  }

  private Path logs() throws Exception {
    Path logs = folder.resolve("logs.vkey");
    if (!Files.exists(logs)) {
      Files.createFile(logs);
    }
    return logs;
  }

  private static Map<Setting, String> settings(List<String> witnesses, int quorum) {
    return Map.of(
        Setting.WITNESS_LIST,
        String.join(", ", witnesses),
        Setting.WITNESS_QUORUM,
        Integer.toString(quorum));
  }

  private static long cosignatures(SignedCheckpoint checkpoint) {
    return checkpoint.note().signatures().stream()
        .filter(signature -> signature.keyName().startsWith("witness.example/"))
        .count();
  }

  private static void awaitCosigned(AuditedServer server, long size, int by) {
    Eventually.see(
        "a checkpoint of %d entries, cosigned by %d".formatted(size, by),
        () -> server.checkpoint("acme"),
        checkpoint -> checkpoint.checkpoint().size() >= size && cosignatures(checkpoint) >= by);
  }

  private static String awaitAlert(AuditedServer server, String words) {
    return Eventually.see(
        "an alert that says " + words,
        () ->
            server.send(
                "GET", "/v1/tenants/acme/events?q=action:audit.log.verification_failed", null),
        found -> found.contains("\"seq\"") && found.contains(words));
  }

  private static Ended verify(AuditedServer server, String... arguments) {
    List<String> all = new ArrayList<>(List.of("verify", server.uri().toString()));
    all.addAll(List.of(arguments));
    return run(server, all);
  }

  private static Ended run(AuditedServer server, List<String> arguments) {
    StringWriter out = new StringWriter();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintWriter(out, true),
            new PrintWriter(out, true),
            false,
            false,
            Map.of(
                "INDELIBLE_URL",
                server.uri().toString(),
                "INDELIBLE_KEY",
                server.key(),
                "INDELIBLE_TENANT",
                "acme"));
    return new Ended(
        Main.commandLine(terminal).execute(arguments.toArray(String[]::new)), out.toString());
  }

  /** The tenant exists before the witnesses are told of its log, as in life. */
  private void prepare(Path data) throws Exception {
    try (AuditedServer server = AuditedServer.start(data)) {
      server.createTenant("acme");
      server.record("acme", 0, 20);
      server.awaitCheckpoint("acme", 20);
      Files.writeString(logs(), server.send("GET", "/v1/tenants/acme/log/key", null));
    }
  }

  @Test
  void checkpointsAreCosignedAndVerifyCountsTheWitnesses() throws Exception {
    Path data = folder.resolve("data");
    prepare(data);
    Running one = witness("w1");
    Running two = witness("w2");
    Running three = witness("w3");
    String nobody = three.key() + " http://127.0.0.1:1";
    Map<Setting, String> settings = settings(List.of(one.item(), two.item(), nobody), 2);
    String[] trusted = {
      "--witness",
      one.key().toString(),
      "--witness",
      two.key().toString(),
      "--witness",
      three.key().toString(),
      "--quorum"
    };
    String policy =
        "witness w1 %s\nwitness w2 %s\n".formatted(one.item(), two.item())
            + "group both all w1 w2\nquorum both\n";
    Path asked = Files.writeString(folder.resolve("server.policy"), policy);
    for (int round = 0; round < 2; round++) {
      Map<Setting, String> told =
          round == 0 ? settings : Map.of(Setting.WITNESS_POLICY, asked.toString());
      try (AuditedServer server = AuditedServer.start(data, told)) {
        int before = (int) server.checkpoint("acme").checkpoint().size();
        server.record("acme", 100 + 50 * round, 50);
        awaitCosigned(server, before + 50, 2);
        Ended enough = verify(server, concat(trusted, "2"));
        assertThat(enough.code()).as(enough.out()).isZero();
        assertThat(enough.out()).contains("Cosigned by 2 of 3 witnesses (witness.example/w1");
        if (round == 1) { // once, because it waits a while for the one that never comes
          String logs = "log " + Files.readString(logs()).strip() + "\n";
          Path relied = Files.writeString(folder.resolve("reader.policy"), logs + policy);
          Ended byPolicy = verify(server, "--policy", relied.toString());
          assertThat(byPolicy.code()).as(byPolicy.out()).isZero();
          assertThat(byPolicy.out())
              .contains("Cosigned by 2 of 2 witnesses")
              .doesNotContain("You gave no key");
          assertThat(
                  verify(
                          server,
                          concat(concat(concat(trusted, "2"), "--policy"), relied.toString()))
                      .code())
              .as("two rules at once")
              .isEqualTo(2);
          Ended tooFew = verify(server, concat(trusted, "3"));
          assertThat(tooFew.code()).as(tooFew.out()).isEqualTo(1);
          assertThat(tooFew.out()).contains("Cosigned by 2 of 3 witnesses, and 3 are needed");
        }
        String metrics = server.send("GET", "/metrics", null);
        assertThat(metrics)
            .contains("indelible_witness_cosignatures_total{witness=\"witness.example/w1\"}")
            .contains("indelible_witness_conflicts_total{witness=\"witness.example/w1\"} 0.0");
      }
    }
    // Anybody may ask a witness what it saw, and holds the log to that.
    try (HttpClient http = HttpClient.newHttpClient();
        AuditedServer server = AuditedServer.start(data)) {
      String origin = server.checkpoint("acme").checkpoint().origin();
      Path held = folder.resolve("held");
      assertThat(
              http.send(
                      HttpRequest.newBuilder(
                              URI.create(
                                  "http://127.0.0.1:" + one.port() + "/checkpoint/" + origin))
                          .build(),
                      BodyHandlers.ofFile(held))
                  .statusCode())
          .isEqualTo(200);
      assertThat(verify(server, "--checkpoint", held.toString()).code()).isZero();
    }
  }

  private static String[] concat(String[] first, String last) {
    String[] all = java.util.Arrays.copyOf(first, first.length + 1);
    all[first.length] = last;
    return all;
  }

  /** The witness behind somebody who takes that long for each request. */
  private Running slow(Running witness, Duration pause) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    HttpServer front =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    front.setExecutor(threads);
    front.createContext(
        "/",
        exchange -> {
          try (exchange) {
            Pace.pause(pause);
            HttpResponse<byte[]> answer =
                http.send(
                    HttpRequest.newBuilder(
                            URI.create(
                                "http://127.0.0.1:" + witness.port() + exchange.getRequestURI()))
                        .POST(BodyPublishers.ofInputStream(exchange::getRequestBody))
                        .build(),
                    BodyHandlers.ofByteArray());
            exchange
                .getResponseHeaders()
                .set("Content-Type", answer.headers().firstValue("Content-Type").orElse(""));
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    front.start();
    open.add(http);
    open.add(threads);
    open.add(() -> front.stop(0));
    return new Running(witness.key(), front.getAddress().getPort());
  }

  private static JsonNode awaitQuorum(AuditedServer server, long size) {
    return Eventually.see(
        "a quorum of " + size + " entries",
        () ->
            JsonMapper.shared()
                .readTree(server.send("GET", "/v1/tenants/acme/log/witnesses", null)),
        state -> state.path("reached").asBoolean() && state.path("cosigned_size").asLong() >= size);
  }

  @Test
  @Tag("long")
  void aLogThatNeverRestsHasItsQuorumWithWitnessesThatAreSlowerThanItsCheckpoints()
      throws Exception {
    Path data = folder.resolve("data");
    prepare(data);
    Running one = slow(witness("w1"), Duration.ofSeconds(2));
    Running two = slow(witness("w2"), Duration.ofMillis(1_300));
    String[] trusted = {"--witness", one.key().toString(), "--witness", two.key().toString()};
    AtomicBoolean enough = new AtomicBoolean();
    try (AuditedServer server =
            AuditedServer.start(data, settings(List.of(one.item(), two.item()), 2));
        ExecutorService load = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> recorded =
          load.submit(
              () -> {
                int next = 1_000;
                while (!enough.get()) {
                  server.record("acme", next++, 1);
                  Pace.pause(Duration.ofMillis(100));
                }
                return next - 1_000;
              });
      try {
        long first = awaitQuorum(server, 20).path("cosigned_size").asLong();
        JsonNode state = awaitQuorum(server, first + 1);
        assertThat(state.path("quorum").asInt()).isEqualTo(2);
        assertThat(state.path("newest_size").asLong())
            .isGreaterThanOrEqualTo(state.path("cosigned_size").asLong());
        assertThat(state.path("witnesses").findValuesAsString("cosigned_at")).hasSize(2);

        Future<Ended> verified = load.submit(() -> verify(server, trusted));
        Path export = folder.resolve("acme.ndjson.gz");
        Future<Ended> exported =
            load.submit(() -> run(server, List.of("export", "--out", export.toString())));
        Path download = folder.resolve("acme.ndjson");
        Files.write(download, server.bytes("/v1/tenants/acme/log/entries?header=true"));
        Ended file = Eventually.done("the export", exported);
        assertThat(file.code()).as(file.out()).isZero();
        Ended live = Eventually.done("the verification", verified);
        assertThat(live.code()).as(live.out()).isZero();
        assertThat(live.out()).contains("Cosigned by 2 of 2 witnesses");
        for (Path kept : List.of(export, download)) {
          List<String> arguments = new ArrayList<>(List.of("verify", kept.toString()));
          arguments.addAll(List.of(trusted));
          Ended offline = run(server, arguments);
          assertThat(offline.code()).as(offline.out()).isZero();
          assertThat(offline.out()).contains("Cosigned by 2 of 2 witnesses");
        }
        assertThat(recorded.isDone()).as("events came all the while").isFalse();
      } finally {
        enough.set(true);
      }
      assertThat(Eventually.done("the load", recorded)).isPositive();
    }
  }

  @Test
  @Tag("long")
  void aServerThatIsRolledBackIsContradictedByItsWitness() throws Exception {
    Path data = folder.resolve("data");
    Path backup = folder.resolve("backup");
    prepare(data);
    AuditedServer.copy(data, backup);
    Running one = witness("w1");
    Map<Setting, String> settings = settings(List.of(one.item()), 1);
    try (AuditedServer server = AuditedServer.start(data, settings)) {
      server.record("acme", 100, 50);
      awaitCosigned(server, 70, 1);
    }
    try (AuditedServer server = AuditedServer.start(backup, settings)) {
      String alert = awaitAlert(server, "it was rolled back");
      assertThat(alert).contains("witness.example/w1");
      assertThat(cosignatures(server.checkpoint("acme"))).isZero();
      assertThat(verify(server).code()).as("without a witness all seems well").isZero();
      Ended ended = verify(server, "--witness", one.key().toString());
      assertThat(ended.code()).as(ended.out()).isEqualTo(1);

      // It goes on beyond what the witness knows: another history.
      server.record("acme", 500, 200);
      server.awaitCheckpoint("acme", 220);
      awaitAlert(server, "does not find that the log only grew");
      assertThat(cosignatures(server.checkpoint("acme"))).isZero();
      assertThat(
              server
                  .send("GET", "/metrics", null)
                  .lines()
                  .filter(line -> line.startsWith("indelible_witness_conflicts_total"))
                  .collect(Collectors.joining()))
          .doesNotEndWith(" 0.0");
    }
  }
}
