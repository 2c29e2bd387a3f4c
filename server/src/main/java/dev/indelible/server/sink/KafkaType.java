package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.deliver.AddressGuard.Transport;
import dev.indelible.server.deliver.AddressRefusedException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import tools.jackson.databind.node.ObjectNode;

/**
 * A topic of Kafka. Its client looks up the names of brokers itself and connects to whatever they
 * call themselves, so that no address that was checked can be held to: only brokers in networks
 * that the operator allows are connected to at all ({@code docs/adr/0030}).
 */
final class KafkaType implements SinkType {

  /** How long a record may take until it is acknowledged. */
  static final int DELIVERY_TIMEOUT_MILLIS = 30_000;

  /** How long an answer of a broker may take, and finding out who leads a partition. */
  static final int REQUEST_TIMEOUT_MILLIS = 10_000;

  /** The largest request, in bytes; the broker's limit of a record is 1 MiB unless it is raised. */
  static final int MAX_REQUEST_BYTES = 8 << 20;

  /** Memory for records that are not sent yet, in bytes. */
  static final long BUFFER_BYTES = 16L << 20;

  private static final int BATCH_ENTRIES = 2000;
  private static final int BATCH_BYTES = 4 << 20;
  private static final int MESSAGE_BYTES = 900 << 10;
  private static final int MAX_SERVERS = 16;
  private static final int MAX_PORT = 65_535;
  private static final List<String> MECHANISMS = List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

  private static final Pattern SERVERS =
      Pattern.compile(
          "(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,252}|\\[[0-9A-Fa-f:.]{2,45}]):[0-9]{1,5}"
              + "(?:,(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,252}|\\[[0-9A-Fa-f:.]{2,45}]):[0-9]{1,5})*");

  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final Pattern USER = Pattern.compile("[\\x20-\\x7e]{1,256}");

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public Set<String> secrets() {
    return Set.of("password");
  }

  @Override
  public Defaults defaults() {
    return new Defaults("native", BATCH_ENTRIES, BATCH_BYTES, MESSAGE_BYTES, true);
  }

  @Override
  public void check(ObjectNode settings, Set<String> kept, AddressGuard guard, Faults faults) {
    SettingsCheck check = new SettingsCheck(settings, kept, guard, faults);
    check.only(
        "bootstrap_servers", "topic", "security", "sasl_mechanism", "user", "password", "ca");
    String servers =
        check.text("bootstrap_servers", SERVERS, "Such as kafka1.example.com:9093, with commas.");
    check.text("topic", TOPIC, "1 to 249 letters, digits, dots, dashes and underscores.");
    String security = check.word("security", List.of("plaintext", "tls", "sasl_ssl"), "tls");
    check.authority("ca");
    if (check.has("ca") && security.equals("plaintext")) {
      check.fault("ca", "not_allowed", "Without TLS there is no use for this.");
    }
    boolean sasl = security.equals("sasl_ssl");
    if (sasl) {
      check.text("user", USER, "1 to 256 characters of ASCII.");
      check.word("sasl_mechanism", MECHANISMS, "SCRAM-SHA-512");
    } else {
      for (String name : List.of("user", "password", "sasl_mechanism")) {
        if (check.has(name)) {
          check.fault(name, "not_allowed", "Only where security is sasl_ssl.");
        }
      }
    }
    check.secret("password", sasl);
    if (servers != null) {
      checkServers(servers, guard, check);
    }
  }

  private static void checkServers(String servers, AddressGuard guard, SettingsCheck check) {
    List<Server> all = servers(servers);
    if (all.size() > MAX_SERVERS) {
      check.fault("bootstrap_servers", "too_many", "At most " + MAX_SERVERS + ".");
      return;
    }
    for (Server server : all) {
      if (server.port() < 1 || server.port() > MAX_PORT) {
        check.fault("bootstrap_servers", "out_of_range", "Ports are 1 to 65535.");
        return;
      }
      try {
        allowed(server.host(), guard);
      } catch (AddressRefusedException e) {
        check.fault("bootstrap_servers", "not_allowed", notAllowed(server.host()) + ".");
        return;
      } catch (UnknownHostException _) {
        check.fault(
            "bootstrap_servers", "unknown_value", "There is no host " + server.host() + ".");
        return;
      }
    }
  }

  /** Refuses a host unless all of its addresses are in networks that the operator allows. */
  static void allowed(String host, AddressGuard guard) throws UnknownHostException {
    guard.resolve(host, Transport.PLAIN);
  }

  /** The problem of a broker that is refused. */
  static String notAllowed(String host) {
    return "The broker "
        + host
        + " is not in a network that the operator allows, as Kafka's have to be";
  }

  /** A broker's address. */
  record Server(String host, int port) {}

  static List<Server> servers(String text) {
    List<Server> servers = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      int colon = one.lastIndexOf(':');
      servers.add(
          new Server(
              one.substring(0, colon).replace("[", "").replace("]", ""),
              Integer.parseInt(one.substring(colon + 1))));
    }
    return servers;
  }

  @Override
  public Sink open(Opening opening) {
    ObjectNode settings = opening.settings();
    String servers = settings.get("bootstrap_servers").stringValue();
    String password = HttpWay.secret(opening, "password");
    Map<String, Object> properties = properties(settings, password);
    return new KafkaSink(
        settings.get("topic").stringValue(),
        servers(servers),
        opening.guard(),
        () -> new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()),
        opening.stream());
  }

  /** The client's configuration; nothing of it is the tenant's own choice but what is checked. */
  static Map<String, Object> properties(ObjectNode settings, String password) {
    Map<String, Object> all = new HashMap<>();
    all.put(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.get("bootstrap_servers").stringValue());
    all.put(ProducerConfig.CLIENT_ID_CONFIG, "indelible");
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    all.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    String security = settings.path("security").asString("tls");
    all.put(
        CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
        switch (security) {
          case "plaintext" -> "PLAINTEXT";
          case "sasl_ssl" -> "SASL_SSL";
          default -> "SSL";
        });
    if (settings.hasNonNull("ca")) {
      all.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
      all.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, settings.get("ca").stringValue());
    }
    if (security.equals("sasl_ssl")) {
      String mechanism = settings.path("sasl_mechanism").asString("SCRAM-SHA-512");
      all.put(SaslConfigs.SASL_MECHANISM, mechanism);
      all.put(
          SaslConfigs.SASL_JAAS_CONFIG,
          "org.apache.kafka.common.security.%s required username=\"%s\" password=\"%s\";"
              .formatted(
                  mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule",
                  quoted(settings.get("user").stringValue()),
                  quoted(password)));
    }
    return all;
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
