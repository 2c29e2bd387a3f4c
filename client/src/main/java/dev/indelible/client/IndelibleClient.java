package dev.indelible.client;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client of one server, with one key: records events, searches, follows and checks a tenant's
 * log, and makes any other call of the API. Thread-safe; make one and keep it.
 *
 * <pre>{@code
 * try (IndelibleClient audit =
 *     IndelibleClient.to(URI.create("https://audit.example.com")).key(key).tenant("acme").build()) {
 *   audit.record(Event.of("user.role_changed").actor("user", "u_7", "Ana").outcome("success").build());
 *   audit.search(Query.of("actor:u_7 after:-7d")).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Requests are repeated as {@link RetryPolicy} says when the server answers "not now" (429, 503;
 * 502 and 504 where a request is {@linkplain Request#repeatable repeatable}) or cannot be reached.
 * Events are always repeatable: each has an id, so that one that is sent again doubles nothing. A
 * thread that is interrupted while it waits gets an {@link UnreachableException} with its interrupt
 * set.
 */
public final class IndelibleClient implements AutoCloseable {

  /** The most events that are recorded by one call. */
  public static final int MAX_BATCH_EVENTS = 10_000;

  /** The largest batch, in bytes of UTF-8 with a line's end for each event. */
  public static final int MAX_BATCH_BYTES = 16 * 1024 * 1024;

  /** The default limit of time for a connection. */
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** The default limit of time for an answer's beginning; a batch waits for back-pressure. */
  public static final Duration DEFAULT_ANSWER_TIMEOUT = Duration.ofSeconds(60);

  private static final String NDJSON = "application/x-ndjson";

  private final Transport transport;
  private final @Nullable String tenant;

  private IndelibleClient(Transport transport, @Nullable String tenant) {
    this.transport = transport;
    this.tenant = tenant;
  }

  /**
   * Begins a client.
   *
   * @param server the server's address, http or https, such as {@code https://audit.example.com}
   */
  public static Builder to(URI server) {
    return new Builder(server);
  }

  /** The settings of a client that is not made yet. Not thread-safe. */
  public static final class Builder {

    private final URI server;
    private @Nullable String key;
    private @Nullable String tenant;
    private String userAgent = "indelible-client";
    private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
    private Duration answerTimeout = DEFAULT_ANSWER_TIMEOUT;
    private @Nullable RetryPolicy retry = RetryPolicy.DEFAULT;
    private Waits waits =
        new Waits(
            InstantSource.system(),
            new Random(),
            pause -> Thread.sleep(pause.toMillis()),
            remark -> {});

    private Builder(URI server) {
      String scheme = server.getScheme();
      if (server.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
        throw new IllegalArgumentException("not an http or https URL: " + server);
      }
      this.server = server;
    }

    /** The API key or a session's token; without one requests carry none. */
    public Builder key(@Nullable String secret) {
      this.key = secret;
      return this;
    }

    /**
     * The tenant whose log is searched and followed, and that events without one go to. Not needed
     * to record with a key that is bound to one.
     */
    public Builder tenant(@Nullable String id) {
      this.tenant = id;
      return this;
    }

    /** The name of the program, as the header {@code User-Agent}. */
    public Builder userAgent(String name) {
      this.userAgent = name;
      return this;
    }

    /** The limit of time for a connection; {@link #DEFAULT_CONNECT_TIMEOUT} if not set. */
    public Builder connectTimeout(Duration timeout) {
      this.connectTimeout = timeout;
      return this;
    }

    /** The limit of time for an answer's beginning; {@link #DEFAULT_ANSWER_TIMEOUT} if not set. */
    public Builder answerTimeout(Duration timeout) {
      this.answerTimeout = timeout;
      return this;
    }

    /** The retries; {@link RetryPolicy#DEFAULT} if not set. */
    public Builder retry(RetryPolicy policy) {
      this.retry = policy;
      return this;
    }

    /** Sends every request once: "not now" is an answer like any other. */
    public Builder withoutRetries() {
      this.retry = null;
      return this;
    }

    /** Is told before each wait, in words for people, why and how long. Thread-safe. */
    public Builder onWait(Consumer<String> remarks) {
      this.waits = new Waits(waits.clock(), waits.random(), waits.pause(), remarks);
      return this;
    }

    Builder waits(Waits other) {
      this.waits = other;
      return this;
    }

    /** The client. */
    public IndelibleClient build() {
      return new IndelibleClient(
          new Transport(
              new Transport.Parts(
                  server, key, userAgent, connectTimeout, answerTimeout, retry, waits)),
          tenant);
    }
  }

  /** A client for another tenant, which shares this one's connections and ends with it. */
  public IndelibleClient forTenant(String id) {
    return new IndelibleClient(transport, id);
  }

  /**
   * Sends a request.
   *
   * @return the answer, whatever its status
   * @throws UnreachableException when there was no answer but "not now"
   */
  public Answer send(Request request) {
    return transport.ask(request);
  }

  /** Gets {@code path}; see {@link #send}. */
  public Answer get(String path) {
    return send(Request.get(path));
  }

  /** Gets {@code path} with parameters, which are encoded; see {@link #send}. */
  public Answer get(String path, Map<String, String> parameters) {
    return send(Request.get(path).parameters(parameters));
  }

  /** Posts JSON; see {@link #send}. */
  public Answer post(String path, String json) {
    return send(Request.post(path, json));
  }

  /** Puts JSON; see {@link #send}. */
  public Answer put(String path, String json) {
    return send(Request.of("PUT", path).json(json));
  }

  /** Patches with JSON; see {@link #send}. */
  public Answer patch(String path, String json) {
    return send(Request.of("PATCH", path).json(json));
  }

  /** Deletes; see {@link #send}. */
  public Answer delete(String path) {
    return send(Request.of("DELETE", path));
  }

  /**
   * Sends a request once and gives the body as it arrives, for as long as that takes.
   *
   * @return the answer, whatever its status
   * @throws IOException when the server cannot be reached
   */
  public StreamedAnswer open(Request request) throws IOException, InterruptedException {
    return transport.open(request);
  }

  /**
   * Records one event and returns when it is on disk.
   *
   * @throws RefusedException when it was not recorded; its problem says why
   * @throws UnreachableException when it is not known whether it was: send it again
   */
  public Recorded.Receipt record(Event event) {
    Answer answer = send(Request.post("/v1/events", event.inTenant(tenant).json()).repeatable());
    List<Recorded.Receipt> receipts = Recorded.of(answer).entries();
    if (!answer.isSuccess() || receipts.isEmpty()) {
      throw new RefusedException(answer);
    }
    return receipts.get(0);
  }

  /**
   * Records events in their order and returns when those that the server takes are on disk. Each is
   * judged by itself: the others are {@linkplain Recorded#rejected rejected}, all of them perhaps.
   *
   * @param events at most {@value #MAX_BATCH_EVENTS}, and {@value #MAX_BATCH_BYTES} bytes
   * @throws RefusedException when the whole was refused, whatever the events are
   * @throws UnreachableException when it is not known which were recorded: send them again
   */
  public Recorded record(List<Event> events, RecordOption... options) {
    if (events.isEmpty() || events.size() > MAX_BATCH_EVENTS) {
      throw new IllegalArgumentException(events.size() + " events");
    }
    StringBuilder lines = new StringBuilder();
    for (Event event : events) {
      lines.append(event.inTenant(tenant).json()).append('\n');
    }
    return recordLines(lines.toString().getBytes(StandardCharsets.UTF_8), options);
  }

  /**
   * Records events that are there as NDJSON already, one on each line; otherwise as {@link
   * #record(List, RecordOption...)}. The bytes are sent as they are: events that have no id of
   * their own may be doubled by a retry.
   *
   * @param lines UTF-8, at most {@value #MAX_BATCH_BYTES} bytes
   */
  public Recorded recordLines(byte[] lines, RecordOption... options) {
    if (lines.length > MAX_BATCH_BYTES) {
      throw new IllegalArgumentException(lines.length + " bytes of events");
    }
    Request request = Request.of("POST", "/v1/events").body(NDJSON, lines).repeatable();
    for (RecordOption option : options) {
      request = request.parameter(option.parameter(), option.value());
    }
    Answer answer = send(request);
    Recorded recorded = Recorded.of(answer);
    if (!answer.isSuccess() && recorded.rejected().isEmpty()) {
      throw new RefusedException(answer);
    }
    return recorded;
  }

  /**
   * One page of the entries that a query finds.
   *
   * @param cursor the {@linkplain Page#nextCursor next cursor} of the page before, or null for the
   *     first page
   * @throws RefusedException such as for a query with an error, whose problem says where it is
   */
  public Page page(Query query, @Nullable String cursor) {
    Map<String, String> parameters = query.parameters();
    if (cursor != null) {
      parameters.put("cursor", cursor);
    }
    Answer answer = get(Request.path("tenants", requiredTenant(), "events"), parameters);
    if (!answer.isSuccess()) {
      throw new RefusedException(answer);
    }
    return Page.of(answer.json());
  }

  /**
   * All entries that a query finds, in its order, fetched page by page as the stream is read.
   *
   * @throws RefusedException as {@link #page}, when the first page is asked for
   */
  public Stream<Entry> search(Query query) {
    return Pages.of(cursor -> page(query, cursor));
  }

  /**
   * Follows the tenant's entries from now on.
   *
   * @param query which ones; empty for all
   */
  public Tail tail(String query) {
    return tailAfter(query, null);
  }

  /**
   * Follows the tenant's entries from behind {@code lastEventId} on, so that none is missed.
   *
   * @param query which ones; empty for all
   * @param lastEventId the {@link Tail#lastEventId} of an earlier one, -1 to begin with the first
   *     entry of the log, or null for from now on
   */
  public Tail tailAfter(String query, @Nullable String lastEventId) {
    Request request = Request.get(Request.path("tenants", requiredTenant(), "tail"));
    return new Tail(
        transport, query.isBlank() ? request : request.parameter("q", query), lastEventId);
  }

  /** The tenant's log as anybody with a reading key can check it. */
  public TenantLog log() {
    return new TenantLog(transport, requiredTenant());
  }

  /** The tenant's exports: files of what a query finds. */
  public Exports exports() {
    return new Exports(transport, requiredTenant());
  }

  /** The tenant's schedules of exports. */
  public Schedules schedules() {
    return new Schedules(transport, requiredTenant());
  }

  /** The tenant's streams to other systems. */
  public Streams streams() {
    return new Streams(transport, requiredTenant());
  }

  private String requiredTenant() {
    return Objects.requireNonNull(tenant, "which tenant? Give the builder one, or use forTenant");
  }

  /** Ends the connections; streams that are open are to be closed before. */
  @Override
  public void close() {
    transport.close();
  }
}
