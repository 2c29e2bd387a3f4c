package dev.indelible.server.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.deliver.Delivery.Outcome;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AttemptTest {

  @Test
  void anAttemptThatTakesTooLongFailsAndItsWorkIsInterrupted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    // On a busy machine the time is over before the work begins, which is then left out.
    Eventually.passes(
        "an attempt whose work began",
        () -> {
          Outcome outcome =
              Attempt.within(
                  Duration.ofMillis(1),
                  () -> {
                    begun.countDown();
                    try {
                      new CountDownLatch(1).await();
                    } finally {
                      interrupted.countDown();
                    }
                    return new Outcome.Arrived("never");
                  });
          assertThat(outcome).isInstanceOf(Outcome.Failed.class);
          assertThat(begun.getCount()).isZero();
        });
    Eventually.reached("the interruption", interrupted);
  }

  @Test
  void aFaultOfTheNetworkMayPassAndOneOfTheProgramIsThrown() throws Exception {
    assertThat(
            Attempt.within(
                Duration.ofMinutes(1),
                () -> {
                  throw new IOException("no route");
                }))
        .isEqualTo(new Outcome.Failed("no route"));
    assertThatThrownBy(
            () ->
                Attempt.within(
                    Duration.ofMinutes(1),
                    () -> {
                      throw new IllegalStateException("ours");
                    }))
        .hasMessage("ours");
  }

  @Test
  void aRefusedAddressIsFoundInsideWhatLibrariesThrow() throws Exception {
    assertThat(
            Attempt.within(
                Duration.ofMinutes(1),
                () -> {
                  throw new IOException("wrapped", new AddressRefusedException("private"));
                }))
        .isEqualTo(new Outcome.Refused("private"));
  }
}
