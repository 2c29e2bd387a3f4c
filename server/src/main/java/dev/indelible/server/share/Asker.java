package dev.indelible.server.share;

/**
 * Caller that competes for a share.
 *
 * @param group the group whose share it is: a tenant, or the operator
 * @param member the caller within the group: a key or a session
 * @param weight how large the group's share is beside others of weight 1
 * @param inBackground whether nobody waits for it, so that it gives way sooner
 */
public record Asker(String group, String member, int weight, boolean inBackground) {

  public Asker {
    if (weight < 1) {
      throw new IllegalArgumentException("a weight of " + weight);
    }
  }

  /** A member of a group whose share is as large as any other's. */
  public Asker(String group, String member) {
    this(group, member, 1);
  }

  /** A member of a group for which somebody waits. */
  public Asker(String group, String member, int weight) {
    this(group, member, weight, false);
  }

  /** Work of a group that is done while nobody waits for it. */
  public static Asker inBackground(String group, String work) {
    return new Asker(group, work, 1, true);
  }
}
