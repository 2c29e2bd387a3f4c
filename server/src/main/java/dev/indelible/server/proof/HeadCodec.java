package dev.indelible.server.proof;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.verify.Hash;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The batches of the heads journal; see {@code docs/formats/heads.md}.
 *
 * <pre>
 * +--------------+--------------+   +-----------+--------------+--------+------------+----------+
 * | version (u8) | records (u32)|   | kind (u8) | length (u8)  | tenant | size (u64) | root (32)|
 * +--------------+--------------+   +-----------+--------------+--------+------------+----------+
 *                                   | kind (u8) | length (u8)  | tenant | size (u64) | length (u16) | line |
 *                                   +-----------+--------------+--------+------------+--------------+------+
 * </pre>
 *
 * <p>Integers are big-endian.
 */
final class HeadCodec {

  static final byte VERSION = 1;
  static final byte HEAD = 1;
  static final byte COSIGNATURE = 2;

  private static final int BATCH_HEADER_BYTES = 1 + Integer.BYTES;
  private static final int HEAD_BYTES = 1 + 1 + Long.BYTES + Hash.BYTES;
  private static final int COSIGNATURE_BYTES = 1 + 1 + Long.BYTES + Short.BYTES;

  /** The form of the heads journal. */
  static final KeyedJournal.Form<Entry> FORM =
      new KeyedJournal.Form<>() {
        @Override
        public byte[] encode(List<? extends Entry> entries) {
          return HeadCodec.encode(entries);
        }

        @Override
        public List<Entry> decode(byte[] batch) {
          return HeadCodec.decode(batch);
        }
      };

  private HeadCodec() {}

  /** One thing that was made durable. */
  sealed interface Entry {

    /** Tenant whose log it speaks of. */
    TenantId tenant();

    /** A head. */
    record Published(TenantId tenant, Head head) implements Entry {}

    /**
     * A witness's statement on the tenant's checkpoint of that size.
     *
     * @param line the signature line of the note
     */
    record Cosigned(TenantId tenant, long size, String line) implements Entry {}
  }

  static byte[] encode(List<? extends Entry> entries) {
    int length = BATCH_HEADER_BYTES;
    for (Entry entry : entries) {
      length += length(entry);
    }
    ByteBuffer out = ByteBuffer.allocate(length).put(VERSION).putInt(entries.size());
    for (Entry entry : entries) {
      switch (entry) {
        case Entry.Published(TenantId tenant, Head head) -> {
          putTenant(out.put(HEAD), tenant).putLong(head.size());
          out.put(head.root().toBytes());
        }
        case Entry.Cosigned(TenantId tenant, long size, String line) -> {
          byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
          putTenant(out.put(COSIGNATURE), tenant).putLong(size);
          out.putShort((short) bytes.length).put(bytes);
        }
      }
    }
    return out.array();
  }

  private static int length(Entry entry) {
    int name = entry.tenant().value().length();
    return switch (entry) {
      case Entry.Published _ -> HEAD_BYTES + name;
      case Entry.Cosigned cosigned -> {
        int line = cosigned.line().getBytes(StandardCharsets.UTF_8).length;
        if (line > 0xffff) {
          throw new IllegalArgumentException("a signature line of " + line + " bytes");
        }
        yield COSIGNATURE_BYTES + name + line;
      }
    };
  }

  private static ByteBuffer putTenant(ByteBuffer out, TenantId tenant) {
    byte[] name = tenant.value().getBytes(StandardCharsets.US_ASCII);
    return out.put((byte) name.length).put(name);
  }

  /**
   * @throws IllegalStateException when the batch is of another version, or none
   */
  static List<Entry> decode(byte[] batch) {
    ByteBuffer in = ByteBuffer.wrap(batch);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new IllegalStateException(
            "heads of version " + version + ", this program reads " + VERSION);
      }
      int count = in.getInt();
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        entries.add(decodeEntry(in));
      }
      if (in.hasRemaining()) {
        throw new IllegalStateException("heads with " + in.remaining() + " bytes too many");
      }
      return entries;
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("heads that break off", e);
    }
  }

  private static Entry decodeEntry(ByteBuffer in) {
    byte kind = in.get();
    TenantId tenant = new TenantId(text(in, in.get() & 0xff));
    long size = in.getLong();
    return switch (kind) {
      case HEAD -> {
        byte[] root = new byte[Hash.BYTES];
        in.get(root);
        yield new Entry.Published(tenant, new Head(size, Hash.of(root)));
      }
      case COSIGNATURE -> new Entry.Cosigned(tenant, size, text(in, in.getShort() & 0xffff));
      default -> throw new IllegalStateException("heads with a record of unknown kind " + kind);
    };
  }

  private static String text(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
