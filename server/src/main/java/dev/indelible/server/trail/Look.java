package dev.indelible.server.trail;

import org.jspecify.annotations.Nullable;

/**
 * One time that somebody read of a log.
 *
 * @param kind the kind of access
 * @param filter the query; empty for everything
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

  /** Kind of access to a log. */
  public enum Kind {
    /** Reading all of it, page by page or live. */
    VIEWED("audit.viewed"),
    /** Searching it. */
    SEARCHED("audit.searched"),
    /** Reading one entry. */
    ENTRY_VIEWED("audit.entry_viewed"),
    /** Reading, by a guest, of what governs it: holds, retention, saved views and the like. */
    SETTINGS_VIEWED("audit.settings_viewed"),
    /** Verifying that entries are what was recorded. */
    VERIFIED("audit.verified"),
    /** Taking entries away. */
    EXPORTED("audit.exported"),
    /** Reporting what the log holds about a person. */
    SUBJECT_REPORTED("audit.subject_report.create");

    private final String action;

    Kind(String action) {
      this.action = action;
    }

    /** The action of the entry that records it. */
    String action() {
      return action;
    }

    /** Type of the thing that the look is about. */
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
   * Origin of a request.
   *
   * @param address their address, as a literal, or null
   * @param userAgent their client, or null
   * @param requestId the request, or null when it was none
   */
  public record Origin(
      @Nullable String address, @Nullable String userAgent, @Nullable String requestId) {}
}
