package dev.indelible.server.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.control.AppliedChange;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.ingest.MirroredChanges;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import dev.indelible.verify.audit.Finding;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds the control log against the entries that its changes made in the tenants' logs, which are
 * signed: another server's control log has other changes at the same positions.
 *
 * <p>Holds an id and a hash for each change. Not thread-safe.
 */
final class ControlEvidence {

  /** Entries that disagree are told one for each tenant, of at most so many tenants. */
  static final int MAX_TOLD = 20;

  private static final byte[] MARK = ("\"id\":\"" + MirroredChanges.ID_PREFIX).getBytes(US_ASCII);

  private static final Pattern ID =
      Pattern.compile(Pattern.quote(MirroredChanges.ID_PREFIX) + "([0-9]{1,19})(-[0-9]{1,9})?");

  /** The id is one of the first members of an entry's facts. */
  private static final int MAX_OFFSET = 512;

  /** A change in force: whose, and the chain after its record. */
  private record Made(@Nullable TenantId tenant, Hash chain) {}

  private final Map<String, Made> changes = new HashMap<>(); // by the id of the entry
  private final Set<Hash> chains = new HashSet<>();
  private final Set<TenantId> configured = new HashSet<>();
  private final Set<TenantId> seen = new TreeSet<>();
  private final Map<TenantId, String> disagreeing = new HashMap<>();
  private @Nullable Position end;

  /** Takes note of changes in force. */
  void made(AppliedChange applied) {
    chains.add(applied.chain().before());
    chains.add(applied.chain().after());
    for (int i = 0; i < applied.replacements().size(); i++) {
      changes.put(
          MirroredChanges.id(applied, i),
          new Made(
              applied.replacements().get(i).change().object().tenant(), applied.chain().after()));
    }
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
    String id = json.path("id").asString("");
    long position = position(id);
    if (position >= 0 && position < end.value() && !agrees(tenant, id, json)) {
      disagreeing.putIfAbsent(tenant, "entry " + entry.seq() + " of " + tenant);
    }
  }

  private boolean agrees(TenantId tenant, String id, JsonNode facts) {
    Made made = changes.get(id);
    if (made == null || !tenant.equals(made.tenant())) {
      return false;
    }
    String chain = facts.path("details").path(MirroredChanges.DETAIL).asString("");
    return chain.isEmpty() || chain.equals(made.chain().toString());
  }

  /** The position in the id of an entry of a change; -1 when it is no such id. */
  private static long position(String id) {
    Matcher matcher = ID.matcher(id);
    try {
      return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    } catch (NumberFormatException e) {
      return -1; // too large for a position
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
