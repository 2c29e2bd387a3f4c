package dev.indelible.server.query;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.RecordedBy;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Entries at random, of so few different words that filters of the same words often match. */
public final class RandomEntries {

  /** The time around which entries occur. */
  public static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  static final List<String> IDS =
      List.of(
          "u_7",
          "U_7",
          "ana",
          "Ana",
          "42",
          "4",
          "a/b",
          "ticket/42",
          "工単",
          "key-3",
          "x*y",
          "0199a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5b",
          "0199a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5c",
          "4bf92f3577b34da6a3ce929d0e0e4736",
          "4bf92f3577b34da6a3ce929d0e0e4737",
          "4BF92F3577B34DA6A3CE929D0E0E4736");
  static final List<String> NAMES =
      List.of(
          "Ana",
          "José Núñez",
          "jose",
          "Straße",
          "STRASSE",
          "İstanbul",
          "istanbul",
          "محمد أحمد",
          "田中太郎",
          "田中",
          "太郎",
          "ana@acme.test",
          "ANA@ACME.TEST",
          "Ana B",
          "Ωmega Ὀδυσσεύς");
  static final List<String> TEXTS =
      List.of(
          "ticket 4711",
          "role_changed by hand",
          "東京都庁舎に行きました",
          "ａｂｃ full width",
          "naïve café",
          "a-b c_d e.f",
          "سلام عليكم",
          "สวัสดี ครับ",
          "foo \"bar\" \\ baz",
          "x".repeat(80),
          "٤٢ answers",
          "-7d",
          "don't",
          "한국어 감사",
          "Ω ς σ");
  static final List<String> ACTIONS =
      List.of("user.role_changed", "user.created", "session.login", "export.started", "user.a:b");
  static final List<String> CATEGORIES = List.of("permission", "authentication", "data");
  static final List<String> TYPES = List.of("ticket", "user", "repo/file");
  static final List<String> ROLES = List.of("tenant_admin", "agent", "Admin", "admin");
  static final List<String> ACCOUNTS = List.of("eu", "us", "Eu");
  static final List<String> COUNTRIES = List.of("DE", "JP", "BR");
  static final List<String> FIELDS = List.of("role", "role.name", "settings", "名前");
  static final List<String> FLAGS = List.of("late", "unknown_action");
  static final List<String> MODELS = List.of("acme-large-3", "acme-small", "Acme Large");
  static final List<String> IPS =
      List.of("203.0.113.9", "203.0.113.200", "198.51.100.1", "2001:db8::1", "2001:db8:1::2");

  private final RandomGenerator random;

  /** Entries out of {@code random}. */
  public RandomEntries(RandomGenerator random) {
    this.random = random;
  }

  /** An entry of {@code tenant} whose id ends with its {@code seq}, or is a UUID. */
  public Entry entry(TenantId tenant, long seq) {
    boolean uuid = random.nextBoolean();
    String id =
        uuid
            ? "0199a1b2-3c4d-7e5f-8a9b-%012x".formatted(seq)
            : "id-" + seq + (seq % 3 == 0 ? "é" : "");
    Instant recorded = NOW.plusMillis(seq * 60_000 + random.nextInt(1000));
    boolean erased = random.nextInt(10) == 0;
    Event event = event(erased);
    Classification classification =
        new Classification(
            one(CATEGORIES),
            one(List.of("update", "create", "read")),
            random.nextInt(4) == 0,
            random.nextInt(4) == 0 ? List.of(one(FLAGS)) : List.of());
    return new Entry(tenant, seq, id, recorded, event, classification, recordedBy(), erased);
  }

  private @Nullable RecordedBy recordedBy() {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> RecordedBy.THE_SERVER;
      default -> new RecordedBy(RecordedBy.Kind.API_KEY, random.nextBoolean() ? "k_1" : "k_2");
    };
  }

  private Event event(boolean erased) {
    return new Event(
        null,
        null,
        maybe(() -> one(ACCOUNTS)),
        maybe(() -> NOW.plusMillis(random.nextLong(-40L * 86_400_000, 86_400_000L))),
        one(ACTIONS),
        actor(erased),
        some(2, () -> new Event.Target(one(TYPES), one(IDS), maybe(() -> one(NAMES)), null)),
        one(List.of(Event.Outcome.values())),
        maybe(() -> one(TEXTS)),
        some(2, this::change),
        maybe(() -> one(TEXTS)),
        erased ? Event.Context.NONE : context(),
        maybe(this::details));
  }

  private Event.Actor actor(boolean erased) {
    return new Event.Actor(
        one(List.of(Event.ActorType.values())),
        maybe(() -> one(IDS)),
        null,
        erased ? null : maybe(() -> one(NAMES)),
        erased ? null : maybe(() -> one(NAMES)),
        agent(),
        some(2, () -> one(ROLES)),
        some(1, () -> one(ROLES)),
        random.nextInt(5) > 0 ? null : party(random.nextInt(3)));
  }

  private Event.Principal party(int more) {
    return new Event.Principal(
        one(List.of(Event.ActorType.values())),
        maybe(() -> one(IDS)),
        null,
        maybe(() -> one(NAMES)),
        maybe(() -> one(NAMES)),
        agent(),
        more == 0 ? null : party(more - 1));
  }

  private Event.Agent agent() {
    return random.nextInt(3) > 0
        ? Event.Agent.NONE
        : new Event.Agent(maybe(() -> one(MODELS)), maybe(() -> random.nextBoolean() ? "1" : "2"));
  }

  private Event.Change change() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return new Event.Change(
        one(FIELDS),
        maybe(() -> json.stringNode(one(TEXTS))),
        random.nextBoolean() ? json.nullNode() : json.numberNode(random.nextInt(5)));
  }

  private Event.Context context() {
    return new Event.Context(
        maybe(() -> one(IPS)),
        maybe(() -> new Event.Location(maybe(() -> one(COUNTRIES)), null, "Zürich", null, null)),
        maybe(() -> "Mozilla/5.0 (X11; Linux x86_64)"),
        maybe(() -> one(IDS)),
        maybe(() -> one(IDS)),
        maybe(() -> one(IDS)),
        maybe(() -> one(IDS)),
        maybe(() -> random.nextBoolean() ? 0L : 7L));
  }

  private ObjectNode details() {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put(one(FIELDS), one(TEXTS));
    details.putObject("inner").putArray("list").add(3.25).add(true).add(one(NAMES)).addNull();
    return details;
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private <T> @Nullable T maybe(Supplier<T> value) {
    return random.nextInt(3) == 0 ? null : value.get();
  }

  private <T> List<T> some(int most, Supplier<T> value) {
    List<T> values = new ArrayList<>();
    for (int n = random.nextInt(most + 1); n > 0; n--) {
      values.add(value.get());
    }
    return values;
  }
}
