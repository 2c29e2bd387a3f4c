package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.IpNetwork;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Batches, settings and surroundings of receivers in tests: this machine's receivers are allowed.
 */
final class Batches {

  static final TenantId ACME = new TenantId("acme");
  static final String STREAM = "stm_1";
  static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  static final AddressGuard OPEN =
      new AddressGuard(
          List.of(
              IpNetwork.parse("127.0.0.0/8").orElseThrow(), IpNetwork.parse("::1").orElseThrow()),
          InetAddress::getAllByName);
  static final AddressGuard STRICT = new AddressGuard(List.of(), InetAddress::getAllByName);

  private Batches() {}

  static Batch of(long number, Message... messages) {
    return new Batch(STREAM, ACME, number, List.of(messages));
  }

  /** A batch of plain entries. */
  static Batch plain(long number, long firstSeq, int count) {
    return new Batch(
        STREAM,
        ACME,
        number,
        LongStream.range(firstSeq, firstSeq + count).mapToObj(Batches::plain).toList());
  }

  static Message plain(long seq) {
    return message(seq, entry(seq));
  }

  static ObjectNode entry(long seq) {
    ObjectNode entry = JsonMapper.shared().createObjectNode();
    entry.put("id", "e-" + seq);
    entry.put("tenant", ACME.value());
    entry.put("seq", seq);
    entry.put("recorded_at", "2026-11-20T10:00:00.000Z");
    entry.put("occurred_at", "2026-11-20T09:59:59.500Z");
    entry.put("action", "user.login");
    entry.put("outcome", "success");
    return entry;
  }

  /** An entry in the native form. */
  static Message message(long seq, ObjectNode entry) {
    return message(seq, entry, JsonMapper.shared().writeValueAsString(entry));
  }

  static Message message(long seq, ObjectNode entry, String body) {
    return new Message(
        seq,
        entry.get("id").stringValue(),
        Instant.parse("2026-11-20T09:59:59.5Z"),
        NOW,
        body.getBytes(StandardCharsets.UTF_8),
        entry);
  }

  static ObjectNode settings(String json) {
    return (ObjectNode) JsonMapper.shared().readTree(json);
  }

  /** Checks settings and opens them; secrets are taken out of them as the program does. */
  static Sink open(SinkType type, ObjectNode settings, AddressGuard guard) {
    return open(type, settings, guard, type.defaults().messageBytes());
  }

  static Sink open(SinkType type, ObjectNode settings, AddressGuard guard, int messageBytes) {
    return open(type, settings, guard, messageBytes, InstantSource.system());
  }

  static Sink open(
      SinkType type,
      ObjectNode settings,
      AddressGuard guard,
      int messageBytes,
      InstantSource clock) {
    List<String> faults = faults(type, settings, OPEN);
    if (!faults.isEmpty()) {
      throw new AssertionError(faults.toString());
    }
    ObjectNode shown = settings.deepCopy();
    shown.remove(type.secrets());
    return type.open(
        new SinkType.Opening(
            STREAM, ACME, shown, name -> secret(settings, name), guard, messageBytes),
        clock);
  }

  private static byte @Nullable [] secret(ObjectNode settings, String name) {
    return settings.has(name)
        ? settings.get(name).stringValue().getBytes(StandardCharsets.UTF_8)
        : null;
  }

  /** What is wrong with settings: field, a space, code. */
  static List<String> faults(SinkType type, ObjectNode settings, AddressGuard guard) {
    List<String> faults = new ArrayList<>();
    type.check(settings, Set.of(), guard, (field, code, _) -> faults.add(field + " " + code));
    return faults;
  }

  /** Fails unless all of a batch was taken. */
  static void taken(Sink.Answer answer) {
    if (!answer.equals(new Sink.Answer.Taken())) {
      throw new AssertionError(answer.toString());
    }
  }

  /**
   * Sends messages as a runner does, from the first that has not arrived, until the one that ends
   * the connection is the first three times in a row; returns its index. An end that the machine
   * was too busy to show in time is seen at the next attempt.
   */
  static int culprit(Sink sink, List<Message> messages) throws InterruptedException {
    int start = 0;
    int same = 0;
    for (int attempt = 0; same < 3 && attempt < 40; attempt++) {
      Batch batch = new Batch(STREAM, ACME, 1, messages.subList(start, messages.size()));
      if (sink.send(batch) instanceof Sink.Answer.Failed failed) {
        same = failed.arrived() == 0 && start > 0 ? same + 1 : 0;
        start += failed.arrived();
      }
    }
    return start;
  }

  /** The rejected messages of an answer; fails when it is none of a batch that was taken. */
  static Map<Integer, String> rejected(Sink.Answer answer) {
    if (answer instanceof Sink.Answer.Taken taken) {
      return taken.rejected();
    }
    throw new AssertionError(answer.toString());
  }
}
