package dev.indelible.server.export;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.evidence.pack.PackFile;
import dev.indelible.server.evidence.pack.PackHead;
import dev.indelible.server.evidence.pack.PackTemplate;
import dev.indelible.server.evidence.pack.PackTemplates;
import dev.indelible.server.evidence.pack.TemplateException;
import dev.indelible.server.profile.AccessMarks;
import dev.indelible.server.proof.OwnSignatures;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.search.Search;
import dev.indelible.server.takeout.EntryProofs;
import dev.indelible.server.takeout.WholeLogProofs;
import dev.indelible.server.takeout.file.EntryFile;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.access.AccessReview;
import dev.indelible.verify.audit.ExportHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Opens evidence packs of jobs. */
final class PackFiles {

  /** The most entries of a log that are all in a pack: what fits into one file of a ZIP. */
  static final long MAX_WHOLE_ENTRIES = 4_000_000;

  private static final String DELETIONS = "action:audit.entries.purge,audit.personal.erase";

  private PackFiles() {}

  /**
   * Begins a pack anew.
   *
   * @param folder where its parts are compressed
   */
  static EntryFile open(
      ExportJob job,
      ExportRights.Allowed allowed,
      ExportSources sources,
      OutputStream out,
      Path folder)
      throws IOException {
    PackTemplate template = template(Objects.requireNonNull(job.order().pack()));
    TenantLogs logs = sources.logs();
    OwnSignatures own =
        OwnSignatures.of(logs, job.tenant(), Objects.requireNonNull(job.checkpoint()))
            .orElseThrow(() -> new IOException("the log has not signed the pack's checkpoint"));
    SignedCheckpoint checkpoint = own.checkpoint();
    boolean isWhole = isWholeLog(job, allowed, sources, template, checkpoint);
    ExportHeader header =
        new ExportHeader(
            job.tenant().value(),
            own.signers(),
            checkpoint,
            isWhole ? null : job.order().asked(),
            isWhole);
    PackFile.deleteSpools(folder);
    return new PackFile(
        out,
        head(job, allowed, sources, checkpoint, template, isWhole),
        new PackFile.Making(
            header.encode(),
            isWhole
                ? new WholeLogProofs(checkpoint.checkpoint())
                : new EntryProofs(logs.walk(job.tenant(), checkpoint)),
            filters(job, allowed, sources, template),
            template.hasAccessReview() ? review(job, allowed, sources, checkpoint) : null,
            folder));
  }

  /** Whether a pack is made from every entry of the log, and not from those of its queries. */
  static boolean readsWholeLog(ExportOrder order) throws IOException {
    ExportOrder.Pack pack = order.pack();
    return pack != null && template(pack).hasAccessReview();
  }

  /**
   * Whether the proofs have every entry of the log: where the template asks for it, its maker sees
   * all of it, it fits, and nothing was deleted since the checkpoint that nobody could account for.
   */
  private static boolean isWholeLog(
      ExportJob job,
      ExportRights.Allowed allowed,
      ExportSources sources,
      PackTemplate template,
      SignedCheckpoint checkpoint)
      throws IOException {
    long size = checkpoint.checkpoint().size();
    if (!template.hasWholeLog()
        || size > MAX_WHOLE_ENTRIES
        || !job.reach().sortedAccounts().isEmpty()
        || job.reach().isRestricted()) {
      return false;
    }
    Filter deletions =
        sources
            .search()
            .filter(
                allowed.scope(),
                new Search.Question(DELETIONS, null, null, ZoneOffset.UTC),
                job.position().asOf());
    return sources.search().seqs(allowed.scope(), deletions, size - 1, 1).seqs().length == 0;
  }

  /** The review of who had access at the end of the period, compared with its beginning. */
  private static AccessReview.Basis review(
      ExportJob job,
      ExportRights.Allowed allowed,
      ExportSources sources,
      SignedCheckpoint checkpoint)
      throws IOException {
    ExportOrder order = job.order();
    TenantScope scope = allowed.scope();
    long size = checkpoint.checkpoint().size();
    long newest = lastRecorded(sources, job.tenant(), size).toEpochMilli();
    long asOf = Math.min(newest, Objects.requireNonNull(order.to()).toEpochMilli() - 1);
    long since = Objects.requireNonNull(order.from()).toEpochMilli() - 1;
    return new AccessReview.Basis(
        job.tenant().value(),
        checkpoint.note().toString(),
        size,
        asOf,
        since >= 0 && since < asOf ? since : null,
        scope.accounts().map(accounts -> accounts.stream().sorted().toList()).orElse(null),
        !scope.fixed().equals(Filter.all()),
        AccessMarks.rules(sources.profiles().of(job.tenant(), allowed.tenant().profile())));
  }

  private static PackTemplate template(ExportOrder.Pack pack) throws IOException {
    try {
      return PackTemplates.of(pack.template());
    } catch (TemplateException e) {
      throw new IOException("the template that the job holds is none any more", e);
    }
  }

  private static List<FilterEvaluator> filters(
      ExportJob job, ExportRights.Allowed allowed, ExportSources sources, PackTemplate template) {
    List<FilterEvaluator> filters = new ArrayList<>();
    ExportOrder order = job.order();
    for (PackTemplate.Section section : template.sections()) {
      if (section.isAccessReview()) {
        continue;
      }
      Search.Question question =
          new Search.Question(section.query(), order.from(), order.to(), ZoneOffset.UTC);
      filters.add(
          new FilterEvaluator(
              sources.search().filter(allowed.scope(), question, job.position().asOf())));
    }
    return filters;
  }

  private static PackHead head(
      ExportJob job,
      ExportRights.Allowed allowed,
      ExportSources sources,
      SignedCheckpoint checkpoint,
      PackTemplate template,
      boolean isWhole)
      throws IOException {
    ExportOrder order = job.order();
    long size = checkpoint.checkpoint().size();
    return new PackHead(
        job.tenant().value(),
        allowed.tenant().name(),
        template,
        Objects.requireNonNull(order.from()),
        Objects.requireNonNull(order.to()),
        size,
        lastRecorded(sources, job.tenant(), size),
        job.reach().sortedAccounts(),
        job.reach().isRestricted(),
        isWhole,
        job.hasPersonal(),
        order.language(),
        checkpoint.checkpoint().origin(),
        checkpoint.checkpoint().root().toBase64(),
        checkpoint.note().toString());
  }

  /** Time of recording of the last entry of that size; its leaf says it. */
  private static Instant lastRecorded(ExportSources sources, TenantId tenant, long size)
      throws IOException {
    return size == 0
        ? Instant.EPOCH
        : Instant.ofEpochMilli(
            sources.log().get(tenant, new long[] {size - 1}).getFirst().recordedAtMillis());
  }
}
