package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.Answer;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Request;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.ConsistencyProof;
import dev.indelible.verify.EntryBundle;
import dev.indelible.verify.Hash;
import dev.indelible.verify.InclusionProof;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.LogProof;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.SignedNote;
import dev.indelible.verify.Tile;
import dev.indelible.verify.TileReader;
import dev.indelible.verify.TrustPolicy;
import dev.indelible.verify.VerifierKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A log over HTTP, checked by what an auditor has: the verify module and a verifier key. */
final class PublishedLogTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String EVENT =
      "{\"tenant\":\"acme\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u_%d\",\"name\":\"Ana\"}}";

  /** A tile never changes; a cache of many people's answers is not to keep it. */
  private static final String FOR_EVER = "private, max-age=31536000, immutable";

  private static final String KEY = "{\"name\":\"k\",\"scopes\":[\"events.read\"]}";

  @TempDir private Path folder = Path.of(".");
  private IndelibleServer server;
  private IndelibleClient client;
  private String operator;

  @BeforeEach
  void start() throws Exception {
    server =
        IndelibleServer.start(
            ServerConfig.of(
                Settings.resolve(
                    Map.of(
                        Setting.DATA, folder.resolve("data").toString(),
                        Setting.PORT, "0",
                        Setting.SEGMENT_BYTES, "1MiB",
                        Setting.ORIGIN_HOST, "audit.example.com"),
                    Map.of(),
                    null)));
    operator = Files.readString(server.operatorKeyFile()).strip();
    client = TestClient.of(server, operator);
    if (get("/v1/tenants/acme").status() == 404) {
      assertThat(post("/v1/tenants", "{\"id\":\"acme\"}").status()).isEqualTo(201);
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Answer send(Request request, String key) throws IOException, InterruptedException {
    return client.send(request.header("Authorization", "Bearer " + key));
  }

  private static Request to(String path) {
    return Request.get(path);
  }

  private Answer get(String path) throws IOException, InterruptedException {
    return client.get(path);
  }

  private Answer post(String path, String body) throws IOException, InterruptedException {
    return client.post(path, body);
  }

  private String text(String path) throws IOException, InterruptedException {
    Answer answer = get(path);
    assertThat(answer.status()).as(path).isEqualTo(200);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /**
   * Records events until the answer has their proofs: it comes without them where a checkpoint
   * takes longer than an answer waits. Events without ids are then there more than once.
   */
  private JsonNode recordSealed(Callable<Answer> record) {
    return Eventually.see(
        "an answer with proofs",
        () -> json(record.call()),
        answer -> answer.path("entries").valueStream().allMatch(entry -> entry.has("proof")));
  }

  private JsonNode recordSealed(String events) {
    return recordSealed(() -> post("/v1/events?wait=sealed", events));
  }

  private JsonNode json(Answer answer) {
    return JSON.readTree(answer.body());
  }

  private TrustPolicy policy() throws IOException, InterruptedException {
    List<VerifierKey> keys = new ArrayList<>();
    for (String line : text("/v1/tenants/acme/log/key").lines().toList()) {
      keys.add(VerifierKey.parse(line).orThrow());
    }
    return new TrustPolicy(keys.getFirst().name(), keys, List.of(), 0);
  }

  private String createKey(String scopes) throws IOException, InterruptedException {
    return json(post("/v1/tenants/acme/keys", "{\"name\":\"k\",\"scopes\":[" + scopes + "]}"))
        .get("secret")
        .asString();
  }

  @Test
  void waitingForTheSealGivesProofsThatVerifyFromTheAnswerAlone() throws Exception {
    TrustPolicy policy = policy();
    assertThat(policy.origin()).matches("audit\\.example\\.com/t/[0-9a-f]{16}");
    JsonNode answer = recordSealed("[" + EVENT.formatted(1) + "," + EVENT.formatted(2) + "]");
    assertThat(answer.get("accepted").asInt()).isEqualTo(2);
    for (JsonNode entry : answer.get("entries")) {
      JsonNode proof = entry.get("proof");
      assertThat(proof.get("seq").asLong()).isEqualTo(entry.get("seq").asLong());
      verify(proof, policy);
      assertThat(proof.get("facts").get("text").asString()).contains("user.login");
      assertThat(proof.get("personal").get("text").asString()).contains("Ana");
    }
    String id = answer.get("entries").get(0).get("id").asString();
    JsonNode again = json(get("/v1/tenants/acme/events/" + id + "/proof"));
    verify(again, policy);
    LogProof file =
        LogProof.parse(get("/v1/tenants/acme/events/" + id + "/proof?format=tlog-proof").body())
            .orThrow();
    assertThat(file.check(policy).holds()).isTrue();
    Answer asText =
        send(
            to("/v1/tenants/acme/events/" + id + "/proof").header("Accept", "text/plain"),
            operator);
    assertThat(asText.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(LogProof.parse(asText.body()).orThrow().leafIndex()).isEqualTo(file.leafIndex());
  }

  /** Verifies a proof as docs/formats/proof.md says. */
  private static void verify(JsonNode proof, TrustPolicy policy) {
    SignedCheckpoint checkpoint =
        SignedCheckpoint.parse(proof.get("checkpoint").asString().getBytes(StandardCharsets.UTF_8))
            .orThrow();
    assertThat(checkpoint.check(policy).holds()).isTrue();
    Leaf leaf = Leaf.decode(base64(proof.get("leaf"))).orThrow();
    List<Hash> hashes = new ArrayList<>();
    proof.get("inclusion").forEach(hash -> hashes.add(Hash.fromBase64(hash.asString()).orThrow()));
    assertThat(
            InclusionProof.inTree(proof.get("seq").asLong(), checkpoint.checkpoint().size(), hashes)
                .check(leaf.hash(), checkpoint.checkpoint().root())
                .holds())
        .isTrue();
    for (String part : List.of("facts", "personal")) {
      JsonNode shown = proof.get(part);
      Hash digest = part.equals("facts") ? leaf.facts() : leaf.personal();
      if (shown == null || shown.isNull()) {
        continue;
      }
      assertThat(
              Leaf.digest(
                  base64(shown.get("salt")),
                  shown.get("text").asString().getBytes(StandardCharsets.UTF_8)))
          .isEqualTo(digest);
    }
    assertThat(proof.get("size").asLong()).isEqualTo(checkpoint.checkpoint().size());
    assertThat(proof.get("root").asString()).isEqualTo(checkpoint.checkpoint().root().toBase64());
    assertThat(proof.get("leaf_fields").get("recorded_at_ms").asLong())
        .isEqualTo(leaf.recordedAtMillis());
  }

  private static byte[] base64(JsonNode text) {
    return Base64.getDecoder().decode(text.asString());
  }

  @Test
  void aKeyThatMayOnlyWriteGetsProofsWithoutPartsAndReadsNoLog() throws Exception {
    String writer = createKey("\"events.write\"");
    Request request = Request.post("/v1/events?wait=sealed", EVENT.formatted(3));
    JsonNode proof = recordSealed(() -> send(request, writer)).get("entries").get(0).get("proof");
    verify(proof, policy());
    assertThat(proof.has("facts")).isFalse();
    assertThat(proof.has("personal")).isFalse();
    for (String path : List.of("checkpoint", "key", "keys", "witnesses", "tile/0/000.p/1")) {
      assertThat(send(to("/v1/tenants/acme/log/" + path), writer).status()).isEqualTo(403);
    }
  }

  @Test
  void anotherTenantsKeyLearnsNothing() throws Exception {
    post("/v1/tenants", "{\"id\":\"other\"}");
    String stranger = createKey("\"events.read\"");
    for (String path :
        List.of("log/checkpoint", "log/key", "log/tile/0/000.p/1", "log/keys", "log/witnesses")) {
      Answer real = send(to("/v1/tenants/other/" + path), stranger);
      Answer none = send(to("/v1/tenants/nobody/" + path), stranger);
      assertThat(real.status()).isEqualTo(404);
      assertThat(json(real).get("detail")).isEqualTo(json(none).get("detail"));
    }
  }

  @Test
  void withoutWitnessesTheCosignedCheckpointIsTheNewestAndNobodyIsWaitedFor() throws Exception {
    recordSealed(EVENT.formatted(4));
    String newest = "/v1/tenants/acme/log/checkpoint";
    assertThat(get(newest + "?cosigned=true").body()).isEqualTo(get(newest).body());
    assertThat(get(newest + "?cosigned=perhaps").status()).isEqualTo(400);
    JsonNode state = json(get("/v1/tenants/acme/log/witnesses"));
    assertThat(state.get("quorum").asInt()).isZero();
    assertThat(state.get("reached").asBoolean()).isFalse();
    assertThat(state.get("newest_size").asLong()).isPositive();
    assertThat(state.has("cosigned_size")).isFalse();
    assertThat(state.get("witnesses")).isEmpty();
  }

  @Test
  void tilesAndBundlesComeAsTheSpecificationSays() throws Exception {
    recordSealed(EVENT.formatted(4));
    SignedCheckpoint checkpoint =
        SignedCheckpoint.parse(get("/v1/tenants/acme/log/checkpoint").body()).orThrow();
    long size = checkpoint.checkpoint().size();
    TileReader tiles =
        new TileReader(
            size,
            tile -> {
              try {
                return get("/v1/tenants/acme/log/" + tile.path()).body();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            });
    assertThat(tiles.check(checkpoint.checkpoint().root()).holds()).isTrue();
    Answer note = get("/v1/tenants/acme/log/checkpoint");
    assertThat(note.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(note.headers().firstValue("Cache-Control")).hasValue("no-cache");
    Answer tile = get("/v1/tenants/acme/log/" + Tile.in(size, 0, 0).orElseThrow().path());
    assertThat(tile.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    assertThat(tile.headers().firstValue("Content-Encoding")).as("hashes").isEmpty();
    assertThat(tile.headers().firstValue("Cache-Control")).hasValue(FOR_EVER);
    EntryBundle bundle = EntryBundle.in(size, 0).orElseThrow();
    Answer packed =
        send(
            to("/v1/tenants/acme/log/" + bundle.path()).header("Accept-Encoding", "gzip"),
            operator);
    assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(packed.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    assertThat(packed.headers().firstValue("Cache-Control")).hasValue(FOR_EVER);
    byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes();
    assertThat(unpacked).isEqualTo(get("/v1/tenants/acme/log/" + bundle.path()).body());
    assertThat(bundle.decode(unpacked).orThrow()).hasSize((int) size);
    for (String path : List.of("0/000", "0/0", "9/000", "entries/001.p/1", "0/000.p/0", "x")) {
      assertThat(get("/v1/tenants/acme/log/tile/" + path).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void theLogOfEverySizeIsShownToBeTheBeginningOfTheNewest() throws Exception {
    List<Checkpoint> seen = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      recordSealed("[" + EVENT.formatted(1) + "," + EVENT.formatted(2) + "]");
      seen.add(
          SignedCheckpoint.parse(get("/v1/tenants/acme/log/checkpoint").body())
              .orThrow()
              .checkpoint());
    }
    Checkpoint newest = seen.getLast();
    for (Checkpoint older : seen) {
      JsonNode answer = json(consistency(older.size(), newest.size()));
      List<Hash> hashes = new ArrayList<>();
      answer.get("hashes").forEach(hash -> hashes.add(Hash.fromBase64(hash.asString()).orThrow()));
      ConsistencyProof proof = ConsistencyProof.betweenSizes(older.size(), newest.size(), hashes);
      assertThat(proof.checkGrowth(older.root(), newest.root()).holds()).isTrue();
      assertThat(proof.checkGrowth(newest.root(), older.root()).holds())
          .isEqualTo(older.equals(newest));
    }
    Answer beyond = consistency(1, newest.size() + 1);
    assertThat(beyond.status()).isEqualTo(404);
    assertThat(json(beyond).get("code").asString()).isEqualTo("not_covered");
    for (long[] wrong : new long[][] {{0, 1}, {2, 1}, {-1, 1}, {1, 0}}) {
      assertThat(consistency(wrong[0], wrong[1]).status()).isEqualTo(400);
    }
    String path = "/v1/tenants/acme/log/consistency";
    assertThat(get(path).status()).isEqualTo(400);
    assertThat(get(path + "?from_size=1&to_size=99999999999999999999").status()).isEqualTo(400);
    String writer = createKey("\"events.write\"");
    assertThat(send(to(path + "?from_size=1&to_size=2"), writer).status()).isEqualTo(403);
  }

  private Answer consistency(long from, long to) throws IOException, InterruptedException {
    return get("/v1/tenants/acme/log/consistency?from_size=%d&to_size=%d".formatted(from, to));
  }

  /** What OpenSSL and every other library reads, and not only a reader of notes. */
  @Test
  void thePublicKeyIsServedInPemToo() throws Exception {
    SignedNote note =
        SignedCheckpoint.parse(get("/v1/tenants/acme/log/checkpoint").body()).orThrow().note();
    String pem = text("/v1/tenants/acme/log/key.pem");
    assertThat(pem)
        .startsWith("-----BEGIN PUBLIC KEY-----\n")
        .endsWith("-----END PUBLIC KEY-----\n");
    assertThat(pem.lines()).hasSize(3).allMatch(line -> line.length() <= 64);
    byte[] der = Base64.getDecoder().decode(pem.lines().toList().get(1));
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
    signature.update(note.text().getBytes(StandardCharsets.UTF_8));
    assertThat(signature.verify(note.signatures().getFirst().bytes())).isTrue();
  }

  @Test
  void aRotationIsAnEntryOfTheLogAndBothKeysSign() throws Exception {
    TrustPolicy before = policy();
    Answer made = post("/v1/tenants/acme/log/keys", "{\"reason\":\"yearly\"}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(new String(made.body(), StandardCharsets.UTF_8)).doesNotContain("seed");
    SignedCheckpoint both =
        SignedCheckpoint.parse(get("/v1/tenants/acme/log/checkpoint").body()).orThrow();
    assertThat(both.note().signatures()).hasSize(2);
    assertThat(text("/v1/tenants/acme/log/key.pem").lines()).hasSize(6);
    assertThat(both.check(before).holds()).isTrue();
    JsonNode keys = json(get("/v1/tenants/acme/log/keys")).get("keys");
    assertThat(keys.size()).isEqualTo(2);
    String old = "/v1/tenants/acme/log/keys/" + keys.get(0).get("id").asString();
    assertThat(client.delete(old).status()).isEqualTo(204);
    String last = "/v1/tenants/acme/log/keys/" + keys.get(1).get("id").asString();
    assertThat(client.delete(last).status()).isEqualTo(409);
    // One was made with the tenant, one by hand, and one was retired.
    assertThat(awaitEntries("acme", "audit.log_key.*", 3)).isEqualTo(3);
    String entries = text("/v1/tenants/acme/events?q=action:audit.log_key.*");
    assertThat(entries)
        .contains("audit.log_key.create")
        .contains("audit.log_key.retire")
        .contains("yearly")
        .doesNotContain("sealed_seed");
  }

  @Test
  void aRestartShowsTheSameCheckpointUnderTheSameKey() throws Exception {
    JsonNode answer = recordSealed(EVENT.formatted(5));
    String id = answer.get("entries").get(0).get("id").asString();
    TrustPolicy policy = policy();
    stop();
    start();
    assertThat(policy()).isEqualTo(policy);
    verify(json(get("/v1/tenants/acme/events/" + id + "/proof")), policy);
    assertThat(text("/metrics")).contains("indelible_logs_stopped 0.0");
  }

  @Test
  void aLogThatIsShorterThanWhatWasSignedRefusesEventsWhileOthersGoOn() throws Exception {
    post("/v1/tenants", "{\"id\":\"other\"}");
    stop();
    signedAtSizeThousand();
    start();
    Answer refused = post("/v1/events", EVENT.formatted(1));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(json(refused).get("code").asString()).isEqualTo("log_stopped");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    Answer mixed =
        post(
            "/v1/events",
            "[" + EVENT.formatted(1) + "," + EVENT.formatted(2).replace("acme", "other") + "]");
    assertThat(mixed.status()).isEqualTo(201);
    assertThat(json(mixed).get("rejected").get(0).get("code").asString()).isEqualTo("log_stopped");
    assertThat(get("/v1/tenants/acme/log/checkpoint").status()).isEqualTo(503);
    assertThat(get("/v1/tenants/other/log/checkpoint").status()).isEqualTo(200);
    assertThat(get("/v1/tenants/acme/events").status()).as("it can be read").isEqualTo(200);
    assertThat(text("/metrics")).contains("indelible_logs_stopped 1.0");
  }

  @Test
  void whatIsChangedWhileALogIsStoppedGetsItsEntryOnceItGoesOn() throws Exception {
    post("/v1/tenants", "{\"id\":\"other\"}");
    stop();
    Path heads = folder.resolve("data/journal/heads");
    Path kept = folder.resolve("kept");
    copy(heads, kept);
    signedAtSizeThousand();
    start();
    assertThat(createKey("\"events.read\"")).isNotEmpty();
    assertThat(post("/v1/tenants/other/keys", KEY).status()).isEqualTo(201);
    awaitKeyEntries("other", 1);
    stop();
    for (int starts = 0; starts < 2; starts++) {
      copy(kept, heads);
      start();
      awaitKeyEntries("acme", 1);
      awaitKeyEntries("other", 1);
      stop();
    }
    start();
  }

  private void awaitKeyEntries(String tenant, int count) {
    assertThat(awaitEntries(tenant, "audit.key.create", count)).as(tenant).isEqualTo(count);
  }

  /** How many entries of an action are found, once there are {@code count}. */
  private int awaitEntries(String tenant, String action, int count) {
    String path = "/v1/tenants/" + tenant + "/events?q=action:" + action;
    return Eventually.see(
        "%d entries %s of %s".formatted(count, action, tenant),
        () -> json(get(path)).get("entries").size(),
        found -> found >= count);
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isDirectory(to)) {
      try (Stream<Path> files = Files.list(to)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void aQuietLogWithAnotherRootThanWasSignedRefusesEventsFromTheStartWhileOthersGoOn()
      throws Exception {
    post("/v1/tenants", "{\"id\":\"other\"}");
    recordSealed(EVENT.formatted(1));
    long size =
        SignedCheckpoint.parse(get("/v1/tenants/acme/log/checkpoint").body())
            .orThrow()
            .checkpoint()
            .size();
    stop(); // seals: at the next start nothing of it is fresh
    signedAtSize(size);
    start();
    assertThat(text("/metrics")).contains("indelible_logs_stopped 1.0");
    Answer refused = post("/v1/events", EVENT.formatted(2));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(json(refused).get("code").asString()).isEqualTo("log_stopped");
    assertThat(post("/v1/events", EVENT.formatted(3).replace("acme", "other")).status())
        .isEqualTo(201);
    assertThat(get("/v1/tenants/other/log/checkpoint").status()).isEqualTo(200);
  }

  private void signedAtSizeThousand() throws IOException {
    signedAtSize(1_000);
  }

  /** One batch of docs/formats/heads.md: acme was signed at that size, with a root of zeros. */
  private void signedAtSize(long size) throws IOException {
    ByteBuffer batch = ByteBuffer.allocate(1 + 4 + 1 + 1 + 4 + 8 + 32);
    batch.put((byte) 1).putInt(1).put((byte) 1).put((byte) 4);
    batch.put("acme".getBytes(StandardCharsets.US_ASCII)).putLong(size);
    try (FileJournal heads =
        FileJournal.open(
            new SystemDisk(),
            folder.resolve("data/journal/heads"),
            FileJournal.Options.of(InstantSource.system(), new Random(1))
                .withSegmentBytes(4 << 20))) {
      heads.append(batch.array()).join();
    }
  }
}
