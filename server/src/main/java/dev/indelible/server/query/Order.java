package dev.indelible.server.query;

/** The order of a page: by sequence number, one way or the other. */
public enum Order {
  NEWEST_FIRST,
  OLDEST_FIRST;

  /** The sequence number beyond which the first page begins; itself never that of an entry. */
  public long start() {
    return switch (this) {
      case NEWEST_FIRST -> Long.MAX_VALUE;
      case OLDEST_FIRST -> -1;
    };
  }
}
