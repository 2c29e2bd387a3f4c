package dev.indelible.server.follow;

import static dev.indelible.server.follow.FollowedLogs.ACME;
import static dev.indelible.server.follow.FollowedLogs.BOLT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.server.event.TenantId;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Followers that give a receiver every entry, in order, from a place of their own. */
class EntryFollowerTest {

  private static final Duration SOON = Duration.ofMillis(1);

  private final InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
  private FollowedLogs logs;
  private Cursors cursors;

  @BeforeEach
  void open() throws Exception {
    logs = new FollowedLogs();
    cursors = Cursors.open(journal);
  }

  @AfterEach
  void close() {
    cursors.close();
    journal.close();
    logs.close();
  }

  /** Keeps what it is given, and fails as often as it is told to. */
  private static final class Received implements EntryFollower.Receiver {
    private final List<String> entries = new ArrayList<>(); // guarded by this
    private final AtomicInteger failures = new AtomicInteger();

    @Override
    public synchronized void accept(TenantId tenant, List<FollowedEntry> given) throws IOException {
      if (failures.getAndDecrement() > 0) {
        throw new IOException("nobody is there");
      }
      given.forEach(
          entry -> entries.add(tenant + " " + entry.seq() + " " + FollowedLogs.text(entry)));
    }

    synchronized List<String> entries() {
      return List.copyOf(entries);
    }

    @Override
    public void close() {}
  }

  private EntryFollower follower(String name, Cursors kept, EntryFollower.Receiver receiver) {
    EntryFollower follower =
        new EntryFollower(new Follower.Terms(name, SOON), logs.feed, kept, receiver);
    follower.start();
    return follower;
  }

  private static void awaitEntries(Received received, String... expected) {
    Eventually.see("entries", received::entries, seen -> seen.equals(List.of(expected)));
  }

  @Test
  void everyEntryOfEachFollowedLogIsGivenInOrderAsItComes() throws Exception {
    logs.record(ACME, "a", "b");
    Received received = new Received();
    try (EntryFollower follower = follower("siem", cursors, received)) {
      follower.follow(ACME, 1);
      awaitEntries(received, "acme 1 b");
      logs.record(BOLT, "x");
      logs.record(ACME, "c");
      awaitEntries(received, "acme 1 b", "acme 2 c");
      follower.follow(BOLT, 0);
      awaitEntries(received, "acme 1 b", "acme 2 c", "bolt 0 x");
      follower.unfollow(ACME);
      assertThat(follower.next(ACME)).isEmpty();
      logs.record(ACME, "d");
      logs.record(BOLT, "y");
      awaitEntries(received, "acme 1 b", "acme 2 c", "bolt 0 x", "bolt 1 y");
      assertThat(follower.isFailing()).isFalse();
    }
  }

  @Test
  void whatWasSealedBetweenTwoLooksIsGivenToo() throws Exception {
    Received received = new Received();
    try (EntryFollower follower = follower("siem", cursors, received)) {
      follower.follow(ACME, 0);
      for (int i = 0; i < 20; i++) {
        logs.record(ACME, "e" + i);
        logs.log.sealAll(Eventually.LIMIT);
      }
      Eventually.see("all", received::entries, seen -> seen.size() == 20);
    }
  }

  @Test
  void aReceiverThatIsGoneIsBehindAndNobodyElseIs() throws Exception {
    CountDownLatch hung = new CountDownLatch(1);
    EntryFollower.Receiver dead =
        new EntryFollower.Receiver() {
          @Override
          public void accept(TenantId tenant, List<FollowedEntry> entries) throws IOException {
            try {
              hung.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            throw new IOException("closed");
          }

          @Override
          public void close() {
            hung.countDown();
          }
        };
    Received received = new Received();
    try (EntryFollower behind = follower("dead", cursors, dead);
        EntryFollower follower = follower("siem", cursors, received)) {
      behind.follow(ACME, 0);
      follower.follow(ACME, 0);
      for (int i = 0; i < 50; i++) {
        logs.record(ACME, "e" + i);
      }
      logs.log.sealAll(Eventually.LIMIT);
      Eventually.see("all", received::entries, seen -> seen.size() == 50);
      assertThat(behind.next(ACME)).hasValue(0);
    }
  }

  @Test
  void whatAReceiverDidNotTakeIsGivenAgainAndNothingIsLeftOut() throws Exception {
    logs.record(ACME, "a", "b");
    Received received = new Received();
    received.failures.set(2);
    try (EntryFollower follower = follower("siem", cursors, received)) {
      follower.follow(ACME, 0);
      Eventually.see("it fails", follower::isFailing, failing -> failing);
      awaitEntries(received, "acme 0 a", "acme 1 b");
      Eventually.see("it is well again", follower::isFailing, failing -> !failing);
    }
  }

  @Test
  void afterACrashItGoesOnFromWhereItWasOrEarlier() throws Exception {
    logs.record(ACME, "a", "b");
    Received before = new Received();
    try (EntryFollower follower = follower("siem", cursors, before)) {
      follower.follow(ACME, 0);
      awaitEntries(before, "acme 0 a", "acme 1 b");
      Eventually.see("its place", () -> follower.next(ACME).orElse(0), next -> next == 2);
    }
    assertThat(cursors.flush()).isTrue();
    logs.record(ACME, "c");
    InMemoryJournal left = journal.afterPowerLoss();
    Received after = new Received();
    try (Cursors found = Cursors.open(left);
        EntryFollower _ = follower("siem", found, after)) {
      awaitEntries(after, "acme 2 c");
    } finally {
      left.close();
    }
  }

  @Test
  void aFollowerThatIsSetBackWhileItGivesGoesOnFromThere() throws Exception {
    logs.record(ACME, "a", "b");
    Received received = new Received();
    EntryFollower[] self = new EntryFollower[1];
    AtomicInteger given = new AtomicInteger();
    EntryFollower.Receiver setsBack =
        new EntryFollower.Receiver() {
          @Override
          public void accept(TenantId tenant, List<FollowedEntry> entries) throws IOException {
            received.accept(tenant, entries);
            if (given.getAndIncrement() == 0) {
              self[0].follow(ACME, 1);
            }
          }

          @Override
          public void close() {}
        };
    self[0] = new EntryFollower(new Follower.Terms("siem", SOON), logs.feed, cursors, setsBack);
    cursors.set("siem", ACME, 0);
    try (EntryFollower follower = self[0]) {
      follower.start();
      awaitEntries(received, "acme 0 a", "acme 1 b", "acme 1 b");
    }
  }

  @Test
  void aNameOfAFollowerIsPlain() {
    for (String name : List.of("", "a b", "-a", "ä", "x".repeat(101))) {
      assertThatThrownBy(() -> follower(name, cursors, new Received()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
