package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RefusedException;
import dev.indelible.client.TenantLog;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.VerifierKey;
import dev.indelible.verify.audit.ExportHeader;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Findings;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code checkpoint}: keeps a log's newest checkpoint in a file, once it is proven that the log
 * only grew since the one that was there. Made to be run again and again, by somebody other than
 * the log's operator.
 */
@Command(
    name = "checkpoint",
    mixinStandardHelpOptions = true,
    description = "Keep a log's newest checkpoint, if the log only grew since the one you hold.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:it is kept",
      " 1:the log was rolled back, rewritten, or is signed by another key; nothing was replaced",
      " 2:wrong usage, or a file cannot be read or written",
      "69:the server cannot be reached",
      "77:not allowed: the API key is missing, wrong or lacks a permission"
    },
    footer = {
      "",
      "  indelible checkpoint --tenant acme --out acme.checkpoint --keys acme.vkey",
      "",
      "Run it every hour where the log's operator cannot reach. At the first time it writes both",
      "files and believes the key that the server names: compare it with one that came another way."
    })
final class SaveCheckpoint implements Callable<Integer> {

  /** Suffix of the name of a file that holds a contradicting checkpoint. */
  static final String CONTRADICTION = ".contradicted-by";

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the checkpoint is kept.")
  private Path out = Path.of("");

  @Option(
      names = "--keys",
      required = true,
      paramLabel = "FILE",
      description = "The log's verifier keys, one on each line; written when it does not exist.")
  private Path keys = Path.of("");

  SaveCheckpoint(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (IndelibleClient client = options.clientWithoutRetries(terminal)) {
      String tenant = options.requiredTenant(terminal);
      SignedCheckpoint held = Files.exists(out) ? SmallFiles.checkpoint(out) : null;
      List<VerifierKey> pinned = Files.exists(keys) ? SmallFiles.keys(keys) : List.of();
      return keep(client.forTenant(tenant).log(), held, pinned);
    } catch (RefusedException refusal) {
      throw Answers.refusedLog(refusal);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.UNAVAILABLE,
          "the log could not be read: " + (e.getMessage() == null ? e : e.getMessage()));
    }
  }

  private int keep(TenantLog log, @Nullable SignedCheckpoint held, List<VerifierKey> pinned)
      throws IOException, InterruptedException {
    ExportHeader header = log.header();
    SignedCheckpoint shown = header.checkpoint();
    List<VerifierKey> believed = pinned.isEmpty() ? header.verifierKeys() : pinned;
    Findings findings = new Findings();
    Checkpoint before = new Trust(believed, held).check(shown, believed, findings);
    if (before != null) {
      log.checkGrowth(before, shown.checkpoint(), findings);
    }
    List<Finding> broken =
        findings.report(shown.checkpoint(), 0).findings().stream().filter(Finding::breaks).toList();
    if (!broken.isEmpty()) {
      return contradicted(shown, broken);
    }
    write(out, shown.note().toString());
    if (pinned.isEmpty()) {
      write(keys, lines(believed));
      terminal
          .err()
          .println("The log's key is now in " + keys + "; compare it with one you trust:");
      believed.forEach(key -> terminal.err().println("  " + key));
    } else {
      List<VerifierKey> more = new ArrayList<>(header.verifierKeys());
      more.removeAll(pinned);
      more.forEach(
          key ->
              terminal.err().println("The log names another key; add it if you trust it: " + key));
    }
    long size = shown.checkpoint().size();
    terminal
        .out()
        .println(
            before == null
                ? "Kept: %,d entries.".formatted(size)
                : "Kept: %,d entries; the log only grew since %,d.".formatted(size, before.size()));
    return ExitCode.DONE;
  }

  /**
   * Keeps what contradicts beside what is held: both are signed, and together they are evidence.
   */
  private int contradicted(SignedCheckpoint shown, List<Finding> broken) {
    Path beside = out.resolveSibling(out.getFileName() + CONTRADICTION);
    write(beside, shown.note().toString());
    broken.forEach(finding -> terminal.out().println(finding.sentence()));
    terminal.out().println("Nothing was replaced; what the log shows now is in " + beside + ".");
    return ExitCode.PARTLY;
  }

  private static String lines(List<VerifierKey> keys) {
    StringBuilder text = new StringBuilder();
    keys.forEach(key -> text.append(key).append('\n'));
    return text.toString();
  }

  /** Replaces a file as a whole, durably. */
  private static void write(Path file, String text) {
    Path target = file.toAbsolutePath();
    Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      Files.writeString(temporary, text, StandardCharsets.UTF_8);
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Path folder = target.getParent();
      if (folder != null) {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
          names.force(true);
        }
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, file + " cannot be written: " + e);
    }
  }
}
