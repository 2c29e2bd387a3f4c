package dev.indelible.server.stream;

import dev.indelible.server.sink.Message;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Range of a log as a stream would send it.
 *
 * @param firstSeq the first sequence number that was looked at
 * @param lastSeq the last one; less than the first when there is none yet
 * @param messages the entries that can be sent
 * @param misfits the entries that cannot
 * @param own sequence numbers of those of both that are about streams, alerts or exports
 * @param purgedSeqs sequence numbers of entries that retention has deleted
 */
record Draft(
    long firstSeq,
    long lastSeq,
    List<Message> messages,
    List<Misfit> misfits,
    Set<Long> own,
    List<Long> purgedSeqs) {

  /** Beginnings, behind {@link #AUDIT}, of actions that never give a reason for another entry. */
  private static final List<String> OWN = List.of("stream.", "export", "alert");

  private static final String AUDIT = "audit.";

  /**
   * Entry that cannot be sent.
   *
   * @param reason why, for people
   */
  record Misfit(long seq, String id, String reason) {}

  /** Whether an action is about streams, alerts or exports. */
  static boolean isOwn(String action) {
    return action.startsWith(AUDIT)
        && OWN.stream().anyMatch(own -> action.startsWith(own, AUDIT.length()));
  }

  /** Whether no entry was looked at. */
  boolean isEmpty() {
    return lastSeq < firstSeq;
  }

  /** Whether the ledger has nothing to say of it. */
  boolean isSilent() {
    return messages.isEmpty() && misfits.isEmpty() && purgedSeqs.isEmpty();
  }

  /** The part of it that ends with one of its messages. */
  Draft through(int count) {
    long last = messages.get(count - 1).seq();
    return new Draft(
        firstSeq,
        last,
        messages.subList(0, count),
        misfits.stream().filter(misfit -> misfit.seq() <= last).toList(),
        own,
        purgedSeqs.stream().filter(seq -> seq <= last).toList());
  }

  /** This range and the one behind it. */
  Draft and(Draft more) {
    Set<Long> all = new HashSet<>(own);
    all.addAll(more.own);
    return new Draft(
        firstSeq,
        more.lastSeq,
        Stream.concat(messages.stream(), more.messages.stream()).toList(),
        Stream.concat(misfits.stream(), more.misfits.stream()).toList(),
        all,
        Stream.concat(purgedSeqs.stream(), more.purgedSeqs.stream()).toList());
  }

  /** How many entries retention has deleted. */
  long purged() {
    return purgedSeqs.size();
  }

  /**
   * SHA-256 over the bodies, each with its length in front.
   *
   * @param without sequence numbers of messages that are left out
   */
  byte[] sha256(Set<Long> without) {
    MessageDigest digest = LedgerLine.digest();
    for (Message message : messages) {
      if (without.contains(message.seq())) {
        continue;
      }
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(message.body().length).array());
      digest.update(message.body());
    }
    return digest.digest();
  }
}
