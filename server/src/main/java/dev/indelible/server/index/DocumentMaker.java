package dev.indelible.server.index;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.document.Document;

/**
 * Makes the documents of many entries in a thread of its own, a little ahead of the one that writes
 * them. Reading an entry and finding its terms takes as long as Lucene takes to write them, and
 * whoever adds a segment's documents must be one thread, for they come in the segment's order. An
 * entry is read when its turn comes: thousands of them in memory at once would be copied by each
 * collection meanwhile. One caller at a time.
 */
final class DocumentMaker implements AutoCloseable {

  /**
   * Fewer entries than this are made where they are written. So many at once come when more arrives
   * than is indexed; otherwise a second thread would only take a processor from those who wait for
   * an acknowledgement.
   */
  static final int MIN_ENTRIES = 16_384;

  /** Entries that are handed over at once. */
  static final int PART_ENTRIES = 128;

  private static final int PARTS = 3; // one is written while the others are made

  /** Writes a document, before the next one is made in its place. */
  @FunctionalInterface
  interface Writer {
    /** Writes {@code document}. */
    void write(Document document) throws IOException;
  }

  private final EntryDocument alone = new EntryDocument();
  private final List<List<EntryDocument>> documents = new ArrayList<>(); // of a part each, in turns
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("index-terms").daemon().factory());

  /** Writes the documents of {@code entries}, in their order. */
  void forEach(List<Indexable> entries, Writer writer) throws IOException {
    if (entries.size() < MIN_ENTRIES) {
      for (Indexable entry : entries) {
        writer.write(alone.of(entry));
      }
      return;
    }
    Deque<Future<List<Document>>> made = new ArrayDeque<>();
    int begun = 0; // entries
    int part = 0;
    do {
      while (begun < entries.size() && made.size() < PARTS) {
        int end = Math.min(begun + PART_ENTRIES, entries.size());
        made.add(make(entries.subList(begun, end), part++));
        begun = end;
      }
      // Its turn does not come again before it is written.
      for (Document document : get(made.remove())) {
        writer.write(document);
      }
    } while (!made.isEmpty() || begun < entries.size());
  }

  private Future<List<Document>> make(List<Indexable> entries, int part) {
    int turn = part % PARTS;
    if (turn == documents.size()) {
      documents.add(new ArrayList<>());
    }
    List<EntryDocument> reused = documents.get(turn);
    return thread.submit(
        () -> {
          List<Document> made = new ArrayList<>(entries.size());
          for (Indexable entry : entries) {
            if (made.size() == reused.size()) {
              reused.add(new EntryDocument());
            }
            made.add(reused.get(made.size()).of(entry));
          }
          return made;
        });
  }

  private static List<Document> get(Future<List<Document>> made) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return made.get();
        } catch (InterruptedException e) {
          interrupted = true; // a batch is written whole
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          throw new IllegalStateException("the terms of an entry were not found", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends its thread. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
