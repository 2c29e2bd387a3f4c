package dev.indelible.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which queries may mark entries for readers who may not see personal data. */
class FactsOnlyTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final String HASH =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  private static Filter parse(String query) {
    return ((ParsedQuery.Valid) QueryParser.parse(query, NOW)).filter();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "action:user.*",
        "-action:user.* category:billing",
        "actor:u_1",
        "actor_id:u_1 OR target:user/t",
        "-target_id:user/t",
        "-actor_id:" + HASH,
        "-(-actor:u_1)",
        "after:2026-01-01"
      })
  void thoseThatTheFactsAnswerDo(String query) {
    assertThat(new FactsOnly(false).confirmed(parse(query))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zelda",
        "-zelda",
        "ip:203.0.113.0/24",
        "country:DE",
        "-has:ip",
        "-actor:u_1",
        "-actor:" + HASH,
        "-actor_id:u_1",
        "-on_behalf_of:u_1",
        "-target:user/t",
        "action:x -(category:y OR actor:u_1)"
      })
  void thoseThatWouldNameSomebodyDoNot(String query) {
    assertThat(new FactsOnly(false).confirmed(parse(query))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"action:x", "-action:x target_id:user/t", "actor_id:" + HASH})
  void whatTheFactsAnswerIsCounted(String query) {
    assertThat(new FactsOnly(false).answer(parse(query))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"actor:u_1", "actor_id:u_1", "action:x target:user/t", "zelda", "-zelda"})
  void whatThePersonalPartAnswersTooIsNot(String query) {
    assertThat(new FactsOnly(false).answer(parse(query))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"actor:u_1", "-actor_id:u_1", "actor_id:u*"})
  void whereAllActorsAreHashedNoClearIdDoes(String query) {
    assertThat(new FactsOnly(true).confirmed(parse(query))).isEmpty();
    assertThat(new FactsOnly(true).confirmed(parse("actor_id:" + HASH))).isPresent();
  }
}
