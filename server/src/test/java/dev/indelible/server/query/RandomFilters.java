package dev.indelible.server.query;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Filters at random, of the words of {@link RandomEntries}. */
public final class RandomFilters {

  private final RandomGenerator random;

  /** Filters out of {@code random}. */
  public RandomFilters(RandomGenerator random) {
    this.random = random;
  }

  /** A filter in normal form, nested at most {@code depth} deep. */
  public Filter filter(int depth) {
    int kind = random.nextInt(depth > 0 ? 12 : 8);
    return switch (kind) {
      case 8, 9 -> Filter.and(filters(depth - 1));
      case 10 -> Filter.or(filters(depth - 1));
      case 11 -> Filter.not(filter(depth - 1));
      default -> leaf(kind);
    };
  }

  private Filter leaf(int kind) {
    return switch (kind) {
      case 0 -> random.nextInt(10) == 0 ? Filter.all() : text();
      case 1 -> text();
      case 2 -> time();
      case 3 -> ip();
      default -> term();
    };
  }

  private List<Filter> filters(int depth) {
    List<Filter> filters = new ArrayList<>();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      filters.add(filter(depth));
    }
    return filters;
  }

  private Filter text() {
    String text =
        one(
            List.of(
                one(RandomEntries.TEXTS),
                one(RandomEntries.NAMES),
                one(RandomEntries.IDS),
                one(RandomEntries.ACTIONS),
                one(RandomEntries.IPS),
                "京",
                "東京",
                "changed",
                "CAFE",
                "zurich",
                "mozilla",
                "42",
                "true"));
    return new Filter.Text(part(text), random.nextInt(3) == 0);
  }

  private Filter time() {
    Instant at = RandomEntries.NOW.plusMillis(random.nextLong(-40L * 86_400_000, 86_400_000L));
    return new Filter.Time(one(List.of(TimeBound.values())), at);
  }

  private Filter ip() {
    List<IpNetwork> networks = new ArrayList<>();
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      String address = one(RandomEntries.IPS);
      int bits = address.contains(":") ? random.nextInt(129) : random.nextInt(33);
      String text = random.nextBoolean() ? address : address + "/" + bits;
      networks.add(IpNetwork.parse(text).orElseThrow());
    }
    return new Filter.Ip(networks);
  }

  private Filter term() {
    Field field = one(List.of(Field.values()));
    List<Filter.Value> values = new ArrayList<>();
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      if (field.choices().isEmpty()) {
        boolean prefix = random.nextInt(3) == 0;
        String word = word(field);
        values.add(new Filter.Value(prefix ? part(word) : word, prefix));
      } else {
        values.add(Filter.Value.exact(one(field.choices())));
      }
    }
    return new Filter.Term(field, values);
  }

  private String word(Field field) {
    if (random.nextInt(20) == 0) {
      return one(List.of("a b", "q\"q", "b\\s", "nothing", "(x)", "a,b", "AND", "-x", "é:ö"));
    }
    return switch (field) {
      case ACTOR_NAME -> one(RandomEntries.NAMES);
      case ACTOR, ON_BEHALF_OF -> one(List.of(one(RandomEntries.IDS), one(RandomEntries.NAMES)));
      case TARGET, TARGET_ID ->
          one(
              List.of(
                  one(RandomEntries.IDS),
                  one(RandomEntries.NAMES),
                  one(RandomEntries.TYPES) + "/" + one(RandomEntries.IDS)));
      case ACTOR_ID, ON_BEHALF_OF_ID, SESSION, REQUEST, TRACE -> one(RandomEntries.IDS);
      case ID -> one(List.of("id-3é", "id-5", "0199a1b2-3c4d-7e5f-8a9b-00000000001f"));
      case ROLE, PERMISSION -> one(RandomEntries.ROLES);
      case ACTION -> one(RandomEntries.ACTIONS);
      case VERB -> one(List.of("update", "create", "read"));
      case CATEGORY -> one(RandomEntries.CATEGORIES);
      case TARGET_TYPE -> one(RandomEntries.TYPES);
      case ACCOUNT -> one(RandomEntries.ACCOUNTS);
      case COUNTRY -> one(RandomEntries.COUNTRIES);
      case CHANGED -> one(RandomEntries.FIELDS);
      case FLAG -> one(RandomEntries.FLAGS);
      case MODEL -> one(RandomEntries.MODELS);
      case VERSION -> one(List.of("1", "2"));
      case PRODUCER -> one(RandomEntries.IDS);
      case PRODUCER_SEQ -> one(List.of("0", "7"));
      case RECORDED_BY -> one(List.of("k_1", "k_2", "server"));
      case ACTOR_TYPE, OUTCOME, SECURITY, HAS -> one(field.choices());
    };
  }

  private String part(String text) {
    int points = text.codePointCount(0, text.length());
    int kept = random.nextInt(4) == 0 ? 1 + random.nextInt(points) : points;
    String part = text.substring(0, text.offsetByCodePoints(0, kept));
    boolean searchable = !TextTokens.ofQuery(part, false).isEmpty();
    return searchable ? part : text;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
