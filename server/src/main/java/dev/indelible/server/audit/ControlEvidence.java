package dev.indelible.server.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.indelible.server.control.AppliedChange;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.ingest.MirroredChanges;
import dev.indelible.server.journal.Position;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import dev.indelible.verify.audit.Finding;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds the control log against the entries that its changes made in the tenants' logs, which are
 * signed: another server's control log has other changes at the same positions.
 *
 * <p>Holds a position and a hash for each change. Not thread-safe.
 */
final class ControlEvidence {

  /** Entries that disagree are told one for each tenant, of at most so many tenants. */
  static final int MAX_TOLD = 20;

  private static final byte[] MARK = ("\"id\":\"" + MirroredChanges.ID_PREFIX).getBytes(US_ASCII);

  /** The id is one of the first members of an entry's facts. */
  private static final int MAX_OFFSET = 512;

  private record Made(@Nullable TenantId tenant, Hash chain) {}

  private final Map<Long, Made> changes = new HashMap<>();
  private final Set<Hash> chains = new HashSet<>();
  private final Set<TenantId> configured = new HashSet<>();
  private final Set<TenantId> seen = new TreeSet<>();
  private final Map<TenantId, String> disagreeing = new HashMap<>();
  private @Nullable Position end;

  /** Takes note of a change in force. */
  void made(AppliedChange change) {
    chains.add(change.chain().before());
    chains.add(change.chain().after());
    changes.put(
        change.position().value(),
        new Made(change.change().object().tenant(), change.chain().after()));
  }

  /** Takes note of a tenant that there is, or was. */
  void configured(TenantId tenant) {
    configured.add(tenant);
  }

  /** All changes were noted. */
  void ended(Position at) {
    end = at;
  }

  /** Examines an entry of a tenant's log. */
  void look(TenantId tenant, StoredEntry entry) {
    seen.add(tenant);
    byte[] facts = EntryLeaves.facts(entry);
    if (end == null || disagreeing.size() >= MAX_TOLD || !isMarked(facts)) {
      return;
    }
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(facts);
    } catch (JacksonException e) {
      return; // what is no JSON does not lead to the root that was signed
    }
    if (!json.path("action").asString("").startsWith("audit.")) {
      return;
    }
    long position = position(json.path("id").asString(""));
    if (position >= 0 && position < end.value() && !agrees(tenant, position, json)) {
      disagreeing.putIfAbsent(tenant, "entry " + entry.seq() + " of " + tenant);
    }
  }

  private boolean agrees(TenantId tenant, long position, JsonNode facts) {
    Made made = changes.get(position);
    if (made == null || !tenant.equals(made.tenant())) {
      return false;
    }
    String chain = facts.path("details").path(MirroredChanges.DETAIL).asString("");
    return chain.isEmpty() || chain.equals(made.chain().toString());
  }

  private static long position(String id) {
    try {
      return Long.parseLong(id.substring(MirroredChanges.ID_PREFIX.length()));
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      return -1;
    }
  }

  private static boolean isMarked(byte[] facts) {
    int limit = Math.min(facts.length, MAX_OFFSET) - MARK.length;
    for (int i = 0; i <= limit; i++) {
      if (facts[i] == '"' && matches(facts, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(byte[] facts, int at) {
    for (int i = 0; i < MARK.length; i++) {
      if (facts[at + i] != MARK[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Holds what was mirrored against the control log's hash there.
   *
   * @return false when it is another log's
   */
  boolean isMirrored(MirroredChanges mirrored) {
    Hash chain = mirrored.chain();
    if (chain == null || end == null) {
      return true;
    }
    // A position behind the end is told as a log that was cut.
    return mirrored.position().compareTo(end) > 0 || chains.contains(chain);
  }

  /** Tells what was found, once all entries were looked at. */
  void tell(@Nullable TenantId only, Consumer<Finding> findings) {
    if (end == null) {
      return; // it cannot be read, which is told
    }
    disagreeing.forEach(
        (tenant, entry) -> {
          if (only == null || only.equals(tenant)) {
            findings.accept(new Finding.ForeignControlLog(entry));
          }
        });
    for (TenantId tenant : seen) {
      if (!configured.contains(tenant) && (only == null || only.equals(tenant))) {
        findings.accept(new Finding.UnknownTenant(tenant.value()));
      }
    }
  }
}
