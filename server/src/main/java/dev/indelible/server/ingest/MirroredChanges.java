package dev.indelible.server.ingest;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.control.AppliedChange;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The place up to which changes of the configuration have their entries, as it is stored.
 *
 * @param position the first position of the control log that has no entry yet
 * @param chain the hash of all records before it, or null when an earlier version of the program
 *     stored the position alone
 */
public record MirroredChanges(Position position, @Nullable Hash chain) {

  /** The state that holds it. */
  static final String STATE = "control/mirrored";

  /** The detail of a mirrored entry that holds the chain with its change. */
  public static final String DETAIL = "control_log";

  /** Prefix of the ids of mirrored entries; the position of the change follows. */
  public static final String ID_PREFIX = "control-";

  private static final int WITH_CHAIN = Long.BYTES + Hash.BYTES;

  /**
   * The id of the entry of a change: {@code control-<position>} when it is its record's only one,
   * {@code control-<position>-<index>} otherwise, the index counted from 0. It follows from the
   * control log alone, so that an entry that is sent again after a crash is known.
   */
  public static String id(AppliedChange applied, int index) {
    String ofRecord = ID_PREFIX + applied.position().value();
    return applied.replacements().size() == 1 ? ofRecord : ofRecord + "-" + index;
  }

  /** The stored state. */
  public static MirroredChanges of(BlobStore blobs) throws IOException {
    return of(blobs.state(STATE));
  }

  static MirroredChanges of(Optional<BlobStore.State> state) {
    if (state.isEmpty()) {
      return new MirroredChanges(Position.START, null);
    }
    ByteBuffer bytes = ByteBuffer.wrap(state.get().bytes());
    Position position = new Position(bytes.getLong());
    return new MirroredChanges(
        position,
        bytes.remaining() == Hash.BYTES ? Hash.of(state.get().bytes(), Long.BYTES) : null);
  }

  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(chain == null ? Long.BYTES : WITH_CHAIN);
    bytes.putLong(position.value());
    if (chain != null) {
      bytes.put(chain.toBytes());
    }
    return bytes.array();
  }
}
