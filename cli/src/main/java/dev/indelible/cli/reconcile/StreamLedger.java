package dev.indelible.cli.reconcile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The records of a stream's ledger, and the ranges that it says it did not deliver. */
public final class StreamLedger {

  /** The most records and ranges; about 100 bytes each. */
  public static final int MAX_RECORDS = 1_000_000;

  /** The copies that may be there where nobody knows how many arrived. */
  static final int ANY_NUMBER = Integer.MAX_VALUE;

  private final List<Batch> batches = new ArrayList<>();
  private final List<Batch> replays = new ArrayList<>();

  /** By their first entries; they do not overlap. */
  private final NavigableMap<Long, Undelivered> undelivered = new TreeMap<>();

  private boolean knowsUndelivered;
  private long completeToSeq = -1;

  /**
   * A batch of the ledger.
   *
   * @param number its number, from 1
   * @param firstSeq of the range that was looked at
   * @param lastSeq of that range
   * @param matched how many entries of the range the query matched
   * @param sent how many the receiver took
   * @param dead how many of them are dead letters
   * @param copies how many times each entry may have arrived
   */
  record Batch(
      long number, long firstSeq, long lastSeq, long matched, long sent, long dead, int copies) {}

  /** A range that was not delivered, with why. */
  record Undelivered(long fromSeq, long toSeq, String why) {

    /** Entries that retention deleted are not in the log either, so that none of them is missed. */
    boolean isPurged() {
      return why.equals("purged");
    }
  }

  /** Refusal of a ledger of more records than can be held. */
  public static final class TooManyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyException() {
      super("the ledger has more than " + MAX_RECORDS + " records: give --from-seq and --to-seq");
    }
  }

  /** Takes a record of the ledger, as the API gives it. */
  public void add(JsonNode document) {
    if (batches.size() + replays.size() + undelivered.size() >= MAX_RECORDS) {
      throw new TooManyException();
    }
    boolean isReplay = document.path("replay").asBoolean(false);
    boolean isAbandoned = document.path("abandoned").asBoolean(false);
    // How often a batch was tried before a crash, nobody knows.
    boolean isRepeated = document.path("repeated").asBoolean(false);
    long first = document.path("first_seq").asLong(0);
    Batch batch =
        new Batch(
            document.path("number").asLong(0),
            first,
            isAbandoned ? Long.MAX_VALUE : document.path("last_seq").asLong(-1),
            document.path("matched").asLong(0),
            document.path("sent").asLong(0),
            document.path("dead_letters").asLong(0),
            isRepeated || isAbandoned ? ANY_NUMBER : 1);
    if (isReplay) {
      replays.add(batch);
    } else if (!isAbandoned) {
      batches.add(batch);
    }
  }

  /** Takes a range of what was not delivered, as the API gives it. */
  public void addUndelivered(JsonNode range) {
    if (batches.size() + replays.size() + undelivered.size() >= MAX_RECORDS) {
      throw new TooManyException();
    }
    Undelivered one =
        new Undelivered(
            range.path("from_seq").asLong(0),
            range.path("to_seq").asLong(-1),
            range.path("why").asString(""));
    if (!one.isPurged()) {
      undelivered.put(one.fromSeq, one);
    }
  }

  /** Takes note that all ranges that were not delivered have been told. */
  public void undeliveredIsKnown() {
    knowsUndelivered = true;
  }

  /** Takes the number of the last entry that the ledger covers. */
  public void completeTo(long seq) {
    completeToSeq = Math.max(completeToSeq, seq);
  }

  /** Whether it has no record at all. */
  public boolean isEmpty() {
    return batches.isEmpty();
  }

  /** The batches of the normal course, in the order of their ranges. */
  List<Batch> batches() {
    batches.sort(Comparator.comparingLong(Batch::firstSeq));
    return batches;
  }

  /** The first entry of all batches. */
  public OptionalLong firstSeq() {
    return batches.stream().mapToLong(Batch::firstSeq).min();
  }

  /** The last entry that it covers: of the last batch, where it does not say itself. */
  public OptionalLong lastSeq() {
    OptionalLong last = batches.stream().mapToLong(Batch::lastSeq).max();
    return completeToSeq < 0 || last.isEmpty()
        ? last
        : OptionalLong.of(Math.max(completeToSeq, last.getAsLong()));
  }

  /** Whether it says which entries were not delivered, not only how many. */
  boolean knowsUndelivered() {
    return knowsUndelivered;
  }

  /** The last entry that the stream has dealt with; -1 where that is not known. */
  long completeToSeq() {
    return completeToSeq;
  }

  /** The reason why an entry was not delivered; empty where the ledger has none. */
  Optional<String> whyUndelivered(long seq) {
    return Optional.ofNullable(undelivered.floorEntry(seq))
        .map(Map.Entry::getValue)
        .filter(range -> seq <= range.toSeq)
        .map(Undelivered::why);
  }

  /** How many times an entry may have arrived by a replay. */
  long replayedCopies(long seq) {
    return replays.stream()
        .filter(replay -> replay.firstSeq <= seq && seq <= replay.lastSeq)
        .mapToLong(Batch::copies)
        .sum();
  }
}
