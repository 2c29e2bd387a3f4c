package dev.indelible.client;

import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.EntryBundle;
import dev.indelible.verify.Hash;
import dev.indelible.verify.LogProof;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's log at a server, as anybody with a reading key can check it: its checkpoint, keys,
 * proofs and entries, checked by {@code verify}. Not thread-safe.
 *
 * <p>A refusal is a {@link RefusedException}, whatever cannot be read an {@link IOException}.
 */
public final class TenantLog {

  private static final int OK = 200;

  /** The reason that is given to tenants that want to know why entries leave them. */
  private static final String VERIFYING = "every entry is checked by indelible verify";

  /** The wait for a checkpoint that enough witnesses cosigned, where there is none yet. */
  private static final Duration QUORUM_PATIENCE = Duration.ofSeconds(5);

  /** The wait for a newer one, where there is one that is not new enough. */
  private static final Duration EXPORT_PATIENCE = Duration.ofSeconds(30);

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private final Transport transport;
  private final String tenant;
  private final String path;

  TenantLog(Transport transport, String tenant) {
    this.transport = transport;
    this.tenant = tenant;
    this.path = Request.path("tenants", tenant);
  }

  /** The newest checkpoint. */
  public SignedCheckpoint checkpoint() throws IOException, InterruptedException {
    return checkpoint("/log/checkpoint");
  }

  private SignedCheckpoint checkpoint(String at) throws IOException, InterruptedException {
    Parsed<SignedCheckpoint> checkpoint = SignedCheckpoint.parse(bytes(at));
    if (checkpoint instanceof Parsed.Malformed<SignedCheckpoint> malformed) {
      throw new IOException("the server's checkpoint: " + malformed.message());
    }
    return checkpoint.orThrow();
  }

  /** The log's keys, as it names them itself. */
  public List<VerifierKey> keys() throws IOException, InterruptedException {
    List<VerifierKey> keys = new ArrayList<>();
    for (String line : new String(bytes("/log/key"), StandardCharsets.UTF_8).split("\n", -1)) {
      if (!line.isEmpty()) {
        Parsed<VerifierKey> key = VerifierKey.parse(line);
        if (key instanceof Parsed.Malformed<VerifierKey> malformed) {
          throw new IOException("the server's key: " + malformed.message());
        }
        keys.add(key.orThrow());
      }
    }
    return keys;
  }

  /** The proof that an entry is in the log, with the checkpoint that it leads to; not checked. */
  public LogProof proof(String entryId) throws IOException, InterruptedException {
    Parsed<LogProof> proof =
        LogProof.parse(bytes("/events/" + Request.encode(entryId) + "/proof?format=tlog-proof"));
    if (proof instanceof Parsed.Malformed<LogProof> malformed) {
      throw new IOException("the server's proof: " + malformed.message());
    }
    return proof.orThrow();
  }

  /** The head of an export as it would be now: tenant, keys and the newest checkpoint. */
  public ExportHeader header() throws IOException, InterruptedException {
    return header("/log/checkpoint");
  }

  /**
   * The head of an export: its checkpoint is one that the quorum of the server's witnesses has
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
      transport.pause(LOOK_EVERY);
    }
  }

  /** The head with a checkpoint that the server's quorum has cosigned, if there is one. */
  private ExportHeader cosignedHeader() throws IOException, InterruptedException {
    return header("/log/checkpoint?cosigned=true");
  }

  private static long size(ExportHeader header) {
    return header.checkpoint().checkpoint().size();
  }

  private ExportHeader header(String at) throws IOException, InterruptedException {
    SignedCheckpoint checkpoint = checkpoint(at);
    return new ExportHeader(tenant, keys(), checkpoint, null, true);
  }

  /** A head that is checked, and how many entries the log has beyond it. */
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
   * The head by a checkpoint that enough of the reader's witnesses cosigned: the newest one, or one
   * that the server knows to be cosigned, now or in a moment; not one that is older than the one
   * that the reader holds. Without such a one, the newest.
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
      transport.pause(LOOK_EVERY);
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
    return entries(0, size, withholdPersonal, reason);
  }

  /**
   * The lines of an export behind its header, of the entries from {@code from} to before {@code
   * end}.
   *
   * @param reason why they are taken away, or null; tenants may require one
   */
  public InputStream entries(long from, long end, boolean withholdPersonal, @Nullable String reason)
      throws IOException, InterruptedException {
    Request request =
        Request.get(path + "/log/entries")
            .parameter("from_seq", Long.toString(from))
            .parameter("to_seq", Long.toString(end))
            .parameter("personal", withholdPersonal ? "withhold" : "include");
    StreamedAnswer answer =
        transport.open(reason == null ? request : request.parameter("reason", reason));
    if (answer.status() != OK) {
      throw refused(answer.whole(), "/log/entries");
    }
    return answer.body();
  }

  private byte[] bytes(String at) throws IOException, InterruptedException {
    Answer answer;
    try {
      answer = transport.ask(Request.get(path + at));
    } catch (UnreachableException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      // Without retries it is as the connection said it.
      throw e.getCause() instanceof IOException cause && !transport.retries()
          ? cause
          : new IOException(e.getMessage(), e);
    }
    if (answer.status() != OK) {
      throw refused(answer, at);
    }
    return answer.body();
  }

  private RefusedException refused(Answer answer, String at) {
    String detail = answer.problem().detail();
    return new RefusedException(
        transport.base()
            + path
            + at
            + " was answered with "
            + answer.status()
            + (detail.isEmpty() ? "" : ": " + detail),
        answer);
  }
}
