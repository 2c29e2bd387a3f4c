package dev.indelible.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Record of what the clients of a server know: what they sent, and what it acknowledged where.
 * Thread-safe.
 */
final class Ledger {

  /** Begins the mark of an entry that the server made itself, of a change of configuration. */
  private static final String OWN = "own:";

  /** One tenant's events. */
  private static final class Book {
    /** Mark of each event that was sent, whether acknowledged or not. */
    final Set<String> sent = new HashSet<>();

    /** Sequence numbers that the server acknowledged. */
    final Map<String, Long> acknowledged = new HashMap<>();

    final List<String> acknowledgedInOrder = new ArrayList<>();

    /** Marks of the entries as they were read, by {@code seq}. */
    final List<String> read = new ArrayList<>();
  }

  private final Map<String, Book> books = new HashMap<>();
  private long acknowledgedCount;
  private long repeatedCount;

  private Book book(String tenant) {
    return books.computeIfAbsent(tenant, _ -> new Book());
  }

  /** Records an event before it is sent; {@code mark} is in its content and in no other's. */
  synchronized void sending(String tenant, String mark) {
    book(tenant).sent.add(mark);
  }

  /** Records a 201: every acknowledgement of one event names the same place. */
  synchronized void acknowledged(String tenant, String mark, long seq) {
    Book book = book(tenant);
    Long before = book.acknowledged.putIfAbsent(mark, seq);
    if (before == null) {
      acknowledgedCount++;
      book.acknowledgedInOrder.add(mark);
    } else {
      repeatedCount++;
      assertThat(seq).as("%s sent again to %s", mark, tenant).isEqualTo(before);
    }
  }

  /** An event that was acknowledged, for sending again. */
  synchronized @Nullable String anyAcknowledged(String tenant, Random random) {
    List<String> all = book(tenant).acknowledgedInOrder;
    return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
  }

  synchronized long acknowledgedCount() {
    return acknowledgedCount;
  }

  synchronized long repeatedCount() {
    return repeatedCount;
  }

  /** The highest {@code seq} acknowledged, or -1. */
  synchronized long highestAcknowledged(String tenant) {
    return book(tenant).acknowledged.values().stream().mapToLong(Long::longValue).max().orElse(-1);
  }

  synchronized long placeOf(String tenant, String mark) {
    Long seq = book(tenant).acknowledged.get(mark);
    return seq == null ? -1 : seq;
  }

  /** How many entries were read before. */
  synchronized int readCount(String tenant) {
    return book(tenant).read.size();
  }

  /**
   * Compares entries, ordered by {@code seq} and ending with the log, with everything known: no
   * gaps, as they were read before, only what was sent, and nothing twice.
   *
   * @param through the highest {@code seq} acknowledged before they were asked for
   */
  synchronized void read(String tenant, List<JsonNode> entries, long through) {
    Book book = book(tenant);
    if (entries.isEmpty()) {
      assertThat(through).as("nothing was read of %s", tenant).isEqualTo(-1);
      return;
    }
    long expected = entries.getFirst().path("seq").asLong();
    assertThat(expected).as("no gap behind what was read").isLessThanOrEqualTo(book.read.size());
    for (JsonNode entry : entries) {
      long seq = entry.path("seq").asLong();
      assertThat(seq).as("numbers of %s without gaps", tenant).isEqualTo(expected++);
      String mark = mark(entry);
      if (seq < book.read.size()) {
        assertThat(mark).as("%s/%d as before", tenant, seq).isEqualTo(book.read.get((int) seq));
      } else {
        if (!mark.startsWith(OWN)) {
          assertThat(book.sent).as("sent to %s", tenant).contains(mark);
        }
        book.read.add(mark);
      }
    }
    check(tenant, book, through);
  }

  private static String mark(JsonNode entry) {
    return entry.path("action").asString().startsWith("audit.")
        ? OWN + entry.path("id").asString()
        : entry.path("actor").path("id").asString();
  }

  private static void check(String tenant, Book book, long through) {
    assertThat(new HashSet<>(book.read))
        .as("entries of %s, each event once", tenant)
        .hasSize(book.read.size());
    book.acknowledged.forEach(
        (mark, seq) -> {
          if (seq > through && seq >= book.read.size()) {
            return; // acknowledged while the entries were read
          }
          if (seq >= book.read.size()) {
            throw new AssertionError("%s/%d, %s, is lost".formatted(tenant, seq, mark));
          }
          if (!book.read.get(Math.toIntExact(seq)).equals(mark)) {
            throw new AssertionError(
                "%s/%d was acknowledged as %s and is %s"
                    .formatted(tenant, seq, mark, book.read.get(Math.toIntExact(seq))));
          }
        });
  }

  /** Marks of the clients' events that were read. */
  synchronized List<String> readMarks(String tenant) {
    return book(tenant).read.stream().filter(mark -> !mark.startsWith(OWN)).toList();
  }
}
