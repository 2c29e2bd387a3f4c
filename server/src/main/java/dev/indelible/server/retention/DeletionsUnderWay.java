package dev.indelible.server.retention;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.log.ReleasedIds;
import java.io.IOException;
import java.util.List;

/** Deletions that a crash left under way, for those who only read. */
public final class DeletionsUnderWay {

  private DeletionsUnderWay() {}

  /** The purges under way, whose entries' ids are free behind their records. */
  public static List<ReleasedIds.UnderWay> purges(BlobStore blobs) throws IOException {
    return new DeletionState(blobs)
        .read().stream()
            .filter(deletion -> deletion.kind() == Deletion.Kind.PURGE)
            .map(
                deletion ->
                    new ReleasedIds.UnderWay(
                        deletion.tenant(), deletion.recordId(), deletion.entries()::contains))
            .toList();
  }
}
