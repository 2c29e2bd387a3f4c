package dev.indelible.server.takeout;

import dev.indelible.server.audit.EntryLeaves;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.audit.EntryAudit.Content;
import dev.indelible.verify.audit.ExportHeader;
import dev.indelible.verify.audit.ExportText;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifiable exports: the entries of a log byte for byte, with their leaves. Thread-safe. */
public final class LogExport {

  /** The permission that it needs, for the whole log. */
  public static final Permission PERMISSION = Permission.AUDIT_EXPORT;

  /**
   * Entries that are read at once: a slow client keeps no merged run alive for long, and one that
   * may not read any more gets no more than these.
   */
  private static final int CHUNK = 1_000;

  /** Bytes of entries that are read at once, and one more. */
  private static final long CHUNK_BYTES = 4L << 20;

  private final EventLog log;
  private final Exports exports;

  /** Exports of the entries of {@code log}. */
  public LogExport(EventLog log, Exports exports) {
    this.log = log;
    this.exports = exports;
  }

  /**
   * An export to make.
   *
   * @param header the first line of a whole export, or null when it is lines alone
   * @param from sequence number of the first entry
   * @param to sequence number behind the last entry
   * @param withhold whether what is personal stays out
   * @param reason why, as {@link Exports#reason} gives it
   */
  public record Wanted(
      @Nullable ExportHeader header,
      long from,
      long to,
      boolean withhold,
      @Nullable String reason) {}

  /** Records that the entries are taken, before they are. */
  public void record(Taker taker, Wanted wanted) {
    exports.exported(
        taker,
        new Exports.ExportedEntries(
            "seq %d to %d".formatted(wanted.from(), wanted.to()),
            wanted.to() - wanted.from(),
            wanted.reason()));
  }

  /**
   * Writes the entries.
   *
   * @throws IOException when {@code out} takes no more, or the permission ended meanwhile
   */
  public void write(Taker taker, Wanted wanted, OutputStream out) throws IOException {
    TenantId tenant = taker.scope().tenant();
    EntryLeaves leaves = new EntryLeaves();
    ExportHeader header = wanted.header();
    if (header != null) {
      out.write(header.encode());
    }
    long at = wanted.from();
    while (at < wanted.to()) {
      if (at > wanted.from() && !taker.turns().stillMay()) {
        throw new IOException("the caller may not export any more; the answer is cut off");
      }
      long begin = at;
      List<StoredEntry> chunk = taker.turns().read(() -> chunk(tenant, begin, wanted.to()));
      for (StoredEntry entry : chunk) {
        ExportText.write(out, line(entry, leaves.leaf(entry), wanted.withhold()), null);
      }
      at += chunk.size();
    }
    ExportText.writeEnd(out, wanted.to() - wanted.from());
  }

  /** The next entries, of which a slow client keeps no more than these in memory. */
  private List<StoredEntry> chunk(TenantId tenant, long from, long to) throws IOException {
    List<StoredEntry> chunk = new ArrayList<>();
    long[] bytes = {0};
    log.forEach(
        tenant,
        from,
        Math.min(to, from + CHUNK),
        entry -> {
          chunk.add(entry);
          bytes[0] += entry.sizeBytes();
          return bytes[0] < CHUNK_BYTES;
        });
    if (chunk.isEmpty()) {
      throw new IOException("entry " + from + " of " + tenant + " is missing");
    }
    return chunk;
  }

  private static ExportText.Entry line(StoredEntry entry, byte[] leaf, boolean withhold) {
    return switch (entry.body()) {
      case StoredEntry.Whole(EntryParts parts) -> {
        byte[] bytes = parts.personal();
        byte[] salt = parts.personalSalt();
        ExportText.@Nullable Part personal =
            bytes == null || salt == null ? null : new ExportText.Part(bytes, salt);
        boolean withheld = withhold && personal != null;
        yield new ExportText.Entry(
            entry.seq(),
            entry.recordedAtMillis(),
            withheld ? Content.PERSONAL_WITHHELD : Content.WHOLE,
            leaf,
            new ExportText.Part(parts.facts(), parts.factsSalt()),
            withheld ? null : personal);
      }
      case StoredEntry.PersonalErased(byte[] facts, byte[] salt, byte[] _) ->
          new ExportText.Entry(
              entry.seq(),
              entry.recordedAtMillis(),
              Content.PERSONAL_ERASED,
              leaf,
              new ExportText.Part(facts, salt),
              null);
      case StoredEntry.Purged _ ->
          new ExportText.Entry(
              entry.seq(), entry.recordedAtMillis(), Content.PURGED, leaf, null, null);
    };
  }
}
