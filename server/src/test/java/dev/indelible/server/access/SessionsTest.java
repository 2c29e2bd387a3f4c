package dev.indelible.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.ports.testing.SettableClock;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.event.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests sessions and their ends. */
class SessionsTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final TenantId ACME = new TenantId("acme");
  private static final Subject MEMBER = new Subject.OfMember(ACME, "u_1", null);
  private static final Session.User ANA = new Session.User("u_1", "Ana Absender", null);
  private static final Duration HOUR = Duration.ofHours(1);

  private final SettableClock clock = new SettableClock(NOW.toEpochMilli());
  private InMemoryJournal journal = new InMemoryJournal(clock);
  private Sessions sessions;

  @BeforeEach
  void open() throws Exception {
    sessions = Sessions.open(journal, clock, new Random(9));
  }

  @AfterEach
  void close() {
    journal.close();
  }

  /** Loses what is not durable, and starts again. */
  private void crash() throws Exception {
    journal = journal.afterPowerLoss();
    open();
  }

  private void advance(Duration duration) {
    clock.setMillis(clock.millis() + duration.toMillis());
  }

  private Sessions.Begun begin(Duration lasting) {
    return sessions.begin(Token.Kind.SESSION, MEMBER, ANA, clock.instant().plus(lasting));
  }

  private Optional<Session> find(String token) {
    return sessions.find(Token.Kind.SESSION, token);
  }

  private boolean journalHas(String text) throws Exception {
    boolean found = false;
    try (Journal.Cursor cursor = journal.read(journal.begin())) {
      for (Journal.Batch batch = cursor.next(Duration.ZERO);
          batch != null;
          batch = cursor.next(Duration.ZERO)) {
        found |= new String(batch.payload(), StandardCharsets.UTF_8).contains(text);
      }
    }
    return found;
  }

  @Test
  void aTokenFindsItsSessionOfItsKindUntilThatIsOver() {
    Sessions.Begun begun = begin(HOUR);
    assertThat(find(begun.token())).contains(begun.session());
    assertThat(sessions.find(Token.Kind.VIEWER, begun.token())).isEmpty();
    assertThat(find(begun.token().substring(0, begun.token().length() - 1) + "*")).isEmpty();
    char last = begun.token().charAt(begun.token().length() - 2);
    String forged =
        begun.token().substring(0, begun.token().length() - 2)
            + (last == 'A' ? 'B' : 'A')
            + begun.token().substring(begun.token().length() - 1);
    assertThat(find(forged)).as("the right id with another secret").isEmpty();
    advance(HOUR.minusMillis(1));
    assertThat(find(begun.token())).isPresent();
    advance(Duration.ofMillis(1));
    assertThat(find(begun.token())).isEmpty();
    assertThat(sessions.list(_ -> true)).isEmpty();
  }

  @Test
  void aLinkBeginsOneSessionOnceEvenAfterACrash() throws Exception {
    Sessions.Begun link =
        sessions.link(
            MEMBER,
            ANA,
            new Sessions.LinkTerms(
                NOW.plus(Duration.ofMinutes(10)), NOW.plus(Duration.ofHours(8)), List.of()));
    assertThat(find(link.token())).as("a link is no session").isEmpty();
    Sessions.Begun begun = sessions.redeem(link.token()).orElseThrow();
    assertThat(begun.session().expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(8)));
    assertThat(begun.session().user()).isEqualTo(ANA);
    assertThat(sessions.redeem(link.token())).isEmpty();
    crash();
    assertThat(sessions.redeem(link.token())).isEmpty();
    assertThat(find(begun.token())).contains(begun.session());
  }

  @Test
  void aSessionKeepsWhoMadeItsLinkAndOneOfAnEarlierBuildHasNobody() throws Exception {
    List<String> makers = List.of("user:u_2", "api_key:k_1");
    Sessions.Begun link =
        sessions.link(
            MEMBER,
            ANA,
            new Sessions.LinkTerms(NOW.plus(HOUR), NOW.plus(HOUR.multipliedBy(8)), makers));
    Sessions.Begun begun = sessions.redeem(link.token()).orElseThrow();
    crash();
    Session session = find(begun.token()).orElseThrow();
    assertThat(session.makers()).isEqualTo(makers);
    assertThat(session.isMadeBy("api_key:k_1")).isTrue();
    assertThat(session.isMadeBy("api_key:k_2")).isFalse();
    Session old =
        ((SessionCodec.Step.Began)
                SessionCodec.FORM
                    .decode(
                        """
                        {"v":1,"steps":[{"began":{"id":"s","kind":"LINK","secret_hash":"00","user":{"id":"u_1"},
                         "created_at":1,"expires_at":2,"lasts_until":3,"subject":{"tenant":"acme","of":"member","member_id":"u_1"}}}]}"""
                            .getBytes(StandardCharsets.UTF_8))
                    .getFirst())
            .session();
    assertThat(old.makers()).isNull();
    assertThat(old.isMadeBy("api_key:k_1")).isFalse();
  }

  @Test
  void ofTooManyMakersTheFirstAndTheLastAreKept() {
    List<String> makers = IntStream.range(0, 40).mapToObj(i -> "user:u_" + i).toList();
    assertThat(new Sessions.LinkTerms(NOW, NOW, makers).makers())
        .hasSize(Session.MAX_MAKERS)
        .startsWith("user:u_0")
        .endsWith("user:u_39");
  }

  @Test
  void aLinkThatIsOverBeginsNothing() {
    Sessions.Begun link =
        sessions.link(
            MEMBER,
            ANA,
            new Sessions.LinkTerms(
                NOW.plus(Duration.ofMinutes(10)), NOW.plus(Duration.ofHours(8)), List.of()));
    advance(Duration.ofMinutes(10));
    assertThat(sessions.redeem(link.token())).isEmpty();
  }

  @Test
  void whatWasEndedStaysEndedAndTheOthersGoOn() throws Exception {
    Sessions.Begun ended = begin(HOUR);
    Sessions.Begun other = begin(HOUR.multipliedBy(2));
    assertThat(sessions.end(session -> session.id().equals(ended.session().id()))).isEqualTo(1);
    assertThat(sessions.end(session -> session.id().equals(ended.session().id()))).isZero();
    crash();
    assertThat(find(ended.token())).isEmpty();
    assertThat(find(other.token())).isPresent();
  }

  @Test
  void aSessionIsNotBegunWhenItCannotBeKept() {
    journal.refuse(Cause.DISK_FULL);
    assertThatThrownBy(() -> begin(HOUR)).isInstanceOf(JournalUnavailableException.class);
  }

  @Test
  void theNamesOfWhoWasSignedInAreGoneSoonAfterTheyWere() throws Exception {
    begin(Duration.ofMinutes(5));
    assertThat(journalHas("Ana Absender")).isTrue();
    advance(Sessions.COMPACT_EVERY);
    sessions.begin(
        Token.Kind.SESSION,
        MEMBER,
        new Session.User("u_2", "Bo", null),
        clock.instant().plus(HOUR));
    assertThat(journalHas("Ana Absender")).isFalse();
    assertThat(journalHas("Bo")).isTrue();
  }

  @Test
  void whoIsForgottenIsNoLongerInTheJournalNow() throws Exception {
    begin(HOUR);
    sessions.forget(session -> session.user().equals(ANA));
    assertThat(journalHas("Ana Absender")).isFalse();
    journal.failForgetting(true);
    begin(HOUR);
    assertThatThrownBy(() -> sessions.forget(session -> session.user().equals(ANA)))
        .hasMessageContaining("still in their journal");
  }

  @Test
  void theLastUseOfAKeyIsExactInMemoryAndToTenMinutesAfterACrash() throws Exception {
    sessions.used("k");
    advance(Sessions.USE_PRECISION.minusMillis(1));
    sessions.used("k");
    assertThat(sessions.lastUse("k")).contains(clock.instant());
    crash();
    assertThat(sessions.lastUse("k")).contains(NOW);
    advance(Duration.ofMillis(1));
    sessions.used("k");
    crash();
    assertThat(sessions.lastUse("k")).contains(NOW.plus(Sessions.USE_PRECISION));
    assertThat(sessions.lastUse("other")).isEmpty();
  }

  @Test
  void theOriginsOfViewersPagesAreKnownForADayLonger() throws Exception {
    Subject viewer =
        new Subject.OfViewer(
            ACME, "k", Set.of("audit.view"), Optional.empty(), "", Set.of("https://app.example"));
    sessions.begin(Token.Kind.VIEWER, viewer, ANA, NOW.plus(HOUR));
    assertThat(sessions.knowsOrigin("https://app.example")).isTrue();
    assertThat(sessions.knowsOrigin("https://evil.example")).isFalse();
    advance(HOUR.plus(Sessions.ORIGIN_MEMORY).minusMillis(1));
    assertThat(sessions.knowsOrigin("https://app.example")).isTrue();
    advance(Duration.ofMillis(1));
    assertThat(sessions.knowsOrigin("https://app.example")).isFalse();
  }

  @Test
  void oneTenantLeavesRoomForTheSessionsOfOthers() {
    for (int i = 0; i < TenantQuota.SESSIONS.most(); i++) {
      begin(HOUR);
    }
    assertThatThrownBy(() -> begin(HOUR)).isInstanceOf(Sessions.TooManyException.class);
    Subject other = new Subject.OfMember(new TenantId("other"), "u_1", null);
    sessions.begin(Token.Kind.SESSION, other, ANA, clock.instant().plus(HOUR));
    advance(HOUR);
    begin(HOUR);
  }
}
