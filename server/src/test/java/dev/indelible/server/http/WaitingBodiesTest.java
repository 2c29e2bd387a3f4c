package dev.indelible.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.http.WaitingBodies.Holder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WaitingBodiesTest {

  private final List<String> evicted = new ArrayList<>();
  private final WaitingBodies bodies = new WaitingBodies(6);

  private final class Body implements WaitingBodies.Waiter {
    private final String name;

    Body(String name) {
      this.name = name;
    }

    @Override
    public void evict() {
      evicted.add(name);
    }
  }

  private void enter(String name, Holder... holders) {
    bodies.enter(new Body(name), List.of(holders));
  }

  @Test
  void theOneThatHasWaitedLongestOfAHolderGivesWay() {
    Holder attacker = new Holder("address:a", 3);
    for (int i = 0; i < 5; i++) {
      enter("a" + i, attacker);
    }
    enter("b", new Holder("address:b", 3));
    assertThat(evicted).containsExactly("a0", "a1");
    assertThat(bodies.size()).isEqualTo(4);
    assertThat(bodies.evicted()).isEqualTo(2);
  }

  @Test
  void whenAllAreTakenWhoeverHasMostGivesWay() {
    enter("c", new Holder("address:c", 9));
    for (int i = 0; i < 5; i++) {
      enter("a" + i, new Holder("key:a" + i, 9), new Holder("tenant:a", 9));
    }
    enter("b", new Holder("address:b", 9));
    assertThat(evicted).containsExactly("a0");
  }

  @Test
  void aTenantsKeysShareItsPlaces() {
    for (int i = 0; i < 3; i++) {
      enter("a" + i, new Holder("key:" + i, 2), new Holder("tenant:a", 2));
    }
    assertThat(evicted).containsExactly("a0");
  }

  @Test
  void whoeverLeavesGivesNobodyAway() {
    Body body = new Body("a");
    Holder holder = new Holder("address:a", 1);
    bodies.enter(body, List.of(holder));
    bodies.leave(body);
    bodies.leave(body);
    enter("b", holder);
    assertThat(evicted).isEmpty();
    assertThat(bodies.size()).isEqualTo(1);
  }
}
