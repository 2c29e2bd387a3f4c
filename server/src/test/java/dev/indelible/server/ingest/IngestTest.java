package dev.indelible.server.ingest;

import static dev.indelible.server.ingest.IngestFixture.ACME;
import static dev.indelible.server.ingest.IngestFixture.NOW;
import static dev.indelible.server.ingest.IngestFixture.event;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.server.access.Caller;
import dev.indelible.server.control.Closure;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.control.Tenant.UnknownActions;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.Problem;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.ingest.ItemResult.Accepted;
import dev.indelible.server.ingest.ItemResult.Code;
import dev.indelible.server.ingest.ItemResult.Rejected;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.run.StoredEntry;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the way of events into the log. */
class IngestTest {

  private static final TenantId OTHER = new TenantId("other");
  private static final Caller OPERATOR = new Caller.Operator("k");

  private IngestFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new IngestFixture();
    fixture.tenant(ACME, "standard");
    fixture.tenant(OTHER, "standard");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Caller keyOf(TenantId tenant) {
    return new Caller.TenantKey("k", tenant, Set.of(Permission.EVENTS_WRITE), null);
  }

  private List<ItemResult> record(Caller caller, Event... events) {
    return fixture.ingest.record(
        caller, Stream.of(events).<Decoding>map(Decoding.Decoded::new).toList());
  }

  private static Code code(ItemResult result) {
    assertThat(result).isInstanceOf(Rejected.class);
    return ((Rejected) result).code();
  }

  private Entry only() throws Exception {
    assertThat(fixture.entries(ACME)).hasSize(1);
    return fixture.entries(ACME).getFirst();
  }

  @Test
  void anEventIsItsKeysTenantsUnlessItNamesOne() throws Exception {
    assertThat(record(keyOf(ACME), event(null, "a", "user.login")))
        .first()
        .isInstanceOf(Accepted.class);
    assertThat(record(OPERATOR, event(OTHER, "b", "user.login")))
        .first()
        .isInstanceOf(Accepted.class);
    assertThat(fixture.entries(ACME)).extracting(Entry::id).containsExactly("a");
    assertThat(fixture.entries(OTHER)).extracting(Entry::id).containsExactly("b");
  }

  @Test
  void anEventWithoutATenantIsRefusedWhereTheKeyHasNone() {
    ItemResult result = record(OPERATOR, event(null, "a", "user.login")).getFirst();
    assertThat(code(result)).isEqualTo(Code.INVALID_EVENT);
    assertThat(((Rejected) result).problems())
        .extracting(Problem::pointer)
        .containsExactly("/tenant");
  }

  @Test
  void aTenantThatTheCallerMayNotKnowIsAnsweredAsOneThatIsNotThere() throws Exception {
    TenantId nobody = new TenantId("nobody");
    List<ItemResult> results =
        record(keyOf(ACME), event(OTHER, "a", "user.login"), event(nobody, "a", "user.login"));
    assertThat(results).extracting(IngestTest::code).containsOnly(Code.UNKNOWN_TENANT);
    assertThat(((Rejected) results.get(0)).detail().replace("other", "nobody"))
        .isEqualTo(((Rejected) results.get(1)).detail());
    assertThat(fixture.entries(OTHER)).isEmpty();
  }

  @Test
  void aClosedTenantTakesTheProgramsEntriesAndNoOthers() throws Exception {
    fixture.change(new Closure(ACME, NOW, List.of()));
    Event event = event(ACME, "a", "audit.tenant.close");
    assertThat(code(record(OPERATOR, event(ACME, "a", "user.login")).getFirst()))
        .isEqualTo(Code.UNKNOWN_TENANT);
    assertThat(fixture.ingest.recordOwn(List.of(new Decoding.Decoded(event))))
        .first()
        .isInstanceOf(Accepted.class);
  }

  @Test
  void whatTheServerRecordsNobodyElseMaySay() throws Exception {
    List<ItemResult> results =
        record(
            OPERATOR, event(ACME, "a", "audit.entries.purge"), event(ACME, "b", "auditing.begin"));
    assertThat(code(results.get(0))).isEqualTo(Code.RESERVED_ACTION);
    assertThat(results.get(1)).isInstanceOf(Accepted.class);
    assertThat(only().id()).isEqualTo("b");
  }

  @Test
  void eachResultStandsWhereItsEventStoodAndOneRefusalStopsNoOther() throws Exception {
    Decoding.Invalid invalid =
        new Decoding.Invalid(
            List.of(
                new Problem("/action", Problem.Code.MISSING, "Say what was done."),
                new Problem("/actor", Problem.Code.MISSING, "Say who did it.")),
            3);
    List<ItemResult> results =
        fixture.ingest.record(
            OPERATOR,
            List.of(
                new Decoding.Decoded(event(ACME, "a", "user.login")),
                invalid,
                new Decoding.Decoded(event(ACME, "b", "audit.x")),
                new Decoding.Decoded(event(ACME, "c", "user.login"))));
    assertThat(results).hasSize(4);
    assertThat(((Accepted) results.get(0)).seq()).isZero();
    assertThat(results.get(1))
        .isEqualTo(
            new Rejected(
                Code.INVALID_EVENT, "/action: Say what was done. And 4 more.", invalid.problems()));
    assertThat(code(results.get(2))).isEqualTo(Code.RESERVED_ACTION);
    assertThat(((Accepted) results.get(3)).seq()).isEqualTo(1);
    assertThat(fixture.entries(ACME)).extracting(Entry::id).containsExactly("a", "c");
  }

  @Test
  void theSameEventAgainIsADuplicateAndAnotherUnderItsIdAConflict() {
    Accepted first = (Accepted) record(OPERATOR, event(ACME, "a", "user.login")).getFirst();
    assertThat(first.duplicate()).isFalse();
    fixture.clock.setMillis(NOW.plusSeconds(5).toEpochMilli());
    assertThat(record(OPERATOR, event(ACME, "a", "user.login")))
        .containsExactly(new Accepted("a", ACME, 0, first.recordedAtMillis(), true));
    assertThat(code(record(OPERATOR, event(ACME, "a", "user.logout")).getFirst()))
        .isEqualTo(Code.ID_CONFLICT);
  }

  private List<String> flagsAt(Instant occurredAt) throws Exception {
    String id = "at " + occurredAt;
    record(OPERATOR, event(ACME, id, "user.login", occurredAt, Event.Context.NONE));
    return fixture.entries(ACME).getLast().classification().flags();
  }

  @Test
  void anEventOfLongAgoIsFlaggedLateAndOneOfTheFutureEarly() throws Exception {
    assertThat(flagsAt(NOW.minus(Ingest.LATE_AFTER))).isEmpty();
    assertThat(flagsAt(NOW.minus(Ingest.LATE_AFTER).minusMillis(1))).containsExactly(Ingest.LATE);
    assertThat(flagsAt(NOW.plus(Ingest.EARLY_AFTER))).isEmpty();
    assertThat(flagsAt(NOW.plus(Ingest.EARLY_AFTER).plusMillis(1))).containsExactly(Ingest.EARLY);
  }

  @Test
  void flagsOfTimeStandBesideOthersInOrder() throws Exception {
    record(OPERATOR, event(ACME, "a", "x.y", NOW.minusSeconds(7_200), Event.Context.NONE));
    assertThat(only().classification().flags()).containsExactly(Ingest.LATE, "unknown_action");
  }

  @Test
  void aTenantChoosesWhetherActionsThatNobodyKnowsAreRefused() throws Exception {
    fixture.change(new Tenant(ACME, "Acme", "standard", UnknownActions.REJECT, NOW));
    List<ItemResult> results =
        record(
            OPERATOR,
            event(ACME, "a", "x.y"),
            event(ACME, "b", "user.login"),
            event(OTHER, "a", "x.y"));
    assertThat(code(results.get(0))).isEqualTo(Code.UNKNOWN_ACTION);
    assertThat(results.subList(1, 3)).allMatch(Accepted.class::isInstance);
    fixture.tenant(ACME, "standard");
    assertThat(record(OPERATOR, event(ACME, "a", "x.y"))).first().isInstanceOf(Accepted.class);
  }

  @Test
  void aTenantChoosesWhetherAMissingReasonIsRefused() throws Exception {
    for (boolean refuse : new boolean[] {false, true}) {
      fixture.change(
          new Tenant(
              ACME,
              "Acme",
              "rapidesq",
              UnknownActions.REJECT,
              refuse,
              null,
              null,
              false,
              null,
              NOW));
      ItemResult result =
          record(OPERATOR, event(ACME, "refuse " + refuse, "legal-hold.apply")).getFirst();
      if (refuse) {
        assertThat(code(result)).isEqualTo(Code.REASON_REQUIRED);
      } else {
        assertThat(result).isInstanceOf(Accepted.class);
      }
    }
  }

  @Test
  void aStoppedLogTakesNothing() throws Exception {
    fixture.log.stop(ACME, "it was rolled back");
    List<ItemResult> results =
        record(OPERATOR, event(ACME, "a", "user.login"), event(OTHER, "a", "user.login"));
    assertThat(code(results.get(0))).isEqualTo(Code.LOG_STOPPED);
    assertThat(results.get(1)).isInstanceOf(Accepted.class);
  }

  @Test
  void anAddressGetsItsPlaceUnlessTheCallerSaysOne() throws Exception {
    Event.Location said = new Event.Location("FR", null, null, null, null);
    String address = IngestFixture.BERLIN_ADDRESS;
    record(
        OPERATOR,
        event(ACME, "a", "user.login", null, context(address, null)),
        event(ACME, "b", "user.login", null, context(address, said)),
        event(ACME, "c", "user.login", null, context("198.51.100.1", null)));
    assertThat(fixture.entries(ACME))
        .extracting(entry -> entry.event().context().location())
        .containsExactly(IngestFixture.BERLIN, said, null);
  }

  private static Event.Context context(String ip, Event.@Nullable Location location) {
    return new Event.Context(ip, location, "curl", "s", "r", "t");
  }

  @Test
  void anEventWithoutAnIdGetsOneThatSortsByTime() throws Exception {
    record(OPERATOR, event(ACME, null, "user.login"));
    fixture.clock.setMillis(NOW.plusMillis(1).toEpochMilli());
    record(OPERATOR, event(ACME, null, "user.login"));
    assertThat(fixture.entries(ACME))
        .extracting(Entry::id)
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(
            id -> id.matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"))
        .first()
        .asString()
        .startsWith("%012x".formatted(NOW.toEpochMilli()).substring(0, 8));
  }

  @Test
  void everyPartHasASaltOfItsOwn() throws Exception {
    record(OPERATOR, event(ACME, "a", "user.login"), event(ACME, "b", "user.login"));
    Set<String> salts = new HashSet<>();
    for (StoredEntry entry : fixture.stored(ACME)) {
      EntryParts parts = ((StoredEntry.Whole) entry.body()).parts();
      salts.add(HexFormat.of().formatHex(parts.factsSalt()));
      salts.add(HexFormat.of().formatHex(requireNonNull(parts.personalSalt())));
    }
    assertThat(salts).hasSize(4).allMatch(salt -> salt.length() == 2 * EntryParts.SALT_BYTES);
  }

  @Test
  void whatTheJournalRefusesIsNotAnsweredAsRecorded() throws Exception {
    fixture.events.refuse(Cause.DISK_FULL);
    assertThatThrownBy(() -> record(OPERATOR, event(ACME, "a", "user.login")))
        .isInstanceOf(JournalUnavailableException.class);
    fixture.events.accept();
    assertThat(record(OPERATOR, event(ACME, "a", "user.login")))
        .first()
        .isInstanceOfSatisfying(Accepted.class, done -> assertThat(done.duplicate()).isFalse());
  }
}
