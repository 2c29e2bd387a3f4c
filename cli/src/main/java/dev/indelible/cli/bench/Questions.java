package dev.indelible.cli.bench;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the same kinds of questions many times, each with other values, and times the answers. It
 * asks by keys of the tenants, as their people and products do: what the operator reads is recorded
 * before it is answered.
 */
final class Questions {

  private static final int BAD_REQUEST = 400;
  private static final int WARM_UP = 20;
  private static final int REPETITIONS = 400;
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final Pattern COUNT = Pattern.compile("^\\{\"count\":(\\d+)");
  private static final Pattern SECRET = Pattern.compile("\"secret\":\"([^\"]+)\"");
  private static final Pattern ROW = Pattern.compile("\"recorded_at\":");

  /** Kind of question: a path, with values that differ each time. */
  private enum Kind {
    NEWEST("newest 100, tenants by size") {
      @Override
      String path(SplittableRandom random, TenantMix mix) {
        return events(mix.pick(random), "");
      }
    },
    NEWEST_LARGEST("newest 100, largest tenant") {
      @Override
      String path(SplittableRandom random, TenantMix mix) {
        return events(0, "");
      }
    },
    LATEST("last 100 that happened, tenants by size") {
      @Override
      String path(SplittableRandom random, TenantMix mix) {
        return events(mix.pick(random), "") + BY_OCCURRENCE;
      }
    },
    LATEST_LARGEST("last 100 that happened, largest tenant") {
      @Override
      String path(SplittableRandom random, TenantMix mix) {
        return events(0, "") + BY_OCCURRENCE;
      }
    },
    ACTION("newest 100 of an action") {
      @Override
      String path(SplittableRandom random, TenantMix mix) {
        String action = EventTemplates.ACTIONS[random.nextInt(EventTemplates.ACTIONS.length)];
        return events(0, "action:" + action);
      }
    },
    ACTOR("newest 100 of an actor") {
      @Override
      String path(SplittableRandom random, TenantMix mix) {
        return events(0, "actor:u_" + (1_000 + random.nextInt(EventTemplates.USERS)));
      }
    },
    TEXT("newest 100 with a rare word") {
      @Override
      String path(SplittableRandom random, TenantMix mix) {
        return events(
            0,
            EventTemplates.RARE_WORD
                + " actor:u_"
                + (1_000 + random.nextInt(EventTemplates.USERS)));
      }
    },
    ADDRESS("newest 100 of an address range") {
      @Override
      String path(SplittableRandom random, TenantMix mix) {
        return events(
            0, "ip:" + (81 + random.nextInt(16)) + "." + random.nextInt(16) * 16 + ".0.0/12");
      }
    },
    HISTOGRAM("histogram by day and category") {
      @Override
      String path(SplittableRandom random, TenantMix mix) {
        return tenant(0) + "/histogram?interval=day&by=category";
      }
    },
    FACETS("facets, five fields") {
      @Override
      String path(SplittableRandom random, TenantMix mix) {
        return tenant(0) + "/facets?fields=action,category,outcome,actor_id,country";
      }
    };

    private static final String BY_OCCURRENCE = "&order=-occurred";

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    abstract String path(SplittableRandom random, TenantMix mix);

    private static String tenant(int tenant) {
      return "/v1/tenants/" + TenantMix.name(tenant);
    }

    private static String events(int tenant, String query) {
      return tenant(tenant)
          + "/events?limit=100"
          + (query.isEmpty() ? "" : "&q=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    }
  }

  private final Target target;
  private final SplittableRandom random;
  private final TenantMix mix = new TenantMix(Plan.TENANTS);
  private final Map<String, String> keys = new HashMap<>();

  Questions(Target target, long seed) {
    this.target = target;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Every kind that the server knows, one after the other on one connection: a build of before a
   * kind was there refuses it.
   */
  List<Report.Query> askAll() throws IOException {
    List<Report.Query> answers = new ArrayList<>();
    try (KeepAliveConnection connection = new KeepAliveConnection(target)) {
      for (Kind kind : Kind.values()) {
        if (!isKnown(connection, kind)) {
          continue;
        }
        ask(connection, kind, WARM_UP, MAX_NANOS, 0);
        answers.add(ask(connection, kind, REPETITIONS, MAX_NANOS, 0).named(kind.title));
      }
    }
    return answers;
  }

  private boolean isKnown(KeepAliveConnection connection, Kind kind) throws IOException {
    String path = kind.path(random, mix);
    connection.show(key(path.split("/", 5)[3]));
    return connection.get(path) != BAD_REQUEST;
  }

  /** The newest of tenants chosen by size, over and over with pauses, for that long. */
  Report.Query askNewest(String name, long nanos, long pauseMillis) throws IOException {
    try (KeepAliveConnection connection = new KeepAliveConnection(target)) {
      return ask(connection, Kind.NEWEST, Integer.MAX_VALUE, nanos, pauseMillis).named(name);
    }
  }

  private record Asked(double rows, Latencies latencies) {
    Report.Query named(String name) {
      return new Report.Query(name, rows, latencies.summary());
    }
  }

  private Asked ask(
      KeepAliveConnection connection, Kind kind, int times, long maxNanos, long pauseMillis)
      throws IOException {
    Latencies latencies = new Latencies();
    long rows = 0;
    int asked = 0;
    long start = System.nanoTime();
    while (asked < times && System.nanoTime() - start < maxNanos) {
      String path = kind.path(random, mix);
      connection.show(key(path.split("/", 5)[3]));
      long before = System.nanoTime();
      int status = connection.get(path);
      latencies.add(System.nanoTime() - before);
      asked++;
      if (status != 200) {
        throw new IOException("%s was answered %d: %s".formatted(path, status, connection.body()));
      }
      rows += rows(connection.body());
      java.util.concurrent.locks.LockSupport.parkNanos(pauseMillis * 1_000_000);
    }
    return new Asked(rows / (double) Math.max(1, asked), latencies);
  }

  /** A key of the tenant that reads, made when it is first needed. */
  private String key(String tenant) throws IOException {
    String known = keys.get(tenant);
    if (known != null) {
      return known;
    }
    try (KeepAliveConnection operator = new KeepAliveConnection(target)) {
      operator
          .post("/v1/tenants/" + tenant + "/keys")
          .add(
              "{\"name\":\"bench\",\"scopes\":[\"events.read\"]}"
                  .getBytes(StandardCharsets.US_ASCII));
      int status = operator.send();
      Matcher secret = SECRET.matcher(operator.body());
      if (status != 201 || !secret.find()) {
        throw new IOException("a key could not be made: " + operator.body());
      }
      keys.put(tenant, secret.group(1));
      return secret.group(1);
    }
  }

  private static long rows(String body) {
    Matcher count = COUNT.matcher(body);
    return count.find() ? Long.parseLong(count.group(1)) : ROW.matcher(body).results().count();
  }
}
