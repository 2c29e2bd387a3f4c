package dev.indelible.server.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.share.BusyException.Share;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Time stands still but for the slices that the readings say they take. */
final class ReadPoolTest {

  private static final Asker HOG = new Asker("hog", "key");
  private static final Asker OTHER = new Asker("other", "key");

  private final AtomicLong nanos = new AtomicLong();
  private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());
  private final ReadPool pool = pool(1, 8, 16);

  private ReadPool pool(int working, int ofMember, int ofGroup) {
    return new ReadPool(
        new ReadPool.Limits(working, ofMember, ofGroup, Eventually.LIMIT), nanos::get);
  }

  @AfterEach
  void close() {
    pool.close();
    askers.shutdownNow();
  }

  /** One slice of work. */
  private void slice(String name) {
    order.add(name);
    nanos.addAndGet(ReadPool.SLICE.toNanos());
    ReadPool.pass();
  }

  private Future<String> ask(Asker asker, ReadPool.Reading<String> reading) {
    return askers.submit(() -> pool.read(asker, reading));
  }

  private void awaitWaiting(int count) {
    Eventually.see("readings that wait", () -> pool.figures().waiting(), n -> n == count);
  }

  @Test
  void aShortReadingWaitsForOneSliceOfALongOneAndNotForItsEnd() throws Exception {
    List<Future<String>> others = new ArrayList<>();
    Future<String> hog =
        ask(
            HOG,
            () -> {
              for (int i = 0; i < 10; i++) {
                if (i == 3) {
                  others.add(
                      ask(
                          OTHER,
                          () -> {
                            order.add("other");
                            return "short";
                          }));
                  awaitWaiting(1);
                }
                slice("hog " + i);
              }
              return "long";
            });
    assertThat(Eventually.done("the hog", hog)).isEqualTo("long");
    assertThat(Eventually.done("the other", others.getFirst())).isEqualTo("short");
    assertThat(order.indexOf("other")).isEqualTo(4); // behind "hog 3", before "hog 4"
  }

  @Test
  void thirtyTwoLongReadingsOfOneGroupDelayAnotherByOneSlice() throws Exception {
    ReadPool wide = pool(1, 32, 64);
    CountDownLatch all = new CountDownLatch(1);
    List<Future<String>> hogs = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      String name = "hog " + i;
      hogs.add(
          askers.submit(
              () ->
                  wide.read(
                      HOG,
                      () -> {
                        awaitLatch(all);
                        for (int n = 0; n < 5; n++) {
                          slice(name);
                        }
                        return name;
                      })));
    }
    Eventually.see("the hogs", () -> wide.figures().waiting(), n -> n == 31);
    Future<String> other =
        askers.submit(
            () ->
                wide.read(
                    OTHER,
                    () -> {
                      order.add("other");
                      return "";
                    }));
    Eventually.see("all", () -> wide.figures().waiting(), n -> n == 32);
    all.countDown();
    Eventually.done("the other", other);
    for (Future<String> hog : hogs) {
      Eventually.done("a hog", hog);
    }
    assertThat(order.indexOf("other")).isEqualTo(1);
    assertThat(order).hasSize(32 * 5 + 1);
    // One after the other, not all side by side: whoever began first ends first.
    assertThat(order.subList(2, 6)).containsOnly(order.getFirst());
    wide.close();
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      Eventually.reached("the signal", latch);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void callersOfATenantTakeTurnsToo() throws Exception {
    List<Future<String>> others = new ArrayList<>();
    Future<String> hog =
        ask(
            HOG,
            () -> {
              others.add(ask(new Asker("hog", "colleague"), () -> order.add("colleague") + ""));
              awaitWaiting(1);
              slice("hog 0");
              slice("hog 1");
              return "";
            });
    Eventually.done("the hog", hog);
    assertThat(order).containsExactly("hog 0", "colleague", "hog 1");
    Eventually.done("the colleague", others.getFirst());
  }

  @Test
  void eachShareIsBounded() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    ReadPool small = pool(1, 2, 3);
    List<Future<String>> waiting = new ArrayList<>();
    ReadPool.Reading<String> untilTheEnd =
        () -> {
          awaitLatch(end);
          return "";
        };
    for (Asker asker : List.of(HOG, HOG, new Asker("hog", "colleague"))) {
      waiting.add(askers.submit(() -> small.read(asker, untilTheEnd)));
      int count = waiting.size();
      Eventually.see(
          "readings", () -> small.figures().working() + small.figures().waiting(), n -> n == count);
    }
    assertThatThrownBy(() -> small.read(new Asker("hog", "third"), () -> ""))
        .isInstanceOfSatisfying(
            BusyException.class, e -> assertThat(e.share()).isEqualTo(Share.GROUP));
    waiting.add(askers.submit(() -> small.read(OTHER, untilTheEnd)));
    waiting.add(askers.submit(() -> small.read(OTHER, untilTheEnd)));
    Eventually.see("readings", () -> small.figures().waiting(), n -> n == 4);
    assertThatThrownBy(() -> small.read(OTHER, () -> ""))
        .isInstanceOfSatisfying(
            BusyException.class, e -> assertThat(e.share()).isEqualTo(Share.MEMBER));
    assertThat(small.refused(Share.GROUP)).isEqualTo(1);
    assertThat(small.refused(Share.MEMBER)).isEqualTo(1);
    end.countDown();
    for (Future<String> one : waiting) {
      Eventually.done("a reading", one);
    }
    small.close();
  }

  @Test
  void noMoreBeginThanHaveRoomInMemory() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    ReadPool wide = pool(32, 32, 32);
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < 2 * ReadPool.MAX_BEGUN_OF_GROUP; i++) {
      all.add(
          askers.submit(
              () ->
                  wide.read(
                      HOG,
                      () -> {
                        begun.incrementAndGet();
                        awaitLatch(end);
                        return "";
                      })));
    }
    Eventually.see(
        "those that wait", () -> wide.figures().waiting(), n -> n == ReadPool.MAX_BEGUN_OF_GROUP);
    Eventually.see("begun", begun::get, n -> n == ReadPool.MAX_BEGUN_OF_GROUP);
    end.countDown();
    for (Future<String> one : all) {
      Eventually.done("a reading", one);
    }
    wide.close();
  }

  @Test
  void whatAReadingThrowsIsThrownToWhoeverAsked() throws Exception {
    IOException failure = new IOException("damaged");
    assertThatThrownBy(
            () ->
                pool.read(
                    OTHER,
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(pool.read(OTHER, () -> "again")).isEqualTo("again");
    assertThat(pool.figures()).isEqualTo(new ReadPool.Figures(0, 0, 0, 0));
  }

  @Test
  void nobodyWaitsLongerThanTheirPatienceToBegin() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    ReadPool impatient =
        new ReadPool(new ReadPool.Limits(1, 8, 16, Duration.ofMillis(1)), nanos::get);
    Future<String> hog =
        askers.submit(
            () ->
                impatient.read(
                    HOG,
                    () -> {
                      awaitLatch(end);
                      return "";
                    }));
    Eventually.see("the hog", () -> impatient.figures().working(), n -> n == 1);
    assertThatThrownBy(() -> impatient.read(OTHER, () -> ""))
        .isInstanceOfSatisfying(
            BusyException.class, e -> assertThat(e.share()).isEqualTo(Share.ALL));
    assertThat(impatient.figures().waiting()).isZero();
    end.countDown();
    Eventually.done("the hog", hog);
    impatient.close();
  }

  @Test
  void readsOnPlatformThreads() throws Exception {
    assertThat(pool.read(OTHER, () -> Thread.currentThread().isVirtual())).isFalse();
  }

  @Test
  void aClosedPoolRefuses() {
    pool.close();
    assertThatThrownBy(() -> pool.read(OTHER, () -> "")).isInstanceOf(BusyException.class);
  }

  @Test
  void aReadingAtOnceNeedsNoTurnAndNoOtherThread() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Future<String> hog =
        ask(
            HOG,
            () -> {
              awaitLatch(end);
              return "long";
            });
    Eventually.see("the hog", () -> pool.figures().working(), n -> n == 1);
    Thread asking = Thread.currentThread();
    assertThat(pool.readAtOnce(OTHER, () -> Optional.of(Thread.currentThread()))).contains(asking);
    assertThat(pool.readAtOnce(OTHER, Optional::empty)).isEmpty();
    assertThat(pool.figures().atOnce()).isEqualTo(1);
    end.countDown();
    Eventually.done("the hog", hog);
  }

  @Test
  void noMoreReadAtOnceThanMayWork() throws Exception {
    Optional<String> outer =
        pool.readAtOnce(
            HOG,
            () -> {
              assertThat(pool.readAtOnce(OTHER, () -> Optional.of("second"))).isEmpty();
              return Optional.of("first");
            });
    assertThat(outer).contains("first");
    assertThat(pool.readAtOnce(OTHER, () -> Optional.of("third"))).contains("third");
  }

  @Test
  void whatIsReadAtOnceCountsForTheTurnsOfWhoeverAsked() throws Exception {
    List<Future<String>> asked = new ArrayList<>();
    pool.readAtOnce(
        HOG,
        () -> {
          nanos.addAndGet(10 * ReadPool.SLICE.toNanos());
          return Optional.of("");
        });
    Future<String> first =
        ask(
            new Asker("third", "key"),
            () -> {
              asked.add(ask(HOG, () -> note("hog")));
              awaitWaiting(1);
              asked.add(ask(OTHER, () -> note("other")));
              awaitWaiting(2);
              return "";
            });
    Eventually.done("the first", first);
    for (Future<String> one : asked) {
      Eventually.done("the others", one);
    }
    assertThat(order).containsExactly("other", "hog");
  }

  @Test
  void whoHasTooMuchUnderWayReadsNothingAtOnce() throws Exception {
    ReadPool narrow = pool(1, 1, 1);
    assertThat(
            narrow.readAtOnce(
                HOG,
                () -> {
                  assertThat(narrow.readAtOnce(HOG, () -> Optional.of("second"))).isEmpty();
                  return Optional.of("first");
                }))
        .contains("first");
    narrow.close();
    assertThat(narrow.readAtOnce(HOG, () -> Optional.of("closed"))).isEmpty();
  }

  @Test
  void workForWhichNobodyWaitsGivesWaySooner() throws Exception {
    List<Future<String>> others = new ArrayList<>();
    Future<String> export =
        ask(
            Asker.inBackground("hog", "export"),
            () -> {
              others.add(ask(OTHER, () -> note("other")));
              awaitWaiting(1);
              nanos.addAndGet(ReadPool.BACKGROUND_SLICE.toNanos());
              ReadPool.pass();
              return note("export");
            });
    Eventually.done("the export", export);
    Eventually.done("the other", others.getFirst());
    assertThat(order).containsExactly("other", "export");
  }

  private String note(String name) {
    order.add(name);
    return name;
  }
}
