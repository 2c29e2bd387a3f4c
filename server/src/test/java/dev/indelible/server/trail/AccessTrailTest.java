package dev.indelible.server.trail;

import static dev.indelible.server.ingest.IngestFixture.ACME;
import static dev.indelible.server.ingest.IngestFixture.NOW;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.testing.InMemoryBlobStore;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.server.access.AccessServices;
import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Roles;
import dev.indelible.server.access.Session;
import dev.indelible.server.access.Subject;
import dev.indelible.server.access.Token;
import dev.indelible.server.control.Guest;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.control.Tenant.UnknownActions;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.Event.ActorType;
import dev.indelible.server.ingest.IngestFixture;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.HashedActors;
import dev.indelible.server.trail.Look.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Tests which looks at a log are recorded in it. */
class AccessTrailTest {

  private static final Look.Origin ORIGIN = new Look.Origin("198.51.100.7", "curl", "r1");
  private static final Caller OPERATOR = new Caller.Operator("op");
  private static final Caller KEY =
      new Caller.TenantKey("k1", ACME, Set.of(Permission.AUDIT_VIEW), null);

  private IngestFixture fixture;
  private InMemoryJournal sessions;
  private AccessServices access;
  private AccessTrail trail;

  @BeforeEach
  void open() throws Exception {
    fixture = new IngestFixture();
    sessions = new InMemoryJournal(fixture.clock);
    access =
        AccessServices.open(
            fixture.control.configuration(),
            fixture.profiles,
            sessions,
            new InMemoryBlobStore(),
            fixture.clock,
            new Random(5),
            _ -> new HashedActors(id -> id));
    Roles roles = access.roles();
    trail = new AccessTrail(fixture.ingest, fixture.control.configuration(), roles, fixture.clock);
  }

  @AfterEach
  void close() {
    fixture.close();
    sessions.close();
  }

  private Tenant tenant(String profile, @Nullable Boolean recordViews) {
    return fixture.change(
        new Tenant(
            ACME,
            "Acme",
            profile,
            UnknownActions.REJECT,
            null,
            null,
            recordViews,
            true,
            null,
            NOW));
  }

  private static Look look(Kind kind, String filter) {
    return new Look(kind, filter, null, 3, ORIGIN);
  }

  private static Look lookAt(Kind kind, String thing) {
    return new Look(kind, "", thing, 1, ORIGIN);
  }

  private void advance(Duration duration) {
    fixture.clock.setMillis(fixture.clock.millis() + duration.toMillis());
  }

  private List<Event> recorded() throws Exception {
    return fixture.entries(ACME).stream().map(entry -> entry.event()).toList();
  }

  /** A guest who has come in. */
  private Caller guest(boolean isSupport) {
    Guest guest =
        fixture.change(
            new Guest(
                ACME,
                "g1",
                isSupport,
                "00",
                Set.of("audit.view"),
                null,
                "",
                false,
                "user:u_9",
                NOW,
                NOW.plus(Duration.ofDays(1)),
                null));
    Session session =
        access
            .sessions()
            .begin(
                Token.Kind.SESSION,
                new Subject.OfGuest(ACME, guest.localId(), isSupport),
                new Session.User("guest-1", "Gerda", "g@example.com"),
                guest.expiresAt())
            .session();
    return access.authentication().caller(session).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "standard, , 0",
    "standard, true, 3",
    "standard, false, 0",
    "inbox, , 3",
    "inbox, false, 0",
    "inbox, true, 3"
  })
  void viewsAreRecordedWhereTheTenantOrElseItsProfileSaysSo(
      String profile, @Nullable Boolean recordViews, int views) throws Exception {
    Tenant tenant = tenant(profile, recordViews);
    trail.record(KEY, tenant, look(Kind.VIEWED, ""));
    trail.record(KEY, tenant, look(Kind.SEARCHED, "actor:ana"));
    trail.record(KEY, tenant, lookAt(Kind.ENTRY_VIEWED, "e1"));
    assertThat(recorded()).hasSize(views);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"VERIFIED", "EXPORTED", "SETTINGS_VIEWED"})
  void whatIsNoViewIsRecordedWhateverTheTenantSays(Kind kind) throws Exception {
    trail.record(KEY, tenant("standard", false), look(kind, "actor:ana"));
    assertThat(recorded()).extracting(Event::action).containsExactly(kind.action());
  }

  @ParameterizedTest
  @CsvSource({"true, SUPPORT, support, u_9", "false, USER, auditor,"})
  void everythingThatAGuestReadsIsRecordedInTheirName(
      boolean isSupport, ActorType type, String role, @Nullable String behalf) throws Exception {
    Tenant tenant = tenant("standard", false);
    trail.record(guest(isSupport), tenant, look(Kind.VIEWED, ""));
    Event.Actor actor = recorded().getFirst().actor();
    assertThat(actor.type()).isEqualTo(type);
    assertThat(actor.id()).isEqualTo("guest-1");
    assertThat(actor.name()).isEqualTo("Gerda");
    assertThat(actor.roles()).containsExactly(role);
    assertThat(actor.permissions()).containsExactly("audit.view");
    assertThat(Optional.ofNullable(actor.onBehalfOf()).map(Event.Principal::id))
        .isEqualTo(Optional.ofNullable(behalf));
  }

  @Test
  void anEntrySaysWhoLookedForWhatAndFromWhere() throws Exception {
    Tenant tenant = tenant("standard", true);
    trail.record(KEY, tenant, look(Kind.SEARCHED, "actor:ana"));
    trail.record(OPERATOR, tenant, lookAt(Kind.ENTRY_VIEWED, "e1"));
    Event searched = recorded().getFirst();
    assertThat(searched.actor().type()).isEqualTo(ActorType.API_CLIENT);
    assertThat(searched.actor().id()).isEqualTo("k1");
    assertThat(searched.actor().permissions()).containsExactly("audit.view");
    assertThat(searched.context().ip()).isEqualTo(ORIGIN.address());
    assertThat(searched.context().requestId()).isEqualTo("r1");
    JsonNode details = requireNonNull(searched.details());
    assertThat(details.path("filter").asString()).isEqualTo("actor:ana");
    assertThat(details.path("result_count").asLong()).isEqualTo(3);
    Event viewed = recorded().getLast();
    assertThat(viewed.actor().roles()).containsExactly("operator");
    assertThat(viewed.targets()).containsExactly(new Event.Target("entry", "e1", null, null));
    assertThat(viewed.details()).isNull();
  }

  @Test
  void theSameLookWithinTheWindowIsOne() throws Exception {
    Tenant tenant = tenant("standard", true);
    Look look = look(Kind.SEARCHED, "actor:ana");
    trail.record(KEY, tenant, look);
    advance(AccessTrail.WINDOW.minusMillis(1));
    trail.record(KEY, tenant, look);
    assertThat(recorded()).hasSize(1);
    advance(Duration.ofMillis(1));
    trail.record(KEY, tenant, look);
    assertThat(recorded()).hasSize(2);
  }

  @Test
  void anotherPersonThingOrReasonIsAnotherLook() throws Exception {
    Tenant tenant = tenant("standard", true);
    trail.record(KEY, tenant, look(Kind.EXPORTED, "actor:ana"));
    trail.record(OPERATOR, tenant, look(Kind.EXPORTED, "actor:ana"));
    trail.record(KEY, tenant, look(Kind.EXPORTED, "actor:bo"));
    trail.record(KEY, tenant, look(Kind.SEARCHED, "actor:ana"));
    trail.record(KEY, tenant, new Look(Kind.EXPORTED, "actor:ana", null, 3, "case 7", ORIGIN));
    trail.record(KEY, tenant, lookAt(Kind.ENTRY_VIEWED, "e1"));
    trail.record(KEY, tenant, lookAt(Kind.ENTRY_VIEWED, "e2"));
    assertThat(recorded()).hasSize(7);
  }

  @Test
  void aMirrorCountsOnceADayAndAReportAboutAPersonEachTime() throws Exception {
    Tenant tenant = tenant("standard", null);
    Look report = new Look(Kind.SUBJECT_REPORTED, "u_1", null, 2, "asked for", ORIGIN);
    for (int i = 0; i < 3; i++) {
      trail.record(KEY, tenant, look(Kind.VERIFIED, ""));
      trail.record(KEY, tenant, lookAt(Kind.SETTINGS_VIEWED, "holds"));
      trail.record(KEY, tenant, report);
      trail.record(KEY, tenant, report);
      advance(AccessTrail.MIRROR_WINDOW.dividedBy(2));
    }
    assertThat(recorded())
        .extracting(Event::action)
        .satisfies(
            actions -> {
              assertThat(actions).filteredOn(Kind.VERIFIED.action()::equals).hasSize(2);
              assertThat(actions).filteredOn(Kind.SETTINGS_VIEWED.action()::equals).hasSize(2);
              assertThat(actions).filteredOn(Kind.SUBJECT_REPORTED.action()::equals).hasSize(6);
            });
  }

  @Test
  void aGuestIsNotAnsweredWhenItCannotBeRecordedAndOthersAre() throws Exception {
    Tenant tenant = tenant("standard", true);
    Caller guest = guest(false);
    fixture.events.refuse(Cause.DISK_FULL);
    assertThatThrownBy(() -> trail.record(guest, tenant, look(Kind.VIEWED, "")))
        .isInstanceOf(JournalUnavailableException.class);
    trail.record(KEY, tenant, look(Kind.VIEWED, ""));
    fixture.events.accept();
    trail.record(guest, tenant, look(Kind.VIEWED, ""));
    trail.record(KEY, tenant, look(Kind.VIEWED, ""));
    assertThat(recorded()).as("what failed was not taken for recorded").hasSize(2);
  }

  @Test
  void aLookThatCouldNotBeRecordedCoversNoFigures() throws Exception {
    Tenant tenant = tenant("standard", true);
    Caller guest = guest(false);
    Naming.Figures figures = new Naming.Figures(Naming.of(Filter.all(), List.of()), false);
    fixture.events.refuse(Cause.DISK_FULL);
    assertThatThrownBy(() -> trail.record(guest, tenant, look(Kind.VIEWED, "")))
        .isInstanceOf(JournalUnavailableException.class);
    fixture.events.accept();
    trail.recordFigures(guest, tenant, look(Kind.SEARCHED, "outcome:failure"), figures);
    assertThat(recorded()).hasSize(1);
    // Now there is a look, beside which they are none of their own; what is once a day is none.
    trail.recordFigures(guest, tenant, look(Kind.SEARCHED, "verb:login"), figures);
    assertThat(recorded()).hasSize(1);
    advance(Covers.LASTS);
    trail.record(guest, tenant, lookAt(Kind.SETTINGS_VIEWED, "holds"));
    trail.recordFigures(guest, tenant, look(Kind.SEARCHED, "verb:login"), figures);
    assertThat(recorded()).hasSize(3);
  }

  @Test
  void whoWasLetInIsNeverSummedUp() throws Exception {
    Tenant tenant = tenant("standard", false);
    for (int i = 0; i < 2; i++) {
      trail.note(
          KEY, tenant, "audit.signed_in", new Event.Target("member", "m", null, null), ORIGIN);
    }
    assertThat(recorded()).extracting(Event::action).containsOnly("audit.signed_in").hasSize(2);
  }
}
