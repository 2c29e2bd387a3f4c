package dev.indelible.server.proof;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.indelible.ports.journal.Journal;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.LogKey;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.PendingTenants;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.proof.Cosignatures.Cosigned;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.CertificateSeal;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.EntryBundle;
import dev.indelible.verify.Hash;
import dev.indelible.verify.InclusionProof;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.LogResource;
import dev.indelible.verify.MerkleTree;
import dev.indelible.verify.NoteSignature;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.SignedNote;
import dev.indelible.verify.Tile;
import dev.indelible.verify.TileReader;
import dev.indelible.verify.Verdict;
import dev.indelible.verify.VerifierKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every tenant's log as others may check it: checkpoints, tiles, bundles, proofs. Thread-safe.
 *
 * <p>What is signed is always a {@link Head}: a size and root that were durable before. Ed25519
 * signs the same the same way every time, so notes are not stored but signed when somebody asks,
 * and kept for as long as there is room.
 */
public final class TenantLogs implements AutoCloseable {

  /** Signed notes kept in memory. */
  static final long CACHED_NOTES = 10_000;

  /** How long a checkpoint that the quorum has cosigned is waited for. */
  static final Duration QUORUM_TIMEOUT = Duration.ofSeconds(5);

  /** Limit of the wait for exports, used when the quorum cosigned a checkpoint recently. */
  static final Duration EXPORT_QUORUM_TIMEOUT = Duration.ofSeconds(30);

  /**
   * How long ago the quorum may have cosigned a checkpoint that is given in place of a newer one.
   */
  static final Duration MAX_QUORUM_AGE = Duration.ofMinutes(5);

  private static final Logger LOG = LoggerFactory.getLogger(TenantLogs.class);

  private record Signed(Head head, List<String> keyIds, SignedCheckpoint checkpoint) {}

  private record Older(TenantId tenant, Head head, List<String> keyIds) {}

  private final EventLog log;
  private final LogKeys keys;
  private final Heads heads;
  private final PendingTenants pending;
  private final Configuration configuration;
  private final WitnessQuorum quorum;
  private final LogTiles tiles;
  private final LogComparison comparison;
  private final SigningBudget budget = new SigningBudget();
  private final CheckpointPublisher publisher;
  private final Cache<TenantId, Signed> notes =
      Caffeine.newBuilder().maximumSize(CACHED_NOTES).build();
  private final Cache<Older, SignedCheckpoint> olderNotes =
      Caffeine.newBuilder().maximumSize(CACHED_NOTES).build();
  private final Map<TenantId, Long> leastSizes = new ConcurrentHashMap<>();
  private final AtomicLong signed = new AtomicLong();
  private volatile boolean started;

  /**
   * Services that the logs work with.
   *
   * @param log the log
   * @param keys the keys that sign
   * @param heads the journal of heads
   * @param pending a follower of {@code log}
   * @param configuration which tenants there are
   * @param quorum the witnesses whose cosignatures checkpoints are to have
   */
  public record Parts(
      EventLog log,
      LogKeys keys,
      Journal heads,
      PendingTenants pending,
      Configuration configuration,
      WitnessQuorum quorum) {}

  private TenantLogs(Parts parts, Heads heads) {
    this.log = parts.log();
    this.keys = parts.keys();
    this.heads = heads;
    this.pending = parts.pending();
    this.configuration = parts.configuration();
    this.quorum = parts.quorum();
    this.tiles = new LogTiles(log);
    this.comparison = new LogComparison(log, tiles);
    this.publisher = new CheckpointPublisher(pending, heads, comparison, budget);
  }

  /** Reads the heads; nothing is signed before {@link #start}. */
  public static TenantLogs open(Parts parts) throws IOException, InterruptedException {
    return new TenantLogs(parts, Heads.open(parts.heads(), parts.quorum()));
  }

  /**
   * Compares every log with what was signed of it, and stops those that disagree, then starts to
   * publish. Nothing is to be recorded in a log before.
   */
  public void start() throws IOException, InterruptedException {
    if (!log.awaitReplayed()) {
      LOG.error("the log was not sequenced to its end; nothing is signed until a restart");
      return;
    }
    long begun = System.nanoTime();
    for (TenantId tenant : heads.tenants()) {
      Head head = heads.get(tenant).orElse(Head.EMPTY);
      heads.cosignatures().reached(tenant).ifPresent(_ -> mustCover(tenant, head.size()));
      if (comparison.holds(tenant, head) && log.size(tenant) > head.size()) {
        pending.add(tenant);
      }
    }
    for (Tenant tenant : configuration.tenants(null, Integer.MAX_VALUE)) {
      if (heads.get(tenant.tenant()).isEmpty() && log.size(tenant.tenant()) > 0) {
        pending.add(tenant.tenant());
      }
    }
    LOG.info(
        "compared {} logs with what was signed of them in {} ms; {} are stopped",
        heads.tenants().size(),
        (System.nanoTime() - begun) / 1_000_000,
        log.stoppedLogs());
    started = true;
    publisher.start();
  }

  /** The keys of logs. */
  public LogKeys keys() {
    return keys;
  }

  /** The size of the newest checkpoint; 0 when there is none. */
  public long publishedSize(TenantId tenant) {
    return heads.get(tenant).orElse(Head.EMPTY).size();
  }

  /** Tells {@code follower} of every tenant that has a new checkpoint from now on; at once. */
  public void follow(Consumer<TenantId> follower) {
    publisher.follow(follower);
  }

  /** The proof that the log of one size is the beginning of the log of another; not checked. */
  public List<Hash> consistencyProof(TenantId tenant, long oldSize, long newSize)
      throws IOException {
    return new TileReader(newSize, tiles.of(tenant)).tree().consistencyProof(oldSize).hashes();
  }

  /**
   * Adds a witness's statement, which was checked, to a checkpoint that was shown to it.
   *
   * @throws dev.indelible.ports.journal.JournalUnavailableException when it cannot be made durable
   */
  public void cosigned(TenantId tenant, Checkpoint checkpoint, NoteSignature signature) {
    heads.cosigned(tenant, new Head(checkpoint.size(), checkpoint.root()), signature.line());
  }

  /** The tenants of whose logs anything was signed. */
  public Set<TenantId> published() {
    return Set.copyOf(heads.tenants());
  }

  /** Head of a log that was signed last; of size 0 when none was. */
  public Head head(TenantId tenant) {
    return heads.get(tenant).orElse(Head.EMPTY);
  }

  /**
   * Waits until a checkpoint covers the entry at {@code seq}.
   *
   * @return whether one does, within {@code timeout}
   */
  public boolean awaitPublished(TenantId tenant, long seq, Duration timeout)
      throws InterruptedException {
    return publisher.await(tenant, seq + 1, timeout);
  }

  /**
   * The log's newest checkpoint, signed by all of its active keys; of size 0 when there is no head
   * yet.
   *
   * @throws LogStoppedException when the log disagrees with what was signed of it
   * @throws NotPublishedException when nothing can be signed now
   */
  public SignedCheckpoint checkpoint(TenantId tenant) throws IOException, InterruptedException {
    if (!started) {
      throw new NotPublishedException("the log was not sequenced to its end");
    }
    Head head = heads.get(tenant).orElse(Head.EMPTY);
    requireRunning(tenant);
    List<LogKey> active = keys.active(tenant);
    List<String> keyIds = active.stream().map(LogKey::keyId).toList();
    Signed known = notes.getIfPresent(tenant);
    if (known == null || !known.head().equals(head) || !known.keyIds().equals(keyIds)) {
      known = new Signed(head, keyIds, budget.spend(() -> sign(head, active)));
      notes.put(tenant, known);
    }
    return cosigned(tenant, known.checkpoint());
  }

  /** A checkpoint that was published, though it need not be the newest any more. */
  private SignedCheckpoint checkpoint(TenantId tenant, Head head)
      throws IOException, InterruptedException {
    if (head.equals(heads.get(tenant).orElse(Head.EMPTY))) {
      SignedCheckpoint newest = checkpoint(tenant);
      if (newest.checkpoint().size() == head.size()) {
        return newest;
      }
    }
    List<LogKey> active = keys.active(tenant);
    Older key = new Older(tenant, head, active.stream().map(LogKey::keyId).toList());
    SignedCheckpoint known = olderNotes.getIfPresent(key);
    if (known == null) {
      // The root of a head that was read from disk may have been altered there.
      boolean _ = budget.spend(() -> comparison.holds(tenant, head));
      requireRunning(tenant);
      known = budget.spend(() -> sign(head, active));
      olderNotes.put(key, known);
    }
    requireRunning(tenant);
    return cosigned(tenant, known);
  }

  /**
   * The checkpoint that a witness is to cosign next: the one that all of them are to, then the
   * newest one; empty when it has cosigned both.
   *
   * @param least the size below which the witness has nothing to do any more
   */
  public Optional<SignedCheckpoint> toCosign(TenantId tenant, VerifierKey witness, long least)
      throws IOException, InterruptedException {
    Optional<Head> candidate = heads.candidate(tenant).filter(head -> head.size() >= least);
    if (candidate.isPresent()) {
      SignedCheckpoint checkpoint = checkpoint(tenant, candidate.get());
      if (!isCosigned(checkpoint, witness)) {
        return Optional.of(checkpoint);
      }
    }
    return Optional.of(checkpoint(tenant))
        .filter(newest -> newest.checkpoint().size() > 0 && !isCosigned(newest, witness));
  }

  private static boolean isCosigned(SignedCheckpoint checkpoint, VerifierKey witness) {
    return checkpoint.note().signatures().stream().anyMatch(witness::matches);
  }

  /**
   * Withholds from now on a checkpoint that does not cover that size in place of a newer one: of
   * what was deleted meanwhile its entries do not say so.
   */
  public void mustCover(TenantId tenant, long size) {
    leastSizes.merge(tenant, size, Math::max);
  }

  /**
   * A checkpoint that the quorum of witnesses has cosigned. Waits for a moment for one that covers
   * what the newest one does now; then an older one will do, unless it is too old. Without any, the
   * newest: it has the cosignatures that it has.
   *
   * @throws LogStoppedException when the log disagrees with what was signed of it
   * @throws NotPublishedException when nothing can be signed now
   */
  public SignedCheckpoint cosignedCheckpoint(TenantId tenant)
      throws IOException, InterruptedException {
    long size = checkpoint(tenant).checkpoint().size();
    if (quorum.isNone() || size == 0) {
      return checkpoint(tenant);
    }
    heads.cosignatures().awaitReached(tenant, size, QUORUM_TIMEOUT);
    Optional<Cosigned> reached = heads.cosignatures().reached(tenant);
    return reached.isPresent() && isOfUse(tenant, reached.get(), size)
        ? checkpoint(tenant, reached.get().head())
        : checkpoint(tenant);
  }

  private boolean isOfUse(TenantId tenant, Cosigned reached, long size) {
    return reached.head().size() >= size
        || (reached.head().size() >= leastSizes.getOrDefault(tenant, 0L) && isRecent(reached));
  }

  private static boolean isRecent(Cosigned reached) {
    return System.nanoTime() - reached.atNanos() < MAX_QUORUM_AGE.toNanos();
  }

  /**
   * The checkpoint of an export: one that the quorum of witnesses has cosigned, if it comes to one
   * in time that covers all that is published now; else the newest. Never one that is older: who
   * holds a newer one would have to take the log for one that was rolled back.
   *
   * @throws LogStoppedException when the log disagrees with what was signed of it
   * @throws NotPublishedException when nothing can be signed now
   */
  public SignedCheckpoint checkpointOfExport(TenantId tenant)
      throws IOException, InterruptedException {
    long size = checkpoint(tenant).checkpoint().size();
    if (quorum.isNone() || size == 0) {
      return checkpoint(tenant);
    }
    Cosignatures cosignatures = heads.cosignatures();
    cosignatures.awaitReached(
        tenant,
        size,
        cosignatures.reached(tenant).filter(TenantLogs::isRecent).isPresent()
            ? EXPORT_QUORUM_TIMEOUT
            : QUORUM_TIMEOUT);
    Optional<Cosigned> reached =
        cosignatures.reached(tenant).filter(found -> found.head().size() >= size);
    return reached.isPresent() ? checkpoint(tenant, reached.get().head()) : checkpoint(tenant);
  }

  /** How the witnesses of a log stand. */
  public QuorumState quorumState(TenantId tenant) {
    return QuorumState.of(tenant, head(tenant).size(), heads.cosignatures());
  }

  private SignedCheckpoint sign(Head head, List<LogKey> active) {
    Checkpoint checkpoint = new Checkpoint(active.getFirst().origin(), head.size(), head.root());
    String text = checkpoint.text();
    SignedCheckpoint result = null;
    for (LogKey key : active) {
      NoteSignature signature = keys.signer(key).sign(text);
      SignedNote note =
          result == null ? SignedNote.of(text, signature) : result.note().with(signature);
      result = new SignedCheckpoint(checkpoint, note);
    }
    if (result == null) {
      throw new IllegalArgumentException("no key to sign with");
    }
    signed.incrementAndGet();
    return result;
  }

  /**
   * The seal of a certificate: its digest, signed by all of the log's active keys.
   *
   * @throws LogStoppedException when the log disagrees with what was signed of it
   */
  public SignedNote seal(TenantId tenant, byte[] certificate) {
    requireRunning(tenant);
    List<LogKey> active = keys.active(tenant);
    String text =
        CertificateSeal.over(active.getFirst().origin(), certificate, certificate.length).text();
    SignedNote result = SignedNote.of(text, keys.signer(active.getFirst()).sign(text));
    for (LogKey key : active) {
      result = result.with(keys.signer(key).sign(text));
    }
    return result;
  }

  private SignedCheckpoint cosigned(TenantId tenant, SignedCheckpoint checkpoint) {
    SignedNote note = checkpoint.note();
    Checkpoint signedOf = checkpoint.checkpoint();
    for (String line :
        heads.cosignatures().lines(tenant, new Head(signedOf.size(), signedOf.root()))) {
      note = note.with(NoteSignature.parse(line).orThrow());
    }
    return new SignedCheckpoint(checkpoint.checkpoint(), note);
  }

  private void requireRunning(TenantId tenant) {
    Optional<String> reason = log.stoppedBecause(tenant);
    if (reason.isPresent()) {
      throw new LogStoppedException(tenant, reason.get());
    }
  }

  /** The keys that sign the log, as people are given them. */
  public List<VerifierKey> verifierKeys(TenantId tenant) {
    return keys.active(tenant).stream()
        .map(key -> VerifierKey.parse(key.verifierKey()).orThrow())
        .toList();
  }

  /**
   * A tile or an entry bundle; empty when no checkpoint covers all of it yet. The same for ever.
   */
  public Optional<byte[]> read(TenantId tenant, LogResource resource) throws IOException {
    int level = resource instanceof Tile tile ? tile.level() : 0;
    long hashes = publishedSize(tenant) >>> (Tile.HEIGHT * level);
    if (resource.index() * LogResource.FULL_WIDTH + resource.width() > hashes) {
      return Optional.empty();
    }
    return Optional.of(
        switch (resource) {
          case Tile tile -> tiles.read(tenant, tile);
          case EntryBundle bundle -> tiles.read(tenant, bundle);
        });
  }

  /**
   * Proofs of entries, all by one checkpoint, each checked.
   *
   * @throws NotPublishedException when no checkpoint covers one of them yet
   * @throws DamagedEntryException when what is stored of one is not what its leaf was made of
   */
  public List<EntryProof> proofs(TenantId tenant, long[] seqs)
      throws IOException, InterruptedException {
    SignedCheckpoint checkpoint = checkpoint(tenant);
    long size = checkpoint.checkpoint().size();
    for (long seq : seqs) {
      if (seq >= size) {
        throw new NotPublishedException(
            "the newest checkpoint has size " + size + ", entry " + seq + " is not in it yet");
      }
    }
    MerkleTree tree = new TileReader(size, tiles.of(tenant)).tree();
    List<VerifierKey> verifierKeys = verifierKeys(tenant);
    List<EntryProof> proofs = new ArrayList<>(seqs.length);
    for (StoredEntry entry : log.get(tenant, seqs)) {
      Leaf leaf = Leaves.of(entry);
      InclusionProof inclusion = tree.inclusionProof(entry.seq());
      if (inclusion.check(leaf.hash(), checkpoint.checkpoint().root())
          instanceof Verdict.Fails failure) {
        throw new DamagedEntryException(tenant, entry.seq(), failure.detail());
      }
      proofs.add(new EntryProof(tenant, entry, leaf, inclusion, checkpoint, verifierKeys));
    }
    return proofs;
  }

  /** Proofs of many entries by one checkpoint, in ascending order. */
  public ProofWalk walk(TenantId tenant, SignedCheckpoint checkpoint) {
    return new ProofWalk(tenant, log, tiles, checkpoint);
  }

  /** Figures for metrics. */
  public Statistics statistics() {
    return new Statistics(
        publisher.published(),
        signed.get(),
        budget.spentNanos(),
        pending.oldestNanos(),
        log.stoppedLogs(),
        publisher.isFailing());
  }

  /**
   * Figures of published logs.
   *
   * @param published heads made durable since the start
   * @param signed notes signed since the start
   * @param spentNanos time that comparing and signing took since the start
   * @param lagNanos how long the log that waits longest has waited for a checkpoint
   * @param stoppedLogs logs that disagree with what was signed of them
   * @param failing whether heads cannot be made durable now
   */
  public record Statistics(
      long published,
      long signed,
      long spentNanos,
      long lagNanos,
      int stoppedLogs,
      boolean failing) {}

  /** Stops to publish. What is not published yet is at the next start. */
  @Override
  public void close() {
    if (started) {
      publisher.stop();
    }
  }
}
