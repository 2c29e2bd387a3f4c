package dev.indelible.server.witness;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.Follower;
import dev.indelible.server.proof.LogStoppedException;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.witness.WitnessClient.Answer;
import dev.indelible.verify.AddCheckpoint;
import dev.indelible.verify.Hash;
import dev.indelible.verify.SignedCheckpoint;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follower that asks one witness to cosign every log's checkpoints: the one that all witnesses are
 * to cosign, then the newest one.
 *
 * <p>What the witness cosigned last is asked of itself, by a conflict, when it is not known any
 * more. A witness that knows more of a log than there is, or says that the log did not only grow,
 * is an alarm: the log was rolled back, or somebody else signs with its key.
 */
final class Cosigning extends HeadFollower {

  /** Logs of which it is kept in memory what the witness cosigned last. */
  static final long CACHED_SIZES = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Cosigning.class);
  private static final int MAX_ATTEMPTS = 4;

  /** Listener that is told when a witness contradicts a log. */
  @FunctionalInterface
  interface Alarm {
    void contradicted(TenantId tenant, String detail);
  }

  private final WitnessAddress witness;
  private final WitnessClient client;
  private final Alarm alarm;
  private final Cache<TenantId, Long> sizes =
      Caffeine.newBuilder().maximumSize(CACHED_SIZES).build();
  private final AtomicLong cosignatures = new AtomicLong();
  private final AtomicLong conflicts = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();

  Cosigning(TenantLogs logs, WitnessAddress witness, Alarm alarm) {
    super(logs, new Follower.Terms("witness " + witness.key().name(), SOON));
    this.witness = witness;
    this.client = new WitnessClient(witness);
    this.alarm = alarm;
  }

  @Override
  void follow(TenantId tenant) throws IOException, InterruptedException {
    try {
      cosign(tenant);
    } catch (LogStoppedException e) {
      LOG.debug("{} is stopped and has nothing to be cosigned", tenant, e);
    }
  }

  private void cosign(TenantId tenant) throws IOException, InterruptedException {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Long known = sizes.getIfPresent(tenant);
      Optional<SignedCheckpoint> due =
          logs.toCosign(tenant, witness.key(), known == null ? 0 : known);
      if (due.isEmpty()) {
        return;
      }
      SignedCheckpoint checkpoint = due.get();
      long size = checkpoint.checkpoint().size();
      long old = known == null || known > size ? 0 : known;
      List<Hash> proof = old == 0 ? List.of() : logs.consistencyProof(tenant, old, size);
      switch (client.add(new AddCheckpoint(old, proof, checkpoint))) {
        case Answer.Cosigned(var signature) -> {
          logs.cosigned(tenant, checkpoint.checkpoint(), signature);
          sizes.put(tenant, size);
          cosignatures.incrementAndGet();
          if (logs.publishedSize(tenant) > size) {
            again(tenant);
          }
          return;
        }
        case Answer.Conflict(long theirs) -> {
          if (theirs > logs.publishedSize(tenant)) {
            contradicted(
                tenant,
                "it cosigned size "
                    + theirs
                    + " of the log, which is shorter now: it was rolled back, or its key is used"
                    + " elsewhere");
            return;
          }
          if (theirs == size && old == size) { // of witnesses before July 2026
            contradicted(tenant, notProven(old, size));
            return;
          }
          sizes.put(tenant, theirs);
        }
        case Answer.NotProven(String detail) -> {
          LOG.error("witness {} answered: {}", witness.key().name(), detail);
          contradicted(tenant, notProven(old, size));
          return;
        }
        case Answer.Refused(int status, String detail) -> {
          refusals.incrementAndGet();
          LOG.warn(
              "witness {} does not cosign the log of {}: {} {}",
              witness.key().name(),
              tenant,
              status,
              detail);
          return;
        }
      }
    }
    throw new IOException("it answers every size with a conflict");
  }

  /** Sentence on a checkpoint that a witness does not find to follow the one that it cosigned. */
  static String notProven(long cosignedSize, long size) {
    return cosignedSize == size
        ? "it cosigned another root at size " + size + ": history was rewritten"
        : "it does not find that the log only grew since size "
            + cosignedSize
            + ", which it cosigned";
  }

  private void contradicted(TenantId tenant, String detail) {
    conflicts.incrementAndGet();
    String sentence = "Witness " + witness.key().name() + ": " + detail + ".";
    LOG.error("{}: {}", tenant, sentence);
    alarm.contradicted(tenant, sentence);
  }

  WitnessAddress witness() {
    return witness;
  }

  long cosignatures() {
    return cosignatures.get();
  }

  long conflicts() {
    return conflicts.get();
  }

  long refusals() {
    return refusals.get();
  }

  @Override
  void breakOff() {
    client.close();
  }
}
