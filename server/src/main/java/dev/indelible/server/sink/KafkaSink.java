package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.deliver.AddressRefusedException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * Records of a topic, keyed by tenant so that a tenant's entries stay in order, written by an
 * idempotent producer and acknowledged by all replicas in sync. A producer forgets what it has sent
 * when it ends: a repeat after a fault may be there twice, and has the same headers.
 */
final class KafkaSink implements Sink {

  /** How long the end of a producer may take; records on their way are known to have arrived. */
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final String topic;
  private final List<KafkaType.Server> servers;
  private final AddressGuard guard;
  private final Supplier<Producer<byte[], byte[]>> maker;
  private final String stream;
  private @Nullable Producer<byte[], byte[]> producer;

  KafkaSink(
      String topic,
      List<KafkaType.Server> servers,
      AddressGuard guard,
      Supplier<Producer<byte[], byte[]>> maker,
      String stream) {
    this.topic = topic;
    this.servers = servers;
    this.guard = guard;
    this.maker = maker;
    this.stream = stream;
  }

  @Override
  public Answer send(Batch batch) throws InterruptedException {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(batch.messages().size());
    for (Message message : batch.messages()) {
      records.add(record(batch, message));
    }
    return attempt(records);
  }

  private ProducerRecord<byte[], byte[]> record(Batch batch, Message message) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            null,
            message.occurredAt().toEpochMilli(),
            bytes(batch.tenant().value()),
            message.body());
    record.headers().add("id", bytes(message.id()));
    record.headers().add("seq", bytes(Long.toString(message.seq())));
    record.headers().add("stream", bytes(batch.stream()));
    return record;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Answer attempt(List<ProducerRecord<byte[], byte[]>> records) throws InterruptedException {
    try {
      Producer<byte[], byte[]> open = open();
      List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
      for (ProducerRecord<byte[], byte[]> record : records) {
        sent.add(open.send(record));
      }
      open.flush();
      return outcome(sent);
    } catch (BrokerRefusedException e) {
      drop();
      return new Answer.Refused(String.valueOf(e.getMessage()));
    } catch (UnknownHostException e) {
      drop();
      return new Answer.Failed("there is no host " + e.getMessage());
    } catch (InterruptException e) {
      drop();
      Thread.interrupted();
      throw new InterruptedException(e.getMessage());
    } catch (KafkaException e) {
      drop();
      return answer(e, 0);
    }
  }

  private Answer outcome(List<Future<RecordMetadata>> sent) throws InterruptedException {
    SortedMap<Integer, String> rejected = new TreeMap<>();
    int arrived = 0;
    for (int i = 0; i < sent.size(); i++) {
      try {
        RecordMetadata _ = sent.get(i).get();
        arrived = arrived == i ? i + 1 : arrived;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RecordTooLargeException) {
          rejected.put(i, "too large for the broker");
          continue;
        }
        drop();
        return answer(e.getCause() == null ? e : e.getCause(), arrived);
      }
    }
    return new Answer.Taken(rejected);
  }

  private Answer answer(Throwable fault, int arrived) {
    String problem = where() + ": " + words(fault);
    boolean lasts =
        fault instanceof AuthorizationException
            || fault instanceof SaslAuthenticationException
            || fault instanceof InvalidTopicException
            || fault instanceof UnsupportedVersionException;
    return lasts ? new Answer.Refused(problem) : new Answer.Failed(problem, arrived, null);
  }

  private String words(Throwable fault) {
    if (fault instanceof SslAuthenticationException) {
      return NetworkFaults.words(new IOException(fault), where());
    }
    Throwable cause =
        fault instanceof KafkaException && fault.getCause() != null ? fault.getCause() : fault;
    return NetworkFaults.cut(
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
  }

  /**
   * The producer. Before it is made every broker that it is told of is checked, and before it is
   * used every broker that those name.
   */
  private Producer<byte[], byte[]> open() throws UnknownHostException {
    if (producer != null) {
      return producer;
    }
    for (KafkaType.Server server : servers) {
      check(server.host());
    }
    producer = maker.get();
    for (PartitionInfo partition : producer.partitionsFor(topic)) {
      for (Node node : partition.replicas()) {
        if (!node.host().isEmpty()) {
          check(node.host());
        }
      }
    }
    return producer;
  }

  private void check(String host) throws UnknownHostException {
    try {
      KafkaType.allowed(host, guard);
    } catch (AddressRefusedException e) {
      throw new BrokerRefusedException(KafkaType.notAllowed(host), e);
    }
  }

  /** A broker that is not in a network of the operator's. */
  private static final class BrokerRefusedException extends KafkaException {
    private static final long serialVersionUID = 1L;

    BrokerRefusedException(String message, AddressRefusedException cause) {
      super(message, cause);
    }
  }

  private void drop() {
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }

  private String where() {
    return "kafka://" + servers.getFirst().host() + ":" + servers.getFirst().port();
  }

  /** A record without a key's tenant, marked as a test. */
  @Override
  public Answer probe() throws InterruptedException {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic, null, bytes("{\"type\":\"test\",\"stream\":\"" + stream + "\"}"));
    record.headers().add("stream", bytes(stream));
    record.headers().add("test", bytes("true"));
    return attempt(List.of(record));
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(CLOSE_TIMEOUT);
      producer = null;
    }
  }
}
