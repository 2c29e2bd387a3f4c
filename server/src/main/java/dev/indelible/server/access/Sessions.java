package dev.indelible.server.access;

import dev.indelible.ports.journal.ErasableJournal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.access.SessionCodec.Step;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.KeyedJournal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Register of console sessions, viewer sessions and the links that begin sessions, and of when keys
 * were last used.
 *
 * <p>A fold of the sessions journal, held in memory (ADR 0006). Nothing is told to anybody before
 * it is durable, so that a session that was ended stays ended and a link that was used stays used
 * after a crash. What is over is forgotten: within {@link #COMPACT_EVERY} of the next change after
 * it the journal is written anew without it, and the names of people in it are gone. Thread-safe.
 */
public final class Sessions {

  /** The most sessions and links at once, all tenants together. */
  public static final int MAX_SESSIONS = 100_000;

  /** How long what is over may stay in the journal. */
  static final Duration COMPACT_EVERY = Duration.ofHours(1);

  /** Limits of the journal's compaction, and of the steps in a batch. */
  static final KeyedJournal.Bounds BOUNDS = new KeyedJournal.Bounds(16L << 20, 2, 500);

  /** A key's last use is durable to this precision. */
  static final Duration USE_PRECISION = Duration.ofMinutes(10);

  /** How long a page's origin is answered after the last viewer session for it was made. */
  static final Duration ORIGIN_MEMORY = Duration.ofHours(24);

  /** The most origins of viewers' pages that are remembered. */
  static final int MAX_ORIGINS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final KeyedJournal<Step> journal; // guarded by this
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final Map<String, Instant> uses = new ConcurrentHashMap<>();
  private final Map<String, Instant> durableUses = new ConcurrentHashMap<>();
  private final Map<String, Instant> origins = new ConcurrentHashMap<>();
  private Instant compactedAt; // guarded by this

  private Sessions(ErasableJournal journal, InstantSource clock, RandomGenerator random)
      throws IOException, InterruptedException {
    this.clock = clock;
    this.random = random;
    this.compactedAt = clock.instant();
    this.journal = KeyedJournal.open(journal, SessionCodec.FORM, BOUNDS, this::fold);
  }

  /**
   * Folds the journal, which it does not close.
   *
   * @param random a cryptographically strong generator
   */
  public static Sessions open(ErasableJournal journal, InstantSource clock, RandomGenerator random)
      throws IOException, InterruptedException {
    Sessions sessions = new Sessions(journal, clock, random);
    synchronized (sessions) {
      if (!sessions.journal.isEmpty()) {
        boolean _ = sessions.compact();
      }
    }
    return sessions;
  }

  private void fold(Step step) {
    switch (step) {
      case Step.Began(Session session) -> {
        sessions.put(session.id(), session);
        remember(session);
      }
      case Step.Ended(String id) -> sessions.remove(id);
      case Step.Used(String keyId, Instant at) -> {
        uses.put(keyId, at);
        durableUses.put(keyId, at);
      }
    }
  }

  private void remember(Session session) {
    if (session.subject() instanceof Subject.OfViewer viewer) {
      for (String origin : viewer.origins()) {
        if (origins.size() < MAX_ORIGINS || origins.containsKey(origin)) {
          origins.put(origin, session.expiresAt().plus(ORIGIN_MEMORY));
        }
      }
    }
  }

  /** Signals that there are too many sessions. */
  public static final class TooManyException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * New session or link.
   *
   * @param token the token that its holder shows; not kept anywhere
   * @param session the recorded session
   */
  public record Begun(String token, Session session) {
    @Override
    public String toString() {
      return "Begun[" + session.id() + "]";
    }
  }

  /**
   * Lifetimes of a link and of the session that it begins, and the makers of the link.
   *
   * @param expiresAt until when the link works
   * @param lastsUntil when the session ends that it begins
   * @param makers who made it; see {@link Session#makers}. Of too many those in the middle are left
   *     out: the last one is the key that let all of them in
   */
  public record LinkTerms(Instant expiresAt, Instant lastsUntil, List<String> makers) {
    public LinkTerms {
      if (makers.size() > Session.MAX_MAKERS) {
        List<String> ends = new ArrayList<>(makers.subList(0, Session.MAX_MAKERS / 2));
        ends.addAll(makers.subList(makers.size() - Session.MAX_MAKERS / 2, makers.size()));
        makers = ends;
      }
      makers = List.copyOf(makers);
    }
  }

  /** Makes a link that works once. */
  public Begun link(Subject subject, Session.User user, LinkTerms terms) {
    Token token = Token.mint(Token.Kind.LINK, random);
    return begin(
        token,
        new Session(
            token.id(),
            Token.Kind.LINK,
            token.hash(),
            subject,
            user,
            now(),
            terms.expiresAt(),
            terms.lastsUntil(),
            terms.makers()));
  }

  /** Begins a session of a kind; it is durable when this returns. */
  public Begun begin(Token.Kind kind, Subject subject, Session.User user, Instant expiresAt) {
    Token token = Token.mint(kind, random);
    return begin(
        token,
        new Session(
            token.id(), kind, token.hash(), subject, user, now(), expiresAt, expiresAt, List.of()));
  }

  private Begun begin(Token token, Session session) {
    CompletableFuture<?> durable;
    synchronized (this) {
      sweep();
      if (sessions.size() >= MAX_SESSIONS || hasItsShare(session.subject().tenant())) {
        throw new TooManyException();
      }
      durable = append(List.of(new Step.Began(session)));
      // Before it is durable, since a compaction may come; nobody has its token before.
      sessions.put(session.id(), session);
    }
    KeyedJournal.await(durable);
    remember(session);
    return new Begun(token.text(), session);
  }

  /** Begins the session that a link is for, once; empty when the code is none that works. */
  public Optional<Begun> redeem(String code) {
    Optional<Session> found = find(Token.Kind.LINK, code);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Session link = found.get();
    Token token = Token.mint(Token.Kind.SESSION, random);
    Session session =
        new Session(
            token.id(),
            Token.Kind.SESSION,
            token.hash(),
            link.subject(),
            link.user(),
            now(),
            link.lastsUntil(),
            link.lastsUntil(),
            link.makers());
    CompletableFuture<?> durable;
    synchronized (this) {
      if (!sessions.remove(link.id(), link)) {
        return Optional.empty();
      }
      durable = append(List.of(new Step.Ended(link.id()), new Step.Began(session)));
      sessions.put(session.id(), session);
    }
    KeyedJournal.await(durable);
    return Optional.of(new Begun(token.text(), session));
  }

  /** The session or link of that kind that a token proves, unless it is over. */
  public Optional<Session> find(Token.Kind kind, String text) {
    return Token.parse(kind, text)
        .flatMap(
            token ->
                Optional.ofNullable(sessions.get(token.id()))
                    .filter(session -> session.kind() == kind)
                    .filter(session -> token.matches(session.secretHash()))
                    .filter(session -> !session.isOver(clock.instant())));
  }

  /** Sessions, and links if asked for, that are not over, oldest first. */
  public List<Session> list(Predicate<Session> which) {
    Instant now = clock.instant();
    return sessions.values().stream()
        .filter(session -> !session.isOver(now))
        .filter(which)
        .sorted(Comparator.comparing(Session::createdAt).thenComparing(Session::id))
        .toList();
  }

  /** Ends sessions; returns how many there were, when that is durable. */
  public int end(Predicate<Session> which) {
    List<Step> ended = new ArrayList<>();
    CompletableFuture<?> durable;
    synchronized (this) {
      for (Session session : list(which)) {
        if (sessions.remove(session.id()) != null) {
          ended.add(new Step.Ended(session.id()));
        }
      }
      if (ended.isEmpty()) {
        return 0;
      }
      durable = append(ended);
    }
    KeyedJournal.await(durable);
    return ended.size();
  }

  /**
   * Ends sessions, so that their journal no longer holds who was signed in.
   *
   * @throws IOException when it still does; to be tried again
   */
  public void forget(Predicate<Session> which) throws IOException {
    int _ = end(which);
    synchronized (this) {
      if (!compact()) {
        throw new IOException("ended sessions are still in their journal");
      }
    }
  }

  /** Whether pages of that origin may be answered: a viewer session names or named it. */
  public boolean knowsOrigin(String origin) {
    Instant until = origins.get(origin);
    return until != null && clock.instant().isBefore(until);
  }

  /** Notes that a key is used now. */
  void used(String keyId) {
    Instant now = now();
    uses.put(keyId, now);
    Instant durable = durableUses.get(keyId);
    if (durable != null && now.isBefore(durable.plus(USE_PRECISION))) {
      return;
    }
    synchronized (this) {
      durableUses.put(keyId, now);
      // Nobody waits for it: what a crash takes is a use, not a right.
      CompletableFuture<?> _ = append(List.of(new Step.Used(keyId, now)));
    }
  }

  /** Time of a key's last use, if it was used; to ten minutes after a crash. */
  public Optional<Instant> lastUse(String keyId) {
    return Optional.ofNullable(uses.get(keyId));
  }

  /** Appends steps. Called with the lock held, so that the journal's order is the memory's. */
  private CompletableFuture<?> append(List<Step> steps) {
    if (journal.hasGrown(0) || !clock.instant().isBefore(compactedAt.plus(COMPACT_EVERY))) {
      boolean _ = compact();
    }
    return journal.append(steps);
  }

  /** Whether a tenant has as many as it may: none can before there are so many of all. */
  private boolean hasItsShare(@Nullable TenantId tenant) {
    int most = TenantQuota.SESSIONS.most();
    if (tenant == null || sessions.size() < most) {
      return false;
    }
    Instant now = clock.instant();
    return sessions.values().stream()
            .filter(one -> tenant.equals(one.subject().tenant()) && !one.isOver(now))
            .count()
        >= most;
  }

  private void sweep() {
    Instant now = clock.instant();
    if (sessions.size() >= MAX_SESSIONS / 2) {
      sessions.values().removeIf(session -> session.isOver(now));
    }
  }

  /**
   * Writes what is not over anew, in new files, then lets go of the old ones. Returns whether the
   * old ones are gone.
   */
  private boolean compact() {
    Instant now = clock.instant();
    sessions.values().removeIf(session -> session.isOver(now));
    origins.values().removeIf(until -> !now.isBefore(until));
    compactedAt = now;
    try {
      List<Step> steps = new ArrayList<>();
      sessions.values().forEach(session -> steps.add(new Step.Began(session)));
      durableUses.forEach((key, at) -> steps.add(new Step.Used(key, at)));
      journal.compactAndErase(steps);
      return true;
    } catch (IOException | JournalUnavailableException e) {
      LOG.warn("sessions that are over stay in their journal for now", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
