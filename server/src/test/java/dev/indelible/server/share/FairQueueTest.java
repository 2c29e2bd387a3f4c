package dev.indelible.server.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FairQueueTest {

  private final FairQueue<String> queue = new FairQueue<>();

  private FairQueue.Ticket<String> add(String group, String member, String item) {
    FairQueue.Ticket<String> ticket = queue.open(new Asker(group, member), item);
    queue.enqueue(ticket);
    return ticket;
  }

  /** Serves one after the other, each at the same cost. */
  private List<String> serve(int count, long cost) {
    List<String> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FairQueue.Ticket<String> next = queue.best(_ -> true);
      if (next == null) {
        return order;
      }
      queue.take(next);
      queue.charge(next, cost);
      order.add(next.item());
      queue.close(next);
    }
    return order;
  }

  @Test
  void groupsTakeTurnsHoweverManyOneHas() {
    IntStream.range(0, 5).forEach(i -> add("a", "k", "a" + i));
    IntStream.range(0, 2).forEach(i -> add("b", "k", "b" + i));
    assertThat(serve(7, 10)).containsExactly("a0", "b0", "a1", "b1", "a2", "a3", "a4");
    assertThat(queue.waiting()).isZero();
  }

  @Test
  void membersOfAGroupTakeTurnsWithinItsShare() {
    IntStream.range(0, 3).forEach(i -> add("a", "greedy", "g" + i));
    add("a", "modest", "m0");
    IntStream.range(0, 4).forEach(i -> add("b", "k", "b" + i));
    assertThat(serve(8, 10)).containsExactly("g0", "b0", "m0", "b1", "g1", "b2", "g2", "b3");
  }

  @Test
  void aHeavierGroupHasALargerShare() {
    for (int i = 0; i < 6; i++) {
      FairQueue.Ticket<String> heavy = queue.open(new Asker("heavy", "k", 2), "h");
      queue.enqueue(heavy);
      add("light", "k", "l");
    }
    assertThat(serve(6, 10)).filteredOn("h"::equals).hasSize(4);
  }

  @Test
  void whoComesAnewIsNextAndHasSavedNothingUp() {
    FairQueue.Ticket<String> hog = add("hog", "k", "hog");
    for (int i = 0; i < 100; i++) {
      queue.take(hog);
      queue.charge(hog, 10);
      queue.enqueue(hog);
    }
    add("new", "k", "n0");
    IntStream.range(1, 4).forEach(i -> add("new", "k", "n" + i));
    add("hog", "k", "hog2");
    // Not all four before the hog: being away before is no credit.
    assertThat(serve(4, 10)).containsExactly("n0", "hog", "n1", "hog2");
  }

  @Test
  void shortWorkOfOneWhoComesAgainAndAgainIsRemembered() {
    IntStream.range(0, 3).forEach(i -> add("long", "k", "l" + i));
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      add("again", "k", "a" + i);
      order.addAll(serve(2, 10));
    }
    assertThat(order).containsExactly("l0", "a0", "l1", "a1", "l2", "a2");
  }

  @Test
  void aTicketThatWaitsAgainKeepsItsPlaceAmongItsMembers() {
    FairQueue.Ticket<String> first = add("a", "k", "first");
    add("a", "k", "second");
    queue.take(first);
    queue.charge(first, 10);
    queue.enqueue(first);
    assertThat(serve(2, 10)).containsExactly("first", "second");
  }

  @Test
  void whoIsNotEligibleIsPassedOver() {
    add("a", "k", "a");
    add("b", "k", "b");
    FairQueue.Ticket<String> next = queue.best(ticket -> ticket.item().equals("b"));
    assertThat(next).isNotNull();
    assertThat(queue.best(_ -> false)).isNull();
  }

  @Test
  void forgetsWhoIsAway() {
    for (int i = 0; i < 3 * FairQueue.MAX_REMEMBERED; i++) {
      add("group-" + i, "k", "x");
      serve(1, 1_000_000 - i);
    }
    assertThat(queue.remembered()).isLessThanOrEqualTo(FairQueue.MAX_REMEMBERED + 1);
  }
}
