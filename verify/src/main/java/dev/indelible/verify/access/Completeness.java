package dev.indelible.verify.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far back the entries that a review was made from reach.
 *
 * @param complete whether nobody's access can be missing: no entry was purged before a snapshot
 *     said what it gave
 * @param sinceSeq the first entry from which on everything is known
 * @param baselines first entries of the producer's snapshots that stand in for what was purged
 * @param purged entries that retention deleted
 * @param carried those of them whose grants the program carried over before
 */
public record Completeness(
    boolean complete, long sinceSeq, List<Long> baselines, long purged, long carried) {

  public Completeness {
    baselines = List.copyOf(baselines);
  }

  /** The statement in words. */
  public String words() {
    if (!complete) {
      return "Complete since entry "
          + sinceSeq
          + " only: what the entries before it gave and took was deleted by retention, and no"
          + " snapshot says it.";
    }
    if (sinceSeq == 0) {
      return purged == 0
          ? "Complete since entry 0: no entry of the log is missing."
          : "Complete since entry 0: of "
              + purged
              + " entries that retention deleted the log has the grants that they left.";
    }
    return "Complete since entry " + sinceSeq + ", a snapshot of everybody's access.";
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("complete", complete);
    json.put("since_seq", sinceSeq);
    json.put("baselines", baselines);
    json.put("purged", purged);
    json.put("carried", carried);
    json.put("words", words());
    return json;
  }
}
