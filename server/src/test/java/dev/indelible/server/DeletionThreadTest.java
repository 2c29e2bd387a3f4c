package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.retention.DeletionSteps.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that deletions by a request run on a platform thread, and so hold no carrier. */
class DeletionThreadTest {

  @TempDir Path directory;

  @Test
  void purgesErasuresAndTheEndOfATenantHoldNoCarrier() throws Exception {
    List<Map.Entry<Step, Boolean>> reached = new CopyOnWriteArrayList<>();
    try (GovernedServer server = new GovernedServer(directory)) {
      server.tenant("acme", "standard");
      server.tenant("over", "standard");
      server.record("acme", "e1", "user.login", "u_1", "Ana");
      server.record("over", "e1", "user.login", "u_1", "Ana");
      server.steps = step -> reached.add(Map.entry(step, Thread.currentThread().isVirtual()));
      String erasure =
          server
              .expect(201, "POST", "/v1/tenants/acme/erasures", "{\"identifiers\":[\"u_1\"]}")
              .path("id")
              .asString();
      server.expect(
          200,
          "POST",
          "/v1/tenants/acme/erasures/" + erasure + "/approve",
          "{\"reason\":\"checked\"}");
      server.advance(Duration.ofDays(4_000));
      server.expect(200, "POST", "/v1/tenants/acme/retention/purge", "{\"reason\":\"due\"}");
      server.expect(200, "DELETE", "/v1/tenants/over?reason=over&confirm=over", "");
    }
    assertThat(reached.stream().filter(one -> one.getKey() == Step.DECIDED)).hasSize(3);
    assertThat(reached.stream().filter(one -> one.getKey() == Step.DONE)).hasSize(3);
    assertThat(reached).noneMatch(Map.Entry::getValue);
  }
}
