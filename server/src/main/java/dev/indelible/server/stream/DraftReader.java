package dev.indelible.server.stream;

import dev.indelible.mapping.UnwritableException;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.EntryFeed;
import dev.indelible.server.follow.FollowedEntry;
import dev.indelible.server.search.Found;
import dev.indelible.server.share.Asker;
import dev.indelible.server.sink.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads ranges of logs as streams send them. Thread-safe. */
final class DraftReader {

  /** Entries that are looked at for one batch, at most. */
  static final int SCANNED = 20_000;

  /** Kind of receiver that shortens what is too long for it, and says so in it. */
  private static final String SHORTENS = "syslog";

  private final StreamParts parts;

  DraftReader(StreamParts parts) {
    this.parts = parts;
  }

  /**
   * Bounds of a batch.
   *
   * @param from the first sequence number
   * @param end behind the last one
   * @param entries entries of it, at most
   * @param bytes bytes of bodies, at most, and one entry more
   * @param only the sequence numbers that are meant
   */
  record Bounds(long from, long end, int entries, long bytes, LongPredicate only) {}

  /** Batch that is being put together. */
  private static final class Gathering {
    private final List<Message> messages = new ArrayList<>();
    private final List<Draft.Misfit> misfits = new ArrayList<>();
    private final Set<Long> own = new HashSet<>();
    private final List<Long> purged = new ArrayList<>();
    private long bytes;
  }

  /**
   * Reads a batch.
   *
   * @param bounds of it
   * @param firstSeq where the range is said to begin
   */
  Draft read(Wanted wanted, Bounds bounds, long firstSeq) throws IOException {
    Gathering gathering = new Gathering();
    TenantId tenant = wanted.stream().tenant();
    long at = bounds.from();
    long most = Math.min(bounds.end(), at + SCANNED);
    boolean isFull = false;
    while (at < most && !isFull) {
      EntryFeed.Chunk chunk = chunk(wanted, tenant, at, most);
      if (chunk.entries().isEmpty()) {
        break;
      }
      for (FollowedEntry followed : chunk.entries()) {
        if (bounds.only().test(followed.seq())) {
          take(wanted, followed, gathering);
        }
        at = followed.seq() + 1;
        isFull = gathering.messages.size() >= bounds.entries() || gathering.bytes >= bounds.bytes();
        if (isFull) {
          break;
        }
      }
    }
    return new Draft(
        firstSeq, at - 1, gathering.messages, gathering.misfits, gathering.own, gathering.purged);
  }

  private EntryFeed.Chunk chunk(Wanted wanted, TenantId tenant, long from, long end)
      throws IOException {
    if (EntryFeed.isNew(from, end)) {
      return parts.feed().read(tenant, from, end);
    }
    return parts
        .reads()
        .read(
            new Asker(tenant.value(), wanted.stream().streamId()),
            () -> parts.feed().read(tenant, from, end));
  }

  private void take(Wanted wanted, FollowedEntry followed, Gathering into) throws IOException {
    Entry entry = followed.entry().orElse(null);
    if (entry == null) {
      into.purged.add(followed.seq());
      return;
    }
    if (!wanted.filter().matches(entry)) {
      return;
    }
    boolean personal = !wanted.stream().content().withhold();
    Entry shown = personal ? entry : followed.facts().orElse(entry);
    byte[] bytes = parts.entries().toBytes(new Found(shown, entry, personal));
    JsonNode json = StreamForms.read(bytes);
    byte[] body;
    try {
      body =
          parts
              .forms()
              .body(wanted.format(), wanted.stream().tenant(), followed.stored(), bytes, json);
    } catch (UnwritableException e) {
      into.misfits.add(
          new Draft.Misfit(followed.seq(), entry.id(), String.valueOf(e.getMessage())));
      return;
    }
    if (Draft.isOwn(entry.event().action())) {
      into.own.add(followed.seq());
    }
    int limit = wanted.stream().limits().messageBytes();
    if (body.length > limit && !wanted.stream().receiver().type().equals(SHORTENS)) {
      into.misfits.add(
          new Draft.Misfit(
              followed.seq(),
              entry.id(),
              "%,d bytes, and the stream's limit is %,d".formatted(body.length, limit)));
      return;
    }
    into.messages.add(
        new Message(
            followed.seq(), entry.id(), entry.occurredAt(), entry.recordedAt(), body, json));
    into.bytes += body.length;
  }

  /** The time of an entry, in milliseconds since the epoch; null when it is not there. */
  @Nullable Long recordedAtMillis(TenantId tenant, long seq) throws IOException {
    return parts.log().get(tenant, new long[] {seq}).stream()
        .findFirst()
        .map(stored -> stored.recordedAtMillis())
        .orElse(null);
  }
}
