package dev.indelible.server;

import dev.indelible.server.audit.Scrubber;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.retention.EntryRecorder;
import dev.indelible.verify.Sha256;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an entry of the tenant's own log out of what the scrubber or a witness finds, so that its
 * admins see it and nobody can take it back. The same finding has the same id, and one entry.
 * Thread-safe.
 */
final class VerificationAlarm implements Scrubber.Alarm {

  /** Action of the alarm's entry; reserved to the program. */
  static final String ACTION = "audit.log.verification_failed";

  private static final Logger LOG = LoggerFactory.getLogger(VerificationAlarm.class);
  private static final int ID_DIGITS = 24;

  /** Entries of one tenant from start to start; the program's log has all findings. */
  static final int MAX_ENTRIES = 20;

  private final EntryRecorder entries;
  private final Map<TenantId, Set<String>> told = new HashMap<>(); // guarded by this

  VerificationAlarm(EntryRecorder entries) {
    this.entries = entries;
  }

  @Override
  public void raise(@Nullable TenantId tenant, String sentence) {
    if (tenant == null) {
      return; // nobody's in particular: the program's log and the metrics have it
    }
    if (!isNew(tenant, sentence)) {
      return;
    }
    try {
      long _ = entries.recordDurably(event(tenant, sentence));
    } catch (IOException e) {
      LOG.error("that the log of {} does not hold has no entry yet", tenant, e);
      forget(tenant, sentence);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isNew(TenantId tenant, String sentence) {
    Set<String> known = told.computeIfAbsent(tenant, _ -> new HashSet<>());
    return known.size() < MAX_ENTRIES && known.add(sentence);
  }

  private synchronized void forget(TenantId tenant, String sentence) {
    Set<String> known = told.get(tenant);
    if (known != null) {
      known.remove(sentence);
    }
  }

  private static String digest(String text) {
    return HexFormat.of().formatHex(Sha256.of(text));
  }

  private static Event event(TenantId tenant, String sentence) {
    return new Event(
        "scrub-" + digest(sentence).substring(0, ID_DIGITS),
        tenant,
        null,
        null, // the same event in every pass
        ACTION,
        new Event.Actor(Event.ActorType.SYSTEM, null, null, null, List.of(), List.of(), null),
        List.of(new Event.Target("log", tenant.value(), null, null)),
        Event.Outcome.FAILURE,
        sentence,
        List.of(),
        null,
        Event.Context.NONE,
        null);
  }
}
