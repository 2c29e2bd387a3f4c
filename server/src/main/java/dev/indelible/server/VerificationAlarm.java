package dev.indelible.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.indelible.server.audit.Scrubber;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.retention.EntryRecorder;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an entry of the tenant's own log out of what the scrubber finds, so that its admins see it
 * and nobody can take it back. The same finding has the same id, and one entry.
 */
final class VerificationAlarm implements Scrubber.Alarm {

  /** Its action; reserved to the program. */
  static final String ACTION = "audit.log.verification_failed";

  private static final Logger LOG = LoggerFactory.getLogger(VerificationAlarm.class);
  private static final int ID_DIGITS = 24;

  private final EntryRecorder entries;

  VerificationAlarm(EntryRecorder entries) {
    this.entries = entries;
  }

  @Override
  public void raise(@Nullable TenantId tenant, String sentence) {
    if (tenant == null) {
      return; // nobody's in particular: the program's log and the metrics have it
    }
    try {
      long _ = entries.recordDurably(event(tenant, sentence));
    } catch (IOException e) {
      LOG.error("that the log of {} does not hold has no entry yet", tenant, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform lacks SHA-256", e);
    }
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
