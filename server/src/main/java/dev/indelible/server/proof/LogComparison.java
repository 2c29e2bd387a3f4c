package dev.indelible.server.proof;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.TenantHead;
import dev.indelible.server.run.RunException;
import dev.indelible.verify.ConsistencyProof;
import dev.indelible.verify.Hash;
import dev.indelible.verify.TileReader;
import dev.indelible.verify.TreeFrontier;
import dev.indelible.verify.TreeHasher;
import dev.indelible.verify.Verdict;
import java.io.IOException;
import java.util.Optional;

/**
 * Holds a log against what was signed of it. A log that disagrees is stopped: whatever is signed
 * later would contradict what somebody may already hold. Thread-safe.
 */
final class LogComparison {

  /**
   * A log that has grown by up to this many leaves is compared by appending them to its tree as it
   * was compared last; beyond it by the tiles, whose cost does not grow with the leaves.
   */
  static final int MAX_APPENDED = 512;

  /** Logs of which the tree's edge is remembered, as it was when they were last compared. */
  static final int MAX_REMEMBERED = 10_000;

  private final EventLog log;
  private final LogTiles tiles;
  private final Cache<TenantId, TreeFrontier> compared =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

  LogComparison(EventLog log, LogTiles tiles) {
    this.log = log;
    this.tiles = tiles;
  }

  /** Whether the log is at least as long as what was signed of it; stops it otherwise. */
  private boolean isLongEnough(TenantId tenant, Head signed, long size) {
    return size >= signed.size()
        || stop(
            tenant,
            "it has %d entries, and a checkpoint of size %d was signed; was an older backup restored?"
                .formatted(size, signed.size()));
  }

  /** Whether what was signed of the log is still true of it; stops it otherwise. */
  boolean holds(TenantId tenant, Head signed) throws IOException {
    try {
      TenantHead now = log.head(tenant);
      long size = now.frontier().size();
      if (!isLongEnough(tenant, signed, size)) {
        return false;
      }
      Hash root =
          size == signed.size()
              ? now.frontier().root(new TreeHasher())
              : new TileReader(signed.size(), tiles.of(tenant)).tree().root();
      return root.equals(signed.root())
          || stop(
              tenant,
              "at size %d its root is %s, and a checkpoint with root %s was signed"
                  .formatted(signed.size(), root, signed.root()));
    } catch (RunException.Corrupt e) {
      return stop(tenant, "it cannot be read: " + e.getMessage());
    }
  }

  /**
   * Returns the head that may be signed next: the log as it is now, if it has grown and the leaves
   * that came since lead from what was signed before to its present root. Stops it when they do
   * not. The older leaves are read for the first comparison after a start; whether they stay, the
   * scrubber sees.
   */
  Optional<Head> next(TenantId tenant, Head signed) throws IOException {
    if (log.stoppedBecause(tenant).isPresent()) {
      return Optional.empty();
    }
    try {
      TenantHead now = log.head(tenant);
      TreeFrontier edge = now.frontier();
      Head next = new Head(edge.size(), edge.root(new TreeHasher()));
      if (!isLongEnough(tenant, signed, next.size())) {
        return Optional.empty();
      }
      if (next.size() == signed.size()) {
        if (!next.equals(signed)) {
          stop(tenant, "two roots at size " + next.size());
        }
        return Optional.empty();
      }
      Verdict verdict = grew(tenant, signed, next);
      if (verdict instanceof Verdict.Fails failure) {
        stop(
            tenant,
            "size %d does not go on from the signed size %d: %s"
                .formatted(next.size(), signed.size(), failure.detail()));
        return Optional.empty();
      }
      compared.put(tenant, edge);
      return Optional.of(next);
    } catch (RunException.Corrupt e) {
      stop(tenant, "it cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Verdict grew(TenantId tenant, Head signed, Head next) throws IOException {
    TreeFrontier edge = compared.getIfPresent(tenant);
    if (edge != null
        && edge.size() == signed.size()
        && next.size() - signed.size() <= MAX_APPENDED) {
      return grewFrom(edge, tenant, signed, next);
    }
    TileReader reader = new TileReader(next.size(), tiles.of(tenant));
    if (signed.size() == 0) {
      return reader.check(next.root());
    }
    ConsistencyProof proof = reader.tree().consistencyProof(signed.size());
    return proof.checkGrowth(signed.root(), next.root());
  }

  /** Whether the leaves that came since lead from the one to the other. */
  private Verdict grewFrom(TreeFrontier edge, TenantId tenant, Head signed, Head next)
      throws IOException {
    TreeHasher hasher = new TreeHasher();
    Hash before = edge.root(hasher);
    if (!before.equals(signed.root())) {
      return Verdict.fails(Verdict.Problem.WRONG_OLD_ROOT, "its root was " + before);
    }
    TreeFrontier grown = edge.copy();
    for (Hash leaf : log.leafHashes(tenant, signed.size(), next.size())) {
      grown.append(leaf, hasher);
    }
    Hash after = grown.root(hasher);
    return after.equals(next.root())
        ? new Verdict.Holds()
        : Verdict.fails(
            Verdict.Problem.WRONG_ROOT,
            "its leaves lead to root " + after + ", not " + next.root());
  }

  private boolean stop(TenantId tenant, String reason) {
    log.stop(tenant, reason);
    return false;
  }
}
