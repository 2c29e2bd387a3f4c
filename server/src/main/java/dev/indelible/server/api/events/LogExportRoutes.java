package dev.indelible.server.api.events;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.Looks;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;

import dev.indelible.server.audit.EntryLeaves;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.audit.EntryAudit.Content;
import dev.indelible.verify.audit.ExportHeader;
import dev.indelible.verify.audit.ExportText;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of a log byte for byte, as the lines of a verifiable export. */
final class LogExportRoutes {

  /**
   * Entries that are read at once: a slow client keeps no merged run alive for long, and one that
   * may not read any more gets no more than these.
   */
  private static final int CHUNK = 1_000;

  /** Bytes of entries that are read at once, and one more. */
  private static final long CHUNK_BYTES = 4L << 20;

  private final Callers callers;
  private final TenantProfiles profiles;
  private final EventLog log;
  private final TenantLogs logs;
  private final Looks looks;

  LogExportRoutes(
      Callers callers, TenantProfiles profiles, EventLog log, TenantLogs logs, Looks looks) {
    this.profiles = profiles;
    this.looks = looks;
    this.callers = callers;
    this.log = log;
    this.logs = logs;
  }

  List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/tenants/{tenant}/log/entries",
            "exportLogEntries",
            List.of("from_seq", "to_seq", "header", "personal", "reason"),
            this::entries));
  }

  private void entries(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeReader(exchange, Permission.AUDIT_EXPORT);
    TenantScope scope = allowed.scope();
    TenantId tenant = scope.tenant();
    ExportHeader header = header(exchange, tenant);
    long size =
        header == null ? logs.publishedSize(tenant) : header.checkpoint().checkpoint().size();
    long from = seq(exchange, "from_seq", 0, size);
    long to = seq(exchange, "to_seq", size, size);
    if (from > to) {
      throw ProblemException.invalidParameter("from_seq", "It must not be after to_seq.");
    }
    boolean withhold = withholds(exchange, allowed);
    String reason = Looks.reason(exchange, profiles.of(tenant, allowed.tenant().profile()));
    looks.exported(
        exchange, allowed, new Looks.Taken("seq %d to %d".formatted(from, to), to - from, reason));
    if (header != null) {
      exchange.setHeader(
          "Content-Disposition", "attachment; filename=\"" + tenant.value() + ".ndjson\"");
    }
    EntryLeaves leaves = new EntryLeaves();
    try (OutputStream out = exchange.respondStream(200, "application/x-ndjson")) {
      if (header != null) {
        out.write(header.encode());
      }
      long at = from;
      while (at < to) {
        if (at > from && !callers.stillMay(exchange, scope, Permission.AUDIT_EXPORT)) {
          throw new IOException("the caller may not export any more; the answer is cut off");
        }
        long begin = at;
        List<StoredEntry> chunk = callers.read(allowed, () -> chunk(tenant, begin, to));
        for (StoredEntry entry : chunk) {
          ExportText.write(out, line(entry, leaves.leaf(entry), withhold), null);
        }
        at += chunk.size();
      }
      ExportText.writeEnd(out, to - from);
    }
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

  /** The first line, when the answer is to be a whole export; null when it is lines alone. */
  private @Nullable ExportHeader header(Exchange exchange, TenantId tenant)
      throws IOException, InterruptedException {
    if (!exchange.query().flag("header", false)) {
      return null;
    }
    for (String bound : List.of("from_seq", "to_seq")) {
      if (exchange.query().text(bound).isPresent()) {
        throw ProblemException.invalidParameter(
            bound, "With a header it is the whole log: leave the bounds away.");
      }
    }
    return new ExportHeader(
        tenant.value(), logs.verifierKeys(tenant), logs.checkpointOfExport(tenant), null, true);
  }

  /** What is personal goes to those alone who may see it. */
  private static boolean withholds(Exchange exchange, Callers.Allowed allowed) {
    boolean may = allowed.grant().allowsWhole(Permission.AUDIT_VIEW_PERSONAL);
    String asked =
        exchange
            .query()
            .choice("personal", List.of("include", "withhold"), may ? "include" : "withhold");
    if (asked.equals("include") && !may) {
      throw Callers.lacks(Permission.AUDIT_VIEW_PERSONAL);
    }
    return asked.equals("withhold");
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

  private static long seq(Exchange exchange, String name, long fallback, long most) {
    String text = exchange.query().text(name).orElse("");
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // as below
    }
    throw ProblemException.invalidParameter(
        name, "It must be an integer from 0 to " + most + ", the size of the newest checkpoint.");
  }
}
