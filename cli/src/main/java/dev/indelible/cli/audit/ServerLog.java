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

/** A tenant's log at a server, as anybody with a reading key can check it. Not thread-safe. */
public final class ServerLog implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int OK = 200;
  private static final int MAX_LOOKS = 20;
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
    byte[] note = bytes("/log/checkpoint");
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

  /**
   * What the log says of itself now, or in a moment: witnesses cosign within a second of a new
   * checkpoint, and are waited for.
   */
  private ExportHeader header(Trust trust) throws IOException, InterruptedException {
    ExportHeader header = header();
    for (int looked = 1; looked < MAX_LOOKS && !trust.hasQuorum(header.checkpoint()); looked++) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      header = header();
    }
    return header;
  }

  /** Checks that all leaves lead to the tree that is signed; fetches 73 bytes for each. */
  public AuditReport verifyTree(Trust trust, LongConsumer progress)
      throws IOException, InterruptedException {
    ExportHeader header = header(trust);
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
    return findings.report(shown, tree.size());
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
    ExportHeader header = header(trust);
    try (InputStream entries = entries(header.checkpoint().checkpoint().size(), false)) {
      return ExportVerifier.verify(header, entries, trust, progress);
    }
  }

  /** The lines of an export behind its header, of the first {@code size} entries. */
  public InputStream entries(long size, boolean withholdPersonal)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(
            request(
                "/log/entries?to_seq="
                    + size
                    + "&personal="
                    + (withholdPersonal ? "withhold" : "include")),
            BodyHandlers.ofInputStream());
    if (response.statusCode() != OK) {
      try (InputStream body = response.body()) {
        body.readAllBytes();
      }
      throw refused(response.statusCode(), "/log/entries");
    }
    return response.body();
  }

  private byte[] bytes(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = http.send(request(path), BodyHandlers.ofByteArray());
    if (response.statusCode() != OK) {
      throw refused(response.statusCode(), path);
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

  private CommandFailure refused(int status, String path) {
    int exit = status == 401 || status == 403 ? ExitCode.NOT_ALLOWED : ExitCode.USAGE;
    return new CommandFailure(exit, tenantUrl + path + " was answered with " + status);
  }

  @Override
  public void close() {
    http.close();
  }
}
