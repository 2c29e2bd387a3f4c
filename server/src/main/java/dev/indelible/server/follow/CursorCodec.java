package dev.indelible.server.follow;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.KeyedJournal;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The batches of the cursors journal; see {@code docs/formats/cursors.md}.
 *
 * <pre>
 * +--------------+--------------+   +-------------+----------+-------------+--------+------------+
 * | version (u8) | records (u32)|   | length (u8) | follower | length (u8) | tenant | next (i64) |
 * +--------------+--------------+   +-------------+----------+-------------+--------+------------+
 * </pre>
 *
 * <p>Integers are big-endian; {@code next} is -1 when the follower follows the log no more.
 */
final class CursorCodec {

  static final byte VERSION = 1;

  private static final int HEADER_BYTES = 1 + Integer.BYTES;
  private static final int RECORD_BYTES = 1 + 1 + Long.BYTES;

  /** The form of the cursors journal. */
  static final KeyedJournal.Form<Moved> FORM =
      new KeyedJournal.Form<>() {
        @Override
        public byte[] encode(List<? extends Moved> records) {
          return CursorCodec.encode(records);
        }

        @Override
        public List<Moved> decode(byte[] batch) {
          return CursorCodec.decode(batch);
        }
      };

  private CursorCodec() {}

  /** A follower and a log that it follows. */
  record Key(String follower, TenantId tenant) {}

  /**
   * The new place of a cursor.
   *
   * @param next the sequence number of the entry that the follower takes next, or {@link #GONE}
   */
  record Moved(Key key, long next) {
    static final long GONE = -1;
  }

  static byte[] encode(List<? extends Moved> records) {
    int length = HEADER_BYTES;
    for (Moved record : records) {
      length +=
          RECORD_BYTES + record.key().follower().length() + record.key().tenant().value().length();
    }
    ByteBuffer out = ByteBuffer.allocate(length).put(VERSION).putInt(records.size());
    for (Moved record : records) {
      putText(out, record.key().follower());
      putText(out, record.key().tenant().value());
      out.putLong(record.next());
    }
    return out.array();
  }

  private static void putText(ByteBuffer out, String ascii) {
    byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
    out.put((byte) bytes.length).put(bytes);
  }

  /**
   * @throws IllegalStateException when the batch is of another version, or none
   */
  static List<Moved> decode(byte[] batch) {
    ByteBuffer in = ByteBuffer.wrap(batch);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new IllegalStateException(
            "cursors of version " + version + ", this program reads " + VERSION);
      }
      int count = in.getInt();
      List<Moved> records = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String follower = text(in);
        TenantId tenant = new TenantId(text(in));
        records.add(new Moved(new Key(follower, tenant), in.getLong()));
      }
      if (in.hasRemaining()) {
        throw new IllegalStateException("cursors with " + in.remaining() + " bytes too many");
      }
      return records;
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("cursors that break off", e);
    }
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.get() & 0xff];
    in.get(bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
