package dev.indelible.server.sink;

import static dev.indelible.server.sink.Batches.OPEN;
import static dev.indelible.server.sink.Batches.STRICT;
import static dev.indelible.server.sink.Batches.plain;
import static dev.indelible.server.sink.Batches.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.query.IpNetwork;
import dev.indelible.server.sink.Sink.Answer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Kafka's settings, and who is never connected to; {@link RealKafkaTest} has a broker. */
class KafkaSinkTest {

  private static ObjectNode to(String servers) {
    return settings("{\"topic\":\"audit\",\"security\":\"plaintext\"}")
        .put("bootstrap_servers", servers);
  }

  @Test
  void settingsAreCheckedAllAtOnce() {
    assertThat(
            Batches.faults(
                new KafkaType(),
                settings(
                    """
                    {"bootstrap_servers":"127.0.0.1","topic":"a b","security":"plaintext",
                     "user":"u","ca":"-----BEGIN CERTIFICATE-----x-----END CERTIFICATE-----"}
                    """),
                OPEN))
        .containsExactlyInAnyOrder(
            "bootstrap_servers bad_format",
            "topic bad_format",
            "ca bad_format",
            "ca not_allowed",
            "user not_allowed");
    assertThat(
            Batches.faults(
                new KafkaType(),
                settings(
                    """
                    {"bootstrap_servers":"127.0.0.1:70000","topic":"a","security":"sasl_ssl",
                     "sasl_mechanism":"GSSAPI"}
                    """),
                OPEN))
        .containsExactlyInAnyOrder(
            "bootstrap_servers out_of_range",
            "user missing",
            "password missing",
            "sasl_mechanism unknown_value");
  }

  /** A public address as well: the client would look its name up again by itself. */
  @Test
  void onlyNetworksOfTheOperatorsAreConnectedTo() {
    AddressGuard some =
        new AddressGuard(
            List.of(IpNetwork.parse("10.7.0.0/16").orElseThrow()),
            host ->
                new InetAddress[] {
                  InetAddress.getByName(host.equals("in.test") ? "10.7.0.1" : "1.1.1.1")
                });
    for (String security : List.of("plaintext", "tls")) {
      ObjectNode settings = to("out.test:9092").put("security", security);
      assertThat(Batches.faults(new KafkaType(), settings, some))
          .containsExactly("bootstrap_servers not_allowed");
      assertThat(
              Batches.faults(new KafkaType(), to("in.test:9092").put("security", security), some))
          .isEmpty();
    }
    assertThat(Batches.faults(new KafkaType(), to("in.test:9092,out.test:9092"), some))
        .containsExactly("bootstrap_servers not_allowed");
  }

  @Test
  void aBrokerThatIsNoLongerAllowedIsNotConnectedTo() throws Exception {
    try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Sink sink =
            Batches.open(new KafkaType(), to("127.0.0.1:" + broker.getLocalPort()), STRICT)) {
      assertThat(sink.send(plain(1, 0, 1))).isInstanceOf(Answer.Refused.class);
      assertThat(sink.probe()).asString().contains("Refused", "the operator allows");
    }
  }

  @Test
  void theProducerIsIdempotentAndAcknowledgedByAll() {
    Map<String, Object> properties =
        KafkaType.properties(
            settings(
                """
                {"bootstrap_servers":"a:1","topic":"t","security":"sasl_ssl","user":"u\\"v"}
                """),
            "p\\w\"");
    assertThat(properties)
        .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
        .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
        .containsEntry(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required"
                + " username=\"u\\\"v\" password=\"p\\\\w\\\"\";")
        .doesNotContainKey("ssl.endpoint.identification.algorithm");
  }
}
