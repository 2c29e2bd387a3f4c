package dev.indelible.systemtests;

import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Clients that post single events, batches over several tenants, events without an id, and events
 * that were sent before, as fast as they are answered with short pauses.
 *
 * <p>An event's mark is its actor's id, unique in all the run; its id, when it has one, is the mark
 * too. What was not answered when the server died is sent again to the next one, half of the time.
 */
final class Load implements AutoCloseable {

  private static final int CLIENTS = 6;
  private static final int MAX_BATCH = 60;
  private static final int MAX_PAUSE_MILLIS = 40;

  private final Ledger ledger;
  private final List<String> tenants;
  private final long seed;
  private final List<Client> clients = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private @Nullable ExecutorService running;
  private volatile boolean stopping;

  Load(Ledger ledger, List<String> tenants, long seed) {
    this.ledger = ledger;
    this.tenants = tenants;
    this.seed = seed;
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new Client(i));
    }
  }

  /** Starts to send to a server. */
  void start(Calls calls) {
    stopping = false;
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    running = executor;
    for (Client client : clients) {
      executor.execute(() -> client.run(calls));
    }
  }

  /** Says that the server is about to be killed; errors of the connection count from now on. */
  void expectDeath() {
    stopping = true;
  }

  /** Waits until every client has noticed. */
  void join() throws InterruptedException {
    stopping = true;
    ExecutorService executor = running;
    if (executor != null) {
      executor.shutdown();
      if (!executor.awaitTermination(Eventually.LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError("clients are stuck");
      }
      running = null;
    }
    Throwable failure = failures.poll();
    if (failure != null) {
      throw new AssertionError("a client failed", failure);
    }
  }

  @Override
  public void close() {
    stopping = true;
    if (running != null) {
      running.shutdownNow();
    }
  }

  private record Sent(String tenant, String mark, String json) {}

  private final class Client {

    private final int number;
    private final Random random;
    private int next;
    private List<Sent> unanswered = List.of();

    Client(int number) {
      this.number = number;
      this.random = new Random(seed + number);
    }

    void run(Calls calls) {
      try {
        if (!unanswered.isEmpty() && random.nextBoolean()) {
          send(
              calls,
              unanswered.stream().filter(sent -> sent.json().contains("\"id\":\"e")).toList());
        }
        unanswered = List.of();
        while (!stopping) {
          send(calls, events());
          Pace.pause(Duration.ofMillis(random.nextInt(MAX_PAUSE_MILLIS)));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Throwable e) {
        failures.add(e);
      }
    }

    private List<Sent> events() {
      int count = random.nextInt(3) == 0 ? 1 + random.nextInt(MAX_BATCH) : 1;
      List<Sent> events = new ArrayList<>();
      String tenant = tenants.get(random.nextInt(tenants.size()));
      for (int i = 0; i < count; i++) {
        if (random.nextInt(4) == 0) {
          tenant = tenants.get(random.nextInt(tenants.size()));
        }
        String again = random.nextInt(8) == 0 ? ledger.anyAcknowledged(tenant, random) : null;
        if (again != null && again.startsWith("e")) {
          events.add(new Sent(tenant, again, event(tenant, again)));
        } else {
          // Marks that begin with e are ids too; of the others only the content tells.
          String kind = random.nextInt(5) == 0 ? "n" : "e";
          String mark = kind + number + "-" + next++;
          events.add(new Sent(tenant, mark, event(tenant, mark)));
          if (kind.equals("e") && count > 1 && random.nextInt(20) == 0) {
            events.add(events.getLast());
          }
        }
      }
      return events;
    }

    private void send(Calls calls, List<Sent> events) throws InterruptedException {
      if (events.isEmpty()) {
        return;
      }
      events.forEach(sent -> ledger.sending(sent.tenant(), sent.mark()));
      String body =
          events.size() == 1
              ? events.getFirst().json()
              : events.stream().map(Sent::json).toList().toString();
      Calls.Answer answer;
      try {
        answer = calls.record(body);
      } catch (IOException e) {
        if (!stopping) {
          throw new AssertionError("the server left before it was killed", e);
        }
        unanswered = events;
        return;
      }
      if (answer.status() == 503) {
        return;
      }
      JsonNode entries = answer.expect(201).json().path("entries");
      if (entries.size() != events.size()) {
        throw new AssertionError(events.size() + " events sent, answered " + answer.body());
      }
      for (int i = 0; i < events.size(); i++) {
        Sent sent = events.get(i);
        ledger.acknowledged(sent.tenant(), sent.mark(), entries.get(i).path("seq").asLong());
      }
    }
  }

  /** Makes the event of a mark, always the same one: what varies follows from it. */
  private static String event(String tenant, String mark) {
    Random random = new Random(mark.hashCode());
    String id = mark.startsWith("e") ? "\"id\":\"" + mark + "\"," : "";
    return """
        {%s"tenant":"%s","action":"%s","actor":{"type":"user","id":"%s","name":"Person %d"},\
        "occurred_at":"2026-10-%02dT10:00:00Z","targets":[{"type":"ticket","id":"%d"}],\
        "details":{"note":"%s"}}"""
        .formatted(
            id,
            tenant,
            ACTIONS.get(random.nextInt(ACTIONS.size())),
            mark,
            random.nextInt(100),
            1 + random.nextInt(28),
            random.nextInt(1000),
            "lorem ipsum ".repeat(random.nextInt(40)));
  }

  static final List<String> ACTIONS =
      List.of("user.login", "user.role_changed", "ticket.viewed", "report.exported");

  /** How many entries each action has among {@code marks}, as the index should count them. */
  static Map<String, Long> actionsOf(List<String> marks) {
    return marks.stream()
        .collect(
            java.util.stream.Collectors.groupingBy(
                mark -> ACTIONS.get(new Random(mark.hashCode()).nextInt(ACTIONS.size())),
                java.util.stream.Collectors.counting()));
  }
}
