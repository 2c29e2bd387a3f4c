package dev.indelible.cli.bench;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;

/**
 * Events of a service desk with many tenants, about 718 bytes of JSON each; the same seed gives the
 * same events.
 *
 * <p>A few thousand are composed once. A sent event is a copy of one of them in which the parts
 * that differ from event to event are written anew: its id, request id, time and target. So the
 * load costs the machine little beside the server that is measured, and the index still sees as
 * many distinct terms as in life.
 */
final class EventTemplates {

  /** Composed events; a power of two. */
  static final int COUNT = 32_768;

  /** Age of the oldest event. */
  static final long SPAN_MILLIS = 30L * 24 * 60 * 60 * 1000;

  /** Users of each tenant. */
  static final int USERS = 400;

  static final String[] ACTIONS = {
    "user.login",
    "user.login",
    "user.login",
    "user.logout",
    "user.login_failed",
    "record.viewed",
    "record.viewed",
    "record.updated",
    "record.updated",
    "user.role_changed",
    "settings.updated",
    "team.updated",
    "integration.updated",
    "user.invited",
    "member.added",
    "feature.enabled"
  };

  /** A word of the free text of a few events in a hundred. */
  static final String RARE_WORD = "chargeback";

  private static final String[] FIRST = {
    "Ana", "Bo", "Chidi", "Dana", "Emre", "Farah", "Göran", "Hana", "Inés", "Jonas", "Kaito",
    "Lena", "Mira", "Noor", "Olga", "Pavel"
  };
  private static final String[] LAST = {
    "Alvarez",
    "Berg",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalski",
    "Lopez",
    "Meyer",
    "Novák",
    "Okafor",
    "Petrov"
  };
  private static final String[] AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
  };
  private static final String[] FIELDS = {"status", "priority", "role", "assignee", "locale"};
  private static final String[] VALUES = {"open", "pending", "admin", "agent", "high", "low"};
  private static final String TIME = "2026-01-01T00:00:00.000Z";
  private static final String REQUEST = "0123456789abcdef";
  private static final String TARGET = "000000";
  private static final byte[] ID_MEMBER = ascii("\"id\":\"b-");
  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

  private final byte[][] bodies = new byte[COUNT][];
  private final int[] timeAt = new int[COUNT];
  private final int[] requestAt = new int[COUNT];
  private final int[] targetAt = new int[COUNT];
  private final int[] hrefAt = new int[COUNT];
  private final long endMillis;
  private final long spread;
  private final byte[][] days;
  private final long firstDay;

  /**
   * Templates of a run.
   *
   * @param seed of everything random in them
   * @param endMillis when the newest event occurs, in milliseconds since the epoch
   * @param spread how many events the time before that is spread over
   */
  EventTemplates(long seed, long endMillis, long spread) {
    this(seed, endMillis, spread, new TenantMix(Plan.TENANTS)::pick);
  }

  /** Templates of tenants that are chosen otherwise. */
  EventTemplates(long seed, long endMillis, long spread, ToIntFunction<SplittableRandom> tenants) {
    this.endMillis = endMillis;
    this.spread = spread;
    this.firstDay = Math.floorDiv(endMillis - SPAN_MILLIS, DAY_MILLIS);
    int dayCount = (int) (Math.floorDiv(endMillis, DAY_MILLIS) - firstDay) + 1;
    this.days = new byte[dayCount][];
    for (int i = 0; i < dayCount; i++) {
      days[i] = ascii(LocalDate.ofEpochDay(firstDay + i).toString());
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < COUNT; i++) {
      byte[] body = compose(random, tenants.applyAsInt(random)).getBytes(StandardCharsets.UTF_8);
      bodies[i] = body;
      timeAt[i] = find(body, TIME, 0);
      requestAt[i] = find(body, REQUEST, 0);
      targetAt[i] = find(body, "\"id\":\"" + TARGET, 0) + 6;
      hrefAt[i] = find(body, "/" + TARGET, 0) + 1;
    }
  }

  private static String compose(SplittableRandom random, int tenant) {
    int user = Math.min(random.nextInt(USERS), random.nextInt(USERS));
    SplittableRandom person = new SplittableRandom(tenant * 100_003L + user);
    String action = ACTIONS[random.nextInt(ACTIONS.length)];
    String type = action.substring(0, action.indexOf('.'));
    String first = FIRST[person.nextInt(FIRST.length)];
    String last = LAST[person.nextInt(LAST.length)];
    String reason =
        random.nextInt(40) == 0 ? "case of a " + RARE_WORD + " by the bank" : "asked for by phone";
    String session = Long.toHexString(person.nextLong() + random.nextInt(200) | Long.MIN_VALUE);
    return """
    "tenant":"%s","account":"%s","occurred_at":"%s","action":"%s",\
    "actor":{"type":"user","id":"u_%d","name":"%s %s","email":"%s.%s%d@example.com","roles":["%s"]},\
    "targets":[{"type":"%s","id":"%s","href":"https://app.example.com/%s/%s"}],"outcome":"%s",\
    "changes":[{"field":"%s","before":"%s","after":"%s"}],"reason":"%s",\
    "context":{"ip":"%s","user_agent":"%s","session_id":"s_%s","request_id":"r_%s"},\
    "details":{"channel":"%s","duration_ms":%d,"plan":"business","attempt":%d}}"""
        .formatted(
            TenantMix.name(tenant),
            random.nextInt(3) == 0 ? "us" : "eu",
            TIME,
            action,
            1_000 + user,
            first,
            last,
            first.toLowerCase(Locale.ROOT).replace('ö', 'o').replace('é', 'e'),
            last.toLowerCase(Locale.ROOT).replace('í', 'i').replace('á', 'a'),
            user,
            user % 9 == 0 ? "tenant_admin" : "agent",
            type,
            TARGET,
            type,
            TARGET,
            random.nextInt(20) == 0 ? "failure" : "success",
            pick(FIELDS, random),
            pick(VALUES, random),
            pick(VALUES, random),
            reason,
            "%d.%d.%d.%d"
                .formatted(
                    81 + person.nextInt(16),
                    person.nextInt(256),
                    person.nextInt(256),
                    1 + random.nextInt(4)),
            AGENTS[user % AGENTS.length],
            session,
            REQUEST,
            random.nextInt(3) == 0 ? "api" : "web",
            random.nextInt(900),
            1 + random.nextInt(3));
  }

  /** Appends the event of that number. */
  void append(Bytes out, long number, boolean withId) {
    int template = (int) (number & (COUNT - 1));
    long mixed = mix(number);
    out.add((byte) '{');
    if (withId) {
      out.add(ID_MEMBER);
      int idAt = out.grow(16);
      hex(out.array(), idAt, number);
      out.add((byte) '"');
      out.add((byte) ',');
    }
    byte[] body = bodies[template];
    int at = out.grow(body.length);
    byte[] array = out.array();
    System.arraycopy(body, 0, array, at, body.length);
    time(array, at + timeAt[template], occurredAt(number));
    hex(array, at + requestAt[template], mixed);
    int target = (int) (mixed >>> 40) % 100_000;
    digits(array, at + targetAt[template], target, TARGET.length());
    digits(array, at + hrefAt[template], target, TARGET.length());
  }

  /** Events occur one after the other over the span, and from its end on at its end. */
  private long occurredAt(long number) {
    double done = Math.min(1, number / (double) spread);
    return endMillis - SPAN_MILLIS + (long) (done * SPAN_MILLIS);
  }

  private void time(byte[] array, int at, long millis) {
    long day = Math.floorDiv(millis, DAY_MILLIS);
    int ofDay = (int) (millis - day * DAY_MILLIS);
    byte[] date = days[(int) (day - firstDay)];
    System.arraycopy(date, 0, array, at, date.length);
    digits(array, at + 11, ofDay / 3_600_000, 2);
    digits(array, at + 14, ofDay / 60_000 % 60, 2);
    digits(array, at + 17, ofDay / 1000 % 60, 2);
    digits(array, at + 20, ofDay % 1000, 3);
  }

  private static void digits(byte[] array, int at, int value, int width) {
    int left = value;
    for (int i = at + width - 1; i >= at; i--) {
      array[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  private static void hex(byte[] array, int at, long value) {
    for (int i = 0; i < 16; i++) {
      array[at + i] = HEX[(int) (value >>> (60 - 4 * i)) & 0xf];
    }
  }

  /** The finaliser of SplitMix64: neighbours get numbers that have nothing in common. */
  private static long mix(long number) {
    long z = number + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static String pick(String[] from, SplittableRandom random) {
    return from[random.nextInt(from.length)];
  }

  private static int find(byte[] in, String what, int from) {
    int at = new String(in, StandardCharsets.ISO_8859_1).indexOf(what, from);
    if (at < 0) {
      throw new IllegalStateException("no " + what + " in a template");
    }
    return at;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
