package dev.indelible.server.export;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.evidence.pack.PackFile;
import dev.indelible.server.evidence.pack.PackHead;
import dev.indelible.server.evidence.pack.PackTemplate;
import dev.indelible.server.evidence.pack.PackTemplates;
import dev.indelible.server.evidence.pack.TemplateException;
import dev.indelible.server.proof.OwnSignatures;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.search.Search;
import dev.indelible.server.takeout.EntryProofs;
import dev.indelible.server.takeout.file.EntryFile;
import dev.indelible.verify.SignedCheckpoint;
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
    ExportHeader header =
        new ExportHeader(
            job.tenant().value(), own.signers(), checkpoint, job.order().asked(), false);
    PackFile.deleteSpools(folder);
    return new PackFile(
        out,
        head(job, allowed, sources, checkpoint, template),
        new PackFile.Making(
            header.encode(),
            new EntryProofs(logs.walk(job.tenant(), checkpoint)),
            filters(job, allowed, sources, template),
            folder));
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
    for (PackTemplate.Section section : template.sections()) {
      Search.Question question = new Search.Question(section.query(), null, null, ZoneOffset.UTC);
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
      PackTemplate template)
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
