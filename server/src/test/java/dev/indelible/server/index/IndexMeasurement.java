package dev.indelible.server.index;

import static dev.indelible.server.index.Indexables.apply;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.Place;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.QueryProblem;
import dev.indelible.server.query.TenantScope;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measures the index with synthetic events of about 700 bytes of JSON in 1,000 tenants (Zipf). Not
 * a test: run {@link #main} without assertions, with the number of events.
 */
final class IndexMeasurement {

  private static final int TENANTS = 1_000;
  private static final int BATCH = 2_000;
  private static final int REFRESH_EVERY = 60_000;
  private static final int COMMIT_EVERY = 600_000;
  private static final int IMPORTED = 1_000_000;
  private static final Instant START = Instant.parse("2026-08-01T00:00:00Z");
  private static final String[] VERBS = {"created", "updated", "deleted", "viewed", "exported"};
  private static final String[] THINGS = {"user", "ticket", "macro", "api_key", "role", "report"};
  private static final String[] WORDS = {
    "quota",
    "exceeded",
    "customer",
    "asked",
    "for",
    "the",
    "change",
    "by",
    "mail",
    "renewal",
    "contract",
    "urgent",
    "migration",
    "cleanup",
    "duplicate",
    "merged"
  };
  private static final String[] AGENTS = new String[40];

  private final RandomGenerator random =
      RandomGeneratorFactory.of("L64X128MixRandom").create(20_261_120);
  private final double[] cumulated = new double[TENANTS];
  private final long[] nextSeq = new long[TENANTS];
  private final TenantId[] names = new TenantId[TENANTS];

  private IndexMeasurement() {
    double sum = 0;
    for (int i = 0; i < TENANTS; i++) {
      sum += 1.0 / (i + 1);
      cumulated[i] = sum;
      names[i] = new TenantId("tenant-" + i);
    }
    for (int i = 0; i < AGENTS.length; i++) {
      AGENTS[i] =
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/"
              + (100 + i)
              + ".0.0.0 Safari/537.36";
    }
  }

  /** Takes the number of events, and the directory to write to. */
  public static void main(String[] arguments) throws IOException {
    int events = Integer.parseInt(arguments[0]);
    new IndexMeasurement().run(events, Path.of(arguments[1]));
  }

  private void run(int events, Path directory) throws IOException {
    Files.createDirectories(directory);
    try (EventIndex index = LuceneIndex.create(directory)) {
      feed(index, events);
      queries(index);
      importOld(index);
      print(
          "after an import of %,d events of the two years before, in no order".formatted(IMPORTED));
      for (String query : List.of("", "actor:u_0", "outcome:failure", "quota exceeded")) {
        measure(index, 0, query);
      }
      deepPage(index);
    }
  }

  /** Old events of the largest tenant, recorded now. */
  private void importOld(EventIndex index) throws IOException {
    Instant now = START.plusMillis(10_000_000_000L);
    for (int done = 0; done < IMPORTED; done += BATCH) {
      List<Entry> batch = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++) {
        Entry old = entry(0, START.minusSeconds(1 + random.nextLong(63_000_000)));
        batch.add(
            new Entry(
                old.tenant(), old.seq(), old.id(), now, old.event(), old.classification(), false));
      }
      apply(index, batch);
      if ((done + BATCH) % REFRESH_EVERY == 0) {
        index.refresh();
      }
    }
    index.refresh();
  }

  /**
   * Measures a page in the middle of the import, where each block has entries on both sides of the
   * page.
   */
  private void deepPage(EventIndex index) throws IOException {
    Place middle = new Place(START.minusSeconds(31_500_000).toEpochMilli(), 0);
    double millis = 0;
    for (int i = 0; i < 20; i++) {
      try (CompiledQuery query = index.compile(scope(0), Filter.all(), () -> false)) {
        long start = System.nanoTime();
        query.page(Order.LATEST_OCCURRED_FIRST, middle, 100);
        millis = (System.nanoTime() - start) / 1e6;
      }
    }
    print("  a page by occurrence in the middle of it %.2f ms".formatted(millis));
  }

  private void feed(EventIndex index, int events) throws IOException {
    long wall = 0;
    long cpuOfGenerator = 0;
    long cpuBefore = processCpu();
    for (int done = 0; done < events; done += BATCH) {
      long generatorStart = processCpu();
      List<Entry> batch = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++) {
        batch.add(entry(START.plusMillis((done + i) * 10_000_000_000L / events)));
      }
      cpuOfGenerator += processCpu() - generatorStart;
      long start = System.nanoTime();
      apply(index, batch);
      if ((done + BATCH) % REFRESH_EVERY == 0) {
        index.refresh();
      }
      if ((done + BATCH) % COMMIT_EVERY == 0) {
        index.commit(new Position(done));
      }
      wall += System.nanoTime() - start;
    }
    long start = System.nanoTime();
    index.refresh();
    index.commit(new Position(events));
    wall += System.nanoTime() - start;
    print(
        "events %,d, wall %.1f s, %,.0f events/s"
            .formatted(events, wall / 1e9, events / (wall / 1e9)));
    // While the generator runs merges run too, so this is the least it can have been.
    long cpu = processCpu() - cpuBefore;
    print(
        "CPU %.2f us/event with generator, generator at most %.2f us/event"
            .formatted(cpu / 1e3 / events, cpuOfGenerator / 1e3 / events));
    IndexStats stats = index.stats();
    print(
        "%,d bytes, %.1f bytes/event, %d segments"
            .formatted(stats.bytes(), (double) stats.bytes() / events, stats.segments()));
  }

  private void queries(EventIndex index) throws IOException {
    for (int tenant : new int[] {0, 10, 500}) {
      print("tenant %d with %,d entries".formatted(tenant, nextSeq[tenant]));
      for (String query :
          List.of(
              "",
              "actor:u_0",
              "action:ticket.deleted",
              "action:ticket.*",
              "outcome:failure",
              "-outcome:success actor_type:user",
              "quota exceeded",
              "quot*",
              "a*",
              "actor:u_1*",
              "ip:10.1.0.0/16",
              "target:ticket/4711",
              "after:2026-10-01 before:2026-10-02",
              "after:2026-10-01 before:2026-10-02 outcome:failure",
              "country:DE,FR role:agent",
              "nosuchword",
              "(quota OR urgent) -action:user.*")) {
        measure(index, tenant, query);
      }
      histogram(index, tenant);
    }
  }

  private void measure(EventIndex index, int tenant, String text) throws IOException {
    Filter filter =
        switch (QueryParser.parse(text, START)) {
          case ParsedQuery.Valid(Filter valid) -> valid;
          case QueryProblem problem -> throw new IllegalArgumentException(problem.toString());
        };
    // In turns: whatever else the machine does is shared by both.
    List<Order> orders = List.of(Order.NEWEST_FIRST, Order.LATEST_OCCURRED_FIRST);
    long[][] nanos = new long[2][400];
    long found = 0;
    long[] looked = new long[2];
    for (int i = -200; i < nanos[0].length; i++) {
      for (int o = 0; o < 2; o++) {
        long start = System.nanoTime();
        try (CompiledQuery query = index.compile(scope(tenant), filter, () -> false)) {
          found = query.first(orders.get(o), 100).length;
          if (i >= 0) {
            nanos[o][i] = System.nanoTime() - start;
          }
          looked[o] = ((LuceneQuery) query).looked();
        }
      }
    }
    long count;
    long start = System.nanoTime();
    try (CompiledQuery query = index.compile(scope(tenant), filter, () -> false)) {
      count = query.count();
    }
    double countMillis = (System.nanoTime() - start) / 1e6;
    Arrays.sort(nanos[0]);
    Arrays.sort(nanos[1]);
    print(
        "  %-52s page of %3d: p50 %.3f p99 %.3f ms (%,d documents); by occurrence p50 %.3f p99 %.3f ms (%,d); count %,d in %.2f ms"
            .formatted(
                text,
                found,
                nanos[0][200] / 1e6,
                nanos[0][396] / 1e6,
                looked[0],
                nanos[1][200] / 1e6,
                nanos[1][396] / 1e6,
                looked[1],
                count,
                countMillis));
  }

  private void histogram(EventIndex index, int tenant) throws IOException {
    Histogram request =
        new Histogram(
            Histogram.Interval.DAY,
            ZoneOffset.UTC,
            START,
            Instant.parse("2026-12-01T00:00:00Z"),
            FacetField.CATEGORY);
    double[] millis = new double[2];
    for (int i = 0; i < 30; i++) {
      try (CompiledQuery query = index.compile(scope(tenant), Filter.all(), () -> false)) {
        long start = System.nanoTime();
        query.histogram(request);
        long middle = System.nanoTime();
        query.facets(List.of(FacetField.values()), 20, "");
        millis[0] = (middle - start) / 1e6;
        millis[1] = (System.nanoTime() - middle) / 1e6;
      }
    }
    print(
        "  histogram by day and category %.2f ms, all 12 facets %.2f ms"
            .formatted(millis[0], millis[1]));
  }

  private TenantScope scope(int tenant) {
    return new TenantScope(names[tenant], Optional.empty(), Set.of(), Filter.all());
  }

  private Entry entry(Instant at) {
    int tenant = Arrays.binarySearch(cumulated, random.nextDouble() * cumulated[TENANTS - 1]);
    return entry(tenant < 0 ? -tenant - 1 : tenant, at);
  }

  private Entry entry(int tenant, Instant at) {
    String thing = one(THINGS);
    String verb = one(VERBS);
    int person = random.nextInt(20 + 2000 / (tenant + 1));
    String id = "u_" + person;
    String email = "person" + person + "@tenant" + tenant + ".test";
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put("source", "web").put("batch", random.nextInt(1000)).put("note", one(WORDS));
    boolean changed = verb.equals("updated");
    Event event =
        new Event(
            null,
            null,
            one("eu", "us", "apac"),
            at,
            thing + "." + verb,
            new Event.Actor(
                random.nextInt(10) == 0 ? Event.ActorType.API_CLIENT : Event.ActorType.USER,
                id,
                "Person " + person,
                email,
                List.of(person % 5 == 0 ? "tenant_admin" : "agent"),
                List.of("users.manage"),
                null),
            List.of(
                new Event.Target(
                    thing, String.valueOf(random.nextInt(1_000_000)), "Name " + one(WORDS), null)),
            random.nextInt(20) == 0 ? Event.Outcome.FAILURE : Event.Outcome.SUCCESS,
            random.nextInt(20) == 0 ? "quota exceeded" : null,
            changed
                ? List.of(
                    new Event.Change(
                        "status",
                        JsonNodeFactory.instance.stringNode(one(WORDS)),
                        JsonNodeFactory.instance.stringNode(one(WORDS))))
                : List.of(),
            random.nextInt(3) == 0
                ? String.join(" ", one(WORDS), one(WORDS), one(WORDS), one(WORDS), one(WORDS))
                : null,
            new Event.Context(
                "10." + tenant % 256 + "." + person % 7 + "." + person % 250,
                new Event.Location(one("DE", "FR", "US", "JP", "BR"), "Region", "City", 1.0, 2.0),
                AGENTS[person % AGENTS.length],
                "s" + tenant + "x" + person + "x" + random.nextInt(50),
                new UUID(random.nextLong(), random.nextLong()).toString(),
                null),
            details);
    Classification classification =
        new Classification(
            thing.equals("user") ? "permission" : "data", verb, verb.equals("deleted"), List.of());
    String entryId =
        new UUID(at.toEpochMilli() << 16 | 0x7000 | random.nextInt(4096), random.nextLong())
            .toString();
    return new Entry(names[tenant], nextSeq[tenant]++, entryId, at, event, classification, false);
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  private static long processCpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
