package dev.indelible.server.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.share.BusyException.Share;
import dev.indelible.server.share.Places.Holder;
import dev.indelible.testing.Eventually;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class PlacesTest {

  private static final Holder KEY = new Holder("key:a", Share.MEMBER, 2);
  private static final Holder TENANT = new Holder("tenant:a", Share.GROUP, 3);
  private static final Holder OTHER_KEY = new Holder("key:b", Share.MEMBER, 2);
  private static final Holder STRANGER = new Holder("key:c", Share.MEMBER, 9);

  @Test
  void eachHolderHasItsShareAndNoMore() {
    Places places = new Places(5);
    assertThat(places.take(List.of(KEY, TENANT))).isNull();
    assertThat(places.take(List.of(KEY, TENANT))).isNull();
    assertThat(places.take(List.of(KEY, TENANT))).isEqualTo(Share.MEMBER);
    assertThat(places.take(List.of(OTHER_KEY, TENANT))).isNull();
    assertThat(places.take(List.of(OTHER_KEY, TENANT))).isEqualTo(Share.GROUP);
    assertThat(places.take(List.of(STRANGER))).isNull();
    assertThat(places.take(List.of(STRANGER))).isNull();
    assertThat(places.take(List.of(STRANGER))).isEqualTo(Share.ALL);
    assertThat(places.taken()).isEqualTo(5);
    places.give(List.of(KEY, TENANT));
    assertThat(places.take(List.of(OTHER_KEY, TENANT))).isNull();
    assertThat(places.refused(Share.MEMBER)).isEqualTo(1);
    assertThat(places.refused(Share.GROUP)).isEqualTo(1);
    assertThat(places.refused(Share.ALL)).isEqualTo(1);
  }

  @Test
  void aPlaceIsCountedForOthersOnceTheyAreKnown() {
    Places places = new Places(5);
    assertThat(places.take(List.of(STRANGER))).isNull();
    assertThat(places.pass(List.of(STRANGER), List.of(KEY))).isNull();
    assertThat(places.take(List.of(KEY))).isNull();
    assertThat(places.take(List.of(STRANGER))).isNull();
    assertThat(places.pass(List.of(STRANGER), List.of(KEY))).isEqualTo(Share.MEMBER);
    places.give(List.of(STRANGER));
    places.give(List.of(KEY));
    places.give(List.of(KEY));
    assertThat(places.taken()).isZero();
  }

  @Test
  void aPartIsNotSmallWhereThereAreFew() {
    assertThat(Places.part(1_024, 4, 16)).isEqualTo(256);
    assertThat(Places.part(20, 4, 16)).isEqualTo(16);
    assertThat(Places.part(2, 4, 16)).isEqualTo(2);
  }

  @Test
  void memoryIsSharedLikewise() throws Exception {
    ByteBudget budget = new ByteBudget(100);
    assertThat(budget.reserve("a", 50, 50, 0)).isNull();
    assertThat(budget.reserve("a", 50, 1, 0)).isEqualTo(Share.MEMBER);
    assertThat(budget.reserve("b", 60, 50, 0)).isNull();
    assertThat(budget.reserve("c", 50, 1, 0)).isEqualTo(Share.ALL);
    assertThat(budget.refused()).isEqualTo(2);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Share> waits =
          threads.submit(() -> budget.reserve("a", 50, 10, Eventually.LIMIT.toNanos()));
      budget.give("a", 50);
      assertThat(Eventually.done("memory", waits)).isNull();
    }
    budget.give("a", 10);
    budget.give("b", 50);
    assertThat(budget.reserved()).isZero();
  }

  @Test
  void whatIsLargerThanAllIsReservedAlone() throws Exception {
    ByteBudget budget = new ByteBudget(100);
    assertThat(budget.reserve("a", 50, 1_000, 0)).isNull();
    budget.give("a", 1_000);
    assertThat(budget.reserve("a", 50, 20, 0)).isNull();
    assertThat(budget.reserve("b", 50, 1_000, 0)).isEqualTo(Share.ALL);
  }
}
