package dev.indelible.server.sink;

import static dev.indelible.server.sink.Batches.OPEN;
import static dev.indelible.server.sink.Batches.plain;
import static dev.indelible.server.sink.Batches.rejected;
import static dev.indelible.server.sink.Batches.settings;
import static dev.indelible.server.sink.Batches.taken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.IpNetwork;
import dev.indelible.server.sink.Sink.Answer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** A broker of Kafka of Maven Central's artifacts, in a process of its own. */
@Tag("long")
class RealKafkaTest {

  @TempDir Path folder;

  private ObjectNode to(String port) {
    return settings("{\"topic\":\"audit\",\"security\":\"plaintext\"}")
        .put("bootstrap_servers", "127.0.0.1:" + port);
  }

  private static List<ConsumerRecord<String, String>> read(String port, int count) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", "127.0.0.1:" + port, "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor("audit").stream()
              .map(partition -> new TopicPartition("audit", partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      for (int poll = 0; poll < 60 && records.size() < count; poll++) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
    }
    return records;
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  /** Letters that no packing makes much shorter. */
  private static String noise(int length) {
    Random random = new Random(18);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }

  @Test
  void aTenantsEntriesAreInOrderInOnePartitionAndABrokerThatIsGoneMayComeBack() throws Exception {
    String port;
    try (JavaProgram broker =
        JavaProgram.start("kafka", "KafkaBroker.java", folder, folder.toString())) {
      port = broker.written(folder.resolve("port"));
      ObjectNode large = Batches.entry(4000).put("details", noise(2 << 20));
      try (Sink sink = Batches.open(new KafkaType(), to(port), OPEN)) {
        taken(sink.send(plain(1, 0, 2000)));
        taken(sink.send(plain(2, 2000, 2000)));
        assertThat(
                rejected(
                    sink.send(
                        Batches.of(3, plain(3999), Batches.message(4000, large), plain(4001)))))
            .containsOnlyKeys(1);
        taken(sink.send(new Batch(Batches.STREAM, new TenantId("other"), 1, List.of(plain(0)))));
      }
      List<ConsumerRecord<String, String>> all = read(port, 4003);
      List<ConsumerRecord<String, String>> acme =
          all.stream().filter(record -> record.key().equals("acme")).toList();
      assertThat(acme).hasSize(4002);
      assertThat(acme.stream().map(ConsumerRecord::partition).distinct()).hasSize(1);
      for (int i = 0; i < 4000; i++) {
        assertThat(header(acme.get(i), "seq")).isEqualTo(Integer.toString(i));
      }
      assertThat(acme.getFirst().value()).isEqualTo(Batches.entry(0).toString());
      assertThat(header(acme.getFirst(), "id")).isEqualTo("e-0");
      assertThat(header(acme.getFirst(), "stream")).isEqualTo("stm_1");
      assertThat(all.stream().filter(record -> record.key().equals("other"))).hasSize(1);
    }
    try (Sink sink = Batches.open(new KafkaType(), to(port), OPEN)) {
      assertThat(sink.send(plain(4, 4002, 1))).isInstanceOf(Answer.Failed.class);
    }
  }

  /** A broker may name others, wherever they are. */
  @Test
  void aBrokerThatNamesAnotherThatIsNotAllowedIsRefused() throws Exception {
    try (JavaProgram broker =
        JavaProgram.start("kafka", "KafkaBroker.java", folder, folder.toString(), "127.0.0.2")) {
      String port = broker.written(folder.resolve("port"));
      AddressGuard one =
          new AddressGuard(
              List.of(IpNetwork.parse("127.0.0.1").orElseThrow()), InetAddress::getAllByName);
      try (Sink sink = Batches.open(new KafkaType(), to(port), one)) {
        Answer answer = sink.probe();
        assertThat(answer).asString().contains("Refused", "127.0.0.2");
      }
    }
  }
}
