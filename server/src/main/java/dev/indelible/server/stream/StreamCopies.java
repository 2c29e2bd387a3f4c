package dev.indelible.server.stream;

import dev.indelible.server.control.EventStream;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.retention.SeqRanges;
import dev.indelible.server.trail.AccessTrail;
import dev.indelible.server.trail.Note;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * View of streams for deletions: which have sent the entries, and which have not yet. Nothing that
 * was sent can be taken back: an erasure's receipt names the streams that had sent it, by their
 * ledgers, and a purge is recorded of each stream that it was too early for. Thread-safe.
 */
final class StreamCopies implements Copies {

  private final StreamParts parts;
  private final StreamLedger ledger;
  private final Function<EventStream, Long> next;

  /**
   * Streams as deletions see them.
   *
   * @param next tells the sequence number that a stream looks at next
   */
  StreamCopies(StreamParts parts, StreamLedger ledger, Function<EventStream, Long> next) {
    this.parts = parts;
    this.ledger = ledger;
    this.next = next;
  }

  private List<EventStream> streams(TenantId tenant) {
    return parts.control().configuration().eventStreams(tenant);
  }

  @Override
  public void announced(Deleted deleted) throws IOException {
    for (EventStream stream : streams(deleted.tenant())) {
      if (deleted.purge()) {
        purged(stream, deleted);
      } else if (!stream.content().withhold()) {
        OptionalLong first = firstSent(stream, deleted.entries());
        if (first.isPresent()) {
          ledger.left(
              stream.id(),
              new LedgerRecord.Left(
                  deleted.basis(), stream.name(), stream.receiver().inWords(), first.getAsLong()));
        }
      }
    }
  }

  /** The time when a stream first sent a range with some of the entries; empty for never. */
  private OptionalLong firstSent(EventStream stream, SeqRanges entries) throws IOException {
    long newest = ledger.state(stream.id()).core().number();
    for (long[] range : entries.ranges()) {
      long number = ledger.firstAbout(stream.id(), range[0]);
      while (number <= newest) {
        for (LedgerLine line : ledger.lines(stream.id(), number, 1_000)) {
          if (!line.flags().replay() && line.firstSeq() >= range[1]) {
            number = newest; // the lines behind it are about later entries, or replays of earlier
            break;
          }
          if (line.counts().sent() > 0
              && line.lastSeq() >= range[0]
              && line.firstSeq() < range[1]) {
            return OptionalLong.of(line.atMillis());
          }
          number = line.number();
        }
        number++;
      }
    }
    return OptionalLong.empty();
  }

  /** Records that a stream had not looked at entries that are about to be purged. */
  private void purged(EventStream stream, Deleted deleted) {
    long from = next.apply(stream);
    long missed = 0;
    for (long[] range : deleted.entries().ranges()) {
      missed += Math.max(0, range[1] - Math.max(range[0], from));
    }
    if (missed == 0) {
      return;
    }
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put("entries", missed).put("next_seq", from).put("record", deleted.record());
    parts
        .control()
        .configuration()
        .tenantOrClosed(stream.tenant())
        .ifPresent(
            tenant ->
                parts
                    .trail()
                    .noteProgram(
                        tenant,
                        new Note(
                            "audit.stream.purged",
                            new Event.Target("stream", stream.streamId(), stream.name(), null),
                            details,
                            null,
                            AccessTrail.INSIDE)));
  }

  /** Keeps no copies. */
  @Override
  public void gone(Deleted deleted) {}

  @Override
  public List<Left> left(TenantId tenant, String basis) {
    List<Left> found = new ArrayList<>();
    for (LedgerRecord record : ledger.lefts(tenant, basis)) {
      LedgerRecord.Left left = record.left();
      if (left != null) {
        found.add(
            new Left(
                record.stream().substring(record.stream().indexOf('/') + 1),
                Instant.ofEpochMilli(left.atMillis()),
                new OfStream(left.name(), left.destination())));
      }
    }
    return found;
  }

  @Override
  public List<Behind> behind(TenantId tenant, SeqRanges entries) {
    List<Behind> behind = new ArrayList<>();
    for (EventStream stream : streams(tenant)) {
      long from = next.apply(stream);
      if (entries.ranges().stream().anyMatch(range -> range[1] > from)) {
        behind.add(new Behind(stream.streamId(), stream.name(), from));
      }
    }
    return behind;
  }
}
