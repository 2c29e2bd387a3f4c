package dev.indelible.server.share;

import dev.indelible.server.share.BusyException.Share;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that search, count and read entries for those who ask over HTTP.
 *
 * <p>They are platform threads, so that the requests' own virtual threads, which record events and
 * answer everything else, always find a carrier. Only a few readings work at the same time ({@link
 * Limits#working}). One that takes longer than {@link #SLICE} gives its turn to whoever has had the
 * least, and goes on later from where it stood: it calls {@link #pass} between any two pieces of
 * its work. So a short reading waits for the rest of a slice, however many long ones there are of
 * others.
 *
 * <p>A reading that takes a moment is not worth handing over: it may be done {@linkplain
 * #readAtOnce at once}, on the request's own thread, by as many at a time as may work here.
 *
 * <p>Thread-safe.
 */
public final class ReadPool implements AutoCloseable {

  /** Time that a reading works before others have their turn. */
  public static final Duration SLICE = Duration.ofMillis(2);

  /** Time that a reading works likewise for which nobody waits, such as an export. */
  public static final Duration BACKGROUND_SLICE = Duration.ofNanos(250_000);

  /** Readings that may have begun and wait for their next turn, each with a thread and memory. */
  public static final int MAX_BEGUN = 64;

  /** Most readings of one group that have begun. */
  public static final int MAX_BEGUN_OF_GROUP = 8;

  /** All readings at once, those that wait included, as a multiple of a group's. */
  public static final int GROUPS_AT_ONCE = 16;

  private static final long KEEP_THREAD_SECONDS = 30;
  private static final long CLOSE_SECONDS = 5;
  private static final String STOPPING = "The server is stopping.";

  /**
   * Limits of the pool.
   *
   * @param working readings that work at the same time
   * @param ofMember readings of one member, waiting ones included
   * @param ofGroup readings of one group, waiting ones included
   * @param patience how long a reading waits to begin
   */
  public record Limits(int working, int ofMember, int ofGroup, Duration patience) {

    public Limits {
      if (working < 1 || ofMember < 1 || ofGroup < ofMember) {
        throw new IllegalArgumentException("a limit is too low");
      }
    }

    int ofAll() {
      return GROUPS_AT_ONCE * ofGroup;
    }
  }

  /** Reads, and calls {@link ReadPool#pass} now and then. */
  @FunctionalInterface
  public interface Reading<T> {
    T read() throws IOException;
  }

  /**
   * Figures of the pool.
   *
   * @param working readings that have their turn
   * @param waiting readings that wait for theirs
   * @param passed turns that were given to others
   * @param atOnce readings that were done on the threads of those who asked
   */
  public record Figures(int working, int waiting, long passed, long atOnce) {}

  private final Limits limits;
  private final LongSupplier nanoTime;
  private final ExecutorService threads;
  private final ReentrantLock lock = new ReentrantLock();

  // The rest is guarded by the lock.
  private final FairQueue<Task<?>> queue = new FairQueue<>();
  private final Map<Share, Long> refused = new EnumMap<>(Share.class);
  private int admitted;
  private int begun;
  private int working;
  private long passed;
  private int atOnce; // readings that are done so now
  private long doneAtOnce;
  private boolean closed;

  /** A pool. */
  public ReadPool(Limits limits) {
    this(limits, System::nanoTime);
  }

  /** A pool whose slices go by another clock. */
  ReadPool(Limits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE, // bounded by MAX_BEGUN, and those about to end
            KEEP_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Reader::new);
  }

  /** Ends a slice when it is over and somebody waits; nothing outside of the pool's threads. */
  public static void pass() {
    if (Thread.currentThread() instanceof Reader reader && reader.task != null) {
      reader.task.pass();
    }
  }

  /** A thread of a pool. */
  private static final class Reader extends Thread {
    private @Nullable Task<?> task; // this thread's alone

    Reader(Runnable work) {
      super(work, "reader");
      setDaemon(true);
    }
  }

  /**
   * Runs {@code reading} in its turn and returns its answer.
   *
   * @throws BusyException when the asker, its group or everybody has too much waiting
   */
  public <T> T read(Asker asker, Reading<T> reading) throws IOException {
    Task<T> task = new Task<>(reading, asker);
    lock.lock();
    try {
      requireRoom(asker);
      admitted++;
      FairQueue.Ticket<Task<?>> ticket = queue.open(asker, task);
      task.ticket = ticket;
      queue.enqueue(ticket);
      dispatch();
    } finally {
      lock.unlock();
    }
    return task.await();
  }

  /**
   * Reads on the calling thread what takes a moment, and gives up where it does not: it must not
   * hold the thread, which may carry other requests. Counts for the asker's share as any reading.
   *
   * @return what {@code reading} does; empty, without asking it, when too many do so now or the
   *     asker has no room: then {@link #read} is to be tried
   */
  public <T> Optional<T> readAtOnce(Asker asker, Reading<Optional<T>> reading) throws IOException {
    FairQueue.Ticket<Task<?>> ticket;
    lock.lock();
    try {
      if (closed || atOnce >= limits.working() || full(asker) != null) {
        return Optional.empty();
      }
      atOnce++;
      ticket = queue.open(asker, new Task<>(reading, asker));
    } finally {
      lock.unlock();
    }
    long begunNanos = nanoTime.getAsLong();
    boolean done = false;
    try {
      Optional<T> found = reading.read();
      done = found.isPresent();
      return found;
    } finally {
      lock.lock();
      try {
        queue.charge(ticket, nanoTime.getAsLong() - begunNanos);
        queue.close(ticket);
        atOnce--;
        doneAtOnce += done ? 1 : 0;
      } finally {
        lock.unlock();
      }
    }
  }

  private void requireRoom(Asker asker) {
    if (closed) {
      throw new BusyException(Share.ALL, STOPPING);
    }
    Share full = full(asker);
    if (full != null) {
      throw refuse(full);
    }
  }

  private @Nullable Share full(Asker asker) {
    if (admitted >= limits.ofAll()) {
      return Share.ALL;
    }
    if (queue.ofGroup(asker.group()) >= limits.ofGroup()) {
      return Share.GROUP;
    }
    return queue.ofMember(asker) >= limits.ofMember() ? Share.MEMBER : null;
  }

  private BusyException refuse(Share full) {
    refused.merge(full, 1L, Long::sum);
    return new BusyException(full, "Too many searches and reads are under way; try again.");
  }

  /** Gives turns to those who are next, while there are any. */
  private void dispatch() {
    while (working < limits.working()) {
      FairQueue.Ticket<Task<?>> next = queue.best(this::mayWork);
      if (next == null) {
        return;
      }
      queue.take(next);
      working++;
      next.item().go();
    }
  }

  private boolean mayWork(FairQueue.Ticket<Task<?>> ticket) {
    return ticket.hasBegun() || (begun < MAX_BEGUN && ticket.begunOfGroup() < MAX_BEGUN_OF_GROUP);
  }

  /** One reading, and the thread that waits for it. */
  private final class Task<T> implements Runnable {
    private final Reading<T> reading;
    private final Thread waiter;
    private final long sliceLimitNanos;
    private FairQueue.@Nullable Ticket<Task<?>> ticket; // guarded by the lock
    private boolean abandoned; // guarded by the lock
    private @Nullable Thread reader; // guarded by the lock
    private volatile boolean hasTurn;
    private volatile boolean hasBegun;
    private volatile boolean ended;
    private long sliceNanos; // the reader's: when its slice began
    private @Nullable T result;
    private @Nullable Throwable failure;

    /** A reading, for which the calling thread waits. */
    Task(Reading<T> reading, Asker asker) {
      this.reading = reading;
      this.waiter = Thread.currentThread();
      this.sliceLimitNanos = (asker.inBackground() ? BACKGROUND_SLICE : SLICE).toNanos();
    }

    private FairQueue.Ticket<Task<?>> place() {
      return Objects.requireNonNull(ticket);
    }

    /** Gives the task its turn. Under the lock. */
    void go() {
      hasTurn = true;
      if (place().hasBegun()) {
        LockSupport.unpark(reader);
        return;
      }
      place().begin();
      begun++;
      hasBegun = true;
      try {
        threads.execute(this);
      } catch (RejectedExecutionException e) {
        failure = new BusyException(Share.ALL, STOPPING);
        leave();
      }
    }

    @Override
    public void run() {
      Reader me = (Reader) Thread.currentThread();
      lock.lock();
      try {
        reader = me;
      } finally {
        lock.unlock();
      }
      me.task = this;
      sliceNanos = nanoTime.getAsLong();
      try {
        result = reading.read();
      } catch (Throwable e) { // handed to whoever asked
        failure = e;
      } finally {
        me.task = null;
        lock.lock();
        try {
          queue.charge(place(), nanoTime.getAsLong() - sliceNanos);
          leave();
          dispatch();
        } finally {
          lock.unlock();
        }
      }
    }

    /** Gives its turn and its place back. Under the lock. */
    private void leave() {
      queue.close(place());
      admitted--;
      begun--;
      working--;
      ended = true;
      LockSupport.unpark(waiter);
    }

    void pass() {
      long now = nanoTime.getAsLong();
      if (now - sliceNanos < sliceLimitNanos) {
        return;
      }
      lock.lock();
      try {
        queue.charge(place(), now - sliceNanos);
        sliceNanos = now;
        if (closed || abandoned) {
          throw new BusyException(Share.ALL, STOPPING);
        }
        FairQueue.Ticket<Task<?>> next = queue.best(ReadPool.this::mayWork);
        if (next == null || !queue.isBefore(next, place())) {
          return;
        }
        hasTurn = false;
        working--;
        passed++;
        queue.enqueue(place());
        dispatch();
      } finally {
        lock.unlock();
      }
      while (!hasTurn) {
        LockSupport.park(this);
      }
      sliceNanos = nanoTime.getAsLong();
    }

    T await() throws IOException {
      long deadlineNanos = System.nanoTime() + limits.patience().toNanos();
      while (!ended) {
        if (Thread.interrupted()) {
          abandon();
          throw new BusyException(Share.ALL, STOPPING);
        }
        if (hasBegun) {
          LockSupport.park(this);
          continue;
        }
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0 && withdraw()) {
          throw new BusyException(Share.ALL, "Too many searches and reads wait; try again.");
        }
        LockSupport.parkNanos(this, Math.max(1, left));
      }
      return answer();
    }

    private T answer() throws IOException {
      return switch (failure) {
        case null -> Objects.requireNonNull(result);
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(failure);
      };
    }

    /** Gives up before it has begun; false when it has. */
    private boolean withdraw() {
      lock.lock();
      try {
        if (place().hasBegun()) {
          return false;
        }
        queue.close(place());
        admitted--;
        refused.merge(Share.ALL, 1L, Long::sum);
        return true;
      } finally {
        lock.unlock();
      }
    }

    /** Abandons the task, for which nobody waits any more: it ends when its slice does. */
    private void abandon() {
      if (!withdraw()) {
        lock.lock();
        try {
          abandoned = true;
        } finally {
          lock.unlock();
        }
      }
    }
  }

  /** Figures for metrics. */
  public Figures figures() {
    lock.lock();
    try {
      return new Figures(working, queue.waiting(), passed, doneAtOnce);
    } finally {
      lock.unlock();
    }
  }

  /** Number of refusals because of that share. */
  public long refused(Share share) {
    lock.lock();
    try {
      return refused.getOrDefault(share, 0L);
    } finally {
      lock.unlock();
    }
  }

  /** Refuses what comes from now on; what is under way ends with its slice. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    threads.shutdown();
    try {
      boolean _ = threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
