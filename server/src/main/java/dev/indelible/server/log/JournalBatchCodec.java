package dev.indelible.server.log;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one batch in the events journal; see {@code docs/formats/journal-batch.md}.
 *
 * <pre>
 * u8 version = 2 or 3 | u64 ticket | u32 count | count × entry                   big-endian
 * entry: u8 flags (1: personal part, 2: id is the caller's, 4: releases ids)
 *        | u8 n, tenant | u16 n, id (UTF-8)
 *        | facts salt (16) | u32 n, facts | [ personal salt (16) | u32 n, personal ]
 * </pre>
 *
 * <p>The ticket lets the process that appended the batch recognise it when the fold reaches it.
 */
final class JournalBatchCodec {

  /**
   * Version that is written. Version 2 differs from 1 in the parts that it may hold, those of
   * version 2 of their form, which an older program would take for damage.
   */
  static final byte VERSION = 2;

  /** Version of a batch with an entry that releases ids, which an older program would not do. */
  static final byte RELEASING_VERSION = 3;

  static final byte OLDEST_VERSION = 1;
  static final int HEADER_BYTES = 1 + Long.BYTES + Integer.BYTES;

  private static final int HAS_PERSONAL = 1;
  private static final int CALLER_CHOSE_ID = 2;
  private static final int RELEASES_IDS = 4;

  private JournalBatchCodec() {}

  /** A decoded batch. */
  record Decoded(long ticket, List<NewEntry> entries) {}

  static byte[] encode(long ticket, List<NewEntry> entries) {
    long bound = HEADER_BYTES;
    byte version = VERSION;
    for (NewEntry entry : entries) {
      bound += entry.maxEncodedBytes();
      version = entry.releasesIds() ? RELEASING_VERSION : version;
    }
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(bound));
    out.put(version).putLong(ticket).putInt(entries.size());
    for (NewEntry entry : entries) {
      encode(entry, out);
    }
    return out.hasRemaining() ? Arrays.copyOf(out.array(), out.position()) : out.array();
  }

  private static void encode(NewEntry entry, ByteBuffer out) {
    EntryParts parts = entry.parts();
    byte[] personal = parts.personal();
    byte[] personalSalt = parts.personalSalt();
    int flags =
        (personal != null ? HAS_PERSONAL : 0)
            | (entry.callerChoseId() ? CALLER_CHOSE_ID : 0)
            | (entry.releasesIds() ? RELEASES_IDS : 0);
    byte[] tenant = entry.tenant().value().getBytes(StandardCharsets.US_ASCII);
    byte[] id = entry.id().getBytes(StandardCharsets.UTF_8);
    out.put((byte) flags).put((byte) tenant.length).put(tenant).putShort((short) id.length).put(id);
    out.put(parts.factsSalt()).putInt(parts.facts().length).put(parts.facts());
    if (personal != null && personalSalt != null) {
      out.put(personalSalt).putInt(personal.length).put(personal);
    }
  }

  /**
   * Decodes a batch.
   *
   * @throws IllegalStateException when the bytes are not a batch of a version that is read: the
   *     journal's checksum held, so they were written so
   */
  static Decoded decode(byte[] payload) {
    ByteBuffer in = ByteBuffer.wrap(payload);
    try {
      byte version = in.get();
      if (version < OLDEST_VERSION || version > RELEASING_VERSION) {
        throw new IllegalStateException(
            "journal batch of version %d, this program reads %d to %d"
                .formatted(version, OLDEST_VERSION, RELEASING_VERSION));
      }
      long ticket = in.getLong();
      int count = in.getInt();
      List<NewEntry> entries = new ArrayList<>(Math.min(count, payload.length));
      TenantId lastTenant = null;
      for (int i = 0; i < count; i++) {
        NewEntry entry = decodeEntry(in, lastTenant);
        lastTenant = entry.tenant();
        entries.add(entry);
      }
      if (in.hasRemaining()) {
        throw new IllegalStateException(
            in.remaining() + " bytes after the last entry of a journal batch");
      }
      return new Decoded(ticket, entries);
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new IllegalStateException("journal batch ends within an entry", e);
    }
  }

  private static NewEntry decodeEntry(ByteBuffer in, @Nullable TenantId lastTenant) {
    int flags = in.get();
    String tenantName = string(in, in.get() & 0xff);
    TenantId tenant =
        lastTenant != null && lastTenant.value().equals(tenantName)
            ? lastTenant
            : new TenantId(tenantName);
    String id = string(in, in.getShort() & 0xffff);
    byte[] factsSalt = bytes(in, EntryParts.SALT_BYTES);
    byte[] facts = bytes(in, in.getInt());
    byte[] personalSalt = null;
    byte[] personal = null;
    if ((flags & HAS_PERSONAL) != 0) {
      personalSalt = bytes(in, EntryParts.SALT_BYTES);
      personal = bytes(in, in.getInt());
    }
    return new NewEntry(
        tenant,
        id,
        (flags & CALLER_CHOSE_ID) != 0,
        (flags & RELEASES_IDS) != 0,
        new EntryParts(facts, factsSalt, personal, personalSalt));
  }

  private static String string(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    String value =
        new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
    in.position(in.position() + length);
    return value;
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] value = new byte[length];
    in.get(value);
    return value;
  }
}
