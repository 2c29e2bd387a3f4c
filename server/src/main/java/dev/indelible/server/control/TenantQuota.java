package dev.indelible.server.control;

/**
 * The most that one tenant may have of each kind of thing, so that none of them takes what all
 * share: every such number stands here, and whoever makes such a thing asks for it. {@code
 * docs/operate/limits.md} lists them.
 */
public enum TenantQuota {
  KEYS(1_000, "API keys that work"),
  MEMBERS(10_000, "members"),
  GUESTS(1_000, "invitations of auditors, and as many of support staff"),
  ACCOUNTS(10_000, "accounts"),
  PERMISSION_SETS(200, "permission sets"),
  SESSIONS(25_000, "sessions and sign-in links, viewer sessions included"),
  VIEWER_SESSIONS(20_000, "viewer sessions"),
  SHARED_VIEWS(200, "saved views that are shared"),
  PERSONAL_VIEWS(100, "saved views of one person"),
  VIEW_CHANGES(200, "changes of saved views that one person makes within an hour"),
  SCHEDULES(100, "schedules of exports"),
  STREAMS(100, "streams to other systems"),
  REVIEWS(100, "reviews of the log that are planned"),
  HOLDS(100, "legal holds in force"),
  ERASURES(1_000, "erasure requests that are open"),
  RETENTION_REQUIREMENTS(20, "requirements that retention is put together of"),
  LOG_KEYS(4, "keys that sign the log"),
  EXPORTS_UNDER_WAY(20, "exports under way, and as many of schedules"),
  EXPORTS(200, "exports, with those that were made before"),
  SCHEDULED_EXPORTS(200, "exports of schedules, with those that were made before");

  private final int most;
  private final String what;

  TenantQuota(int most, String what) {
    this.most = most;
    this.what = what;
  }

  /** The most of it at once. */
  public int most() {
    return most;
  }

  /** The things, in a few words. */
  public String what() {
    return what;
  }
}
