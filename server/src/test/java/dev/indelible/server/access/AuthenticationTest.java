package dev.indelible.server.access;

import static dev.indelible.server.ingest.IngestFixture.ACME;
import static dev.indelible.server.ingest.IngestFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.testing.InMemoryBlobStore;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.server.access.Authentication.Shown;
import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Assignment;
import dev.indelible.server.control.Closure;
import dev.indelible.server.control.Guest;
import dev.indelible.server.control.Member;
import dev.indelible.server.control.PermissionSet;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.control.Tenant.UnknownActions;
import dev.indelible.server.ingest.IngestFixture;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.HashedActors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the caller of a session while the grounds of the session change. */
class AuthenticationTest {

  private static final Shown HERE = new Shown("203.0.113.9", null);
  private static final Session.User ANA = new Session.User("u_1", "Ana", null);

  private IngestFixture fixture;
  private InMemoryJournal journal;
  private AccessServices access;

  @BeforeEach
  void open() throws Exception {
    fixture = new IngestFixture();
    tenant(true);
    journal = new InMemoryJournal(fixture.clock);
    access =
        AccessServices.open(
            fixture.control.configuration(),
            fixture.profiles,
            journal,
            new InMemoryBlobStore(),
            fixture.clock,
            new Random(4),
            _ -> new HashedActors(id -> id));
  }

  @AfterEach
  void close() {
    fixture.close();
    journal.close();
  }

  private Tenant tenant(boolean supportAccess) {
    return fixture.change(
        new Tenant(
            ACME,
            "Acme",
            "standard",
            UnknownActions.REJECT,
            null,
            null,
            null,
            supportAccess,
            null,
            NOW));
  }

  private String begin(Token.Kind kind, Subject subject) {
    return access.sessions().begin(kind, subject, ANA, NOW.plus(Duration.ofDays(30))).token();
  }

  private Optional<Grant> grant(String cookie) {
    return access.authentication().byCookie(cookie, HERE).flatMap(caller -> caller.grant(ACME));
  }

  private KeyRing.Minted key(List<String> networks) {
    KeyRing.Minted minted =
        access.keys().mint(new KeyRing.Wanted(ACME, "k", Set.of("events.read"), networks, null));
    fixture.change(minted.key());
    return minted;
  }

  private static Assignment role(String role, @Nullable List<String> accounts) {
    return new Assignment(role, null, accounts);
  }

  @Test
  void aMemberMayWhatTheirAssignmentsSayNowAndNothingOnceRemoved() {
    fixture.change(new Member(ACME, "u_1", List.of(role("owner", null)), null));
    String cookie = begin(Token.Kind.SESSION, new Subject.OfMember(ACME, "u_1", null));
    assertThat(grant(cookie).orElseThrow().allows(Permission.HOLDS_MANAGE)).isTrue();
    fixture.change(new Member(ACME, "u_1", List.of(role("account_admin", List.of("eu"))), null));
    Grant narrowed = grant(cookie).orElseThrow();
    assertThat(narrowed.allows(Permission.HOLDS_MANAGE)).isFalse();
    assertThat(narrowed.accounts(Permission.AUDIT_VIEW)).contains(Set.of("eu"));
    fixture.change(new Member(ACME, "u_1", List.of(), NOW));
    assertThat(grant(cookie)).isEmpty();
  }

  @Test
  void rolesAddUpAndWhatIsNotThereAllowsNothing() {
    Tenant tenant = tenant(true);
    Grant grant =
        access
            .roles()
            .grant(
                tenant,
                List.of(
                    role("account_admin", List.of("eu")),
                    role("account_admin", List.of("us")),
                    role("nobody", null),
                    new Assignment(null, "nothing", null)));
    assertThat(grant.accounts(Permission.AUDIT_VIEW)).contains(Set.of("eu", "us"));
    assertThat(grant.permissions())
        .isEqualTo(access.roles().ofProfile(tenant, "audit_viewer").orElseThrow());
  }

  @Test
  void aTenantsOwnPermissionSetCountsBeforeTheProfilesOfThatName() {
    Tenant tenant = tenant(true);
    assertThat(access.roles().permissionSet(tenant, "compliance").orElseThrow())
        .contains(Permission.HOLDS_MANAGE);
    fixture.change(
        new PermissionSet(ACME, "compliance", "Ours", Set.of("audit.view", "of.tomorrow"), null));
    assertThat(access.roles().permissionSet(tenant, "compliance"))
        .contains(Set.of(Permission.AUDIT_VIEW));
    assertThat(Roles.names(List.of(role("a", null), role("a", List.of("eu")), role("b", null))))
        .containsExactly("a", "b");
  }

  private Guest guest(boolean isSupport, String filter) {
    return new Guest(
        ACME,
        "g",
        isSupport,
        "00",
        Set.of("audit.view", "holds.manage"),
        List.of("eu"),
        filter,
        false,
        "user:u_1",
        NOW,
        NOW.plus(Duration.ofDays(1)),
        null);
  }

  @Test
  void aGuestReadsSomeAccountsForATimeAndDoesNothingElse() {
    Guest guest = fixture.change(guest(false, "action:user.login"));
    String cookie = begin(Token.Kind.SESSION, new Subject.OfGuest(ACME, "g", false));
    Grant grant = grant(cookie).orElseThrow();
    assertThat(grant.permissions()).containsExactly(Permission.AUDIT_VIEW);
    assertThat(grant.accounts(Permission.AUDIT_VIEW)).contains(Set.of("eu"));
    assertThat(grant.fixed()).isNotEqualTo(Filter.all());
    fixture.clock.setMillis(guest.expiresAt().toEpochMilli() - 1);
    assertThat(grant(cookie)).isPresent();
    fixture.clock.setMillis(guest.expiresAt().toEpochMilli());
    assertThat(grant(cookie)).isEmpty();
  }

  @Test
  void aGuestIsOutOnceTheInvitationIsEndedAndSupportOnceTheTenantOptsOut() {
    fixture.change(guest(true, ""));
    String support = begin(Token.Kind.SESSION, new Subject.OfGuest(ACME, "g", true));
    assertThat(grant(support)).isPresent();
    tenant(false);
    assertThat(grant(support)).isEmpty();
    tenant(true);
    fixture.change(guest(true, "").removed(NOW));
    assertThat(grant(support)).isEmpty();
  }

  @Test
  void aFilterThatCannotBeUnderstoodShowsNothing() {
    fixture.change(guest(false, "((("));
    String cookie = begin(Token.Kind.SESSION, new Subject.OfGuest(ACME, "g", false));
    assertThat(grant(cookie).orElseThrow().fixed()).isEqualTo(Filter.none());
  }

  private String viewer(KeyRing.Minted key, Set<String> permissions, Set<String> origins) {
    return begin(
        Token.Kind.VIEWER,
        new Subject.OfViewer(
            ACME, key.key().id(), permissions, Optional.of(Set.of("eu")), "", origins));
  }

  private Optional<Caller> byHeader(String token, @Nullable String origin) {
    return access.authentication().byHeader("Bearer " + token, new Shown(HERE.address(), origin));
  }

  @Test
  void aViewerReadsNoMoreThanItsKeyAndOnlyWhileThatWorks() {
    KeyRing.Minted key = key(List.of());
    String token = viewer(key, Set.of("audit.view", "holds.manage"), Set.of());
    Grant grant = byHeader(token, null).orElseThrow().grant(ACME).orElseThrow();
    assertThat(grant.permissions()).containsExactly(Permission.AUDIT_VIEW);
    assertThat(grant.accounts(Permission.AUDIT_VIEW)).contains(Set.of("eu"));
    ApiKey revoked = key.key().revoked(NOW);
    fixture.change(revoked);
    assertThat(byHeader(token, null)).isEmpty();
  }

  @Test
  void aViewersTokenWorksOnThePagesThatItNames() {
    String token = viewer(key(List.of()), Set.of("audit.view"), Set.of("https://app.example"));
    assertThat(byHeader(token, "https://app.example")).isPresent();
    assertThat(byHeader(token, "https://evil.example")).isEmpty();
    assertThat(byHeader(token, null)).as("no page of another origin").isPresent();
    assertThat(byHeader(viewer(key(List.of()), Set.of(), Set.of()), "https://any.example"))
        .isPresent();
  }

  @Test
  void aSessionOfAKeyWorksFromTheKeysNetworks() {
    KeyRing.Minted key = key(List.of("203.0.113.0/24"));
    String cookie =
        access
            .authentication()
            .beginWithKey(key.secret(), HERE, NOW.plus(Duration.ofHours(1)))
            .orElseThrow()
            .token();
    assertThat(grant(cookie)).isPresent();
    assertThat(access.authentication().byCookie(cookie, new Shown("198.51.100.1", null))).isEmpty();
    assertThat(
            access
                .authentication()
                .beginWithKey(key.secret(), new Shown("198.51.100.1", null), NOW.plusSeconds(60)))
        .isEmpty();
  }

  @Test
  void nobodySignsInToAClosedTenant() {
    fixture.change(new Member(ACME, "u_1", List.of(role("owner", null)), null));
    String cookie = begin(Token.Kind.SESSION, new Subject.OfMember(ACME, "u_1", null));
    fixture.change(new Closure(ACME, NOW, List.of()));
    assertThat(grant(cookie)).isEmpty();
  }
}
