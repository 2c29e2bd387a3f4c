package dev.indelible.server.log;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.RunCache;
import dev.indelible.server.run.RunInspector;
import dev.indelible.server.run.RunReader;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.util.Optional;

/** Reads every byte of the runs that make up the log. */
public final class RunChecks {

  private static final long CACHE_BYTES = 8L << 20;

  private RunChecks() {}

  /**
   * Numbers of what was checked and held.
   *
   * @param runs how many runs
   * @param entries how many entries in them
   */
  public record Result(int runs, long entries) {}

  /**
   * Checks all checksums and structures, and every entry against its leaf hash.
   *
   * @throws IOException at the first byte that is not as it was written, or the first entry that
   *     was altered, with its place
   */
  public static Result verifyAll(BlobStore blobs) throws IOException {
    Optional<BlobStore.State> state = blobs.state(Manifest.STATE);
    Manifest manifest = state.isPresent() ? Manifest.decode(state.get().bytes()) : Manifest.EMPTY;
    StoredLeaves leaves = new StoredLeaves();
    long entries = 0;
    try (RunCache cache = new RunCache(CACHE_BYTES)) {
      for (String name : manifest.runs()) {
        Altered altered = new Altered(leaves);
        try (RunReader reader = RunReader.open(blobs, name, cache)) {
          reader.verify(altered);
          entries += reader.info().entries();
        }
        if (altered.first != null) {
          throw new IOException(name + ": " + altered.first);
        }
      }
    }
    return new Result(manifest.runs().size(), entries);
  }

  private static final class Altered implements RunInspector {

    private final StoredLeaves leaves;
    private @org.jspecify.annotations.Nullable String first;

    Altered(StoredLeaves leaves) {
      this.leaves = leaves;
    }

    @Override
    public Hash leafHash(TenantId tenant, StoredEntry entry) {
      return leaves.hash(entry);
    }

    @Override
    public void altered(TenantId tenant, StoredEntry entry, Hash stored, Hash computed) {
      if (first == null) {
        first =
            "entry "
                + entry.seq()
                + " of "
                + tenant
                + " was altered: it does not give its leaf hash";
      }
    }
  }
}
