package dev.indelible.cli.audit;

import dev.indelible.cli.CommandFailure;
import dev.indelible.cli.ExitCode;
import dev.indelible.cli.client.ApiClient;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.EntryBundle;
import dev.indelible.verify.Hash;
import dev.indelible.verify.MalformedTileException;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.TileReader;
import dev.indelible.verify.TreeHasher;
import dev.indelible.verify.Verdict;
import dev.indelible.verify.VerifierKey;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.ExportHeader;
import dev.indelible.verify.audit.ExportVerifier;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Findings;
import dev.indelible.verify.audit.TreeAudit;
import dev.indelible.verify.audit.TreeAudit.Known;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A tenant's log at a server, as anybody with a reading key can check it. Not thread-safe. */
public final class ServerLog implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int OK = 200;

  /** The longest problem document that is read, in bytes. */
  private static final int MAX_PROBLEM = 64 * 1024;

  /** What is said to tenants that want to know why entries leave them. */
  private static final String VERIFYING = "every entry is checked by indelible verify";

  /**
   * How long a checkpoint that enough witnesses cosigned is waited for, and how it is looked for.
   */
  private static final Duration QUORUM_PATIENCE = Duration.ofSeconds(5);

  /** The same where the server has one, which is only not new enough yet. */
  private static final Duration EXPORT_PATIENCE = Duration.ofSeconds(30);

  private static final long LOOK_EVERY_MILLIS = 250;

  private final String tenantUrl;
  private final String tenant;
  private final @Nullable String apiKey;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(10))
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * The log of a tenant.
   *
   * @param server the server's address, such as {@code https://audit.example.com}
   */
  public ServerLog(URI server, String tenant, @Nullable String apiKey) {
    this.tenantUrl = server.toString().replaceAll("/+$", "") + ApiClient.path("tenants", tenant);
    this.tenant = tenant;
    this.apiKey = apiKey;
  }

  /** What the log says of itself now. */
  public ExportHeader header() throws IOException, InterruptedException {
    return header("/log/checkpoint");
  }

  /**
   * What the header of an export says: a checkpoint that the quorum of the server's witnesses has
   * cosigned, if there is one in time that covers all that is published now; else the newest one.
   */
  public ExportHeader headerOfExport() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + EXPORT_PATIENCE.toNanos();
    ExportHeader newest = header();
    while (true) {
      ExportHeader cosigned = cosignedHeader();
      if (size(cosigned) >= size(newest)) {
        return cosigned;
      }
      if (System.nanoTime() > deadline) {
        return header();
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
  }

  /** By a checkpoint that the quorum of the server's witnesses has cosigned, if there is one. */
  private ExportHeader cosignedHeader() throws IOException, InterruptedException {
    return header("/log/checkpoint?cosigned=true");
  }

  private static long size(ExportHeader header) {
    return header.checkpoint().checkpoint().size();
  }

  private ExportHeader header(String path) throws IOException, InterruptedException {
    byte[] note = bytes(path);
    Parsed<SignedCheckpoint> checkpoint = SignedCheckpoint.parse(note);
    if (checkpoint instanceof Parsed.Malformed<SignedCheckpoint> malformed) {
      throw new IOException("the server's checkpoint: " + malformed.message());
    }
    List<VerifierKey> keys = new ArrayList<>();
    for (String line : new String(bytes("/log/key"), StandardCharsets.UTF_8).split("\n", -1)) {
      if (!line.isEmpty()) {
        switch (VerifierKey.parse(line)) {
          case Parsed.Ok<VerifierKey>(VerifierKey key) -> keys.add(key);
          case Parsed.Malformed<VerifierKey> malformed ->
              throw new IOException("the server's key: " + malformed.message());
        }
      }
    }
    return new ExportHeader(tenant, keys, checkpoint.orThrow(), null, true);
  }

  /** What is checked, and how many entries the log has beyond it. */
  private record Checked(ExportHeader header, long beyond) {

    AuditReport tell(AuditReport report) {
      if (beyond <= 0) {
        return report;
      }
      List<Finding> findings = new ArrayList<>(report.findings());
      findings.add(
          new Finding.NotShown(
              "What enough witnesses cosigned was checked; %,d entries are newer than that and were not."
                  .formatted(beyond)));
      return new AuditReport(
          report.checkpoint(), report.entries(), findings, report.further(), report.broken());
    }
  }

  /**
   * What the log says of itself by a checkpoint that enough of the reader's witnesses cosigned: the
   * newest one, or one that the server knows to be cosigned, now or in a moment; not one that is
   * older than what the reader holds. Without such a one, the newest.
   */
  private Checked header(Trust trust) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    SignedCheckpoint held = trust.held();
    long least = held == null ? 0 : held.checkpoint().size();
    while (true) {
      ExportHeader newest = header();
      if (trust.hasQuorum(newest.checkpoint())) {
        return new Checked(newest, 0);
      }
      ExportHeader cosigned = cosignedHeader();
      boolean enough = trust.hasQuorum(cosigned.checkpoint());
      if (enough && (size(cosigned) >= least || size(newest) < least)) {
        return new Checked(cosigned, size(newest) - size(cosigned));
      }
      Duration patience = enough ? EXPORT_PATIENCE : QUORUM_PATIENCE;
      if (System.nanoTime() - begun > patience.toNanos()) {
        return new Checked(newest, 0);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
  }

  /** Checks that all leaves lead to the tree that is signed; fetches 73 bytes for each. */
  public AuditReport verifyTree(Trust trust, LongConsumer progress)
      throws IOException, InterruptedException {
    Checked checked = header(trust);
    ExportHeader header = checked.header();
    var shown = header.checkpoint().checkpoint();
    Findings findings = new Findings();
    var held = trust.check(header.checkpoint(), header.verifierKeys(), findings);
    TreeAudit tree = new TreeAudit(findings);
    tree.expect(shown.size(), shown.root(), Known.SHOWN);
    if (held != null) {
      tree.expect(held.size(), held.root(), Known.BEFORE);
    }
    TreeHasher hasher = new TreeHasher();
    for (long index = 0; tree.size() < shown.size(); index++) {
      EntryBundle bundle = EntryBundle.in(shown.size(), index).orElseThrow();
      Parsed<List<byte[]>> leaves = bundle.decode(bytes("/log/" + bundle.path()));
      if (leaves instanceof Parsed.Malformed<List<byte[]>> malformed) {
        findings.accept(new Finding.Malformed(bundle.path(), malformed.message()));
        return findings.report(shown, tree.size());
      }
      for (byte[] leaf : leaves.orThrow()) {
        Hash leafHash = hasher.leaf(leaf);
        tree.append(leafHash);
      }
      progress.accept(tree.size());
    }
    tree.finish();
    findings.accept(
        new Finding.NotShown(
            "Leaves were checked, not what the entries say; --entries checks that too."));
    return checked.tell(findings.report(shown, tree.size()));
  }

  /**
   * Checks by the log's tiles that the tree that is shown grew from one that is held, of at most
   * its size; fetches a few tiles.
   */
  public void checkGrowth(Checkpoint held, Checkpoint shown, Findings findings)
      throws IOException, InterruptedException {
    TileReader tiles =
        new TileReader(
            shown.size(),
            tile -> {
              try {
                return bytes("/log/" + tile.path());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
              }
            });
    Verdict verdict;
    try {
      // Both roots are of signed notes; what comes from the tiles proves itself or does not.
      verdict =
          held.size() == 0
              ? tiles.check(shown.root())
              : tiles.tree().consistencyProof(held.size()).checkGrowth(held.root(), shown.root());
    } catch (MalformedTileException e) {
      findings.accept(new Finding.Malformed("a tile", String.valueOf(e.getMessage())));
      return;
    }
    if (verdict instanceof Verdict.Fails) {
      findings.accept(new Finding.ForkedHistory(held.size(), 0));
    }
  }

  /** Checks every entry as well: fetches all of their parts that the key may see. */
  public AuditReport verifyEntries(Trust trust, LongConsumer progress)
      throws IOException, InterruptedException {
    Checked checked = header(trust);
    ExportHeader header = checked.header();
    try (InputStream entries = entries(size(header), false, VERIFYING)) {
      return checked.tell(ExportVerifier.verify(header, entries, trust, progress));
    }
  }

  /**
   * The lines of an export behind its header, of the first {@code size} entries.
   *
   * @param reason why they are taken away, or null; tenants may require one
   */
  public InputStream entries(long size, boolean withholdPersonal, @Nullable String reason)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(
            request(
                "/log/entries?to_seq="
                    + size
                    + "&personal="
                    + (withholdPersonal ? "withhold" : "include")
                    + (reason == null
                        ? ""
                        : "&reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8))),
            BodyHandlers.ofInputStream());
    if (response.statusCode() != OK) {
      try (InputStream body = response.body()) {
        throw refused(response.statusCode(), "/log/entries", detail(body.readNBytes(MAX_PROBLEM)));
      }
    }
    return response.body();
  }

  /** What a problem document says to people, or nothing when it is none. */
  private static String detail(byte[] problem) {
    try {
      return JsonMapper.shared().readTree(problem).path("detail").asString("");
    } catch (JacksonException _) {
      return "";
    }
  }

  private byte[] bytes(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = http.send(request(path), BodyHandlers.ofByteArray());
    if (response.statusCode() != OK) {
      throw refused(response.statusCode(), path, detail(response.body()));
    }
    return response.body();
  }

  private HttpRequest request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(tenantUrl + path))
            .timeout(TIMEOUT)
            .header("User-Agent", "indelible-cli");
    if (apiKey != null) {
      request.header("Authorization", "Bearer " + apiKey);
    }
    return request.GET().build();
  }

  private CommandFailure refused(int status, String path, String detail) {
    int exit = status == 401 || status == 403 ? ExitCode.NOT_ALLOWED : ExitCode.USAGE;
    return new CommandFailure(
        exit,
        tenantUrl
            + path
            + " was answered with "
            + status
            + (detail.isEmpty() ? "" : ": " + detail));
  }

  @Override
  public void close() {
    http.close();
  }
}
