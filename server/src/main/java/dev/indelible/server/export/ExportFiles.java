package dev.indelible.server.export;

import dev.indelible.server.control.Tenant;
import dev.indelible.server.profile.Sentences;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.takeout.EntryProofs;
import dev.indelible.server.takeout.file.Columns;
import dev.indelible.server.takeout.file.CsvFile;
import dev.indelible.server.takeout.file.EntryFile;
import dev.indelible.server.takeout.file.EntryFiles;
import dev.indelible.server.takeout.file.FileHead;
import dev.indelible.server.takeout.file.JsonFile;
import dev.indelible.server.takeout.file.NdjsonFile;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.audit.ExportHeader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Opens the file of a job in its format, at its beginning or where it is durable. */
final class ExportFiles {

  private static final DateTimeFormatter NAMED_AT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT);

  private ExportFiles() {}

  /** Whether a file of that format goes on where a crash left it; else it is begun anew. */
  static boolean isResumable(ExportFormat format) {
    return switch (format) {
      case CSV, JSON, NDJSON -> true;
      case XLSX, PDF, PACK -> false;
    };
  }

  /** Whether the checkpoint is in the file, so that none is begun without it. */
  static boolean holdsCheckpoint(ExportFormat format) {
    return switch (format) {
      case CSV, JSON -> false;
      case NDJSON, XLSX, PDF, PACK -> true;
    };
  }

  /** Opens it; {@code folder} is the job's own. */
  static EntryFile open(
      ExportJob job,
      ExportRights.Allowed allowed,
      ExportSources sources,
      OutputStream out,
      Path folder)
      throws IOException {
    ExportOrder order = job.order();
    Tenant tenant = allowed.tenant();
    TenantLogs logs = sources.logs();
    boolean isBegun = job.progress().bytes() > 0;
    return switch (order.format()) {
      case CSV -> new CsvFile(out, order.columns(), isBegun);
      case JSON -> new JsonFile(out, job.progress().entries());
      case NDJSON -> parts(job, logs, out, isBegun);
      case XLSX -> EntryFiles.xlsx(new Uncloseable(out), head(job, tenant));
      case PDF ->
          EntryFiles.pdf(
              new Uncloseable(out),
              head(job, tenant),
              new Sentences(sources.profiles().of(job.tenant(), tenant.profile()), order.language())
                  ::of);
      case PACK -> PackFiles.open(job, allowed, sources, out, folder);
    };
  }

  private static EntryFile parts(ExportJob job, TenantLogs logs, OutputStream out, boolean isBegun)
      throws IOException {
    String text = job.checkpoint();
    if (text == null) {
      throw new IOException("no checkpoint covers the entries of " + job.id());
    }
    SignedCheckpoint checkpoint =
        SignedCheckpoint.parse(text.getBytes(StandardCharsets.UTF_8)).orThrow();
    ExportHeader header =
        new ExportHeader(
            job.tenant().value(),
            logs.verifierKeys(job.tenant()),
            checkpoint,
            job.order().filter(),
            false);
    return new NdjsonFile(
        out,
        isBegun ? null : header.encode(),
        new EntryProofs(logs.walk(job.tenant(), checkpoint)),
        !job.hasPersonal());
  }

  /** A file's name for people. */
  static String name(ExportJob job) {
    ExportOrder order = job.order();
    ExportOrder.Pack pack = order.pack();
    return order.tenant().value()
        + "-"
        + (pack == null ? "" : pack.templateId() + "-")
        + NAMED_AT.format(job.position().asOf().atZone(order.zone()))
        + "."
        + order.format().ending();
  }

  /** The file is closed, after it was made durable, by whoever opened it. */
  private static final class Uncloseable extends FilterOutputStream {
    Uncloseable(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {}
  }

  /** Description of the file for those formats that show it. */
  static FileHead head(ExportJob job, Tenant tenant) {
    ExportOrder order = job.order();
    ExportMaker maker = order.maker();
    return new FileHead(
        job.tenant().value(),
        tenant.name(),
        order.filter(),
        order.from(),
        order.to(),
        order.zone(),
        job.position().fromSeq(),
        job.position().toSeq(),
        job.reach().sortedAccounts(),
        job.hasPersonal(),
        job.position().estimate(),
        Columns.chosen(order.columns()),
        order.language(),
        new FileHead.Made(
            maker.name() + " (" + maker.kind().jsonName() + ":" + maker.id() + ")",
            job.times().created(),
            order.reason(),
            job.id()),
        job.checkpoint());
  }
}
