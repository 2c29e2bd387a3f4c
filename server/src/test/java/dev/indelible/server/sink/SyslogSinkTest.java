package dev.indelible.server.sink;

import static dev.indelible.server.sink.Batches.OPEN;
import static dev.indelible.server.sink.Batches.STRICT;
import static dev.indelible.server.sink.Batches.plain;
import static dev.indelible.server.sink.Batches.settings;
import static dev.indelible.server.sink.Batches.taken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.sink.Sink.Answer;
import dev.indelible.testing.Eventually;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Syslog at a receiver of this test's own, which counts octets. */
class SyslogSinkTest {

  private static final int LIMIT = 65_536;

  private static final Certificates CA = authority();

  private static Certificates authority() {
    try {
      return new Certificates("authority");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static ObjectNode to(SyslogReceiver receiver, String transport) {
    return settings(
        "{\"host\":\"localhost\",\"port\":%d,\"transport\":\"%s\"}"
            .formatted(receiver.port, transport));
  }

  private static SyslogReceiver plainReceiver() throws Exception {
    return new SyslogReceiver(null, false, LIMIT);
  }

  private static void arrives(SyslogReceiver receiver, int messages) {
    Eventually.see("the messages", receiver.messages::size, size -> size == messages);
  }

  @Test
  void batchesArriveInOrderOnOneConnection() throws Exception {
    try (SyslogReceiver receiver = plainReceiver();
        Sink sink = Batches.open(new SyslogType(), to(receiver, "tcp"), OPEN)) {
      taken(sink.send(plain(1, 0, 500)));
      taken(sink.send(plain(2, 500, 500)));
      taken(sink.probe());
      arrives(receiver, 1001);
      for (int i = 0; i < 1000; i++) {
        assertThat(receiver.messages.get(i)).contains(" seq=\"%d\" ".formatted(i));
      }
      assertThat(receiver.messages.getLast()).contains("\"type\":\"test\"");
      assertThat(receiver.connections).hasValue(1);
    }
  }

  @Test
  void aReceiverThatHungUpBetweenTwoBatchesIsConnectedToAgain() throws Exception {
    try (SyslogReceiver receiver = plainReceiver();
        SyslogConnection connection =
            SyslogConnection.to(
                new SyslogConnection.Way("localhost", receiver.port, null, "localhost"), OPEN);
        Sink sink = Batches.open(new SyslogType(), to(receiver, "tcp"), OPEN)) {
      taken(sink.send(plain(1, 0, 1)));
      arrives(receiver, 1);
      receiver.reset();
      Eventually.holds("the end is seen", () -> connection.ended() != null);
      Answer answer = sink.send(plain(2, 1, 1));
      if (answer instanceof Answer.Failed) {
        answer = sink.send(plain(2, 1, 1));
      }
      taken(answer);
      arrives(receiver, 2);
    }
  }

  /** What syslog-ng does at a message above its limit: it hangs up, and nothing says why. */
  @Test
  void theMessageThatEndsTheConnectionIsFound() throws Exception {
    try (SyslogReceiver receiver = new SyslogReceiver(null, false, 5000);
        Sink sink = Batches.open(new SyslogType(), to(receiver, "tcp"), OPEN)) {
      ObjectNode large = Batches.entry(337).put("details", "x".repeat(6000));
      List<Message> messages =
          new ArrayList<>(IntStream.range(0, 700).mapToObj(Batches::plain).toList());
      messages.set(337, Batches.message(337, large));
      assertThat(Batches.culprit(sink, messages)).isEqualTo(337);
      taken(sink.send(Batches.of(1, messages.subList(338, 700).toArray(new Message[0]))));
      Eventually.holds(
          "the last message", () -> receiver.messages.getLast().contains(" seq=\"699\" "));
      assertThat(receiver.messages).noneMatch(message -> message.contains(" seq=\"337\" "));
      for (int seq : List.of(0, 336, 338, 699)) {
        assertThat(receiver.messages).anyMatch(m -> m.contains(" seq=\"%d\" ".formatted(seq)));
      }
    }
  }

  @Test
  void aReceiverThatIsNotThereIsAFaultThatMayPass() throws Exception {
    ObjectNode settings;
    try (SyslogReceiver receiver = plainReceiver()) {
      settings = to(receiver, "tcp");
    }
    // Taken, so that no other test's server gets it, and listened on by nobody.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      settings.put("port", taken.getLocalPort());
      try (Sink sink = Batches.open(new SyslogType(), settings, OPEN)) {
        assertThat(sink.send(plain(1, 0, 1)))
            .asString()
            .startsWith("Failed[problem=no connection to localhost:");
        assertThat(sink.probe()).isInstanceOf(Answer.Failed.class);
      }
    }
  }

  @Test
  void aPrivateAddressIsRefusedAtTheConnection() throws Exception {
    try (SyslogReceiver receiver = plainReceiver();
        Sink sink = Batches.open(new SyslogType(), to(receiver, "tcp"), STRICT)) {
      assertThat(sink.send(plain(1, 0, 1))).isInstanceOf(Answer.Refused.class);
      assertThat(sink.probe()).asString().contains("Refused", "private address");
      assertThat(receiver.connections).hasValue(0);
      assertThat(Batches.faults(new SyslogType(), to(receiver, "tls"), STRICT))
          .containsExactly("host not_allowed");
    }
  }

  /** An endless talker is no syslog receiver. */
  @Test
  void aReceiverThatTalksIsHungUpOn() throws Exception {
    try (SyslogReceiver receiver = plainReceiver();
        Sink sink = Batches.open(new SyslogType(), to(receiver, "tcp"), OPEN)) {
      receiver.talks = true;
      Answer answer = sink.send(plain(1, 0, 1));
      assertThat(answer).asString().contains("Failed", "talks");
    }
  }

  @Test
  void whatIsTooLongArrivesShort() throws Exception {
    try (SyslogReceiver receiver = plainReceiver();
        Sink sink = Batches.open(new SyslogType(), to(receiver, "tcp"), OPEN)) {
      ObjectNode large = Batches.entry(5).put("details", "x".repeat(100_000));
      taken(sink.send(Batches.of(1, plain(4), Batches.message(5, large), plain(6))));
      arrives(receiver, 3);
      assertThat(receiver.messages.get(1))
          .hasSizeLessThan(SyslogType.MESSAGE_BYTES)
          .contains("\"id\":\"e-5\"", "\"left_out\":[\"details\"]");
    }
  }

  @Test
  void tlsShowsACertificateAndChecksTheOther() throws Exception {
    Certificates.Pair client = CA.of("sender");
    try (SyslogReceiver receiver =
        new SyslogReceiver(CA.of("localhost").context(CA), true, LIMIT)) {
      ObjectNode settings =
          to(receiver, "tls")
              .put("ca", CA.pem)
              .put("client_cert", client.certificate())
              .put("client_key", client.key());
      try (Sink sink = Batches.open(new SyslogType(), settings, OPEN)) {
        taken(sink.send(plain(1, 0, 300)));
        taken(sink.send(plain(2, 300, 1)));
      }
      arrives(receiver, 301);
      assertThat(receiver.connections).hasValue(1);
      settings.remove(List.of("client_cert", "client_key"));
      try (Sink sink = Batches.open(new SyslogType(), settings, OPEN)) {
        Answer answer = sink.send(plain(1, 0, 1));
        assertThat(answer).isInstanceOf(Answer.Failed.class);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "localhost,-9,own,has expired",
    "localhost,9,own,is not valid yet",
    "other.example,0,own,is not for this host",
    "localhost,0,other,of an authority that is not trusted here"
  })
  void aCertificateThatIsNotBelievedIsAFaultInWords(
      String host, int days, String trusted, String words) throws Exception {
    Certificates.Pair shown =
        CA.of(host, Instant.now().plus(Duration.ofDays(days)), Duration.ofDays(5));
    String ca = trusted.equals("own") ? CA.pem : new Certificates("another").pem;
    try (SyslogReceiver receiver = new SyslogReceiver(shown.context(CA), false, LIMIT);
        Sink sink = Batches.open(new SyslogType(), to(receiver, "tls").put("ca", ca), OPEN)) {
      Answer answer = sink.send(plain(1, 0, 1));
      assertThat(answer).isInstanceOf(Answer.Failed.class);
      assertThat(answer.toString()).contains(words);
      assertThat(receiver.messages).isEmpty();
    }
  }

  @Test
  void anotherNameIsBelievedWhereTheSettingsSaySo() throws Exception {
    try (SyslogReceiver receiver =
            new SyslogReceiver(CA.of("logs.example").context(CA), false, LIMIT);
        Sink sink =
            Batches.open(
                new SyslogType(),
                to(receiver, "tls").put("ca", CA.pem).put("server_name", "logs.example"),
                OPEN)) {
      taken(sink.send(plain(1, 0, 1)));
      arrives(receiver, 1);
    }
  }

  @Test
  void settingsAreCheckedAllAtOnce() {
    assertThat(
            Batches.faults(
                new SyslogType(),
                settings(
                    """
                    {"host":"a b","port":0,"transport":"udp","facility":24,"app_name":"a b",
                     "ca":"none","client_cert":7,"client_key":"x","colour":"red"}
                    """),
                OPEN))
        .containsExactlyInAnyOrder(
            "host bad_format",
            "port out_of_range",
            "transport unknown_value",
            "facility out_of_range",
            "app_name bad_format",
            "ca bad_format",
            "client_cert wrong_type",
            "client_key bad_format",
            "colour unknown_field");
    assertThat(
            Batches.faults(
                new SyslogType(),
                settings(
                    """
                    {"transport":"tcp","server_name":"a",
                     "ca":"-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----"}
                    """),
                OPEN))
        .containsExactlyInAnyOrder(
            "host missing", "port missing", "server_name not_allowed", "ca not_allowed");
    assertThat(
            Batches.faults(
                new SyslogType(),
                settings(
                    """
                    {"host":"localhost","port":6514,
                     "ca":"-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----"}
                    """),
                OPEN))
        .containsExactly("ca bad_format");
  }

  @ParameterizedTest
  @CsvSource({"PT0S,PT0.05S", "PT0.06S,PT0.12S", "PT3S,PT0.25S"})
  void theGraceIsTwiceTheWayWithinBounds(Duration connect, Duration grace) {
    assertThat(SyslogConnection.graceFor(connect)).isEqualTo(grace);
  }

  /** Accepted by the system, answered by nobody. */
  @Test
  void anInterruptionEndsTheWait() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Sink sink =
            Batches.open(
                new SyslogType(),
                settings(
                    "{\"host\":\"localhost\",\"port\":%d,\"transport\":\"tcp\"}"
                        .formatted(silent.getLocalPort())),
                OPEN)) {
      Thread.currentThread().interrupt();
      try {
        sink.send(plain(1, 0, 1));
        throw new AssertionError("not interrupted");
      } catch (InterruptedException _) {
        assertThat(Thread.interrupted()).isFalse();
      }
    }
  }
}
