package dev.indelible.server.proof;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.verify.Hash;
import dev.indelible.verify.InclusionProof;
import dev.indelible.verify.LogResource;
import dev.indelible.verify.MerkleTree;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.Tile;
import dev.indelible.verify.TileReader;
import dev.indelible.verify.TreeHasher;
import dev.indelible.verify.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Inclusion proofs of many entries by one checkpoint, in ascending order: a full tile's hashes are
 * read and climbed once for its 256 leaves, and what is above is the same for all of them. Each
 * tile is checked against the checkpoint's root, each entry against its leaf. Not thread-safe.
 */
public final class ProofWalk {

  private final TenantId tenant;
  private final EventLog log;
  private final long size;
  private final Hash root;
  private final MerkleTree tree;
  private final TreeHasher hasher = new TreeHasher();
  private long tile = -1;
  private final List<Hash[]> levels = new ArrayList<>(Tile.HEIGHT);
  private final byte[][][] texts = new byte[Tile.HEIGHT][][];
  private byte[][] above = {};

  ProofWalk(TenantId tenant, EventLog log, LogTiles tiles, SignedCheckpoint checkpoint) {
    this.tenant = tenant;
    this.log = log;
    this.size = checkpoint.checkpoint().size();
    this.root = checkpoint.checkpoint().root();
    this.tree = new TileReader(size, tiles.of(tenant)).tree();
  }

  /**
   * The proof of an entry: its hashes from the leaf up, each in base64 as ASCII. The arrays are
   * shared and not to be written to.
   *
   * @param leafHash hash of the leaf that the entry's bytes give
   * @throws DamagedEntryException when that leaf, or its tile, is not in the checkpoint's tree
   */
  public byte[][] of(long seq, Hash leafHash) throws IOException {
    long wanted = seq / LogResource.FULL_WIDTH;
    if ((wanted + 1) * LogResource.FULL_WIDTH > size) {
      InclusionProof proof = tree.inclusionProof(seq);
      requireHolds(seq, proof, leafHash);
      return texts(proof.hashes());
    }
    if (wanted != tile) {
      climb(wanted);
    }
    int index = (int) (seq % LogResource.FULL_WIDTH);
    if (!levels.getFirst()[index].equals(leafHash)) {
      throw new DamagedEntryException(tenant, seq, "its parts do not give the leaf in the tree");
    }
    byte[][] proof = new byte[Tile.HEIGHT + above.length][];
    for (int height = 0; height < Tile.HEIGHT; height++) {
      proof[height] = text(height, (index >> height) ^ 1);
    }
    System.arraycopy(above, 0, proof, Tile.HEIGHT, above.length);
    return proof;
  }

  private byte[] text(int height, int index) {
    byte[] known = texts[height][index];
    if (known == null) {
      known = text(levels.get(height)[index]);
      texts[height][index] = known;
    }
    return known;
  }

  private void climb(long wanted) throws IOException {
    long first = wanted * LogResource.FULL_WIDTH;
    levels.clear();
    Hash[] level =
        log.leafHashes(tenant, first, first + LogResource.FULL_WIDTH).toArray(Hash[]::new);
    for (int height = 0; height < Tile.HEIGHT; height++) {
      levels.add(level);
      texts[height] = new byte[level.length][];
      Hash[] parents = new Hash[level.length / 2];
      for (int i = 0; i < parents.length; i++) {
        parents[i] = hasher.node(level[2 * i], level[2 * i + 1]);
      }
      level = parents;
    }
    List<Hash> whole = tree.inclusionProof(first).hashes();
    List<Hash> upper = whole.subList(Tile.HEIGHT, whole.size());
    List<Hash> climbed = new ArrayList<>(whole.size());
    levels.forEach(hashes -> climbed.add(hashes[1]));
    climbed.addAll(upper);
    requireHolds(first, InclusionProof.inTree(first, size, climbed), levels.getFirst()[0]);
    above = texts(upper);
    tile = wanted;
  }

  private void requireHolds(long seq, InclusionProof proof, Hash leafHash) {
    if (proof.check(leafHash, root) instanceof Verdict.Fails failure) {
      throw new DamagedEntryException(tenant, seq, failure.detail());
    }
  }

  private static byte[][] texts(List<Hash> hashes) {
    return hashes.stream().map(ProofWalk::text).toArray(byte[][]::new);
  }

  private static byte[] text(Hash hash) {
    return hash.toBase64().getBytes(StandardCharsets.US_ASCII);
  }
}
