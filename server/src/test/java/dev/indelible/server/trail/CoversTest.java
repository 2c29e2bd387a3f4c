package dev.indelible.server.trail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.LogReads;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests which figures are part of which look, and for how long. */
class CoversTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Covers covers = new Covers();

  private static Covers.Reader reader(int number) {
    return new Covers.Reader(new TenantId("acme"), "session-" + number);
  }

  private static Naming naming(String query, String... bounds) {
    Filter filter = ((ParsedQuery.Valid) QueryParser.parse(query, Instant.EPOCH)).filter();
    return Naming.of(filter, List.of(bounds));
  }

  private boolean isCovered(int reader, String query, Instant now) {
    return covers.isCovered(reader(reader), new Naming.Figures(naming(query), false), now);
  }

  @Test
  void aLookCoversFiguresForItsTimeAndGoesOnWhileItStays() {
    covers.note(reader(1), naming("actor:ana"), NOW);
    assertThat(isCovered(1, "actor:ana outcome:failure", NOW)).isTrue();
    assertThat(isCovered(1, "actor:ana", NOW.plus(Covers.LASTS).minusMillis(1))).isTrue();
    covers.note(reader(1), naming("actor:ana"), NOW.plus(Covers.LASTS).minusMillis(1));
    assertThat(isCovered(1, "actor:ana", NOW.plus(Covers.LASTS))).isTrue();
    assertThat(isCovered(1, "actor:ana", NOW.plus(Covers.LASTS).plus(Covers.LASTS))).isFalse();
  }

  @Test
  void whatIsForgottenIsRecordedOnceMore() {
    for (int look = 0; look <= Covers.MAX_LOOKS; look++) {
      covers.note(reader(1), naming("actor:a" + look), NOW);
    }
    assertThat(isCovered(1, "actor:a0", NOW)).isFalse();
    assertThat(isCovered(1, "actor:a1", NOW)).isTrue();
    for (int other = 2; other <= Covers.MAX_READERS; other++) {
      covers.note(reader(other), naming(""), NOW);
    }
    assertThat(isCovered(1, "", NOW)).isTrue();
    covers.note(reader(Covers.MAX_READERS + 1), naming(""), NOW);
    assertThat(isCovered(1, "", NOW)).isFalse();
  }

  @Test
  void aLookWithMoreThanIsRememberedCoversNoNames() {
    String most = "a".repeat(Naming.MAX_CHARACTERS - "actor:".length());
    covers.note(reader(1), naming("actor:" + most), NOW);
    assertThat(isCovered(1, "actor:" + most, NOW)).isTrue();
    covers.note(reader(2), naming("actor:" + most + "a"), NOW);
    assertThat(isCovered(2, "actor:" + most + "a", NOW)).isFalse();
    assertThat(isCovered(2, "outcome:failure", NOW)).isTrue();
  }

  @Test
  void listsOfNamesAreOfTheSameQuestionAndTime() {
    Naming look = naming("actor:ana security:true after:-1d", "from:-7d");
    assertThat(lists(look, "security:true after:-1d", "from:-7d")).isTrue();
    assertThat(lists(look, "security:true", "from:-7d")).isFalse();
    assertThat(lists(look, "security:true after:-1d", "from:-6d")).isFalse();
    assertThat(lists(look, "verb:login after:-1d", "from:-7d")).isFalse();
    assertThat(lists(Naming.NONE, "")).as("beside an entry nothing is listed").isFalse();
  }

  private static boolean lists(Naming look, String query, String... bounds) {
    return look.covers(new Naming.Figures(naming(query, bounds), true));
  }

  @Test
  void theReadsThatAQueryMeansAreTheLooksThatTakeNothingAway() {
    assertThat(LogReads.ACTIONS)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Look.Kind.values())
                .filter(kind -> kind != Look.Kind.EXPORTED)
                .filter(kind -> kind != Look.Kind.SUBJECT_REPORTED)
                .map(Look.Kind::action)
                .toList());
  }
}
