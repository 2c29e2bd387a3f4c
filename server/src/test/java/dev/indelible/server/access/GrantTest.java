package dev.indelible.server.access;

import static dev.indelible.server.profile.Permission.AUDIT_EXPORT;
import static dev.indelible.server.profile.Permission.AUDIT_VIEW;
import static dev.indelible.server.profile.Permission.HOLDS_MANAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests grants of permissions, together and narrowed. */
class GrantTest {

  private static final Filter LOGINS = Filter.term(Field.ACTION, "user.login");

  private static Grant within(Permission permission, String... accounts) {
    return Grant.of(List.of(permission)).within(Optional.of(Set.of(accounts)));
  }

  @Test
  void whatTwoAllowReachesAsFarAsBoth() {
    Grant both = within(AUDIT_VIEW, "eu").and(within(AUDIT_VIEW, "us"));
    assertThat(both.accounts(AUDIT_VIEW)).contains(Set.of("eu", "us"));
    assertThat(both.and(Grant.of(List.of(AUDIT_VIEW))).accounts(AUDIT_VIEW)).as("all").isEmpty();
    assertThat(both.and(within(AUDIT_EXPORT, "asia")).accounts(AUDIT_VIEW))
        .contains(Set.of("eu", "us"));
    assertThat(both.accounts(AUDIT_EXPORT)).as("not held").contains(Set.of());
  }

  @Test
  void withinAccountsNothingIsHeldThatIsAboutTheTenant() {
    Grant admin = Grant.of(List.of(AUDIT_VIEW, HOLDS_MANAGE));
    Grant narrowed = admin.within(Optional.of(Set.of("eu")));
    assertThat(narrowed.permissions()).containsExactly(AUDIT_VIEW);
    assertThat(narrowed.allows(HOLDS_MANAGE)).isFalse();
    assertThat(narrowed.within(Optional.of(Set.of("us"))).accounts(AUDIT_VIEW))
        .as("never more than before")
        .contains(Set.of());
    assertThat(admin.within(Optional.empty())).isEqualTo(admin);
  }

  @Test
  void wholeIsNeitherNarrowedNorFiltered() {
    Grant whole = Grant.of(List.of(AUDIT_VIEW));
    assertThat(whole.allowsWhole(AUDIT_VIEW)).isTrue();
    assertThat(whole.filtered(LOGINS).allowsWhole(AUDIT_VIEW)).isFalse();
    assertThat(within(AUDIT_VIEW, "eu").allowsWhole(AUDIT_VIEW)).isFalse();
    assertThat(whole.allowsWhole(AUDIT_EXPORT)).isFalse();
  }

  @Test
  void nobodyGivesAwayWhatTheyDoNotHave() {
    Grant mine = within(AUDIT_VIEW, "eu", "us").and(Grant.of(List.of(AUDIT_EXPORT)));
    assertThat(mine.covers(within(AUDIT_VIEW, "eu"))).isTrue();
    assertThat(mine.covers(within(AUDIT_VIEW, "eu", "asia"))).isFalse();
    assertThat(mine.covers(Grant.of(List.of(AUDIT_VIEW)))).isFalse();
    assertThat(mine.covers(within(AUDIT_EXPORT, "asia"))).isTrue();
    assertThat(mine.covers(Grant.of(List.of(HOLDS_MANAGE)))).isFalse();
    assertThat(mine.filtered(LOGINS).covers(within(AUDIT_VIEW, "eu"))).isFalse();
    assertThat(mine.covers(Grant.NOTHING)).isTrue();
    assertThat(Grant.everything().covers(mine)).isTrue();
  }

  @Test
  void filtersAddUpAndPermissionsCanBeTakenAway() {
    Filter ana = Filter.term(Field.ACTOR, "ana");
    Grant grant = Grant.everything().filtered(LOGINS).filtered(ana).only(Set.of(AUDIT_VIEW));
    assertThat(grant.fixed()).isEqualTo(Filter.and(List.of(LOGINS, ana)));
    assertThat(grant.permissions()).containsExactly(AUDIT_VIEW);
    assertThat(grant.and(within(AUDIT_EXPORT, "eu")).fixed()).isEqualTo(grant.fixed());
  }

  @Test
  void itIsForAllAccountsAsSoonAsAnyOfItIs() {
    assertThat(Grant.NOTHING.accounts()).contains(Set.of());
    assertThat(within(AUDIT_VIEW, "eu").and(within(AUDIT_EXPORT, "us")).accounts())
        .contains(Set.of("eu", "us"));
    assertThat(within(AUDIT_VIEW, "eu").and(Grant.of(List.of(AUDIT_EXPORT))).accounts()).isEmpty();
  }
}
