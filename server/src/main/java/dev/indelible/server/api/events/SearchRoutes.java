package dev.indelible.server.api.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.ListedNames;
import dev.indelible.server.http.EventStream;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.index.CompiledQuery;
import dev.indelible.server.index.Facet;
import dev.indelible.server.index.FacetField;
import dev.indelible.server.index.Histogram;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Hints;
import dev.indelible.server.search.Search;
import dev.indelible.server.search.Tail;
import dev.indelible.server.takeout.EntryWriter;
import dev.indelible.server.takeout.ShownEntries;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Reading a tenant's entries: pages, one entry, histogram, facets, tail. */
public final class SearchRoutes {

  /** How many values a facet has unless told otherwise. */
  static final int DEFAULT_FACET_VALUES = 10;

  /** The longest time that a histogram covers when no time is asked for. */
  static final Duration DEFAULT_HISTOGRAM = Duration.ofDays(30);

  /** The most actors that the beginning of a name finds beside those whose ids begin so. */
  static final int MAX_NAMED_ACTORS = 10;

  /** Bytes of a page that are not of its entries, at most, where there are no hints. */
  private static final int PAGE_FRAME_BYTES = 256;

  private static final Duration TAIL_PATIENCE = Duration.ofMillis(500);
  private static final List<String> INTERVALS = List.of("minute", "hour", "day", "week", "month");

  private final Callers callers;
  private final Search search;
  private final Hints hints;
  private final Tail tail;
  private final EntryWriter entries;
  private final ShownEntries shown;
  private final AccessRecording recording;
  private final InstantSource clock;

  /** Dependencies of the program that the routes answer from. */
  public record Dependencies(
      Search search,
      Tail tail,
      EntryWriter entries,
      ShownEntries shown,
      AccessRecording recording,
      InstantSource clock) {}

  public SearchRoutes(Callers callers, Dependencies dependencies) {
    this.callers = callers;
    this.entries = dependencies.entries();
    this.shown = dependencies.shown();
    this.search = dependencies.search();
    this.hints = new Hints(dependencies.search(), dependencies.clock());
    this.tail = dependencies.tail();
    this.recording = dependencies.recording();
    this.clock = dependencies.clock();
  }

  public List<Route> routes() {
    String tenant = "/v1/tenants/{tenant}";
    return List.of(
        new Route(
            "GET",
            tenant + "/events",
            "searchEvents",
            List.of("q", "from", "to", "zone", "limit", "cursor", "order"),
            this::page),
        new Route("GET", tenant + "/events/{id}", "getEvent", this::entry),
        new Route(
            "GET",
            tenant + "/histogram",
            "getHistogram",
            List.of("q", "from", "to", "zone", "interval", "by", "begin"),
            this::histogram),
        new Route(
            "GET",
            tenant + "/facets",
            "getFacets",
            List.of("q", "from", "to", "zone", "fields", "limit", "prefix", "names"),
            this::facets),
        new Route(
            "GET",
            tenant + "/tail",
            "tailEvents",
            List.of("q", "from", "zone", "after_seq"),
            this::tail));
  }

  private void page(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    TenantScope scope = allowed.scope();
    Order order = Questions.order(exchange);
    int limit = exchange.query().integer("limit", 1, Search.MAX_PAGE, Search.DEFAULT_PAGE);
    String cursor = exchange.query().text("cursor").orElse(null);
    Page page =
        page(allowed, new Search.Wanted(Questions.question(exchange), order, limit, cursor));
    recording.searched(exchange, allowed, page.entries().size());
    List<Hints.Hint> known =
        page.entries().isEmpty() ? hints.of(scope, Questions.question(exchange)) : List.of();
    long bytes = PAGE_FRAME_BYTES + page.entries().stream().mapToLong(one -> 1L + one.length).sum();
    try (OutputStream out = exchange.respondStream(200, "application/json", bytes)) {
      out.write(ascii("{\"entries\":["));
      boolean first = true;
      for (byte[] entry : page.entries()) {
        if (!first) {
          out.write(',');
        }
        first = false;
        out.write(entry);
      }
      out.write(ascii("],\"next_cursor\":"));
      String next = page.listing().next();
      out.write(ascii(next == null ? "null" : "\"" + next + "\""));
      OptionalLong through = page.listing().indexedThrough();
      out.write(
          ascii(
              ",\"indexed_through\":"
                  + (through.isPresent() ? Long.toString(through.getAsLong()) : "null")));
      if (!known.isEmpty()) {
        out.write((",\"hints\":" + HintsJson.of(known)).getBytes(UTF_8));
      }
      out.write('}');
    }
  }

  /** A page with the JSON of its entries, those that were purged left out. */
  private record Page(Search.Listing listing, List<byte[]> entries) {}

  /** Answers from memory on this thread where it can, and in the caller's turn where not. */
  private Page page(Callers.Allowed allowed, Search.Wanted wanted) throws IOException {
    TenantScope scope = allowed.scope();
    Optional<Search.Listing> found =
        callers.readAtOnce(allowed, () -> search.findAtOnce(scope, wanted));
    Optional<Page> inMemory =
        found.flatMap(
            listing -> shown.inMemory(scope, listing.seqs()).map(all -> new Page(listing, all)));
    if (inMemory.isPresent()) {
      return inMemory.get();
    }
    return callers.read(
        allowed,
        () -> {
          Search.Listing listing = found.isPresent() ? found.get() : search.find(scope, wanted);
          return new Page(listing, shown.read(scope, listing.seqs()));
        });
  }

  private void entry(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    TenantScope scope = allowed.scope();
    Found entry =
        callers
            .read(allowed, () -> search.entry(scope, exchange.pathParameter("id")))
            .orElseThrow(
                () -> new ProblemException(404, "not_found", "There is no entry of this id."));
    recording.entry(exchange, allowed, entry.shown());
    try (OutputStream out = exchange.respondStream(200, "application/json")) {
      entries.write(entry, out);
    }
  }

  private void histogram(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    TenantScope scope = allowed.scope();
    Instant now = clock.instant();
    Search.Question question = Questions.question(exchange).at(now);
    Instant to = question.to() != null ? question.to() : now.plusMillis(1);
    // Where the drawing begins is not what is asked for, and so no look of its own.
    Instant begin = exchange.query().instant("begin").orElse(to.minus(DEFAULT_HISTOGRAM));
    Instant from = question.from() != null ? question.from() : begin;
    if (!from.isBefore(to)) {
      throw ProblemException.invalidParameter(
          question.from() != null ? "from" : "begin", "It must be before to.");
    }
    exchange.query().text("by").ifPresent(by -> requireShown(scope, splitField(by)));
    String interval = exchange.query().choice("interval", INTERVALS, interval(from, to));
    Histogram request;
    try {
      request =
          new Histogram(
              Histogram.Interval.valueOf(interval.toUpperCase(Locale.ROOT)),
              question.zone(),
              from,
              to,
              exchange.query().text("by").map(SearchRoutes::splitField).orElse(null));
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalidParameter(
          "interval", "It makes " + e.getMessage() + " of this time; choose a longer one.");
    }
    Search.Counted<List<Histogram.Bucket>> counted =
        callers.read(
            allowed,
            () ->
                search.histogram(
                    scope,
                    new Search.Question(question.query(), from, to, question.zone()),
                    request));
    FacetField by = request.split();
    boolean listsNames = by != null && ListedNames.in(List.of(by));
    recording.counted(exchange, allowed, new AccessRecording.Counts(counted.count(), listsNames));
    exchange.respondJson(200, json -> writeHistogram(json, interval, question.zone(), counted));
  }

  /** The interval that gives a few dozen to a few hundred buckets. */
  private static String interval(Instant from, Instant to) {
    Duration span = Duration.between(from, to);
    if (span.compareTo(Duration.ofHours(6)) <= 0) {
      return "minute";
    }
    if (span.compareTo(Duration.ofDays(8)) <= 0) {
      return "hour";
    }
    return span.compareTo(Duration.ofDays(400)) <= 0
        ? "day"
        : span.compareTo(Duration.ofDays(3_000)) <= 0 ? "week" : "month";
  }

  private static void writeHistogram(
      JsonGenerator json,
      String interval,
      ZoneId zone,
      Search.Counted<List<Histogram.Bucket>> counted) {
    json.writeStartObject();
    json.writeNumberProperty("count", counted.count());
    json.writeStringProperty("interval", interval);
    json.writeStringProperty("zone", zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId());
    json.writeArrayPropertyStart("buckets");
    for (Histogram.Bucket bucket : counted.answer()) {
      json.writeStartObject();
      json.writeStringProperty("start", Rfc3339.format(bucket.start()));
      json.writeNumberProperty("count", bucket.count());
      if (!bucket.split().isEmpty()) {
        json.writeObjectPropertyStart("by");
        bucket.split().forEach(json::writeNumberProperty);
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    writeIndexedThrough(json, counted.indexedThrough());
    json.writeEndObject();
  }

  private void facets(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    TenantScope scope = allowed.scope();
    int limit =
        exchange.query().integer("limit", 1, CompiledQuery.MAX_FACET_VALUES, DEFAULT_FACET_VALUES);
    List<String> names = exchange.query().list("fields", FacetField.values().length);
    List<FacetField> fields = new ArrayList<>();
    for (String name : names) {
      fields.add(facetField("fields", name));
    }
    if (fields.isEmpty()) {
      Arrays.stream(FacetField.values())
          .filter(field -> !isWithheld(scope, field))
          .forEach(fields::add);
    }
    fields.forEach(field -> requireShown(scope, field));
    String prefix = exchange.query().text("prefix").orElse("");
    Search.Counted<List<Facet>> counted =
        callers.read(
            allowed,
            () -> search.facets(scope, Questions.question(exchange), fields, limit, prefix));
    boolean wantsNames = exchange.query().flag("names", false);
    List<Search.Named> named = new ArrayList<>();
    int actors = fields.indexOf(FacetField.ACTOR_ID);
    if (actors >= 0 && wantsNames) {
      List<Facet.Value> busiest =
          counted.answer().get(actors).values().stream().limit(MAX_NAMED_ACTORS).toList();
      named.addAll(callers.read(allowed, () -> search.named(scope, busiest)));
    }
    if (actors >= 0 && !prefix.isEmpty()) {
      int most = Math.min(limit, MAX_NAMED_ACTORS);
      named.addAll(
          callers.read(
              allowed,
              () -> search.actorsNamed(scope, Questions.question(exchange), prefix, most)));
    }
    boolean listsNames =
        ListedNames.in(fields)
            && !ListedNames.isOfOverview(
                new ListedNames.Listing(fields, AccessRecording.filter(exchange)));
    recording.counted(exchange, allowed, new AccessRecording.Counts(counted.count(), listsNames));
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeNumberProperty("count", counted.count());
          json.writeObjectPropertyStart("facets");
          for (Facet facet : counted.answer()) {
            writeFacet(json, facet, facet.field() == FacetField.ACTOR_ID ? named : List.of());
          }
          json.writeEndObject();
          json.writeObjectPropertyStart("distinct");
          for (Facet facet : counted.answer()) {
            json.writeNumberProperty(name(facet.field()), facet.distinct());
          }
          json.writeEndObject();
          writeIndexedThrough(json, counted.indexedThrough());
          json.writeEndObject();
        });
  }

  private boolean isWithheld(TenantScope scope, FacetField field) {
    return (field == FacetField.COUNTRY && !scope.seesPersonal())
        || (field == FacetField.ACTOR_ID && !search.seesActors(scope));
  }

  private void requireShown(TenantScope scope, FacetField field) {
    if (isWithheld(scope, field)) {
      throw new ProblemException(
          403,
          "personal_withheld",
          "You may not see personal data, and so not count by it: " + name(field) + ".");
    }
  }

  /** The values of a facet, and those actors besides whose names were asked for. */
  private static void writeFacet(JsonGenerator json, Facet facet, List<Search.Named> named) {
    Map<String, String> names = new HashMap<>();
    List<Facet.Value> values = new ArrayList<>(facet.values());
    for (Search.Named actor : named) {
      if (actor.name() != null) {
        names.put(actor.id(), actor.name());
      }
      Facet.Value value = new Facet.Value(actor.id(), actor.count());
      if (!values.contains(value)) {
        values.add(value);
      }
    }
    json.writeArrayPropertyStart(name(facet.field()));
    for (Facet.Value value : values) {
      json.writeStartObject();
      json.writeStringProperty("value", value.value());
      json.writeNumberProperty("count", value.count());
      String name = names.get(value.value());
      if (name != null) {
        json.writeStringProperty("name", name);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeIndexedThrough(JsonGenerator json, OptionalLong seq) {
    if (seq.isPresent()) {
      json.writeNumberProperty("indexed_through", seq.getAsLong());
    } else {
      json.writeNullProperty("indexed_through");
    }
  }

  private static String name(FacetField field) {
    return field.name().toLowerCase(Locale.ROOT);
  }

  private static FacetField splitField(String name) {
    FacetField field = facetField("by", name);
    if (!field.isSingle()) {
      throw ProblemException.invalidParameter("by", "An entry can have several of " + name + ".");
    }
    return field;
  }

  private static FacetField facetField(String parameter, String name) {
    for (FacetField field : FacetField.values()) {
      if (name(field).equals(name)) {
        return field;
      }
    }
    throw ProblemException.invalidParameter(
        parameter,
        "There are the fields "
            + String.join(", ", Arrays.stream(FacetField.values()).map(SearchRoutes::name).toList())
            + ".");
  }

  private void tail(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    TenantScope scope = allowed.scope();
    Filter filter =
        search.filter(
            scope,
            new Search.Question(
                exchange.query().text("q").orElse(""),
                exchange.query().instantUnlessAgo("from").orElse(null),
                null,
                exchange.query().zone(),
                new Search.Ago(exchange.query().ago("from").orElse(null), null)),
            clock.instant());
    long from = tailFrom(exchange, scope);
    Runnable stays = recording.searched(exchange, allowed, -1);
    EventStream stream = exchange.respondEventStream();
    stream.sendPosition(Long.toString(from - 1));
    tail.follow(
        scope,
        filter,
        from,
        entry ->
            stream.send(
                Long.toString(entry.shown().seq()),
                "entry",
                new String(entries.toBytes(entry), StandardCharsets.UTF_8)),
        () -> {
          if (!stream.isOpen() || !callers.stillMay(exchange, scope, Permission.AUDIT_VIEW)) {
            return true;
          }
          stays.run();
          return false;
        },
        new Tail.Pace(TAIL_PATIENCE, reading -> callers.readWhenFree(allowed, reading)));
  }

  /** Behind the last entry that the client has seen, or behind all that there are now. */
  private long tailFrom(Exchange exchange, TenantScope scope) throws IOException {
    Optional<String> lastEventId = exchange.header("Last-Event-ID");
    String after = lastEventId.or(() -> exchange.query().text("after_seq")).orElse("");
    long end = tail.end(scope);
    if (after.isEmpty()) {
      return end;
    }
    Long seq = parse(after);
    if (seq == null || seq < -1 || seq >= end) {
      throw ProblemException.invalidParameter(
          lastEventId.isPresent() ? "Last-Event-ID" : "after_seq",
          "It must be the sequence number of an entry, or -1 for the beginning.");
    }
    return seq + 1;
  }

  private static @Nullable Long parse(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
