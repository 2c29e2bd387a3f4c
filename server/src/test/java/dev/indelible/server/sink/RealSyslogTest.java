package dev.indelible.server.sink;

import static dev.indelible.server.sink.Batches.OPEN;
import static dev.indelible.server.sink.Batches.plain;
import static dev.indelible.server.sink.Batches.settings;
import static dev.indelible.server.sink.Batches.taken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.sink.Sink.Answer;
import dev.indelible.testing.Eventually;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** rsyslog and syslog-ng as Debian has them, and what each makes of what it is sent. */
@Tag("long")
class RealSyslogTest {

  private static final int ENTRIES = 3000;

  @TempDir Path folder;
  private static Certificates ca;

  @BeforeAll
  static void certify() throws Exception {
    ca = new Certificates("authority");
  }

  private static ObjectNode to(SyslogProgram program, boolean tls) throws Exception {
    ObjectNode settings = settings("{\"host\":\"localhost\"}").put("port", program.port);
    if (!tls) {
      return settings.put("transport", "tcp");
    }
    Certificates.Pair own = ca.rsa("sender");
    return settings
        .put("transport", "tls")
        .put("ca", ca.pem)
        .put("client_cert", own.certificate())
        .put("client_key", own.key());
  }

  private static JsonNode body(String line) {
    return JsonMapper.shared().readTree(line.split("\t", -1)[1]);
  }

  private static void everythingArrivesInOrder(SyslogProgram program, boolean tls)
      throws Exception {
    ObjectNode large = Batches.entry(ENTRIES).put("details", "ü".repeat(100_000));
    try (Sink sink = Batches.open(new SyslogType(), to(program, tls), OPEN)) {
      taken(sink.probe());
      for (int batch = 0; batch < 3; batch++) {
        taken(sink.send(plain(batch + 1, batch * (ENTRIES / 3L), ENTRIES / 3)));
      }
      taken(sink.send(Batches.of(4, Batches.message(ENTRIES, large))));
    }
    List<String> lines = program.lines(ENTRIES + 2);
    assertThat(lines).hasSize(ENTRIES + 2);
    assertThat(body(lines.getFirst()).get("type").stringValue()).isEqualTo("test");
    for (int i = 0; i < ENTRIES; i++) {
      assertThat(lines.get(i + 1)).startsWith("[audit@32473 ").contains(" seq=\"" + i + "\" ");
      assertThat(body(lines.get(i + 1)).get("seq").intValue()).isEqualTo(i);
    }
    JsonNode shortened = body(lines.getLast());
    assertThat(shortened.get("id").stringValue()).isEqualTo("e-" + ENTRIES);
    assertThat(shortened.get("left_out").get(0).stringValue()).isEqualTo("details");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rsyslogHasEverythingInOrder(boolean tls) throws Exception {
    try (SyslogProgram program = SyslogProgram.rsyslog(folder, ca, tls ? "gtls" : "ptcp")) {
      everythingArrivesInOrder(program, tls);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void syslogNgHasEverythingInOrder(boolean tls) throws Exception {
    try (SyslogProgram program = SyslogProgram.syslogNg(folder, ca, tls)) {
      everythingArrivesInOrder(program, tls);
    }
  }

  /** Why there is a limit: above it, rsyslog cuts a message into several. */
  @Test
  void rsyslogCutsAboveItsLimit() throws Exception {
    ObjectNode large = Batches.entry(1).put("details", "x".repeat(9000));
    try (SyslogProgram program = SyslogProgram.rsyslog(folder, ca, "ptcp");
        Sink sink = Batches.open(new SyslogType(), to(program, false), OPEN, 20_000)) {
      taken(sink.send(Batches.of(1, Batches.message(1, large))));
      List<String> lines = program.lines(2);
      assertThat(lines.getFirst()).startsWith("[audit@32473 ");
      assertThat(lines.getLast()).startsWith("-\t").contains("xxx");
    }
  }

  /** It hangs up and has nothing of the message; the sink finds which one it was. */
  @Test
  void syslogNgHangsUpAboveItsLimitAndTheMessageIsFound() throws Exception {
    List<Message> messages =
        new ArrayList<>(IntStream.range(0, 200).mapToObj(Batches::plain).toList());
    messages.set(90, Batches.message(90, Batches.entry(90).put("details", "x".repeat(70_000))));
    try (SyslogProgram program = SyslogProgram.syslogNg(folder, ca, false);
        Sink sink = Batches.open(new SyslogType(), to(program, false), OPEN, 200_000)) {
      assertThat(Batches.culprit(sink, messages)).isEqualTo(90);
      taken(sink.send(Batches.of(1, messages.subList(91, 200).toArray(new Message[0]))));
      Eventually.holds(
          "the last message", () -> program.lines().getLast().contains(" seq=\"199\" "));
      assertThat(program.lines()).noneMatch(line -> line.contains(" seq=\"90\" "));
    }
  }

  @Test
  void rsyslogReadsStructuredDataAndJsonAsTheyAreMeant() throws Exception {
    ObjectNode entry = Batches.entry(1);
    entry.put("long", Long.MAX_VALUE).put("zero", "a\0b");
    entry.put("longer", new BigInteger("123456789012345678901234567890"));
    try (SyslogProgram program =
            SyslogProgram.rsyslog(
                folder,
                ca,
                "ptcp",
                "action(type=\"mmpstrucdata\")",
                "action(type=\"mmjsonparse\" cookie=\"@cee:\")");
        Sink sink =
            Batches.open(new SyslogType(), to(program, false).put("cee_cookie", true), OPEN)) {
      taken(sink.send(Batches.of(7, Batches.message(1, entry))));
      JsonNode read = JsonMapper.shared().readTree(program.lines(1).getFirst().split("\t", -1)[2]);
      JsonNode data = read.get("rfc5424-sd").get("audit@32473");
      assertThat(data.get("seq").stringValue()).isEqualTo("1");
      assertThat(data.get("batch").stringValue()).isEqualTo("7");
      assertThat(read.get("long").longValue()).isEqualTo(Long.MAX_VALUE);
      assertThat(read.get("longer").stringValue()).isEqualTo("123456789012345678901234567890");
      assertThat(read.get("zero").stringValue()).isEqualTo("a\u2400b");
    }
  }

  /** A rule for CEF that eats the first letter of the extension unless a space is before it. */
  @Test
  void rsyslogReadsTheWholeExtensionOfAShortCefMessage() throws Exception {
    Path rules = Files.writeString(folder.resolve("rules"), "version=2\nrule=:%f:cef%\n");
    String cef = "CEF:0|Indelible|Audit|1|user.login|Login|5| msg=" + "x".repeat(9000);
    try (SyslogProgram program =
            SyslogProgram.rsyslog(
                folder, ca, "ptcp", "action(type=\"mmnormalize\" ruleBase=\"" + rules + "\")");
        Sink sink = Batches.open(new SyslogType(), to(program, false), OPEN)) {
      taken(sink.send(Batches.of(1, Batches.message(1, Batches.entry(1), cef))));
      JsonNode read = JsonMapper.shared().readTree(program.lines(1).getFirst().split("\t", -1)[2]);
      assertThat(read.get("f").get("Extensions").get("externalId").stringValue()).isEqualTo("e-1");
    }
  }

  /** What is written to a receiver that goes away is lost unsaid; hence "written" in the ledger. */
  @Test
  void aReceiverThatComesBackIsConnectedToAgain() throws Exception {
    try (Sink sink = sinkOfRestarted()) {
      assertThat(sink.send(plain(2, 1, 1))).isInstanceOf(Answer.Failed.class);
      assertThat(sink.probe()).isInstanceOf(Answer.Failed.class);
    }
  }

  private Sink sinkOfRestarted() throws Exception {
    try (SyslogProgram program = SyslogProgram.rsyslog(folder, ca, "ptcp")) {
      Sink sink = Batches.open(new SyslogType(), to(program, false), OPEN);
      taken(sink.send(plain(1, 0, 1)));
      program.lines(1);
      return sink;
    }
  }
}
