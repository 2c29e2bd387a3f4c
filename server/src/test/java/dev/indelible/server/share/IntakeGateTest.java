package dev.indelible.server.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.testing.Eventually;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class IntakeGateTest {

  private static final long BATCH = 10_000 - IntakeGate.BATCH_BYTES;
  private static final Asker FLOOD = new Asker("flood", "key");
  private static final Asker OTHER = new Asker("other", "key");

  private final IntakeGate gate = new IntakeGate(new IntakeGate.Limits(20_000, 100_000, 50));
  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void end() {
    senders.shutdownNow();
  }

  private Future<?> send(Asker asker, String name) {
    int waiting = gate.waiting();
    Future<?> sent =
        senders.submit(
            () -> {
              try (IntakeGate.Pass _ = gate.enter(asker, BATCH)) {
                order.add(name);
              }
              return "";
            });
    Eventually.see("waiting", gate::waiting, n -> n == waiting + 1);
    return sent;
  }

  @Test
  void oneTenantsFloodHoldsAnothersBatchUpByWhatIsOnItsWayAlone() throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    IntakeGate.Pass first = gate.enter(FLOOD, BATCH);
    IntakeGate.Pass second = gate.enter(FLOOD, BATCH);
    for (int i = 0; i < 6; i++) {
      sent.add(send(FLOOD, "flood " + i));
    }
    sent.add(send(OTHER, "other"));
    assertThat(gate.passingBytes()).isEqualTo(20_000);
    first.close();
    Eventually.see("passed", gate::waiting, n -> n == 0);
    second.close();
    for (Future<?> one : sent) {
      Eventually.done("a batch", one);
    }
    assertThat(order.indexOf("other")).isLessThanOrEqualTo(1);
    assertThat(gate.passingBytes()).isZero();
  }

  @Test
  void whoWaitsIsBoundedAndTheOthersAreNotRefused() throws Exception {
    IntakeGate.Pass all = gate.enter(FLOOD, 1_000_000);
    List<Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      sent.add(send(FLOOD, "flood " + i));
    }
    assertThatThrownBy(() -> gate.enter(FLOOD, BATCH)).isInstanceOf(BusyException.class);
    assertThat(gate.refused()).isEqualTo(1);
    sent.add(send(OTHER, "other"));
    all.close();
    for (Future<?> one : sent) {
      Eventually.done("a batch", one);
    }
  }

  @Test
  void aBatchLargerThanTheWindowGoesAloneAndIsNotPassedOver() throws Exception {
    IntakeGate.Pass small = gate.enter(FLOOD, BATCH);
    CountDownLatch entered = new CountDownLatch(1);
    Future<?> large =
        senders.submit(
            () -> {
              try (IntakeGate.Pass _ = gate.enter(OTHER, 1_000_000)) {
                order.add("large");
                entered.countDown();
              }
              return "";
            });
    Eventually.see("waiting", gate::waiting, n -> n == 1);
    // There would be room for it; but then the large one would wait for ever.
    Future<?> next = send(FLOOD, "next");
    small.close();
    Eventually.reached("the large one", entered);
    Eventually.done("the large one", large);
    Eventually.done("the next one", next);
    assertThat(order).containsExactly("large", "next");
  }

  @Test
  void oneThatIsInterruptedGivesItsPlaceUp() throws Exception {
    IntakeGate.Pass all = gate.enter(FLOOD, 1_000_000);
    Future<?> waiting = send(FLOOD, "interrupted");
    waiting.cancel(true);
    Eventually.see("waiting", gate::waiting, n -> n == 0);
    all.close();
    gate.enter(OTHER, 1_000_000).close();
    assertThat(order).isEmpty();
  }
}
