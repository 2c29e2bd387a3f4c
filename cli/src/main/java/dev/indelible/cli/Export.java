package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RefusedException;
import dev.indelible.client.TenantLog;
import dev.indelible.verify.audit.ExportHeader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code export}: writes a tenant's whole log to a file that anybody can verify offline; with
 * {@code --format}, what a query finds as a file for people or programs.
 */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write a tenant's whole log to a file that can be verified offline.",
      "With --format: have the server make a file of what a query finds, and download it."
    },
    footer = {
      "",
      "  indelible export --tenant acme --out acme.ndjson.gz",
      "  indelible export --tenant acme --without-personal --out acme.ndjson --reason 'audit 2026'",
      "  indelible verify acme.ndjson.gz",
      "  indelible export --tenant acme --format xlsx 'security:true' --from -90d -o security.xlsx"
    })
final class Export implements Callable<Integer> {

  private static final int BUFFER_BYTES = 1 << 18;

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description =
          "The file, which must not exist yet; a whole log is compressed when its name ends in"
              + " .gz. With --format it may be left out: then the server names it.")
  private @Nullable Path out;

  @Option(
      names = "--without-personal",
      description = "Withhold the personal parts; a whole log verifies all the same.")
  private boolean withoutPersonal;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why; recorded in the tenant's log, and required by some profiles.")
  private @Nullable String reason;

  @Mixin private ExportFile file = new ExportFile();

  Export(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (file.isAsked()) {
      return file.run(terminal, options, out, withoutPersonal, reason);
    }
    String stray = file.strayOption();
    if (stray != null) {
      throw new CommandFailure(
          ExitCode.USAGE, stray + " needs --format; without it the whole log is exported");
    }
    if (out == null) {
      throw new CommandFailure(ExitCode.USAGE, "which file? Give --out.");
    }
    return wholeLog(out);
  }

  private Integer wholeLog(Path out) throws InterruptedException {
    try (IndelibleClient client = options.clientWithoutRetries(terminal)) {
      String tenant = options.requiredTenant(terminal);
      TenantLog log = client.forTenant(tenant).log();
      ExportHeader header = log.headerOfExport();
      long size = header.checkpoint().checkpoint().size();
      try (InputStream entries = log.entries(size, withoutPersonal, reason);
          OutputStream written = create(out)) {
        written.write(header.encode());
        entries.transferTo(written);
      }
      terminal
          .err()
          .println(
              "%,d entries of %s in %s; keep its checkpoint elsewhere, and check it with verify."
                  .formatted(size, tenant, out));
      return ExitCode.DONE;
    } catch (RefusedException refusal) {
      throw Answers.refusedLog(refusal);
    } catch (FileAlreadyExistsException _) {
      throw new CommandFailure(ExitCode.USAGE, out + " exists already");
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.UNAVAILABLE,
          "the export is not complete: " + (e.getMessage() == null ? e : e.getMessage()));
    }
  }

  private static OutputStream create(Path out) throws IOException {
    OutputStream bare = Files.newOutputStream(out, StandardOpenOption.CREATE_NEW);
    return out.toString().endsWith(".gz")
        ? new GZIPOutputStream(bare, BUFFER_BYTES)
        : new BufferedOutputStream(bare, BUFFER_BYTES);
  }
}
