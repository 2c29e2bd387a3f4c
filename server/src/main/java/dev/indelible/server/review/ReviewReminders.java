package dev.indelible.server.review;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.ReviewProcess;
import dev.indelible.server.deliver.Delivery;
import dev.indelible.server.deliver.ReviewNotices;
import dev.indelible.server.thread.OwnThread;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds reviews that are due, has that recorded, and sends mail. Thread-safe.
 *
 * <p>Mail is sent before it is recorded, a few times when the mail server does not take it: after a
 * crash in between the same message, with the same id, is sent once more, and none is lost.
 */
public final class ReviewReminders implements AutoCloseable {

  /** Times that mail is tried before the review is recorded as due without it. */
  static final int MAX_TRIES = 5;

  private static final Logger LOG = LoggerFactory.getLogger(ReviewReminders.class);

  private final ControlLog control;
  private final ReviewNotices notices;
  private final Duration every;
  private final InstantSource clock;
  private final Map<String, Integer> tries = new HashMap<>(); // used by the thread alone
  private final LongAdder sent = new LongAdder();
  private final OwnThread thread = new OwnThread("reviews", this::run);

  /**
   * Reminders; nothing is looked at before {@link #start}.
   *
   * @param every how often is looked
   */
  public ReviewReminders(
      ControlLog control, ReviewNotices notices, Duration every, InstantSource clock) {
    this.control = control;
    this.notices = notices;
    this.every = every;
    this.clock = clock;
  }

  /** Begins to look. */
  public void start() {
    thread.start();
  }

  /** Mails that the mail server took since the start. */
  public long sent() {
    return sent.sum();
  }

  /** Reviews that stand so now. */
  public long count(ReviewTimes.State state) {
    Instant now = clock.instant();
    return control.configuration().reviews().stream()
        .filter(review -> ReviewTimes.state(review, now) == state)
        .count();
  }

  private void run(OwnThread self) throws InterruptedException {
    while (self.rest(every)) {
      for (ReviewProcess review : control.configuration().reviews()) {
        if (self.isStopping()) {
          return;
        }
        look(review);
      }
    }
  }

  private void look(ReviewProcess review) throws InterruptedException {
    try {
      Instant due = review.when().due();
      ReviewProcess.Progress progress = review.progress();
      switch (ReviewTimes.state(review, clock.instant())) {
        case UPCOMING -> {}
        case DUE -> {
          if (!due.equals(progress.remindedFor())) {
            remind(review, review.people().reviewerEmail(), false);
          }
        }
        case OVERDUE -> {
          if (!due.equals(progress.overdueFor())) {
            remind(review, review.people().answerableEmail(), true);
          }
        }
      }
    } catch (JournalUnavailableException e) {
      LOG.warn("a review that is due cannot be recorded now: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the review {} could not be looked at; trying again", review.id(), e);
    }
  }

  private void remind(ReviewProcess review, @Nullable String address, boolean isOverdue)
      throws InterruptedException {
    String key = review.id() + " " + review.when().due() + " " + isOverdue;
    if (address != null && notices.canSend()) {
      switch (notices.send(review, address, isOverdue)) {
        case Delivery.Outcome.Arrived _ -> sent.increment();
        case Delivery.Outcome.Refused(String why) ->
            LOG.warn("mail about the review {} was refused: {}", review.id(), why);
        case Delivery.Outcome.Failed(String why, var _) -> {
          LOG.warn("mail about the review {} was not taken: {}", review.id(), why);
          if (tries.merge(key, 1, Integer::sum) < MAX_TRIES) {
            return; // and look again
          }
        }
      }
    }
    tries.remove(key);
    ReviewProcess.Progress was = review.progress();
    Instant due = review.when().due();
    ReviewProcess.Progress next =
        new ReviewProcess.Progress(
            was.seenSeq(),
            was.seenAt(),
            due,
            isOverdue ? due : was.overdueFor(),
            was.last(),
            was.followUps());
    // One that was changed meanwhile is looked at again.
    var _ =
        control.change(
            new Change(
                review.with(next),
                control.configuration().version(review),
                Change.ChangedBy.SYSTEM,
                null));
  }

  @Override
  public void close() {
    thread.stop();
  }
}
