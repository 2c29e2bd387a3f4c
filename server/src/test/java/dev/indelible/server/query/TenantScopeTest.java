package dev.indelible.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TenantScopeTest {

  private static TenantScope scope(Optional<Set<String>> accounts, Filter fixed) {
    return new TenantScope(new TenantId("acme"), accounts, Set.of(), fixed);
  }

  @Test
  void leavesAFilterAloneWhenItSeesEverything() {
    Filter filter = Filter.term(Field.ACTOR, "ana");
    assertThat(scope(Optional.empty(), Filter.all()).restrict(filter)).isEqualTo(filter);
  }

  @Test
  void addsItsAccountsAndItsFixedFilterAroundAnOr() {
    Filter either = Filter.or(List.of(Filter.term(Field.ID, "1"), Filter.term(Field.ID, "2")));
    Filter fixed = Filter.term(Field.CATEGORY, "data");
    assertThat(scope(Optional.of(Set.of("us", "eu")), fixed).restrict(either).toQuery())
        .isEqualTo("category:data account:eu,us (id:1 OR id:2)");
  }

  @Test
  void seesNothingWithoutAnyAccount() {
    assertThat(scope(Optional.of(Set.of()), Filter.all()).restrict(Filter.all()))
        .isEqualTo(Filter.none());
  }
}
