package dev.indelible.server.ingest;

import dev.indelible.server.blob.BlobStore;
import dev.indelible.server.journal.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** How far changes of the configuration have their entries, as it is stored. */
public final class MirroredChanges {

  /** The state that holds the position. */
  static final String STATE = "control/mirrored";

  private MirroredChanges() {}

  /** The first position of the control log that has no entry yet. */
  public static Position through(BlobStore blobs) throws IOException {
    return position(blobs.state(STATE));
  }

  static Position position(Optional<BlobStore.State> state) {
    return state.isEmpty()
        ? Position.START
        : new Position(ByteBuffer.wrap(state.get().bytes()).getLong());
  }
}
