package dev.indelible.server.http;

import dev.indelible.server.http.HttpServerConfig.Limits;
import dev.indelible.server.share.BusyException.Share;
import dev.indelible.server.share.ByteBudget;
import dev.indelible.server.share.Places;
import dev.indelible.server.share.Places.Holder;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares of what requests take: places for requests, for bodies that are waited for and for event
 * streams, and memory for bodies.
 *
 * <p>Of each, an address that shows no key, a key and a tenant have a share, so that none of them
 * can take all of it. A request has a place while it is worked on, and none while its body is
 * waited for or its answer is an event stream. Thread-safe.
 */
public final class Admission {

  /** The part of all requests that an address without a key may have: one in so many. */
  static final int REQUESTS_OF_ADDRESS = 2;

  /** Share of a key, and of a tenant, as a fraction of all requests. */
  static final int REQUESTS_OF_CALLER = 2;

  /**
   * The part of all waiting bodies that an address without a key may have. Large, since whoever has
   * most gives way; a small one would only have those that never come sent again sooner.
   */
  static final int BODIES_OF_ADDRESS = 2;

  /** Share of a key, as a fraction of all. */
  static final int BODIES_OF_KEY = 4;

  /** Share of a tenant, as a fraction of all. */
  static final int BODIES_OF_TENANT = 2;

  /** The part of all event streams that a tenant may have. */
  static final int STREAMS_OF_TENANT = 4;

  /** Share of a key, as a fraction of all. */
  static final int STREAMS_OF_KEY = 16;

  /** Event streams of one session. */
  static final int STREAMS_OF_SESSION = 8;

  /** Least share of anything, however few there are. */
  static final int LEAST_SHARE = 16;

  /** The part of the bytes of all bodies that an address without a key may have. */
  static final int BYTES_OF_ADDRESS = 8;

  /** Share of a tenant, or of the operator, as a fraction of all. */
  static final int BYTES_OF_CALLER = 2;

  /** The most bytes that one body is counted with; of a longer one no more is kept at once. */
  static final long MAX_COUNTED_BYTES = 16L << 20;

  /** How long a body that is there waits for a place for its request. */
  static final long PLACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long a body waits for memory. */
  static final long BYTES_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int IPV6_BYTES = 16;

  private final Limits limits;
  private final Places requests;
  private final Places streams;
  private final WaitingBodies bodies;
  private final ByteBudget bytes;
  private final int waiting;
  private final long allBytes;

  Admission(Limits limits, HttpServerConfig.Bodies bodies) {
    this.limits = limits;
    this.requests = new Places(limits.concurrentRequests());
    this.streams = new Places(limits.eventStreams());
    this.bodies = new WaitingBodies(bodies.waiting());
    this.bytes = new ByteBudget(bodies.bytes());
    this.waiting = bodies.waiting();
    this.allBytes = bodies.bytes();
  }

  /**
   * Identity that a request speaks for, once it is known.
   *
   * @param key the key that it showed, or its session
   * @param tenant the tenant that it speaks for, or null for an operator
   * @param isSession whether it is a session
   */
  public record Identity(String key, @Nullable String tenant, boolean isSession) {}

  /** The figures of a server's admission. */
  HttpService.Figures figures() {
    return new HttpService.Figures(
        requests.taken(),
        streams.taken(),
        bodies.size(),
        bodies.evicted(),
        bytes.reserved(),
        bytes.refused());
  }

  long refusedRequests(Share share) {
    return requests.refused(share);
  }

  long refusedStreams(Share share) {
    return streams.refused(share);
  }

  /** A request from an address, which has no place yet. */
  Visit visit(String address) {
    return new Visit(network(address));
  }

  /** Network of one subscriber: of IPv6 the first 64 bits, else the address. */
  public static String network(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      return bytes.length == IPV6_BYTES
          ? HexFormat.of().formatHex(bytes, 0, IPV6_BYTES / 2)
          : address;
    } catch (IllegalArgumentException e) {
      return address; // whatever a proxy said
    }
  }

  /** One request's places. Thread-safe; what is given back twice is given back once. */
  final class Visit {

    private final String address;

    // Guarded by this.
    private @Nullable Identity identity;
    private List<Holder> requestHolders = List.of();
    private boolean hasRequest;
    private List<Holder> streamHolders = List.of();
    private boolean hasStream;
    private WaitingBodies.@Nullable Waiter waiter;
    private long reservedBytes;
    private String reservedFor = "";

    private Visit(String address) {
      this.address = address;
    }

    /**
     * Takes a place for the request.
     *
     * @throws ProblemException 503 when there is none, 429 when whoever asks has its share
     */
    synchronized void begin() {
      List<Holder> holders = requestHolders();
      admit(requests.take(holders), "requests", Problems::tooManyRequests);
      requestHolders = holders;
      hasRequest = true;
    }

    /**
     * Counts the request for whoever it speaks for.
     *
     * @throws ProblemException 429 when they have their share
     */
    synchronized void identify(Identity who) {
      if (identity != null) {
        return;
      }
      identity = who;
      if (hasRequest) {
        List<Holder> holders = requestHolders();
        admit(requests.pass(requestHolders, holders), "requests", Problems::tooManyRequests);
        requestHolders = holders;
      }
    }

    private List<Holder> requestHolders() {
      Identity who = identity;
      int all = limits.concurrentRequests();
      if (who == null) {
        return List.of(
            new Holder(
                "address:" + address,
                Share.MEMBER,
                Places.part(all, REQUESTS_OF_ADDRESS, LEAST_SHARE)));
      }
      int most = Places.part(all, REQUESTS_OF_CALLER, LEAST_SHARE);
      List<Holder> holders = new ArrayList<>(2);
      holders.add(new Holder("key:" + who.key(), Share.MEMBER, most));
      if (who.tenant() != null) {
        holders.add(new Holder("tenant:" + who.tenant(), Share.GROUP, most));
      }
      return holders;
    }

    /** Gives the request's place back while its body is waited for; {@code by} waits. */
    synchronized void waitForBody(WaitingBodies.Waiter by) {
      giveRequest();
      waiter = by;
      bodies.enter(by, bodyHolders());
    }

    private List<WaitingBodies.Holder> bodyHolders() {
      Identity who = identity;
      if (who == null) {
        return List.of(bodyHolder("address:" + address, BODIES_OF_ADDRESS));
      }
      WaitingBodies.Holder key = bodyHolder("key:" + who.key(), BODIES_OF_KEY);
      return who.tenant() == null
          ? List.of(key)
          : List.of(key, bodyHolder("tenant:" + who.tenant(), BODIES_OF_TENANT));
    }

    private WaitingBodies.Holder bodyHolder(String name, int divisor) {
      return new WaitingBodies.Holder(name, Places.part(waiting, divisor, LEAST_SHARE));
    }

    /**
     * Takes a place for the request again: its body is there.
     *
     * @throws ProblemException as {@link #begin}
     */
    void bodyArrived() throws InterruptedException {
      List<Holder> holders;
      synchronized (this) {
        if (waiter == null) {
          return;
        }
        bodies.leave(waiter);
        waiter = null;
        holders = requestHolders();
      }
      Share full = requests.takeWithin(PLACE_NANOS, holders);
      admit(full, "requests", Problems::tooManyRequests);
      synchronized (this) {
        requestHolders = holders;
        hasRequest = true;
      }
    }

    /**
     * Reserves memory for what has arrived of a body.
     *
     * @throws ProblemException 503 when there is none, 429 when whoever asks has its share
     */
    void reserve(long bodyBytes) throws InterruptedException {
      long wanted = Math.min(bodyBytes, MAX_COUNTED_BYTES) - reservedBytes;
      if (wanted <= 0) {
        return;
      }
      if (reservedFor.isEmpty()) {
        reservedFor = bytesHolder();
      }
      long most =
          allBytes / (reservedFor.startsWith("address:") ? BYTES_OF_ADDRESS : BYTES_OF_CALLER);
      admit(
          bytes.reserve(reservedFor, most, wanted, BYTES_NANOS),
          "bodies",
          Problems::tooManyRequests);
      reservedBytes += wanted;
    }

    private synchronized String bytesHolder() {
      Identity who = identity;
      if (who == null) {
        return "address:" + address;
      }
      return who.tenant() == null ? "key:" + who.key() : "tenant:" + who.tenant();
    }

    /**
     * Takes a place for an event stream, and gives that of the request back.
     *
     * @throws ProblemException as {@link #begin}
     */
    synchronized void stream() {
      List<Holder> holders = streamHolders();
      admit(streams.take(holders), "event streams", Problems::tooManyStreams);
      streamHolders = holders;
      hasStream = true;
      giveRequest();
    }

    private List<Holder> streamHolders() {
      Identity who = identity;
      int all = limits.eventStreams();
      int ofKey = Places.part(all, STREAMS_OF_KEY, LEAST_SHARE);
      if (who == null) {
        return List.of(new Holder("address:" + address, Share.MEMBER, ofKey));
      }
      List<Holder> holders = new ArrayList<>(2);
      holders.add(
          who.isSession()
              ? new Holder("session:" + who.key(), Share.MEMBER, STREAMS_OF_SESSION)
              : new Holder("key:" + who.key(), Share.MEMBER, ofKey));
      if (who.tenant() != null) {
        holders.add(
            new Holder(
                "tenant:" + who.tenant(),
                Share.GROUP,
                Places.part(all, STREAMS_OF_TENANT, LEAST_SHARE)));
      }
      return holders;
    }

    private synchronized void giveRequest() {
      if (hasRequest) {
        hasRequest = false;
        requests.give(requestHolders);
      }
    }

    /** Gives the request's place back before the request is over. */
    synchronized void leaveEarly() {
      giveRequest();
    }

    /** Gives everything back. */
    synchronized void end() {
      giveRequest();
      if (hasStream) {
        hasStream = false;
        streams.give(streamHolders);
      }
      if (waiter != null) {
        bodies.leave(waiter);
        waiter = null;
      }
      if (reservedBytes > 0) {
        bytes.give(reservedFor, reservedBytes);
        reservedBytes = 0;
      }
    }

    private static void admit(
        @Nullable Share full, String what, Supplier<ProblemException> ofShare) {
      if (full == null) {
        return;
      }
      throw full == Share.ALL ? Problems.overloaded(what) : ofShare.get();
    }
  }
}
