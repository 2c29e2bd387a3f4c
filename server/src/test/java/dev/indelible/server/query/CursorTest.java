package dev.indelible.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CursorTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00.123Z");
  private static final Filter FILTER = Filter.term(Field.ACTOR, "ana");
  private static final TenantScope SCOPE = scope("acme", Optional.empty(), Filter.all());

  private static TenantScope scope(String tenant, Optional<Set<String>> accounts, Filter fixed) {
    return new TenantScope(new TenantId(tenant), accounts, Set.of(), fixed);
  }

  private static Cursor cursor() {
    return Cursor.after(Place.ofSeq(41), Order.NEWEST_FIRST, NOW, SCOPE, FILTER);
  }

  @Test
  void comesBackFromItsToken() {
    assertThat(Cursor.decode(cursor().encode())).contains(cursor());
    Cursor oldestFirst = Cursor.after(Place.ofSeq(0), Order.OLDEST_FIRST, NOW, SCOPE, Filter.all());
    assertThat(Cursor.decode(oldestFirst.encode())).contains(oldestFirst);
    for (Order order : List.of(Order.LATEST_OCCURRED_FIRST, Order.EARLIEST_OCCURRED_FIRST)) {
      for (long millis : new long[] {NOW.toEpochMilli(), 0, -1, -5_000_000_000_000L}) {
        Cursor byTime = Cursor.after(new Place(millis, 41), order, NOW, SCOPE, FILTER);
        assertThat(Cursor.decode(byTime.encode())).contains(byTime);
        assertThat(byTime.belongsTo(order, SCOPE, FILTER)).isTrue();
        assertThat(byTime.belongsTo(Order.NEWEST_FIRST, SCOPE, FILTER)).isFalse();
      }
    }
  }

  @Test
  void theTokenOfAnOrderByNumberIsAsItHasAlwaysBeen() {
    ByteBuffer token = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor().encode()));
    assertThat(token.get()).isEqualTo((byte) 1);
    assertThat(token.get()).isEqualTo((byte) 'n');
    assertThat(token.getLong()).isEqualTo(41);
    assertThat(token.getLong()).isEqualTo(NOW.toEpochMilli());
    assertThat(token.remaining()).isEqualTo(16);
  }

  @Test
  void belongsToOneQueryOrderTenantAndScope() {
    Order order = Order.NEWEST_FIRST;
    assertThat(cursor().belongsTo(order, SCOPE, FILTER)).isTrue();
    assertThat(cursor().belongsTo(Order.OLDEST_FIRST, SCOPE, FILTER)).isFalse();
    assertThat(cursor().belongsTo(order, SCOPE, Filter.all())).isFalse();
    assertThat(cursor().belongsTo(order, scope("acme2", Optional.empty(), Filter.all()), FILTER))
        .isFalse();
    assertThat(
            cursor().belongsTo(order, scope("acme", Optional.of(Set.of()), Filter.all()), FILTER))
        .isFalse();
    assertThat(cursor().belongsTo(order, scope("acme", Optional.empty(), Filter.none()), FILTER))
        .isFalse();
  }

  @Test
  void refusesEveryTokenThatItDidNotWrite() {
    refusesEveryOther(cursor().encode());
    refusesEveryOther(
        Cursor.after(
                new Place(NOW.toEpochMilli(), 41), Order.LATEST_OCCURRED_FIRST, NOW, SCOPE, FILTER)
            .encode());
  }

  private static void refusesEveryOther(String token) {
    assertThat(Cursor.decode("")).isEmpty();
    assertThat(Cursor.decode(token + "=")).isEmpty();
    assertThat(Cursor.decode(token + "AA")).isEmpty();
    assertThat(Cursor.decode(token.substring(1))).isEmpty();
    assertThat(Cursor.decode(" " + token)).isEmpty();
    assertThat(Cursor.decode("_" + token.substring(1))).isEmpty();
    assertThat(Cursor.decode("*" + token.substring(1))).isEmpty();
    for (int i = 0; i < token.length(); i++) {
      for (char c : "AZaz09-_".toCharArray()) {
        String changed = token.substring(0, i) + c + token.substring(i + 1);
        Cursor.decode(changed).ifPresent(cursor -> assertThat(cursor.encode()).isEqualTo(changed));
      }
    }
  }
}
