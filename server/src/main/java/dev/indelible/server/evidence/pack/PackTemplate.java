package dev.indelible.server.evidence.pack;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Template of evidence packs: which entries show what, and what no entry can show.
 *
 * @param id its name in requests, such as {@code soc2}
 * @param title its name for people
 * @param about what such packs are for
 * @param controls the demands that its sections speak to, in this product's own words
 * @param sections its sections, each the entries of a query
 * @param notShown what an audit log cannot show of it
 * @param hasWholeLog whether the facts of every entry of the log are among the proofs, so that a
 *     pack shows by itself that nothing is left out
 * @param source the YAML that it was read from
 */
public record PackTemplate(
    String id,
    PackText title,
    PackText about,
    List<Control> controls,
    List<Section> sections,
    List<NotShown> notShown,
    boolean hasWholeLog,
    String source) {

  /** The largest template, in characters. */
  public static final int MAX_CHARACTERS = 64 * 1024;

  /** The most sections. */
  public static final int MAX_SECTIONS = 20;

  /** The most controls. */
  public static final int MAX_CONTROLS = 50;

  /** The longest text, in characters. */
  public static final int MAX_TEXT_LENGTH = 2_000;

  public PackTemplate {
    controls = List.copyOf(controls);
    sections = List.copyOf(sections);
    notShown = List.copyOf(notShown);
  }

  /**
   * A demand of a framework.
   *
   * @param id its number there, such as {@code CC6.1}
   * @param words it in this product's own words
   */
  public record Control(String id, PackText words) {}

  /**
   * Entries that show something: those of a query, or those that say who has access.
   *
   * @param id its name, which its files have
   * @param title its name for people
   * @param shows what its entries show
   * @param query which entries, in the query language; empty for an access review
   * @param isAccessReview whether it is the review of who had access at the end of the period
   * @param controls ids of the controls that it speaks to
   */
  public record Section(
      String id,
      PackText title,
      PackText shows,
      String query,
      boolean isAccessReview,
      List<String> controls) {
    public Section {
      controls = List.copyOf(controls);
    }
  }

  /**
   * Evidence that an audit log does not have.
   *
   * @param controls ids of the controls that ask for it
   * @param words what it is, and where else its evidence is found
   */
  public record NotShown(List<String> controls, PackText words) {
    public NotShown {
      controls = List.copyOf(controls);
    }
  }

  /** Whether one of its sections is an access review. */
  public boolean hasAccessReview() {
    return sections.stream().anyMatch(Section::isAccessReview);
  }

  /** A query that finds the entries of all sections that have one. */
  public String query() {
    return sections.stream()
        .filter(section -> !section.isAccessReview())
        .map(section -> "(" + section.query() + ")")
        .collect(Collectors.joining(" OR "));
  }
}
