package dev.indelible.server.api.caller;

import dev.indelible.mapping.form.IpLiteral;
import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Session;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.EventLimits;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.Route;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.trail.AccessTrail;
import dev.indelible.server.trail.Look;
import dev.indelible.server.trail.Naming;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells the trail of what a request reads, before it is answered. */
public record AccessRecording(AccessTrail trail) {

  private static final int MAX_USER_AGENT_LENGTH = 500;

  /** Those of {@code /v1/tenants/{tenant}}, the empty one before the first slash included. */
  private static final int TENANT_SEGMENTS = 4;

  /**
   * The time from which times of queries count to be compared: they name nobody, so that it is the
   * same for all, and is so late that there is none of which a query is answered and not compared.
   */
  private static final Instant SOME_TIME = Filter.Time.MAX;

  /** Query of the viewer unless its reader wants to see reads of the log, too. */
  static final String WITHOUT_READS = "-reads:log";

  /**
   * Paths of what is the same for all who see a tenant, and says nothing of any entry or person:
   * its name, profile and period, how it is overseen, and the log's signed size.
   */
  private static final Set<String> ON_EVERY_PAGE =
      Set.of(
          "tenant",
          "profile",
          "retention",
          "oversight",
          "log/checkpoint",
          "log/consistency",
          "log/key",
          "log/key.pem",
          "log/keys",
          "log/witnesses");

  /** Pages and tails by a query; returns what stays on record while a tail goes on. */
  public Runnable searched(Exchange exchange, Callers.Allowed allowed, long results) {
    Naming naming = naming(exchange, allowed);
    Look look = searched(exchange, filter(exchange), results);
    trail.record(allowed.caller(), allowed.tenant(), look, naming);
    return () -> trail.stays(allowed.caller(), allowed.tenant(), naming);
  }

  /**
   * Counts by a query, which show nothing of any entry.
   *
   * @param count how many entries they are of
   * @param listsNames whether the answer lists those who are found
   */
  public record Counts(long count, boolean listsNames) {}

  /** Counts by a query. */
  public void counted(Exchange exchange, Callers.Allowed allowed, Counts counts) {
    Naming.Figures figures = new Naming.Figures(naming(exchange, allowed), counts.listsNames());
    Look look = searched(exchange, filter(exchange), counts.count());
    trail.recordFigures(allowed.caller(), allowed.tenant(), look, figures);
  }

  /** Entries by a query that is not the request's. */
  public void searched(Exchange exchange, Callers.Allowed allowed, String filter, long results) {
    record(allowed, searched(exchange, filter, results));
  }

  private static Look searched(Exchange exchange, String filter, long results) {
    return new Look(
        filter.isEmpty() || filter.equals(WITHOUT_READS) ? Look.Kind.VIEWED : Look.Kind.SEARCHED,
        filter,
        null,
        results,
        origin(exchange));
  }

  /** Names in the request's query, where a session asks: a program's counts are no parts. */
  private static Naming naming(Exchange exchange, Callers.Allowed allowed) {
    if (allowed.caller().session() == null) {
      return Naming.NONE;
    }
    String query = exchange.query().text("q").orElse("");
    return QueryParser.parse(query, SOME_TIME, ZoneOffset.UTC, QueryParser.Reading.ASKED)
            instanceof ParsedQuery.Valid(Filter filter)
        ? Naming.of(filter, bounds(exchange))
        : Naming.ofThing(Set.of(query)); // no part of anything
  }

  /** One entry. */
  public void entry(Exchange exchange, Callers.Allowed allowed, Entry entry) {
    Look look = new Look(Look.Kind.ENTRY_VIEWED, "", entry.id(), 1, origin(exchange));
    trail.record(allowed.caller(), allowed.tenant(), look, naming(entry));
  }

  /** Names in an entry, so that how many there are of the same is part of looking at it. */
  private static Naming naming(Entry entry) {
    Event event = entry.event();
    Set<String> conditions = new HashSet<>();
    add(conditions, Field.ACTOR_ID, event.actor().id());
    for (Event.Target target : event.targets()) {
      add(conditions, Field.TARGET, target.type() + "/" + target.id());
    }
    Event.Context context = event.context();
    if (context != null) {
      add(conditions, Field.SESSION, context.sessionId());
      add(conditions, Field.REQUEST, context.requestId());
      add(conditions, Field.TRACE, context.traceId());
    }
    return Naming.ofThing(conditions);
  }

  private static void add(Set<String> conditions, Field field, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      conditions.add(Filter.term(field, value).toQuery());
    }
  }

  /**
   * Records what a request reads that records nothing more precise: when a guest asks, since all
   * that guests read is recorded. That they came in, which is recorded, says already that they see
   * what every page shows of the tenant.
   */
  void settings(Exchange exchange, Caller caller, Tenant tenant) {
    if (AccessTrail.isGuest(caller) && !ON_EVERY_PAGE.contains(path(exchange))) {
      record(
          caller,
          tenant,
          new Look(Look.Kind.SETTINGS_VIEWED, "", path(exchange), -1, origin(exchange)));
    }
  }

  /** Path within the tenant that a request is about, such as {@code holds/hold-1}. */
  private static String path(Exchange exchange) {
    Route route = Objects.requireNonNull(exchange.route());
    String path =
        Arrays.stream(route.pathTemplate().split("/", -1))
            .skip(TENANT_SEGMENTS)
            .map(
                part ->
                    part.startsWith("{")
                        ? exchange.pathParameter(part.substring(1, part.length() - 1))
                        : part)
            .collect(Collectors.joining("/"));
    return path.isEmpty()
        ? "tenant"
        : path.substring(0, Math.min(path.length(), EventLimits.MAX_ID_LENGTH));
  }

  /** A proof of one entry, or, without one, the log's tiles. */
  public void verified(Exchange exchange, Callers.Allowed allowed, @Nullable Entry entry) {
    String id = entry == null ? null : entry.id();
    Look look = new Look(Look.Kind.VERIFIED, "", id, -1, origin(exchange));
    Naming naming = entry == null ? Naming.NONE : naming(entry);
    trail.record(allowed.caller(), allowed.tenant(), look, naming);
  }

  /**
   * Person who is let in.
   *
   * @param caller who does it
   * @param tenant where
   * @param user who is let in
   */
  public record About(Caller caller, Tenant tenant, Session.User user) {}

  /** Records that somebody is let in. */
  public void note(Exchange exchange, About about, String action) {
    trail.note(
        about.caller(),
        about.tenant(),
        action,
        new Event.Target("member", about.user().id(), about.user().name(), null),
        origin(exchange));
  }

  private void record(Callers.Allowed allowed, Look look) {
    record(allowed.caller(), allowed.tenant(), look);
  }

  private void record(Caller caller, Tenant tenant, Look look) {
    trail.record(caller, tenant, look);
  }

  /** Query and bounds of a request, as one text. */
  public static String filter(Exchange exchange) {
    String query = exchange.query().text("q").orElse("").strip();
    return (query + " " + String.join(" ", bounds(exchange))).strip();
  }

  /** The times beside the query, as they are written. */
  private static List<String> bounds(Exchange exchange) {
    List<String> bounds = new ArrayList<>();
    Route route = exchange.route();
    for (String bound : List.of("from", "to")) {
      if (route != null && route.queryParameters().contains(bound)) {
        exchange.query().text(bound).ifPresent(time -> bounds.add(bound + ":" + time));
      }
    }
    return bounds;
  }

  /** Origin of a request. */
  public static Look.Origin origin(Exchange exchange) {
    String address = exchange.remoteAddress();
    return new Look.Origin(
        IpLiteral.canonical(address),
        exchange
            .header("User-Agent")
            .map(text -> text.substring(0, Math.min(text.length(), MAX_USER_AGENT_LENGTH)))
            .orElse(null),
        exchange.requestId());
  }
}
