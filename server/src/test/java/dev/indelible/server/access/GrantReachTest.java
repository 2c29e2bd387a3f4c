package dev.indelible.server.access;

import static dev.indelible.server.profile.Permission.AUDIT_EXPORT;
import static dev.indelible.server.profile.Permission.AUDIT_VIEW;
import static dev.indelible.server.profile.Permission.MEMBERS_MANAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How far permissions reach: for the whole tenant, or for some accounts. */
class GrantReachTest {

  private static final Grant WHOLE = Grant.of(Set.of(AUDIT_VIEW, MEMBERS_MANAGE));
  private static final Grant OF_EU = WHOLE.within(Optional.of(Set.of("eu")));
  private static final Filter ANA =
      new Filter.Term(Field.ACTOR_ID, List.of(Filter.Value.exact("u_ana")));

  @Test
  void withinAccountsIsLeftWhatIsAboutAccountsAndForThoseAlone() {
    assertThat(OF_EU.permissions()).containsExactly(AUDIT_VIEW);
    assertThat(OF_EU.accounts(AUDIT_VIEW)).contains(Set.of("eu"));
    assertThat(OF_EU.accounts(AUDIT_EXPORT)).as("not held").contains(Set.of());
    assertThat(WHOLE.accounts(AUDIT_VIEW)).as("all of them").isEmpty();
    assertThat(WHOLE.within(Optional.empty())).isEqualTo(WHOLE);
  }

  @Test
  void narrowedTwiceItIsForWhatBothName() {
    Grant both =
        WHOLE.within(Optional.of(Set.of("eu", "us"))).within(Optional.of(Set.of("us", "jp")));
    assertThat(both.accounts(AUDIT_VIEW)).contains(Set.of("us"));
    assertThat(OF_EU.within(Optional.of(Set.of("us"))).accounts(AUDIT_VIEW)).contains(Set.of());
  }

  @Test
  void whoHasAPermissionForOneAccountDoesNotCoverOneForAllOrForAnother() {
    assertThat(WHOLE.covers(OF_EU)).isTrue();
    assertThat(OF_EU.covers(OF_EU)).isTrue();
    assertThat(OF_EU.covers(Grant.of(Set.of(AUDIT_VIEW)))).isFalse();
    assertThat(OF_EU.covers(WHOLE.within(Optional.of(Set.of("us"))))).isFalse();
    assertThat(OF_EU.covers(WHOLE.within(Optional.of(Set.of("eu", "us"))))).isFalse();
    assertThat(OF_EU.covers(Grant.of(Set.of(MEMBERS_MANAGE)))).isFalse();
    assertThat(OF_EU.covers(Grant.NOTHING)).isTrue();
  }

  @Test
  void onlyAPermissionForAllAndWithoutAFilterIsForTheWholeTenant() {
    assertThat(WHOLE.allowsWhole(AUDIT_VIEW)).isTrue();
    assertThat(OF_EU.allows(AUDIT_VIEW)).isTrue();
    assertThat(OF_EU.allowsWhole(AUDIT_VIEW)).isFalse();
    assertThat(WHOLE.filtered(ANA).allowsWhole(AUDIT_VIEW)).isFalse();
    assertThat(WHOLE.allowsWhole(AUDIT_EXPORT)).isFalse();
  }

  @Test
  void whoeverIsRestrictedByAFilterGivesNothingAway() {
    assertThat(WHOLE.filtered(ANA).covers(OF_EU)).isFalse();
    assertThat(WHOLE.covers(WHOLE.filtered(ANA))).isTrue();
  }

  @Test
  void twoGrantsTogetherReachAsFarAsBoth() {
    Grant ofUs = Grant.of(Set.of(AUDIT_VIEW)).within(Optional.of(Set.of("us")));
    assertThat(OF_EU.and(ofUs).accounts(AUDIT_VIEW)).contains(Set.of("eu", "us"));
    assertThat(OF_EU.and(WHOLE).accounts(AUDIT_VIEW)).isEmpty();
    assertThat(OF_EU.and(Grant.of(Set.of(MEMBERS_MANAGE))).permissions())
        .containsExactlyInAnyOrder(AUDIT_VIEW, MEMBERS_MANAGE);
    assertThat(OF_EU.and(Grant.of(Set.of(MEMBERS_MANAGE))).accounts(AUDIT_VIEW))
        .contains(Set.of("eu"));
  }

  @Test
  void ofSomePermissionsNoOtherIsLeft() {
    assertThat(WHOLE.only(Set.of(AUDIT_VIEW, AUDIT_EXPORT)).permissions())
        .containsExactly(AUDIT_VIEW);
    assertThat(Grant.everything().covers(WHOLE)).isTrue();
  }
}
