package dev.indelible.server.event;

import java.util.List;

/**
 * What the tenant's profile says of an event; recorded with its facts, so that it is proven too.
 *
 * @param category such as {@code authentication}
 * @param verb such as {@code create}, {@code read}, {@code update}, {@code delete}, {@code assign}
 * @param securityRelevant whether it is highlighted
 * @param flags such as {@code unknown_action}, {@code reason_missing}; sorted, no doubles
 */
public record Classification(
    String category, String verb, boolean securityRelevant, List<String> flags) {

  /**
   * The flag of events whose action says that they failed while they themselves said nothing, or
   * something else, of how they ended.
   */
  public static final String OUTCOME_FROM_CATALOG = "outcome_from_catalog";

  public Classification {
    flags = List.copyOf(flags);
  }
}
