package dev.indelible.server.export;

/**
 * Person or program whose rights an export has, each time that it is looked at.
 *
 * @param kind of it
 * @param id of a member, a key, or the operator's key
 */
public record ExportMaker(Kind kind, String id) {

  /** Kind of a maker. */
  public enum Kind {
    /** A member of the tenant. */
    MEMBER,
    /** A key of the tenant. */
    KEY,
    /** The operator, by a key. */
    OPERATOR
  }
}
