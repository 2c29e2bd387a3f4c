package dev.indelible.server.audit;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.retention.EntryRecorder;
import dev.indelible.verify.Leaf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says that something does not hold: in the program's log, and by an entry {@value #ACTION} in the
 * log of the tenant whose it is. Says it once. Thread-safe.
 */
public final class VerificationAlarm {

  /** The action of the entry that says that a log no longer holds. */
  public static final String ACTION = "audit.log.verification_failed";

  /** Entries that tell one tenant, from start to start; the program's log has all. */
  static final int MAX_ALERTS = 10;

  private static final String CONTRADICTED = "contradicted";
  private static final Logger LOG = LoggerFactory.getLogger(VerificationAlarm.class);

  private final EntryRecorder recorder;
  private final Set<Violation> told = new HashSet<>(); // guarded by this
  private final Map<TenantId, Integer> alerts = new HashMap<>(); // guarded by this

  /**
   * An alarm.
   *
   * @param recorder takes the entries
   */
  public VerificationAlarm(EntryRecorder recorder) {
    this.recorder = recorder;
  }

  /** A tenant's log is contradicted by somebody outside. */
  public void contradicted(TenantId tenant, String sentence) {
    raise(new Violation(tenant, CONTRADICTED, sentence), true);
  }

  /**
   * Raises it.
   *
   * @param aloud whether the program's log is to have it
   */
  synchronized void raise(Violation violation, boolean aloud) {
    if (aloud) {
      LOG.error("VERIFICATION FAILED: {}", violation.line());
    }
    TenantId tenant = violation.tenant();
    if (tenant == null
        || told.contains(violation)
        || alerts.getOrDefault(tenant, 0) >= MAX_ALERTS) {
      return;
    }
    try {
      long seq = recorder.recordDurably(event(tenant, violation));
      LOG.info("entry {} of tenant {} tells of it", seq, tenant);
      told.add(violation);
      alerts.merge(tenant, 1, Integer::sum);
    } catch (IOException e) {
      LOG.warn("no entry of tenant {} tells of it yet: {}", tenant, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Forgets what is mended, so that it is told again when it is back. */
  synchronized void forget(Collection<Violation> standing) {
    told.removeIf(one -> !one.code().equals(CONTRADICTED) && !standing.contains(one));
  }

  /** Its id follows from what was found, so that the next start does not say it again. */
  private static Event event(TenantId tenant, Violation violation) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put("finding", violation.code());
    details.put("detail", violation.sentence());
    String digest =
        Leaf.digest(new byte[Leaf.SALT_BYTES], violation.line().getBytes(StandardCharsets.UTF_8))
            .toString();
    return new Event(
        "verification-failed-" + digest,
        tenant,
        null,
        null,
        ACTION,
        new Event.Actor(Event.ActorType.SYSTEM, null, null, null, List.of(), List.of(), null),
        List.of(),
        Event.Outcome.FAILURE,
        violation.code(),
        List.of(),
        null,
        Event.Context.NONE,
        details);
  }
}
