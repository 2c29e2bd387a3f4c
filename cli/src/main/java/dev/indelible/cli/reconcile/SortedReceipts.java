package dev.indelible.cli.reconcile;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Received entries in the order of their numbers, however many and in whatever order they come:
 * what does not fit into memory is sorted in pieces in temporary files. Filled first, read once
 * afterwards. Not thread-safe.
 */
final class SortedReceipts implements Closeable {

  /** Entries that are held in memory, about 100 bytes each. */
  static final int HELD_ENTRIES = 500_000;

  private static final int BUFFER_BYTES = 64 * 1024;

  private final int held;
  private final List<Path> pieces = new ArrayList<>();
  private final List<Piece> open = new ArrayList<>();
  private final PriorityQueue<Head> heads = new PriorityQueue<>();
  private List<ReceiptLine> waiting = new ArrayList<>();
  private boolean reading;

  SortedReceipts() {
    this(HELD_ENTRIES);
  }

  /** Holds at most {@code held} entries in memory while it is filled. */
  SortedReceipts(int held) {
    this.held = held;
  }

  private record Head(ReceiptLine line, int piece) implements Comparable<Head> {
    @Override
    public int compareTo(Head other) {
      int byLine = line.compareTo(other.line);
      return byLine != 0 ? byLine : Integer.compare(piece, other.piece);
    }
  }

  private interface Piece extends Closeable {
    @Nullable ReceiptLine next() throws IOException;
  }

  void add(ReceiptLine line) throws IOException {
    if (reading) {
      throw new IllegalStateException("it is read already");
    }
    waiting.add(line);
    if (waiting.size() == held) {
      spill();
    }
  }

  private void spill() throws IOException {
    Collections.sort(waiting);
    Path piece = Files.createTempFile("indelible-reconcile-", ".sorted");
    pieces.add(piece);
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(Files.newOutputStream(piece), BUFFER_BYTES))) {
      for (ReceiptLine line : waiting) {
        line.write(out);
      }
    }
    waiting = new ArrayList<>();
  }

  /** How many pieces lie on disk. */
  int pieces() {
    return pieces.size();
  }

  /** The next entry; null after the last. */
  @Nullable ReceiptLine next() throws IOException {
    if (!reading) {
      begin();
    }
    Head least = heads.poll();
    if (least == null) {
      return null;
    }
    push(least.piece);
    return least.line;
  }

  private void begin() throws IOException {
    reading = true;
    for (Path piece : pieces) {
      open.add(onDisk(piece));
    }
    Collections.sort(waiting);
    open.add(inMemory(waiting));
    for (int i = 0; i < open.size(); i++) {
      push(i);
    }
  }

  private void push(int piece) throws IOException {
    ReceiptLine line = open.get(piece).next();
    if (line != null) {
      heads.add(new Head(line, piece));
    }
  }

  private static Piece inMemory(List<ReceiptLine> lines) {
    var each = lines.iterator();
    return new Piece() {
      @Override
      public @Nullable ReceiptLine next() {
        return each.hasNext() ? each.next() : null;
      }

      @Override
      public void close() {}
    };
  }

  private static Piece onDisk(Path piece) throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(piece), BUFFER_BYTES));
    return new Piece() {
      @Override
      public @Nullable ReceiptLine next() throws IOException {
        try {
          return ReceiptLine.read(in);
        } catch (EOFException end) {
          return null;
        }
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }

  @Override
  public void close() throws IOException {
    for (Piece piece : open) {
      piece.close();
    }
    for (Path piece : pieces) {
      Files.deleteIfExists(piece);
    }
  }
}
