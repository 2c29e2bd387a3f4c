package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnknownTenantsTest {

  private static List<TenantId> tenants(int count) {
    return IntStream.range(0, count).mapToObj(i -> new TenantId("t" + i)).toList();
  }

  @Test
  void aFewAreNamedAndTheOthersCounted() {
    assertThat(new UnknownTenants(List.of()).warning()).isEmpty();
    assertThat(new UnknownTenants(tenants(UnknownTenants.MAX_NAMED)).warning().orElseThrow())
        .contains("(5: t0, t1, t2, t3, t4)");
    assertThat(new UnknownTenants(tenants(UnknownTenants.MAX_NAMED + 1)).warning().orElseThrow())
        .contains("(6: t0, t1, t2, t3, t4, …)");
  }
}
