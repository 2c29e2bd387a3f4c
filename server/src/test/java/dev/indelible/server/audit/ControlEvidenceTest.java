package dev.indelible.server.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.control.Account;
import dev.indelible.server.control.AppliedChange;
import dev.indelible.server.control.AppliedChange.Replacement;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import dev.indelible.verify.audit.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlEvidenceTest {

  private final ControlEvidence evidence = new ControlEvidence();

  private static StoredEntry entry(String facts) {
    EntryParts parts = EntryParts.ofFacts(facts.getBytes(UTF_8), new byte[EntryParts.SALT_BYTES]);
    return new StoredEntry(3, 0, new StoredEntry.Whole(parts));
  }

  private List<Finding> found() {
    List<Finding> findings = new ArrayList<>();
    evidence.tell(null, findings::add);
    return findings;
  }

  @Test
  void oneEntryOfEachTenantIsToldAndOfSoManyTenantsAtMost() {
    evidence.ended(new Position(1_000));
    for (int i = 0; i < ControlEvidence.MAX_TOLD + 5; i++) {
      TenantId tenant = new TenantId("t" + i);
      evidence.configured(tenant);
      for (int n = 0; n < 2; n++) {
        evidence.look(tenant, entry("{\"id\":\"control-8\",\"action\":\"audit.tenant.create\"}"));
      }
    }
    assertThat(found())
        .hasSize(ControlEvidence.MAX_TOLD)
        .contains(new Finding.ForeignControlLog("entry 3 of t0"));
  }

  private static Replacement account(String tenant) {
    return new Replacement(
        null,
        new Change(new Account(new TenantId(tenant), "eu", "EU", null), 0, ChangedBy.SYSTEM, null));
  }

  private List<Finding> foundIn(String tenant, String id) {
    ControlEvidence looking = new ControlEvidence();
    Hash hash = Hash.of(new byte[Hash.BYTES]);
    looking.configured(new TenantId(tenant));
    looking.made(
        new AppliedChange(
            new Position(8),
            new Position(9),
            Instant.EPOCH,
            List.of(account("acme"), account("desk")),
            new AppliedChange.Chain(hash, hash)));
    looking.ended(new Position(1_000));
    looking.look(
        new TenantId(tenant),
        entry("{\"id\":\"%s\",\"action\":\"audit.account.create\"}".formatted(id)));
    List<Finding> findings = new ArrayList<>();
    looking.tell(null, findings::add);
    return findings;
  }

  @Test
  void anEntryOfChangesThatWereMadeTogetherIsHeldAgainstItsOwnOne() {
    assertThat(foundIn("acme", "control-8-0")).isEmpty();
    assertThat(foundIn("desk", "control-8-1")).isEmpty();
    for (String other : List.of("control-8", "control-8-1", "control-8-2", "control-7-0")) {
      assertThat(foundIn("acme", other)).as(other).hasSize(1);
    }
  }

  @Test
  void whatSaysNothingOfTheControlLogIsNoEvidence() {
    TenantId acme = new TenantId("acme");
    evidence.configured(acme);
    evidence.ended(new Position(1_000));
    for (String facts :
        List.of(
            "{\"id\":\"control-8\",\"action\":\"user.login\"}",
            "{\"id\":\"control-x\",\"action\":\"audit.tenant.create\"}",
            "{\"id\":\"control-2000\",\"action\":\"audit.tenant.create\"}",
            "{\"id\":\"e\",\"reason\":\"\\\"id\\\":\\\"control-8\"}",
            "{\"id\":\"control-")) {
      evidence.look(acme, entry(facts));
    }
    assertThat(found()).isEmpty();
  }

  @Test
  void withoutAControlLogThatCanBeReadNothingIsSaidOfIt() {
    evidence.look(
        new TenantId("acme"), entry("{\"id\":\"control-8\",\"action\":\"audit.tenant.create\"}"));
    assertThat(found()).isEmpty();
  }
}
