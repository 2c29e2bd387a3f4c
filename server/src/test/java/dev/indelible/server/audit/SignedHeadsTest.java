package dev.indelible.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.proof.Head;
import dev.indelible.verify.Hash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignedHeadsTest {

  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId BAKERY = new TenantId("bakery");

  private final Map<TenantId, Head> known = new HashMap<>();
  private final List<String> told = new ArrayList<>();
  private final SignedHeads heads =
      new SignedHeads(
          tenant -> known.getOrDefault(tenant, Head.EMPTY),
          (tenant, finding) -> told.add(tenant.value() + ": " + finding.sentence()));

  private static Hash root(int fill) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) fill;
    return Hash.of(bytes);
  }

  @Test
  void aHeadThatIsDurableBeforeItIsRememberedIsNoDamage() throws Exception {
    known.put(ACME, new Head(16, root(1)));
    heads.take(ACME, 17, root(2));
    heads.settle(
        (tenant, size, timeout) -> {
          known.put(tenant, new Head(size, root(2)));
          return true;
        });
    assertThat(told).isEmpty();
  }

  @Test
  void aHeadThatIsRememberedWithAnotherRootAfterwardsIsDamage() throws Exception {
    heads.take(ACME, 17, root(2));
    heads.settle(
        (tenant, size, timeout) -> {
          known.put(tenant, new Head(size, root(3)));
          return true;
        });
    assertThat(told).singleElement().asString().contains("acme", "size 17");
  }

  @Test
  void aHeadThatIsNeverRememberedIsDamage() throws Exception {
    known.put(BAKERY, new Head(4, root(4)));
    heads.take(ACME, 17, root(2));
    heads.take(BAKERY, 4, root(5));
    heads.take(BAKERY, 3, root(6)); // older than what is remembered
    assertThat(told).singleElement().asString().contains("bakery", "size 4");
    heads.settle((tenant, size, timeout) -> false);
    assertThat(told).hasSize(2).last().asString().contains("acme", "size 17");
  }

  @Test
  void moreThanAreWaitedForAreToldOfAtOnce() {
    for (int i = 1; i <= SignedHeads.MAX_AHEAD; i++) {
      heads.take(ACME, i, root(1));
    }
    assertThat(told).isEmpty();
    heads.take(ACME, SignedHeads.MAX_AHEAD + 1, root(1));
    assertThat(told).hasSize(1);
  }
}
