package dev.indelible.server.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * An answer that goes on: server-sent events ({@code text/event-stream}, WHATWG HTML).
 *
 * <p>It keeps itself alive with comments, and ends when the handler returns, the client goes, the
 * client does not read for too long, or the server stops. There is no queue: a send waits until the
 * connection has taken the event, so a handler never runs ahead of its reader. Thread-safe.
 */
public final class EventStream {

  /** The largest event, in bytes. */
  public static final int MAX_EVENT_BYTES = 1024 * 1024;

  private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final ResponseBody body;
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final List<Runnable> closeHooks = new ArrayList<>();
  private volatile long lastWriteNanos = System.nanoTime();

  EventStream(ResponseBody body) {
    this.body = body;
  }

  /** Whether anybody is there to send to. */
  public boolean isOpen() {
    return open.get();
  }

  /**
   * Has {@code hook} run once when the stream ends, whoever ends it; at once when it has ended. A
   * handler that waits for something uses it to stop waiting. It must be quick.
   */
  public void onClose(Runnable hook) {
    synchronized (closeHooks) {
      if (open.get()) {
        closeHooks.add(hook);
        return;
      }
    }
    hook.run();
  }

  /**
   * Sends one event and waits until the connection has taken it.
   *
   * @param id what the client sends back as {@code Last-Event-ID} when it connects again, or null
   * @param event its type
   * @param data its data; line breaks are allowed
   * @return false when the stream has ended and the event is not sent
   */
  public boolean send(@Nullable String id, String event, String data) {
    StringBuilder text = new StringBuilder(data.length() + 64);
    if (id != null) {
      text.append("id: ").append(oneLine(id)).append('\n');
    }
    text.append("event: ").append(oneLine(event)).append('\n');
    data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
    if (data.isEmpty()) {
      text.append("data:\n");
    }
    byte[] bytes = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_EVENT_BYTES) {
      throw new IllegalArgumentException("an event of " + bytes.length + " bytes");
    }
    return write(bytes);
  }

  /**
   * Tells the client what to send back as {@code Last-Event-ID}, without an event: one that loses
   * the connection before its first event then misses nothing either.
   *
   * @return false when the stream has ended
   */
  public boolean sendPosition(String id) {
    return write(("id: " + oneLine(id) + "\n\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String oneLine(String text) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a line break within a field");
    }
    return text;
  }

  /** Shows that the server is there, unless something was just sent or is on its way. */
  void heartbeat(long intervalNanos) {
    if (System.nanoTime() - lastWriteNanos >= intervalNanos && !writing.isLocked()) {
      write(HEARTBEAT);
    }
  }

  boolean isHeartbeatDue(long intervalNanos) {
    return isOpen() && System.nanoTime() - lastWriteNanos >= intervalNanos && !writing.isLocked();
  }

  /** Sends the headers and how long to wait before connecting again. */
  void begin() {
    write("retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
  }

  private boolean write(byte[] bytes) {
    writing.lock();
    try {
      if (!open.get()) {
        return false;
      }
      body.write(bytes, 0, bytes.length);
      body.flush();
      lastWriteNanos = System.nanoTime();
      return true;
    } catch (IOException e) {
      end();
      return false;
    } finally {
      writing.unlock();
    }
  }

  /** Ends the stream: later sends return false. A write that is under way goes on. */
  public void end() {
    List<Runnable> hooks;
    synchronized (closeHooks) {
      if (!open.compareAndSet(true, false)) {
        return;
      }
      hooks = List.copyOf(closeHooks);
      closeHooks.clear();
    }
    hooks.forEach(Runnable::run);
  }

  ResponseBody body() {
    return body;
  }

  /** Ends the stream and its answer, after a write that is under way. */
  void finish(Callback callback) throws IOException {
    end();
    writing.lock();
    try {
      body.finish(callback);
    } finally {
      writing.unlock();
    }
  }
}
