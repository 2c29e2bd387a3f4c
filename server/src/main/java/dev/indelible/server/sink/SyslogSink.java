package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.sink.SyslogConnection.Way;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connection to a syslog receiver that is kept as long as it lasts. There is no acknowledgement:
 * that a batch is taken says that it was written and that the receiver did not hang up at once.
 *
 * <p>Where a receiver hangs up because of one message (one that is too long for it), a repeat in
 * the same order would never come past it. So after an end the batch is written in pieces, each
 * with time to hang up, and the piece that ends the connection in smaller ones at the next attempt,
 * until one message is found: everything before it has arrived, and the answer says how much that
 * is.
 */
final class SyslogSink implements Sink {

  /** Pieces of what is under suspicion. */
  static final int PIECES = 16;

  /** How long a batch may take to be written. */
  static final Duration SEND_TIMEOUT = Duration.ofSeconds(60);

  private final Way way;
  private final AddressGuard guard;
  private final SyslogMessages messages;
  private final InstantSource clock;
  private @Nullable SyslogConnection connection;

  /** The entries among which one may be that ended a connection; empty when there is none. */
  private long suspectFrom;

  private long suspectTo = -1;

  SyslogSink(Way way, AddressGuard guard, SyslogMessages messages, InstantSource clock) {
    this.way = way;
    this.guard = guard;
    this.messages = messages;
    this.clock = clock;
  }

  /** A part of a batch, by the indexes of its messages. */
  private record Piece(int from, int to, boolean suspect) {}

  @Override
  public Answer send(Batch batch) throws InterruptedException {
    Instant end = clock.instant().plus(SEND_TIMEOUT);
    try {
      for (Piece piece : pieces(batch)) {
        if (clock.instant().isAfter(end)) {
          return new Answer.Failed(where() + " takes too little", piece.from(), null);
        }
        List<byte[]> frames = new ArrayList<>(piece.to() - piece.from());
        for (Message message : batch.messages().subList(piece.from(), piece.to())) {
          frames.add(messages.frame(batch, message));
        }
        String problem = connected().write(frames, piece.suspect());
        if (problem != null) {
          suspectFrom = batch.messages().get(piece.from()).seq();
          suspectTo = batch.messages().get(piece.to() - 1).seq();
          drop();
          return new Answer.Failed(where() + ": " + problem, piece.from(), null);
        }
      }
    } catch (IOException e) {
      drop();
      return NetworkFaults.answer(e, where());
    }
    if (batch.lastSeq() >= suspectTo) {
      suspectTo = -1;
    }
    return new Answer.Taken();
  }

  /** All of the batch, or what is before, in and after the suspicion. */
  private List<Piece> pieces(Batch batch) {
    List<Message> all = batch.messages();
    int from = 0;
    while (from < all.size() && all.get(from).seq() < suspectFrom) {
      from++;
    }
    int to = from;
    while (to < all.size() && all.get(to).seq() <= suspectTo) {
      to++;
    }
    List<Piece> pieces = new ArrayList<>();
    add(pieces, 0, from);
    int size = Math.ceilDiv(to - from, PIECES);
    for (int start = from; start < to; start += size) {
      pieces.add(new Piece(start, Math.min(to, start + size), true));
    }
    add(pieces, to, all.size());
    return pieces;
  }

  private static void add(List<Piece> pieces, int from, int to) {
    if (from < to) {
      pieces.add(new Piece(from, to, false));
    }
  }

  @Override
  public Answer probe() throws InterruptedException {
    try {
      String problem = connected().write(List.of(messages.probe(clock.instant())), true);
      if (problem == null) {
        return new Answer.Taken();
      }
      drop();
      return new Answer.Failed(where() + ": " + problem);
    } catch (IOException e) {
      drop();
      return NetworkFaults.answer(e, where());
    }
  }

  /** The connection, a new one where it has ended since it was used. */
  private SyslogConnection connected() throws IOException {
    if (connection != null && connection.ended() != null) {
      drop();
    }
    if (connection == null) {
      connection = SyslogConnection.to(way, guard);
    }
    return connection;
  }

  private void drop() {
    if (connection != null) {
      connection.abort();
      connection = null;
    }
  }

  private String where() {
    return way.host() + ":" + way.port();
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
