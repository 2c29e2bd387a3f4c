package dev.indelible.server.trail;

import org.jspecify.annotations.Nullable;

/**
 * One time that somebody read of a log.
 *
 * @param kind what they did
 * @param filter what they asked for, in the query language; empty for everything
 * @param thing the one entry, or other thing, that it is about, or null
 * @param results how many entries they were shown or told of; negative when that is not known yet
 * @param reason why they say they do it, or null
 * @param origin where they are
 */
public record Look(
    Kind kind,
    String filter,
    @Nullable String thing,
    long results,
    @Nullable String reason,
    Origin origin) {

  /** A look that nobody has to give a reason for. */
  public Look(Kind kind, String filter, @Nullable String thing, long results, Origin origin) {
    this(kind, filter, thing, results, null, origin);
  }

  /** What somebody does with a log. */
  public enum Kind {
    /** They look at all of it, page by page or live. */
    VIEWED("audit.viewed"),
    /** They look for something in it. */
    SEARCHED("audit.searched"),
    /** They look at one entry. */
    ENTRY_VIEWED("audit.entry_viewed"),
    /**
     * They, who are guests, look at what governs it: holds, retention, saved views and the like.
     */
    SETTINGS_VIEWED("audit.settings_viewed"),
    /** They have it proven that entries are what was recorded. */
    VERIFIED("audit.verified"),
    /** They take entries away. */
    EXPORTED("audit.exported"),
    /** They have it reported what the log holds about a person. */
    SUBJECT_REPORTED("audit.subject_report.create");

    private final String action;

    Kind(String action) {
      this.action = action;
    }

    /** The action of the entry that records it. */
    String action() {
      return action;
    }

    /** What kind of thing it is about. */
    String typeOfThing() {
      return this == SETTINGS_VIEWED ? "settings" : "entry";
    }

    /** Whether it is recorded only where the tenant or its profile wants views recorded. */
    boolean isView() {
      return switch (this) {
        case VIEWED, SEARCHED, ENTRY_VIEWED -> true;
        case VERIFIED, EXPORTED, SUBJECT_REPORTED, SETTINGS_VIEWED -> false;
      };
    }
  }

  /**
   * Where somebody is.
   *
   * @param address their address, as a literal, or null
   * @param userAgent their client, or null
   * @param requestId the request
   */
  public record Origin(@Nullable String address, @Nullable String userAgent, String requestId) {}
}
