package dev.indelible.server.evidence.period;

import dev.indelible.server.index.Facet;
import dev.indelible.server.index.FacetField;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Figures of a log in a period, each beside the one of the period of the same length before it.
 *
 * @param from the period's beginning, inclusive
 * @param to its end, exclusive
 * @param before the beginning of the period before, which ends at {@code from}
 * @param lines the figures
 * @param tops the most frequent values
 */
public record ComplianceReport(
    Instant from, Instant to, Instant before, List<Line> lines, List<Facet> tops) {

  /** The most values of each list. */
  public static final int TOP = 10;

  private static final List<FacetField> TOPS =
      List.of(FacetField.ACTOR_ID, FacetField.ACTION, FacetField.CATEGORY, FacetField.COUNTRY);

  /** Figures, in the order shown. */
  static final List<Asked> FIGURES =
      List.of(
          new Asked("entries", "-reads:log"),
          new Asked("sign_ins", "verb:login outcome:success"),
          new Asked("failed_sign_ins", "verb:login outcome:failure"),
          new Asked("security_relevant", "security:true -verb:login,logout,read,export"),
          new Asked("failures", "outcome:failure -verb:login"),
          new Asked("access_given", "verb:assign,invite OR action:audit.member.create"),
          new Asked("access_taken", "verb:unassign,revoke,disable OR action:audit.member.remove"),
          new Asked("deletions", "verb:delete -category:audit_access"),
          new Asked("exports", "verb:export"),
          new Asked("holds", "action:audit.hold.*,legal-hold.*"),
          new Asked("purges", "action:audit.entries.purge"),
          new Asked("erasures", "action:audit.erasure.received,audit.personal.erase"),
          new Asked("log_reads", "reads:log"),
          new Asked("reviews", "action:audit.review.sign_off"));

  public ComplianceReport {
    lines = List.copyOf(lines);
    tops = List.copyOf(tops);
  }

  /** A figure that is asked for: its name and its query. */
  record Asked(String name, String query) {}

  /**
   * A figure.
   *
   * @param name its name, such as {@code failed_sign_ins}
   * @param query the query that finds what it counts
   * @param count in the period
   * @param before in the period before
   */
  public record Line(String name, String query, long count, long before) {}

  /** Makes the report of what a scope sees. */
  public static ComplianceReport of(Search search, TenantScope scope, Instant from, Instant to)
      throws IOException {
    Instant before = from.minus(Duration.between(from, to));
    List<Line> lines = new ArrayList<>();
    for (Asked asked : FIGURES) {
      lines.add(
          new Line(
              asked.name(),
              asked.query(),
              count(search, scope, asked.query(), from, to),
              count(search, scope, asked.query(), before, from)));
    }
    List<Facet> tops =
        search.facets(scope, question("-reads:log", from, to), TOPS, TOP, "").answer();
    return new ComplianceReport(from, to, before, lines, tops);
  }

  private static long count(
      Search search, TenantScope scope, String query, Instant from, Instant to) throws IOException {
    return search
        .facets(scope, question(query, from, to), List.of(FacetField.OUTCOME), 1, "")
        .count();
  }

  private static Search.Question question(String query, Instant from, Instant to) {
    return new Search.Question(query, from, to, ZoneOffset.UTC);
  }
}
