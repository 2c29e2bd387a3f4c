package dev.indelible.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.JournalUnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TicketsTest {

  @Test
  void whatIsInFlightIsCountedInBytesEventsAndTheTimeThatTheOldestHasWaited() {
    Tickets tickets = new Tickets(1, 1_000);
    assertThat(tickets.oldestNanos()).isZero();
    long first = tickets.next();
    CompletableFuture<List<Outcome>> outcomes = tickets.open(first, 3, 300);
    long second = tickets.next();
    CompletableFuture<List<Outcome>> others = tickets.open(second, 2, 600);
    assertThat(tickets.inFlightBytes()).isEqualTo(900);
    assertThat(tickets.inFlightEvents()).isEqualTo(5);
    long oldest = tickets.oldestNanos();
    assertThat(oldest).isPositive();
    assertThat(tickets.oldestNanos()).as("it goes on waiting").isGreaterThanOrEqualTo(oldest);

    assertThatThrownBy(() -> tickets.open(tickets.next(), 7, 200))
        .isInstanceOf(JournalUnavailableException.class);
    assertThat(tickets.inFlightBytes()).isEqualTo(900);
    assertThat(tickets.inFlightEvents()).as("what is refused does not wait").isEqualTo(5);

    tickets.complete(first, List.of());
    assertThat(outcomes).isCompleted();
    assertThat(tickets.inFlightEvents()).isEqualTo(2);
    tickets.fail(second, new IllegalStateException("stopped"));
    assertThat(others).isCompletedExceptionally();
    assertThat(tickets.inFlightBytes()).isZero();
    assertThat(tickets.inFlightEvents()).isZero();
    assertThat(tickets.oldestNanos()).isZero();
  }
}
