package dev.indelible.server.evidence.access;

import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.profile.AccessMarks;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.retention.BeforePurge;
import dev.indelible.server.retention.EntryRecorder;
import dev.indelible.server.retention.SeqRanges;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.access.AccessFold;
import dev.indelible.verify.access.AccessLimitException;
import dev.indelible.verify.access.AccessReview;
import dev.indelible.verify.access.CarriedGrants;
import dev.indelible.verify.access.ReviewFold;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records, before a purge, the grants that rest on what it deletes, so that a review of access
 * reaches back behind it. The whole log is read for that, and only if an entry about access goes.
 * Thread-safe.
 */
public final class AccessCarrying implements BeforePurge {

  private static final Logger LOG = LoggerFactory.getLogger(AccessCarrying.class);

  private final EventLog log;
  private final TenantProfiles profiles;
  private final Configuration configuration;
  private final EntryRecorder recorder;
  private final InstantSource clock;

  /** Records by {@code recorder} what the entries of {@code log} say. */
  public AccessCarrying(
      EventLog log,
      TenantProfiles profiles,
      Configuration configuration,
      EntryRecorder recorder,
      InstantSource clock) {
    this.log = log;
    this.profiles = profiles;
    this.configuration = configuration;
    this.recorder = recorder;
    this.clock = clock;
  }

  @Override
  public @Nullable Integer carryOver(TenantId tenant, SeqRanges entries, String recordId)
      throws IOException, InterruptedException {
    Optional<Tenant> found = configuration.tenantOrClosed(tenant);
    if (found.isEmpty()) {
      return null;
    }
    ReviewFold fold =
        new ReviewFold(
            new AccessReview.Basis(
                tenant.value(),
                "",
                0,
                Long.MAX_VALUE,
                null,
                null,
                false,
                AccessMarks.rules(profiles.of(tenant, found.get().profile()))));
    if (!anyMatters(tenant, entries, fold)) {
      return 0;
    }
    try {
      read(tenant, fold);
    } catch (AccessLimitException e) {
      LOG.warn("no grants of {} are carried over before a purge: {}", tenant, e.getMessage());
      return null;
    }
    List<String> details = CarriedGrants.of(fold.fold(), entries::contains, recordId);
    for (int i = 0; i < details.size(); i++) {
      long _ = recorder.recordDurably(event(tenant, recordId, i + 1, details.get(i)));
    }
    return details.size();
  }

  private boolean anyMatters(TenantId tenant, SeqRanges entries, ReviewFold fold)
      throws IOException {
    boolean[] found = {false};
    for (long[] range : entries.ranges()) {
      for (long at = range[0]; at < range[1] && !found[0]; at += AccessReviews.CHUNK) {
        log.forEach(
            tenant,
            at,
            Math.min(range[1], at + AccessReviews.CHUNK),
            entry -> {
              byte[] facts = facts(entry);
              found[0] = facts != null && fold.reads(facts);
              return !found[0];
            });
      }
    }
    return found[0];
  }

  private void read(TenantId tenant, ReviewFold fold) throws IOException {
    long size = log.size(tenant);
    for (long at = 0; at < size; at += AccessReviews.CHUNK) {
      log.forEach(
          tenant,
          at,
          Math.min(size, at + AccessReviews.CHUNK),
          entry -> {
            byte[] facts = facts(entry);
            if (facts != null) {
              take(fold, entry, facts);
            }
            return true;
          });
    }
  }

  private static void take(ReviewFold fold, StoredEntry entry, byte[] facts) throws IOException {
    try {
      fold.entry(entry.seq(), entry.recordedAtMillis(), facts, facts.length, null);
    } catch (MalformedJsonException e) {
      throw new IOException("entry " + entry.seq() + " cannot be read", e);
    }
  }

  private static byte @Nullable [] facts(StoredEntry entry) {
    return switch (entry.body()) {
      case StoredEntry.Whole whole -> whole.parts().facts();
      case StoredEntry.PersonalErased erased -> erased.facts();
      case StoredEntry.Purged _ -> null;
    };
  }

  private Event event(TenantId tenant, String recordId, int part, String details) {
    return new Event(
        recordId + "-access-" + part,
        tenant,
        null,
        Instant.ofEpochMilli(clock.millis()),
        AccessFold.CARRIED,
        ChangedBy.SYSTEM.actor(),
        List.of(new Event.Target("retention", recordId, null, null)),
        Event.Outcome.SUCCESS,
        null,
        List.of(),
        null,
        Event.Context.NONE,
        (ObjectNode) JsonMapper.shared().readTree(details));
  }
}
