package dev.indelible.server.run;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry.Body;
import dev.indelible.server.run.StoredEntry.PersonalErased;
import dev.indelible.server.run.StoredEntry.Purged;
import dev.indelible.server.run.StoredEntry.Whole;
import dev.indelible.verify.Hash;
import dev.indelible.verify.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Writes a run again without the parts that retention or an erasure removes, and without the ids of
 * what is purged. Leaf hashes, subtrees and frontiers stay; blocks that hold nothing to remove are
 * copied byte for byte. Stateless.
 */
public final class RunRewriter {

  private RunRewriter() {}

  /** Treatment of an entry. */
  public enum Treatment {
    /** The entry stays as it is. */
    KEEP,
    /** The entry's personal part and its salt are deleted, if it has them. */
    ERASE_PERSONAL,
    /** Both parts and their salts are deleted; the leaf stays. */
    PURGE
  }

  /** Says what becomes of the entries of one tenant. */
  @FunctionalInterface
  public interface Treatments {
    /** Decides about the entry of that seq; asked for every entry of the run, in any order. */
    Treatment of(long seq);
  }

  /** Computes the leaf of an entry. */
  @FunctionalInterface
  public interface Leaves {
    /** The {@value StoredEntry#LEAF_BYTES} bytes that the entry's leaf hash is made of. */
    byte[] leaf(StoredEntry entry);
  }

  /** Knows the hash under which an entry's id was added to the run. */
  @FunctionalInterface
  public interface IdHashes {
    /** The hash; empty when the entry has no id. */
    OptionalLong of(TenantId tenant, StoredEntry entry);
  }

  /**
   * Writes a run again under a new name. The source is left as it is.
   *
   * <p>Nothing is removed from an entry whose leaf does not give the leaf hash stored with it: the
   * parts are then the only evidence of what happened.
   *
   * @param treatments for the tenants of whom something is removed
   * @return false when a blob of that name existed; nothing has changed then
   * @throws RunException when the source cannot be read, or an entry to be changed was altered; no
   *     run is left then
   */
  public static boolean rewrite(
      BlobStore store,
      String name,
      RunReader source,
      Map<TenantId, Treatments> treatments,
      Leaves leaves,
      IdHashes ids)
      throws IOException {
    return RunWriter.write(
        store,
        name,
        source.info().sealedThrough(),
        writer -> {
          HashBag gone = new HashBag();
          RunReader.SliceCursor slices = source.slices();
          for (Slice slice = slices.next(); slice != null; slice = slices.next()) {
            Treatments ofTenant = treatments.getOrDefault(slice.tenant(), _ -> Treatment.KEEP);
            writer.startTenant(slice.tenant());
            writer.extendTimes(slice.firstRecordedAtMillis(), slice.lastRecordedAtMillis());
            copyEntries(writer, source, slice, ofTenant, leaves, ids, gone);
            long first = slice.firstSubtree();
            writer.endTenant(
                source.subtrees(slice, first, first + slice.subtreeCount()), slice.frontier());
          }
          for (FilterPart part : source.filterParts()) {
            writer.filter().copyWithout(gone, source.file(), part);
          }
        });
  }

  /** Whether the treatment leaves less of the entry than there is. */
  public static boolean changes(Treatment treatment, StoredEntry entry) {
    return switch (treatment) {
      case KEEP -> false;
      case ERASE_PERSONAL ->
          entry.body() instanceof Whole(EntryParts parts) && parts.personal() != null;
      case PURGE -> !(entry.body() instanceof Purged);
    };
  }

  private static void copyEntries(
      RunWriter writer,
      RunReader source,
      Slice slice,
      Treatments treatments,
      Leaves leaves,
      IdHashes ids,
      HashBag gone)
      throws IOException {
    BlockList list = source.blockList(slice);
    for (int index = 0; index < slice.blocks(); index++) {
      BlockReference reference = list.get(index);
      byte[] unit = source.unit(slice, reference);
      long firstSeq = slice.firstSeq() + reference.row();
      if (keepsAll(treatments, firstSeq, reference.rows())) {
        writer.copyUnit(unit, firstSeq, reference.rows());
      } else {
        DecodedBlock block = source.decode(slice, reference, unit);
        for (int row = 0; row < reference.rows(); row++) {
          StoredEntry entry = block.entry(row);
          Hash stored = Hash.of(unit, row * Hash.BYTES);
          Treatment treatment = treatments.of(entry.seq());
          StoredEntry left = apply(treatment, entry, leaves);
          if (treatment != Treatment.KEEP && !leafHash(leaves.leaf(left)).equals(stored)) {
            throw source
                .file()
                .corrupt(
                    slice.offset() + reference.offset(),
                    "entry " + entry.seq() + " of " + slice.tenant() + " was altered");
          }
          if (treatment == Treatment.PURGE) {
            ids.of(slice.tenant(), entry).ifPresent(gone::add);
          }
          writer.add(left, stored);
        }
      }
    }
  }

  private static boolean keepsAll(Treatments treatments, long firstSeq, int rows) {
    for (long seq = firstSeq; seq < firstSeq + rows; seq++) {
      if (treatments.of(seq) != Treatment.KEEP) {
        return false;
      }
    }
    return true;
  }

  private static StoredEntry apply(Treatment treatment, StoredEntry entry, Leaves leaves) {
    return switch (treatment) {
      case KEEP -> entry;
      case ERASE_PERSONAL -> erasePersonal(entry, leaves);
      case PURGE ->
          entry.body() instanceof Purged ? entry : with(entry, new Purged(leaves.leaf(entry)));
    };
  }

  private static StoredEntry erasePersonal(StoredEntry entry, Leaves leaves) {
    return switch (entry.body()) {
      case Purged _, PersonalErased _ -> entry;
      case Whole(EntryParts parts) -> {
        if (parts.personal() == null) {
          yield entry;
        }
        int digestAt = StoredEntry.LEAF_BYTES - StoredEntry.DIGEST_BYTES;
        byte[] digest = Arrays.copyOfRange(leaves.leaf(entry), digestAt, StoredEntry.LEAF_BYTES);
        yield with(entry, new PersonalErased(parts.facts(), parts.factsSalt(), digest));
      }
    };
  }

  private static StoredEntry with(StoredEntry entry, Body body) {
    return new StoredEntry(entry.seq(), entry.recordedAtMillis(), body);
  }

  /** RFC 6962, section 2.1. */
  private static Hash leafHash(byte[] leaf) {
    return Hash.of(Sha256.of(ByteBuffer.allocate(1 + leaf.length).put((byte) 0).put(leaf).array()));
  }
}
