package dev.indelible.server.audit;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.proof.Head;
import dev.indelible.verify.Hash;
import dev.indelible.verify.audit.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Holds what the heads journal says was signed against what the server remembers: it is the same,
 * or older. A head is durable before it is remembered, so that one that is ahead is waited for.
 * Used by one thread.
 */
final class SignedHeads {

  /** The longest that heads which are ahead are waited for, all together. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Heads that are ahead at once; more are told of without waiting. */
  static final int MAX_AHEAD = 10_000;

  /** Waits until what is remembered of a tenant's log has at least that size. */
  @FunctionalInterface
  interface Remembered {
    /** Returns whether it has, within {@code timeout}. */
    boolean await(TenantId tenant, long size, Duration timeout) throws InterruptedException;
  }

  private record Said(TenantId tenant, long size, Hash root) {}

  private final Function<TenantId, Head> known;
  private final BiConsumer<TenantId, Finding> alarm;
  private final List<Said> ahead = new ArrayList<>();

  SignedHeads(Function<TenantId, Head> known, BiConsumer<TenantId, Finding> alarm) {
    this.known = known;
    this.alarm = alarm;
  }

  /** Takes what the journal says. */
  void take(TenantId tenant, long size, Hash root) {
    Said said = new Said(tenant, size, root);
    if (size > known.apply(tenant).size() && ahead.size() < MAX_AHEAD) {
      ahead.add(said);
    } else {
      compare(said);
    }
  }

  /** Waits for those that were ahead, and tells of those that stay so. */
  void settle(Remembered remembered) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
    for (Said said : ahead) {
      long left = Math.max(0, deadlineNanos - System.nanoTime());
      boolean _ = remembered.await(said.tenant, said.size, Duration.ofNanos(left));
      compare(said);
    }
    ahead.clear();
  }

  private void compare(Said said) {
    Head head = known.apply(said.tenant);
    if (said.size > head.size() || (said.size == head.size() && !said.root.equals(head.root()))) {
      alarm.accept(
          said.tenant,
          new Finding.Damaged(
              "the heads journal",
              "it says that size "
                  + said.size
                  + " was signed with root "
                  + said.root
                  + ", which is not so"));
    }
  }
}
