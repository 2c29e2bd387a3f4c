package dev.indelible.server.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.indelible.server.witness.WitnessClient.Answer;
import dev.indelible.verify.AddCheckpoint;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Ed25519Key;
import dev.indelible.verify.NoteSigner;
import dev.indelible.verify.Rfc6962;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.VerifierKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the interpretation of a witness's answers, false ones included. */
final class WitnessClientTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final NoteSigner log = signer("audit.example.com/t/1", VerifierKey.Type.ED25519, 1);
  private final NoteSigner witness = signer("w.example/1", VerifierKey.Type.COSIGNATURE_V1, 2);
  private final SignedCheckpoint checkpoint =
      new Checkpoint("audit.example.com/t/1", 1, Rfc6962.leafHash(new byte[] {1})).sign(log);
  private HttpServer server;
  private int status = 200;
  private String body = "";

  private static NoteSigner signer(String name, VerifierKey.Type type, int seedByte) {
    byte[] seed = new byte[Ed25519Key.SEED_BYTES];
    seed[0] = (byte) seedByte;
    return new NoteSigner(name, type, Ed25519Key.fromSeed(seed));
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/w/add-checkpoint",
        exchange -> {
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Answer ask(int answered, String with) throws Exception {
    status = answered;
    body = with;
    WitnessAddress address =
        new WitnessAddress(
            witness.verifierKey(),
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/w"));
    try (WitnessClient client = new WitnessClient(address)) {
      return client.add(new AddCheckpoint(0, List.of(), checkpoint));
    }
  }

  private static String line(NoteSigner by, String text) {
    return by.cosign(text, NOW).line() + "\n";
  }

  @Test
  void aCosignatureOfTheWitnessIsTakenFromAmongOthers() throws Exception {
    String text = checkpoint.note().text();
    NoteSigner other = signer("w.example/2", VerifierKey.Type.COSIGNATURE_V1, 3);
    Answer answer = ask(200, line(other, text) + line(witness, text));
    assertThat(answer).isInstanceOf(Answer.Cosigned.class);
    assertThat(((Answer.Cosigned) answer).signature().keyName()).isEqualTo("w.example/1");
  }

  @Test
  void aCosignatureThatIsFalseIsNotBelieved() {
    String text = checkpoint.note().text();
    NoteSigner impostor = signer("w.example/1", VerifierKey.Type.COSIGNATURE_V1, 9);
    String otherSize = text.replace("\n1\n", "\n2\n");
    for (String answer :
        List.of(
            "",
            "hello\n",
            line(impostor, text),
            line(witness, otherSize),
            line(witness, text).replace("w.example/1", "w.example/2"))) {
      assertThatThrownBy(() -> ask(200, answer)).as(answer).isInstanceOf(IOException.class);
    }
  }

  @Test
  void conflictsAndRefusalsAreToldApart() throws Exception {
    assertThat(ask(409, "17\n")).isEqualTo(new Answer.Conflict(17));
    assertThat(ask(422, "no\n")).isEqualTo(new Answer.NotProven("no"));
    assertThat(ask(404, "unknown\n")).isEqualTo(new Answer.Refused(404, "unknown"));
    for (String none : List.of("", "x\n", "-1\n", "017\n", "9999999999999999999\n")) {
      assertThatThrownBy(() -> ask(409, none)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> ask(503, "")).isInstanceOf(IOException.class);
  }

  @Test
  void anotherRootOfTheSameSizeIsCalledWhatItIs() {
    assertThat(Cosigning.notProven(70, 70))
        .isEqualTo("it cosigned another root at size 70: history was rewritten");
    assertThat(Cosigning.notProven(60, 70))
        .isEqualTo("it does not find that the log only grew since size 60, which it cosigned");
  }

  @Test
  void aListOfWitnessesIsReadStrictly() {
    String key = witness.verifierKey().toString();
    assertThat(WitnessAddress.parseList(" " + key + "   https://w.example/prefix/ "))
        .containsExactly(
            new WitnessAddress(witness.verifierKey(), URI.create("https://w.example/prefix")));
    for (String bad :
        List.of(
            key,
            "https://w.example",
            key + " ftp://w.example",
            key + " https://a.example, " + key + " https://b.example",
            log.verifierKey() + " https://w.example",
            key + " https://w.example,")) {
      assertThatThrownBy(() -> WitnessAddress.parseList(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
