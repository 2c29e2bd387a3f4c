package dev.indelible.cli.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Outcome of a comparison: every range with its verdict, single findings of each kind up to a
 * number, and totals that are exact. Not thread-safe.
 */
public final class Report {

  /** The most ranges, and the most findings of each kind, that are listed; all are counted. */
  public static final int MAX_LISTED = 1_000;

  /** Verdict of a range, the gravest that holds. */
  public enum Verdict {
    /** All that had to arrive is there, once, as the log has it. */
    COMPLETE,
    /** An entry is there twice, and the ledger does not say that it may be. */
    DUPLICATED,
    /** An entry is not as the log has it. */
    ALTERED,
    /** An entry is not there, and the ledger does not say why. */
    MISSING,
    /** The ledger says nothing of the range. */
    UNKNOWN
  }

  /**
   * A range of the log.
   *
   * @param fromSeq its first entry
   * @param toSeq its last one
   * @param expected how many entries had to arrive
   * @param missing how many of them are not there
   */
  public record Span(long fromSeq, long toSeq, Verdict verdict, long expected, long missing) {}

  /**
   * Fault of one entry.
   *
   * @param seq its number; -1 where it has none
   * @param id its id; empty where nobody knows it
   * @param place the file and the line; empty where there is none
   * @param detail for people
   * @param fields the fields concerned
   */
  public record Finding(long seq, String id, String place, String detail, List<String> fields) {
    public Finding {
      fields = List.copyOf(fields);
    }
  }

  /** Kinds of findings, by their names in the JSON. */
  public enum Kind {
    MISSING,
    ALTERED,
    DUPLICATED,
    UNREADABLE;

    /** Name of the kind in the JSON. */
    public String jsonName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final List<Span> spans = new ArrayList<>();
  private long spanCount;
  private final Map<Kind, List<Finding>> findings = new TreeMap<>();
  private final Map<String, Long> totals = new TreeMap<>();
  private boolean complete = true;

  Report() {
    for (Kind kind : Kind.values()) {
      findings.put(kind, new ArrayList<>());
      count(kind.jsonName(), 0);
    }
  }

  void count(String total, long more) {
    totals.merge(total, more, Long::sum);
  }

  void found(Kind kind, Finding finding) {
    complete = false;
    count(kind.jsonName(), 1);
    List<Finding> listed = listed(kind);
    if (listed.size() < MAX_LISTED) {
      listed.add(finding);
    }
  }

  void span(Span span) {
    complete &= span.verdict == Verdict.COMPLETE;
    if (!spans.isEmpty() && spanCount == spans.size()) {
      Span last = spans.getLast();
      if (last.verdict == span.verdict && last.toSeq + 1 == span.fromSeq) {
        spans.set(
            spans.size() - 1,
            new Span(
                last.fromSeq,
                span.toSeq,
                span.verdict,
                last.expected + span.expected,
                last.missing + span.missing));
        return;
      }
    }
    spanCount++;
    if (spans.size() < MAX_LISTED) {
      spans.add(span);
    }
  }

  /** Takes note that an entry of a range is altered, which was not known when the range ended. */
  void alteredIn(long seq) {
    for (int i = 0; i < spans.size(); i++) {
      Span span = spans.get(i);
      boolean isGraver = span.verdict == Verdict.COMPLETE || span.verdict == Verdict.DUPLICATED;
      if (isGraver && span.fromSeq <= seq && seq <= span.toSeq) {
        spans.set(
            i, new Span(span.fromSeq, span.toSeq, Verdict.ALTERED, span.expected, span.missing));
      }
    }
  }

  /** Whether all that had to arrive is there, once or as often as the ledger says, unaltered. */
  public boolean isComplete() {
    return complete;
  }

  /** The ranges in their order, the first {@value #MAX_LISTED}. */
  public List<Span> spans() {
    return List.copyOf(spans);
  }

  /** How many more ranges there are. */
  public long moreSpans() {
    return spanCount - spans.size();
  }

  /** The findings of a kind, the first {@value #MAX_LISTED}. */
  public List<Finding> listed(Kind kind) {
    return findings.getOrDefault(kind, new ArrayList<>());
  }

  /** A total by its name in the JSON; 0 where nothing was counted. */
  public long total(String name) {
    return totals.getOrDefault(name, 0L);
  }

  /** The whole as one JSON object. */
  public ObjectNode toJson() {
    ObjectNode json = LogEntries.JSON.createObjectNode();
    json.put("complete", complete);
    ArrayNode ranges = json.putArray("ranges");
    for (Span span : spans) {
      ranges
          .addObject()
          .put("from_seq", span.fromSeq)
          .put("to_seq", span.toSeq)
          .put("verdict", span.verdict.name().toLowerCase(java.util.Locale.ROOT))
          .put("expected", span.expected)
          .put("missing", span.missing);
    }
    json.put("ranges_left_off", moreSpans());
    findings.forEach(
        (kind, all) -> {
          ArrayNode listed = json.putArray(kind.jsonName());
          all.forEach(each -> put(listed.addObject(), each));
        });
    ObjectNode counts = json.putObject("totals");
    totals.forEach(counts::put);
    return json;
  }

  private static void put(ObjectNode json, Finding finding) {
    if (finding.seq >= 0) {
      json.put("seq", finding.seq);
    }
    if (!finding.id.isEmpty()) {
      json.put("id", finding.id);
    }
    if (!finding.place.isEmpty()) {
      json.put("place", finding.place);
    }
    if (!finding.detail.isEmpty()) {
      json.put("detail", finding.detail);
    }
    if (!finding.fields.isEmpty()) {
      ArrayNode fields = json.putArray("fields");
      finding.fields.forEach(fields::add);
    }
  }
}
