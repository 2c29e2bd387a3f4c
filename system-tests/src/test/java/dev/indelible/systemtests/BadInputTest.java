package dev.indelible.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Tests of input that no client should send: each is refused with what is wrong and where, nothing
 * of it is recorded, and the server goes on as if nothing had been.
 */
class BadInputTest {

  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";
  private static final String TENANT = "bad";

  /** Resident memory that no bad input may drive the server above: its heap is 512 MiB. */
  private static final long MOST_RESIDENT_KIB = 1_100_000;

  private static final int GZIP_HEADER_BYTES = 10;

  private static final Duration TRICKLE = Duration.ofMillis(500);

  @TempDir static Path directory;
  private static ServerProcess server;
  private static Calls calls;
  private static long good;

  /** Begun before the first test, so that its patience runs out while the others run. */
  private static CompletableFuture<String> trickled;

  @BeforeAll
  static void start() throws Exception {
    server = ServerProcess.start(directory.resolve("data"), ServerProcess.BUSY);
    server.operator().tenant(TENANT, "standard");
    calls = server.operator().tenantKey(TENANT, "events.write", "events.read");
    // What the server recorded of these two changes comes through the same log.
    Calls.Answer first = calls.record(event("\"id\":\"first\"")).expect(201);
    good = first.json().path("entries").path(0).path("seq").asLong() + 1;
    trickled = new CompletableFuture<>();
    Thread.ofVirtual().name("trickle").start(BadInputTest::trickle);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A good event takes the next number: nothing of what was refused took one. */
  @AfterEach
  void theServerIsUnharmedAndNothingWasRecorded() throws Exception {
    long expected = good;
    String id = "good-" + expected;
    calls.post("/v1/events", event("\"id\":\"" + id + "\"")).expect(201);
    long seq =
        Eventually.see(
                id + " among the entries",
                () -> calls.get("/v1/tenants/bad/events/" + id),
                answer -> answer.status() != 404)
            .expect(200)
            .json()
            .path("seq")
            .asLong();
    good = seq + 1; // so that one failure is not the next test's too
    assertThat(seq).as("nothing of it was recorded").isEqualTo(expected);
    assertThat(server.output()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
    assertThat(residentKib()).isLessThan(MOST_RESIDENT_KIB);
  }

  private static long residentKib() throws IOException {
    Path status = Path.of("/proc", Long.toString(server.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  private static String event(String more) {
    return "{\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u_1\"}"
        + (more.isEmpty() ? "" : "," + more)
        + "}";
  }

  private static String nested(int depth) {
    // The event's own braces are the first level, those of details the second.
    int arrays = depth - 2;
    return event("\"details\":{\"deep\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}");
  }

  private static String padded(int bytes) {
    String frame = event("\"details\":{\"pad\":\"\"}");
    return frame.replace("\"pad\":\"", "\"pad\":\"" + "x".repeat(bytes - frame.length()));
  }

  private static byte[] replaceByte(String json, char placeholder, int... bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte b : json.getBytes(UTF_8)) {
      if (b == placeholder) {
        for (int replacement : bytes) {
          out.write(replacement);
        }
      } else {
        out.write(b);
      }
    }
    return out.toByteArray();
  }

  private static Arguments one(String name, String json, @Nullable String pointer, String code) {
    return Arguments.of(name, json.getBytes(UTF_8), pointer, code);
  }

  static Stream<Arguments> badEvents() {
    return Stream.of(
        one(
            "action is a number",
            event("").replace("\"user.login\"", "5"),
            "/action",
            "wrong_type"),
        one("actor is a text", "{\"action\":\"a\",\"actor\":\"u\"}", "/actor", "wrong_type"),
        one("targets is an object", event("\"targets\":{}"), "/targets", "wrong_type"),
        one("details is a list", event("\"details\":[]"), "/details", "wrong_type"),
        one("an unknown field", event("\"acter\":1"), "/acter", "unknown_field"),
        one(
            "an unknown field within",
            event("\"context\":{\"ipp\":\"1\"}"),
            "/context/ipp",
            "unknown_field"),
        one("no action", "{\"actor\":{\"type\":\"system\"}}", "/action", "missing"),
        one("no actor", "{\"action\":\"a\"}", "/actor", "missing"),
        one(
            "an actor without an id",
            "{\"action\":\"a\",\"actor\":{\"type\":\"user\"}}",
            "/actor/id",
            "missing"),
        one(
            "an action of another form",
            event("").replace("user.login", "User Login"),
            "/action",
            "bad_format"),
        one("an outcome that is none", event("\"outcome\":\"fine\""), "/outcome", "unknown_value"),
        one("no address", event("\"context\":{\"ip\":\"1.2.3.400\"}"), "/context/ip", "bad_format"),
        one("no time", event("\"occurred_at\":\"yesterday\""), "/occurred_at", "bad_format"),
        one(
            "a time out of range",
            event("\"occurred_at\":\"9999-01-01T00:00:00Z\""),
            "/occurred_at",
            "out_of_range"),
        one(
            "17 targets",
            event(
                "\"targets\":["
                    + "{\"type\":\"t\",\"id\":\"1\"},".repeat(16)
                    + "{\"type\":\"t\",\"id\":\"1\"}]"),
            "/targets",
            "too_many"),
        one(
            "101 changes",
            event("\"changes\":[" + "{\"field\":\"f\"},".repeat(100) + "{\"field\":\"f\"}]"),
            "/changes",
            "too_many"),
        one(
            "an id of 257 characters",
            event("\"id\":\"" + "x".repeat(257) + "\""),
            "/id",
            "too_long"),
        one("a key twice", event("\"reason\":\"a\",\"reason\":\"b\""), "/reason", "duplicate_key"),
        one(
            "a key twice in details",
            event("\"details\":{\"a\":1,\"a\":2}"),
            "/details/a",
            "duplicate_key"),
        one(
            "an exponent out of range",
            event("\"details\":{\"n\":1e999}"),
            "/details/n",
            "out_of_range"),
        one(
            "a number of 1,001 digits",
            event("\"details\":{\"n\":" + "9".repeat(1_001) + "}"),
            "/details/n",
            "out_of_range"),
        one(
            "a latitude out of range",
            event("\"context\":{\"location\":{\"latitude\":91,\"longitude\":0}}"),
            "/context/location/latitude",
            "out_of_range"),
        one("a depth of 33", nested(33), "/details/deep" + "/0".repeat(30), "too_deep"),
        one("an event of 256 KiB and 1 byte", padded(256 * 1024 + 1), "", "too_large"),
        one("NUL as an escape", event("\"reason\":\"a\\u0000b\""), "/reason", "bad_encoding"),
        one("half a surrogate pair", event("\"reason\":\"a\\ud800b\""), "/reason", "bad_encoding"),
        one("the other half", event("\"reason\":\"a\\udc00\""), "/reason", "bad_encoding"),
        Arguments.of(
            "UTF-8 that is broken",
            replaceByte(event("\"reason\":\"a~b\""), '~', 0xc3, 0x28),
            "",
            "bad_encoding"),
        Arguments.of(
            "UTF-8 that is longer than need be",
            replaceByte(event("\"reason\":\"a~b\""), '~', 0xc0, 0xaf),
            "",
            "bad_encoding"),
        Arguments.of(
            "a surrogate as UTF-8",
            replaceByte(event("\"reason\":\"a~b\""), '~', 0xed, 0xa0, 0x80),
            "",
            "bad_encoding"),
        Arguments.of("a NUL byte", replaceByte(event("\"reason\":\"a~b\""), '~', 0), null, null),
        Arguments.of(
            "UTF-16", event("").getBytes(java.nio.charset.StandardCharsets.UTF_16), null, null),
        Arguments.of("Latin 1", event("\"reason\":\"é\"").getBytes(ISO_8859_1), "", "bad_encoding"),
        one("nothing", "", "", "bad_json"),
        one("half an event", "{\"action\":\"a\",", "", "bad_json"),
        one("two events without a list", event("") + event(""), "", "bad_json"),
        one("a text", "\"hello\"", "", "wrong_type"),
        one("NaN", event("\"details\":{\"n\":NaN}"), null, "bad_json"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badEvents")
  void aBadEventIsRefusedWhereItIsWrong(
      String name, byte[] body, @Nullable String pointer, @Nullable String code) throws Exception {
    JsonNode problem = problem(calls.post("/v1/events", JSON, body), 400, 413, 422);
    List<String> codes = values(problem.path("errors"), "code").stream().distinct().toList();
    if (code != null) {
      assertThat(codes).as("%s: %s", name, problem).contains(code);
    }
    if (pointer != null) {
      assertThat(values(problem.path("errors"), "pointer")).as(name).contains(pointer);
    }
    assertThat(problem.path("errors")).as(problem.toString()).isNotEmpty();
  }

  private static List<String> values(JsonNode list, String field) {
    return list.valueStream().map(item -> item.path(field).asString("")).toList();
  }

  private static JsonNode problem(Calls.Answer answer, Integer... statuses) {
    assertThat(answer.status()).as(answer.body()).isIn(Arrays.asList(statuses));
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    JsonNode problem = answer.json();
    assertThat(problem.path("code").asString("")).as(answer.body()).isNotEmpty();
    assertThat(problem.path("detail").asString("")).isNotEmpty();
    assertThat(problem.path("status").asInt()).isEqualTo(answer.status());
    return problem;
  }

  @Test
  void theLimitsThemselvesAreAccepted() throws Exception {
    calls.post("/v1/events", padded(256 * 1024)).expect(201);
    calls.post("/v1/events", nested(32)).expect(201);
    String batch =
        IntStream.range(0, 10_000)
            .mapToObj(i -> event(""))
            .collect(Collectors.joining(",", "[", "]"));
    calls.post("/v1/events", batch).expect(201);
    good += 10_002;
  }

  @Test
  void aBatchOf10001IsRefusedAsAWhole() throws Exception {
    String batch =
        IntStream.range(0, 10_001)
            .mapToObj(i -> event(""))
            .collect(Collectors.joining(",", "[", "]"));
    problem(calls.post("/v1/events", batch), 400, 413);
  }

  @Test
  void aBatchThatIsNoJsonInTheMiddleIsRefusedAsAWhole() throws Exception {
    String batch = "[" + event("") + "," + event("") + ",{\"action\":}," + event("") + "]";
    problem(calls.post("/v1/events", batch), 400);
    problem(calls.post("/v1/events", "[" + event("") + "," + event("")), 400);
  }

  @Test
  void theBadOnesOfABatchAreNamedAndTheGoodOnesRecorded() throws Exception {
    String batch =
        "[%s,%s,%s]"
            .formatted(event(""), event("\"outcome\":\"fine\",\"acter\":1"), event("\"id\":5"));
    JsonNode answer = calls.post("/v1/events", batch).expect(201).json();
    good++;
    assertThat(answer.path("accepted").asInt()).isEqualTo(1);
    assertThat(values(answer.path("rejected"), "index")).hasSize(2);
    assertThat(answer.path("rejected").path(0).path("index").asInt()).isEqualTo(1);
    assertThat(values(answer.path("rejected").path(0).path("errors"), "pointer"))
        .containsExactlyInAnyOrder("/outcome", "/acter");
    assertThat(values(answer.path("rejected").path(1).path("errors"), "pointer"))
        .containsExactly("/id");
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static Calls.Answer postGzip(String type, byte[] body) throws Exception {
    return calls.post("/v1/events", type, body, "Content-Encoding", "gzip");
  }

  @Test
  void gzipThatIsCutOffOrNoneIsRefused() throws Exception {
    byte[] whole = gzip(("[" + event("") + "]").getBytes(UTF_8));
    postGzip(JSON, whole).expect(201);
    good++;
    for (int length : new int[] {1, 5, 12, whole.length / 2, whole.length - 9, whole.length - 1}) {
      problem(postGzip(JSON, Arrays.copyOf(whole, length)), 400);
    }
    problem(postGzip(JSON, event("").getBytes(UTF_8)), 400);
    byte[] flipped = whole.clone();
    flipped[whole.length - 5] ^= 1; // in the check value
    problem(postGzip(JSON, flipped), 400);
    problem(calls.post("/v1/events", JSON, whole, "Content-Encoding", "br"), 415);
  }

  @Test
  void whatFollowsGzipAndIsNoneIsRefused() throws Exception {
    byte[] whole = gzip(("[" + event("") + "]").getBytes(UTF_8));
    byte[] brokenHeader = gzip("\n".getBytes(UTF_8));
    brokenHeader[2] = 7; // an unknown compression
    for (byte[] rest :
        new byte[][] {{0}, {0x1f}, {0x1f, (byte) 0x8b}, new byte[100], brokenHeader}) {
      problem(postGzip(JSON, joined(whole, rest)), 400);
    }
    postGzip(JSON, joined(whole, gzip("\n".getBytes(UTF_8)))).expect(201);
    good++;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  @Test
  void aGzipBombIsStoppedAtTheLimit() throws Exception {
    byte[] bomb = bomb();
    assertThat(bomb.length).isLessThan(2 << 20);
    problem(postGzip(JSON, bomb), 413);
    problem(postGzip(NDJSON, bomb), 413, 422, 400);
  }

  /**
   * One member of a GiB of white space. A MiB of it is deflated once, so that it refers to nothing
   * before it, and written as often as needed; nobody reads as far as the check value.
   */
  private static byte[] bomb() throws IOException {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    byte[] spaces = new byte[1 << 20];
    Arrays.fill(spaces, (byte) ' ');
    deflater.setInput(spaces);
    byte[] deflated = new byte[1 << 16];
    int length = deflater.deflate(deflated, 0, deflated.length, Deflater.FULL_FLUSH);
    assertThat(deflater.getBytesRead()).isEqualTo(spaces.length);
    deflater.end();
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.write(gzip(new byte[0]), 0, GZIP_HEADER_BYTES);
    for (int mib = 0; mib < 1_024; mib++) {
      bomb.write(deflated, 0, length);
    }
    return bomb.toByteArray();
  }

  @Test
  void tenGigabytesThatAreAnnouncedAreRefusedUnread() throws Exception {
    for (String type : List.of(JSON, NDJSON, "application/cloudevents+json")) {
      try (RawConnection raw = new RawConnection(server.address())) {
        raw.postHead(calls, type, "Content-Length: 10737418240\r\n");
        assertThat(raw.answer()).contains(" 413 ").contains("body_too_large");
      }
    }
  }

  @Test
  void tenGigabytesThatAreStreamedAreStoppedAtTheLimit() throws Exception {
    for (String type : List.of(JSON, NDJSON)) {
      try (RawConnection raw = new RawConnection(server.address())) {
        raw.postHead(calls, type, "Transfer-Encoding: chunked\r\n");
        long sent = sendChunks(raw, 10L << 30);
        assertThat(sent).as("bytes of %s before it was refused", type).isLessThan(600L << 20);
      }
    }
  }

  /** Sends white space in chunks until the server has had enough. */
  private static long sendChunks(RawConnection raw, long bytes) {
    byte[] chunk = ("100000\r\n" + " ".repeat(1 << 20) + "\r\n").getBytes(ISO_8859_1);
    long sent = 0;
    try {
      while (sent < bytes) {
        raw.send(chunk);
        sent += 1 << 20;
      }
    } catch (IOException e) {
      // The server has answered and closed.
    }
    return sent;
  }

  @Test
  void aBodyThatBreaksOffLeavesNothing() throws Exception {
    try (RawConnection gone = new RawConnection(server.address())) {
      gone.postHead(calls, JSON, "Content-Length: 1000\r\n").send(event(""));
    }
  }

  @Test
  void aClientThatTricklesIsToldSo() throws Exception {
    assertThat(Eventually.done("an answer to who trickles", trickled))
        .contains(" 408 ")
        .contains("body_too_slow");
  }

  /** Sends one byte after the other until it is answered, which another thread waits for. */
  private static void trickle() {
    try (RawConnection slow = new RawConnection(server.address())) {
      slow.postHead(calls, JSON, "Content-Length: 1000\r\n").send("[" + event(""));
      Thread.ofVirtual().name("answer to trickle").start(() -> complete(slow));
      while (!trickled.isDone()) {
        slow.send(" ");
        Pace.pause(TRICKLE);
      }
    } catch (IOException | InterruptedException e) {
      trickled.completeExceptionally(e);
    }
  }

  private static void complete(RawConnection slow) {
    try {
      trickled.complete(slow.answer());
    } catch (IOException e) {
      trickled.completeExceptionally(e);
    }
  }

  @Test
  void aStreamSaysHowFarItCameBeforeItBroke() throws Exception {
    String lines =
        IntStream.range(0, 2_500)
            .mapToObj(i -> event("\"id\":\"line-" + i + "\""))
            .collect(Collectors.joining("\n"));
    byte[] whole = gzip(lines.getBytes(UTF_8));
    JsonNode problem = problem(postGzip(NDJSON, Arrays.copyOf(whole, whole.length - 4)), 400);
    good += 2_500;
    // Every event recorded before it broke is counted in the answer, and sending all again adds
    // only the others.
    JsonNode again =
        calls.post("/v1/events?wait=sealed", NDJSON, lines.getBytes(UTF_8)).expect(201).json();
    assertThat(again.path("accepted").asInt()).isEqualTo(2_500);
    long duplicates =
        again
            .path("entries")
            .valueStream()
            .filter(e -> e.path("duplicate").asBoolean(false))
            .count();
    assertThat(problem.path("detail").asString()).contains("first " + duplicates + " events");
  }

  @Test
  void otherTypesAndMethodsAndPathsAreRefused() throws Exception {
    problem(calls.post("/v1/events", "text/plain", event("").getBytes(UTF_8)), 415);
    problem(calls.get("/v1/events"), 405);
    problem(calls.get("/v1/nothing"), 404);
    problem(calls.post("/v1/events?wat=1", event("")), 400);
    problem(calls.post("/v1/events?wait=soon", event("")), 400);
    try (RawConnection raw = new RawConnection(server.address())) {
      assertThat(raw.send("\u0000\u0001\u0002 rubbish\r\n\r\n").answer()).contains(" 400 ");
    }
  }
}
