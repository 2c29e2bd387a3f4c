package dev.indelible.server.event;

import java.util.List;
import java.util.stream.Stream;

/**
 * Classification of an event by the tenant's profile; recorded with its facts, so that it is proven
 * too.
 *
 * @param category such as {@code authentication}
 * @param verb such as {@code create}, {@code read}, {@code update}, {@code delete}, {@code assign}
 * @param securityRelevant whether it is highlighted
 * @param flags such as {@code unknown_action}, {@code reason_missing}; sorted, no doubles
 */
public record Classification(
    String category, String verb, boolean securityRelevant, List<String> flags) {

  /** Every verb that an entry can have; {@code unknown} where its action does not say one. */
  public static final List<String> VERBS =
      List.of(
          "approve",
          "assign",
          "create",
          "delete",
          "disable",
          "enable",
          "execute",
          "export",
          "import",
          "invite",
          "login",
          "logout",
          "read",
          "reject",
          "revoke",
          "send",
          "unassign",
          "unknown",
          "update");

  /** Every flag that an entry can have. */
  public static final List<String> FLAGS =
      List.of("early", "late", "outcome_from_catalog", "reason_missing", "unknown_action");

  /**
   * The flag of events whose action says that they failed while they themselves said nothing, or
   * something else, of how they ended.
   */
  public static final String OUTCOME_FROM_CATALOG = "outcome_from_catalog";

  public Classification {
    flags = List.copyOf(flags);
  }

  /** Returns this classification with another flag. */
  public Classification withFlag(String flag) {
    return new Classification(
        category,
        verb,
        securityRelevant,
        Stream.concat(flags.stream(), Stream.of(flag)).distinct().sorted().toList());
  }
}
