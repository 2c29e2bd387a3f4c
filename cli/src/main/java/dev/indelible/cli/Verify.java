package dev.indelible.cli;

import dev.indelible.cli.audit.AuditPrinter;
import dev.indelible.cli.source.GzipMembers;
import dev.indelible.cli.terminal.ProgressBar;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RefusedException;
import dev.indelible.client.TenantLog;
import dev.indelible.server.DataDirectory;
import dev.indelible.server.audit.DataDirectoryAudit;
import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.Quorum;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.TlogPolicy;
import dev.indelible.verify.VerifierKey;
import dev.indelible.verify.access.PackReviews;
import dev.indelible.verify.audit.AuditLimitException;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.CertificateVerifier;
import dev.indelible.verify.audit.ErasureReceipt;
import dev.indelible.verify.audit.ExportVerifier;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Findings;
import dev.indelible.verify.audit.PackVerifier;
import dev.indelible.verify.audit.Trust;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verify}: says whether a log is what it was when it was signed, and where it is not. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Check that nothing in a log was altered, removed, added or rolled back.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:what was checked holds",
      " 1:it does not",
      " 2:it could not be checked: unreadable, unreachable, or not allowed"
    },
    footer = {
      "",
      "  indelible verify acme.ndjson.gz --key acme.vkey --checkpoint acme-october.checkpoint",
      "  indelible verify certificate-purge-0193f2a0.pdf --key acme.vkey",
      "  indelible verify acme.ndjson.gz --key acme.vkey --receipt erasure-0193f2a0.receipt.json",
      "  indelible verify acme-soc2.zip --key acme.vkey",
      "  indelible verify acme.ndjson.gz --key acme.vkey --access-review q3.json",
      "  indelible verify /var/lib/indelible",
      "  INDELIBLE_KEY=… indelible verify https://audit.example.com --tenant acme --entries",
      "",
      "Without a checkpoint that was kept elsewhere nobody can see that a log was rolled back or",
      "rewritten as a whole: keep one."
    })
final class Verify implements Callable<Integer> {

  private static final int BUFFER_BYTES = 1 << 18;
  private static final int GZIP_MAGIC = 0x8b1f;

  private final Terminal terminal;

  @Parameters(
      paramLabel = "TARGET",
      description =
          "An export (.ndjson, also gzipped), an evidence pack (.zip), a deletion's certificate (.json, .pdf), a data directory, or a server's URL.")
  private String target = "";

  @Option(
      names = "--key",
      paramLabel = "VKEY|FILE",
      description = "The log's verifier key as you hold it, or a file with one on each line.")
  private List<String> keys = List.of();

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "A checkpoint that you kept: shows what happened to the log since.")
  private @Nullable Path checkpoint;

  @Option(
      names = "--witness",
      paramLabel = "VKEY|FILE",
      description = "A witness's verifier key, or a file with one on each line.")
  private List<String> witnesses = List.of();

  @Option(
      names = "--quorum",
      paramLabel = "N",
      description = "How many witnesses have to have cosigned; default: all that are given.")
  private @Nullable Integer quorum;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description =
          "A policy file (c2sp.org/tlog-policy): logs, witnesses, groups of them, and the quorum;"
              + " in place of --witness and --quorum.")
  private @Nullable Path policy;

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description =
          "The receipt of a request for erasure: shows that the export or the certificate has that"
              + " request, and whom it was about.")
  private @Nullable Path receipt;

  @Option(
      names = "--access-review",
      paramLabel = "FILE",
      description =
          "A review of access that is made again from the export: names everybody and everything"
              + " that is missing, added or changed.")
  private @Nullable Path accessReview;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "Whose log; needed for a URL, else all logs of a data directory.")
  private @Nullable String tenant;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "For a file that ends before the checkpoint that you hold: the server that is asked whether the log only grew between the two; else INDELIBLE_URL.")
  private @Nullable String server;

  @Option(
      names = "--entries",
      description = "For a URL: fetch and check every entry, not its leaf alone.")
  private boolean entries;

  @Option(names = "--json", description = "One JSON object instead of sentences.")
  private boolean json;

  Verify(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Trust trust = readTrust();
    ErasureReceipt shown = readReceipt();
    ProgressBar bar = new ProgressBar(terminal, InstantSource.system());
    LongConsumer progress = seen -> bar.show(seen, 0, "%,d entries checked".formatted(seen));
    AuditPrinter.Checked checked;
    try {
      checked =
          target.startsWith("http://") || target.startsWith("https://")
              ? verifyServer(trust, progress)
              : Files.isDirectory(Path.of(target))
                  ? verifyDirectory(trust, progress)
                  : verifyFile(trust, shown, progress);
    } catch (AuditLimitException e) {
      throw new CommandFailure(ExitCode.USAGE, "could not be checked: " + e.getMessage());
    } catch (CommandFailure e) {
      // Whoever asks from cron has three answers to tell apart, not the reasons of the third.
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } finally {
      bar.clear();
    }
    new AuditPrinter(terminal, json).print(checked);
    return checked.broken() ? ExitCode.PARTLY : ExitCode.DONE;
  }

  private AuditPrinter.Checked verifyFile(
      Trust trust, @Nullable ErasureReceipt shown, LongConsumer progress)
      throws InterruptedException {
    Path review = accessReview;
    if (review != null) {
      return AccessReviewCheck.of(review).against(target, trust, progress);
    }
    try {
      if (PackVerifier.looksLikeOne(Path.of(target))) {
        PackReviews reviews = new PackReviews();
        AuditReport report = PackVerifier.verify(Path.of(target), trust, shown, reviews, progress);
        List<Finding> more = new ArrayList<>(askServer(report, trust));
        reviews.rules().map(AccessReviewCheck::rules).ifPresent(more::add);
        return new AuditPrinter.Checked(target, Map.of("pack", report), more);
      }
    } catch (IOException e) {
      throw SmallFiles.unreadable(target, e);
    }
    try (InputStream in = open(Path.of(target))) {
      in.mark(CertificateVerifier.beginningBytes());
      byte[] beginning = in.readNBytes(CertificateVerifier.beginningBytes());
      in.reset();
      boolean certificate = CertificateVerifier.looksLikeOne(beginning);
      AuditReport report =
          certificate
              ? CertificateVerifier.verify(readCertificate(in), trust, shown)
              : ExportVerifier.verify(in, trust, shown, progress);
      String name = certificate ? "certificate" : "export";
      return new AuditPrinter.Checked(target, Map.of(name, report), askServer(report, trust));
    } catch (IOException e) {
      throw SmallFiles.unreadable(target, e);
    }
  }

  /**
   * Whether the log grew from a file that ends before the held checkpoint to that checkpoint. A
   * server that was asked for has to answer; of one that the environment names it is said when it
   * does not.
   */
  private List<Finding> askServer(AuditReport report, Trust trust) throws InterruptedException {
    String url = server == null ? terminal.environment().get("INDELIBLE_URL") : server;
    Checkpoint older = report.checkpoint();
    SignedCheckpoint held = trust.held();
    boolean reached =
        report.findings().stream().noneMatch(f -> f instanceof Finding.CheckpointNotReached);
    if (reached || url == null || older == null || held == null) {
      return List.of();
    }
    try {
      return growth(url, older, held.checkpoint());
    } catch (CommandFailure e) {
      if (server != null) {
        throw e;
      }
      return List.of(new Finding.NotShown("The log was not asked: " + e.getMessage()));
    }
  }

  private List<Finding> growth(String url, Checkpoint older, Checkpoint newer)
      throws InterruptedException {
    Findings findings = new Findings();
    String name = tenantName();
    try (IndelibleClient client = client(url, name)) {
      client.log().checkGrowth(older, newer, findings);
    } catch (RefusedException refusal) {
      throw Answers.refusedLog(refusal);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, url + " could not be read: " + why(e));
    }
    if (!findings.broken()) {
      findings.accept(new Finding.Grew(older.size(), newer.size()));
    }
    return findings.report(newer, 0).findings();
  }

  private byte[] readCertificate(InputStream in) throws IOException {
    byte[] file = in.readNBytes(CertificateVerifier.MAX_BYTES + 1);
    if (file.length > CertificateVerifier.MAX_BYTES) {
      throw new CommandFailure(
          ExitCode.USAGE,
          target + " is longer than " + CertificateVerifier.MAX_BYTES + " bytes: no certificate");
    }
    return file;
  }

  static InputStream open(Path file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    in.mark(2);
    int magic = in.read() | in.read() << 8;
    in.reset();
    return magic == GZIP_MAGIC
        ? new BufferedInputStream(new GzipMembers(in, GzipMembers.Behind.NOTHING), BUFFER_BYTES)
        : in;
  }

  private AuditPrinter.Checked verifyDirectory(Trust trust, LongConsumer progress)
      throws InterruptedException {
    DataDirectory data = new DataDirectory(Path.of(target));
    if (!Files.isDirectory(data.blobs()) && !Files.isDirectory(data.eventsJournal())) {
      throw new CommandFailure(ExitCode.USAGE, target + " is no data directory");
    }
    DataDirectoryAudit.Result result =
        DataDirectoryAudit.run(
            new DataDirectoryAudit.Places(
                data.eventsJournal(), data.controlJournal(), data.headsJournal(), data.blobs()),
            new DataDirectoryAudit.Question(
                tenant == null ? null : tenantId(tenant), trust, progress));
    if (result.running() && result.broken()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "could not be checked: a server is changing "
              + target
              + "; stop it, or check its URL or a copy. Seen: "
              + firstBreaking(result));
    }
    Map<String, AuditReport> reports = new LinkedHashMap<>();
    result.tenants().forEach(log -> reports.put(log.tenant(), log.report()));
    return new AuditPrinter.Checked(target, reports, result.directory());
  }

  private static String firstBreaking(DataDirectoryAudit.Result result) {
    return result.faults().stream().findFirst().orElse("");
  }

  private AuditPrinter.Checked verifyServer(Trust trust, LongConsumer progress)
      throws InterruptedException {
    String name = tenantName();
    try (IndelibleClient client = client(target, name)) {
      TenantLog log = client.log();
      AuditReport report =
          entries ? log.verifyEntries(trust, progress) : log.verifyTree(trust, progress);
      return new AuditPrinter.Checked(target, Map.of(name, report), List.of());
    } catch (RefusedException refusal) {
      throw Answers.refusedLog(refusal);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, target + " could not be read: " + why(e));
    }
  }

  private IndelibleClient client(String url, String name) {
    return ConnectionOptions.to(serverUrl(url), ConnectionOptions.keyOfEnvironment(terminal))
        .tenant(tenantId(name).value())
        .withoutRetries()
        .build();
  }

  private String tenantName() {
    String name = tenant != null ? tenant : terminal.environment().get("INDELIBLE_TENANT");
    if (name == null) {
      throw new CommandFailure(ExitCode.USAGE, "which tenant? Give --tenant.");
    }
    return name;
  }

  private static URI serverUrl(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException _) {
      throw new CommandFailure(ExitCode.USAGE, url + " is no URL");
    }
  }

  private static String why(IOException e) {
    if (e instanceof ConnectException) {
      return "nobody answers there";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private static TenantId tenantId(String name) {
    if (!TenantId.isValid(name)) {
      throw new CommandFailure(ExitCode.USAGE, "--tenant is no tenant's name: " + name);
    }
    return new TenantId(name);
  }

  private @Nullable ErasureReceipt readReceipt() {
    Path file = receipt;
    if (accessReview != null && (file != null || isNoFile(target))) {
      throw new CommandFailure(
          ExitCode.USAGE, "--access-review needs an export, and goes without --receipt");
    }
    if (file == null) {
      return null;
    }
    if (isNoFile(target)) {
      throw new CommandFailure(
          ExitCode.USAGE, "--receipt needs an export or a certificate to look for its request in");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(ErasureReceipt.MAX_BYTES + 1);
      if (bytes.length > ErasureReceipt.MAX_BYTES) {
        throw new CommandFailure(
            ExitCode.USAGE,
            file + " is longer than " + ErasureReceipt.MAX_BYTES + " bytes: no receipt");
      }
      return ErasureReceipt.read(bytes);
    } catch (IOException e) {
      throw SmallFiles.unreadable(file.toString(), e);
    }
  }

  private static boolean isNoFile(String target) {
    return target.startsWith("http://")
        || target.startsWith("https://")
        || Files.isDirectory(Path.of(target));
  }

  private Trust readTrust() {
    SignedCheckpoint held = checkpoint == null ? null : SmallFiles.checkpoint(checkpoint);
    List<VerifierKey> trusted = new ArrayList<>(readKeys(keys));
    if (policy == null) {
      return new Trust(trusted, held, readQuorum());
    }
    if (!witnesses.isEmpty() || quorum != null) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--policy says which witnesses are needed: leave out --witness and --quorum");
    }
    TlogPolicy read = SmallFiles.policy(policy);
    read.logs().forEach(log -> trusted.add(log.key()));
    return new Trust(trusted.stream().distinct().toList(), held, read.quorum());
  }

  private Quorum readQuorum() {
    List<VerifierKey> cosigners = readKeys(witnesses);
    try {
      return Quorum.of(quorum == null ? cosigners.size() : quorum, cosigners);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "--witness, --quorum: " + e.getMessage());
    }
  }

  private static List<VerifierKey> readKeys(List<String> all) {
    List<VerifierKey> read = new ArrayList<>();
    for (String given : all) {
      read.addAll(
          VerifierKey.parse(given) instanceof Parsed.Ok<VerifierKey>
              ? SmallFiles.keys(List.of(given), given)
              : SmallFiles.keys(Path.of(given)));
    }
    return read;
  }
}
