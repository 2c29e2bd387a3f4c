package dev.indelible.server.share;

/**
 * Caller that competes for a share.
 *
 * @param group the group whose share it is: a tenant, or the operator
 * @param member the caller within the group: a key or a session
 * @param weight how large the group's share is beside others of weight 1
 */
public record Asker(String group, String member, int weight) {

  public Asker {
    if (weight < 1) {
      throw new IllegalArgumentException("a weight of " + weight);
    }
  }

  /** A member of a group whose share is as large as any other's. */
  public Asker(String group, String member) {
    this(group, member, 1);
  }
}
