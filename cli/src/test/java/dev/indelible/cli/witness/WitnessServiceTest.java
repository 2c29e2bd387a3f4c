package dev.indelible.cli.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.testing.Eventually;
import dev.indelible.verify.AddCheckpoint;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Ed25519Key;
import dev.indelible.verify.Hash;
import dev.indelible.verify.MerkleTree;
import dev.indelible.verify.MlDsa44Key;
import dev.indelible.verify.NoteSignature;
import dev.indelible.verify.NoteSigner;
import dev.indelible.verify.Rfc6962;
import dev.indelible.verify.Sha256;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.SignedNote;
import dev.indelible.verify.TrustPolicy;
import dev.indelible.verify.VerifierKey;
import java.io.IOException;
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
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A witness over HTTP, asked by an honest log and by one that is not. */
class WitnessServiceTest {

  private static final String ORIGIN = "audit.example.com/t/7f3a";
  private static final String NAME = "witness.example.net/w1";
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final StringWriter lines = new StringWriter();
  private final List<Hash> leaves = new ArrayList<>();
  private NoteSigner log;
  private WitnessState state;
  private WitnessService service;

  @BeforeEach
  void start() throws Exception {
    log =
        new NoteSigner(
            ORIGIN, VerifierKey.Type.ED25519, Ed25519Key.fromSeed(new byte[Ed25519Key.SEED_BYTES]));
    Files.writeString(folder.resolve("logs"), "# logs\n\n" + log.verifierKey() + "\n");
    for (int i = 0; i < 100; i++) {
      leaves.add(Rfc6962.leafHash(new byte[] {(byte) i}));
    }
    open();
  }

  private void open() throws IOException {
    state = WitnessState.open(folder.resolve("witness"), NAME, new Random(7));
    service =
        WitnessService.start(
            new Witness(state, new WitnessedLogs(folder.resolve("logs")), InstantSource.fixed(NOW)),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new PrintWriter(lines, true));
  }

  private void close() throws IOException {
    service.close();
    state.close();
  }

  @AfterEach
  void stop() throws IOException {
    close();
    http.close();
  }

  private SignedCheckpoint checkpoint(int size) {
    return new Checkpoint(ORIGIN, size, Rfc6962.root(leaves.subList(0, size))).sign(log);
  }

  private byte[] request(int old, int size) throws IOException {
    return new AddCheckpoint(
            old,
            old == 0
                ? List.of()
                : MerkleTree.ofLeafHashes(leaves.subList(0, size)).consistencyProof(old).hashes(),
            checkpoint(size))
        .encode();
  }

  private HttpResponse<String> post(byte[] body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri("/add-checkpoint"))
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + service.port() + path);
  }

  private int status(int old, int size) throws Exception {
    return post(request(old, size)).statusCode();
  }

  private long evidence() throws IOException {
    Path kept = folder.resolve("witness/evidence");
    if (!Files.exists(kept)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(kept)) {
      return files.count();
    }
  }

  @Test
  void cosignsWhatGrowsAndTheCosignatureCounts() throws Exception {
    for (int[] step : new int[][] {{0, 3}, {3, 3}, {3, 64}, {64, 65}, {65, 100}}) {
      HttpResponse<String> answer = post(request(step[0], step[1]));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      SignedCheckpoint signed = checkpoint(step[1]);
      SignedNote note = signed.note();
      for (String line : answer.body().lines().toList()) {
        NoteSignature signature = NoteSignature.parse(line).orThrow();
        assertThat(signature.cosignedAt()).hasValue(NOW);
        note = note.with(signature);
      }
      SignedCheckpoint cosigned = new SignedCheckpoint(signed.checkpoint(), note);
      assertThat(
              cosigned
                  .check(
                      new TrustPolicy(
                          ORIGIN,
                          List.of(log.verifierKey()),
                          List.of(key("witness.vkey"), key("witness-mldsa44.vkey")),
                          2))
                  .holds())
          .isTrue();
    }
    HttpResponse<String> newest = get("/checkpoint/" + ORIGIN);
    assertThat(SignedCheckpoint.parse(newest.body().getBytes(UTF_8)).orThrow().checkpoint().size())
        .isEqualTo(100);
  }

  private VerifierKey key(String file) throws IOException {
    return VerifierKey.parse(Files.readString(folder.resolve("witness").resolve(file)).strip())
        .orThrow();
  }

  @Test
  void aWitnessOfBeforeTheSecondKeyGetsOneAndKeepsIt() throws Exception {
    assertThat(status(0, 40)).isEqualTo(200);
    close();
    Files.delete(folder.resolve("witness/witness-mldsa44.key"));
    Files.delete(folder.resolve("witness/witness-mldsa44.vkey"));
    open();
    VerifierKey second = key("witness-mldsa44.vkey");
    assertThat(second.name()).isEqualTo(NAME);
    close();
    open();
    assertThat(state.signers().getLast().verifierKey()).isEqualTo(second);
    assertThat(status(40, 50)).isEqualTo(200);
    close();
    Path keyFile = folder.resolve("witness/witness-mldsa44.key");
    Files.writeString(keyFile, Base64.getEncoder().encodeToString(MlDsa44Key.generate().toPkcs8()));
    assertThatThrownBy(() -> WitnessState.open(folder.resolve("witness"), NAME, new Random()))
        .hasMessageContaining("is not that of the public key");
    Files.delete(keyFile);
    Files.delete(folder.resolve("witness/witness-mldsa44.vkey"));
    open();
  }

  @Test
  void answersAConflictWithTheSizeItKnowsAlsoAfterARestart() throws Exception {
    assertThat(status(0, 40)).isEqualTo(200);
    for (int again = 0; again < 2; again++) {
      for (int[] step : new int[][] {{0, 50}, {39, 50}, {41, 50}, {0, 10}, {0, 40}}) {
        HttpResponse<String> answer = post(request(step[0], step[1]));
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/x.tlog.size");
        assertThat(answer.body()).isEqualTo("40\n");
      }
      close();
      open();
    }
    assertThat(status(40, 50)).isEqualTo(200);
  }

  @Test
  void neverCosignsTwoThatContradictEachOther() throws Exception {
    assertThat(status(0, 40)).isEqualTo(200);
    leaves.set(10, Rfc6962.leafHash(new byte[] {99}));
    assertThat(status(40, 50)).as("a rewritten history").isEqualTo(422);
    HttpResponse<String> same = post(request(40, 40));
    assertThat(same.statusCode()).as("another root of the same size").isEqualTo(422);
    assertThat(same.body()).isEqualTo("another root was cosigned at size 40\n");
    assertThat(evidence()).isEqualTo(2);
    assertThat(post(new AddCheckpoint(40, List.of(), checkpoint(30)).encode()).statusCode())
        .as("a smaller size")
        .isEqualTo(400);
    close();
    open();
    assertThat(status(40, 60)).isEqualTo(422);
    leaves.set(10, Rfc6962.leafHash(new byte[] {10}));
    assertThat(status(40, 60)).as("the true log goes on").isEqualTo(200);
    assertThat(lines.toString()).contains("NOT CONSISTENT");
  }

  @Test
  void aTreeOfSizeZeroHasTheRootOfTheEmptyTree() throws Exception {
    String empty = ORIGIN + "\n0\n" + Rfc6962.EMPTY_ROOT.toBase64() + "\n";
    String impossible = ORIGIN + "\n0\n" + leaves.getFirst().toBase64() + "\n";
    assertThat(post(unproven(0, SignedNote.of(impossible, log.sign(impossible)))).statusCode())
        .isEqualTo(422);
    assertThat(evidence()).isEqualTo(1);
    NoteSignature elsewhere = log.sign(empty);
    assertThat(post(unproven(0, SignedNote.of(impossible, elsewhere))).statusCode())
        .as("not signed by the log")
        .isEqualTo(403);
    assertThat(post(unproven(1, SignedNote.of(impossible, log.sign(impossible)))).statusCode())
        .as("after size 1")
        .isEqualTo(400);
    String stranger = impossible.replace("7f3a", "other");
    assertThat(post(unproven(0, SignedNote.of(stranger, log.sign(stranger)))).statusCode())
        .isEqualTo(404);
    assertThat(post(unproven(0, SignedNote.of(empty, elsewhere))).statusCode()).isEqualTo(200);
    assertThat(status(0, 40)).isEqualTo(200);
    HttpResponse<String> late = post(unproven(0, SignedNote.of(impossible, log.sign(impossible))));
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.body()).isEqualTo("40\n");
    assertThat(evidence()).isEqualTo(1);
  }

  private static byte[] unproven(int old, SignedNote note) {
    return ("old " + old + "\n\n" + note).getBytes(UTF_8);
  }

  @Test
  void aProofFromNothingOrAFalseSignatureIsRefused() throws Exception {
    assertThat(
            post(new AddCheckpoint(0, List.of(leaves.getFirst()), checkpoint(40)).encode())
                .statusCode())
        .as("size 0 needs no proof")
        .isEqualTo(422);
    SignedCheckpoint other = checkpoint(39);
    SignedNote forged = new SignedNote(checkpoint(40).note().text(), other.note().signatures());
    assertThat(post(unproven(0, forged)).statusCode())
        .as("the log's name, another text's signature")
        .isEqualTo(403);
    assertThat(status(0, 40)).isEqualTo(200);
  }

  @Test
  void whatItCosignedIsServedByTheHashOfItsOrigin() throws Exception {
    String path = "/" + HexFormat.of().formatHex(Sha256.of(ORIGIN)) + "/checkpoint";
    assertThat(get(path).statusCode()).as("never cosigned").isEqualTo(404);
    assertThat(status(0, 40)).isEqualTo(200);
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    SignedCheckpoint served = SignedCheckpoint.parse(answer.body().getBytes(UTF_8)).orThrow();
    assertThat(served.checkpoint()).isEqualTo(checkpoint(40).checkpoint());
    List<VerifierKey> keys = new ArrayList<>(List.of(log.verifierKey()));
    state.signers().forEach(signer -> keys.add(signer.verifierKey()));
    assertThat(keys)
        .extracting(VerifierKey::type)
        .containsExactly(
            VerifierKey.Type.ED25519, VerifierKey.Type.COSIGNATURE_V1, VerifierKey.Type.ML_DSA_44);
    assertThat(served.note().verify(keys)).isEqualTo(new SignedNote.Signers.Known(keys));
    assertThat(get(path.toUpperCase(Locale.ROOT)).statusCode()).isEqualTo(404);
    assertThat(get("/../logs/checkpoint").statusCode()).isEqualTo(404);
    HttpResponse<String> posted =
        http.send(
            HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());
    assertThat(posted.statusCode()).isEqualTo(405);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  @Test
  void evidenceIsBounded() throws Exception {
    assertThat(status(0, 40)).isEqualTo(200);
    for (int i = 0; i < WitnessState.MAX_EVIDENCE + 5; i++) {
      leaves.set(10, Rfc6962.leafHash(new byte[] {99, (byte) i}));
      assertThat(status(40, 50)).isEqualTo(422);
    }
    assertThat(evidence()).isEqualTo(WitnessState.MAX_EVIDENCE);
  }

  @Test
  void refusesWhatIsMalformedUnsignedOrOfAnotherLog() throws Exception {
    assertThat(post("hello\n".getBytes(UTF_8)).statusCode()).isEqualTo(400);
    assertThat(post(new byte[AddCheckpoint.MAX_BYTES + 10]).statusCode()).isEqualTo(400);
    byte[] seed = new byte[Ed25519Key.SEED_BYTES];
    seed[0] = 1;
    NoteSigner other = new NoteSigner(ORIGIN, VerifierKey.Type.ED25519, Ed25519Key.fromSeed(seed));
    assertThat(
            post(new AddCheckpoint(
                        0, List.of(), new Checkpoint(ORIGIN, 1, leaves.getFirst()).sign(other))
                    .encode())
                .statusCode())
        .isEqualTo(403);
    String name = "audit.example.com/t/other";
    NoteSigner unknown = new NoteSigner(name, VerifierKey.Type.ED25519, Ed25519Key.fromSeed(seed));
    byte[] fromUnknown =
        new AddCheckpoint(0, List.of(), new Checkpoint(name, 1, leaves.getFirst()).sign(unknown))
            .encode();
    assertThat(post(fromUnknown).statusCode()).isEqualTo(404);
    Path logs = folder.resolve("logs");
    Files.writeString(logs, Files.readString(logs) + unknown.verifierKey() + "\n");
    Files.setLastModifiedTime(
        logs, FileTime.fromMillis(Files.getLastModifiedTime(logs).toMillis() + 5_000));
    assertThat(post(fromUnknown).statusCode()).as("its key was added").isEqualTo(200);
  }

  @Test
  void ofTwoThatAskAtOnceOneIsCosigned() throws Exception {
    assertThat(status(0, 40)).isEqualTo(200);
    byte[] one = request(40, 50);
    leaves.set(45, Rfc6962.leafHash(new byte[] {99}));
    byte[] two = request(40, 60);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] body = i % 2 == 0 ? one : two;
        answers.add(threads.submit(() -> post(body).statusCode()));
      }
      int cosigned = 0;
      for (Future<Integer> answer : answers) {
        cosigned += Eventually.done("an answer", answer) == 200 ? 1 : 0;
      }
      assertThat(cosigned).isEqualTo(1);
    }
  }

  @Test
  void doesNotGoOnWithoutWhatItCosigned() throws Exception {
    assertThat(status(0, 40)).isEqualTo(200);
    assertThatThrownBy(() -> WitnessState.open(folder.resolve("witness"), NAME, new Random()))
        .hasMessageContaining("used by another");
    close();
    assertThatThrownBy(() -> WitnessState.open(folder.resolve("witness"), "other", new Random()))
        .hasMessageContaining("another name");
    Path logs = folder.resolve("witness/logs");
    Path kept;
    try (Stream<Path> files = Files.list(logs)) {
      kept = files.findFirst().orElseThrow();
    }
    String note = Files.readString(kept);
    Files.writeString(kept, note.substring(0, 20));
    open();
    assertThat(status(0, 50)).as("what it cosigned is damaged").isEqualTo(500);
    assertThat(status(40, 50)).isEqualTo(500);
    close();
    Files.delete(kept);
    Files.delete(logs);
    assertThatThrownBy(() -> WitnessState.open(folder.resolve("witness"), NAME, new Random()))
        .hasMessageContaining("is gone");
    Files.createDirectory(logs);
    open();
  }
}
