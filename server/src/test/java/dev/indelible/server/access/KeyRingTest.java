package dev.indelible.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.profile.Permission;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingTest {

  private static final TenantId ACME = new TenantId("acme");

  @TempDir Path directory;
  private FileJournal journal;
  private ControlLog control;
  private KeyRing ring;
  private Instant now = Instant.parse("2026-11-20T10:00:00Z");

  @BeforeEach
  void open() throws Exception {
    journal =
        FileJournal.open(
            new SystemDisk(),
            directory,
            FileJournal.Options.of(InstantSource.system(), new Random(1))
                .withSegmentBytes(1 << 20));
    control = new ControlLog(journal, 1);
    control.start(Position.START, applied -> {});
    ring = new KeyRing(control.configuration(), () -> now, new SecureRandom());
  }

  @AfterEach
  void close() throws Exception {
    journal.close(); // wakes the control log's fold, so that it need not be waited for
    control.close();
  }

  private KeyRing.Minted record(KeyRing.Minted minted) {
    control.change(new Change(minted.key(), 0, Change.ChangedBy.SYSTEM, null));
    return minted;
  }

  private static KeyRing.Wanted wanted(List<String> networks, @Nullable Instant expiresAt) {
    return new KeyRing.Wanted(ACME, "k", Set.of("events.write"), networks, expiresAt);
  }

  private Optional<Caller> authenticate(String secret) {
    return ring.authenticate(secret, "127.0.0.1");
  }

  private KeyRing.Minted mint(@Nullable Instant expiresAt) {
    return record(ring.mint(wanted(List.of(), expiresAt)));
  }

  @Test
  void aKeySpeaksForItsTenantWithItsScopesOnly() {
    KeyRing.Minted minted = mint(null);
    Caller caller = authenticate(minted.secret()).orElseThrow();
    assertThat(caller)
        .isEqualTo(
            new Caller.TenantKey(minted.key().id(), ACME, Set.of(Permission.EVENTS_WRITE), null));
    assertThat(caller.sees(ACME)).isTrue();
    assertThat(caller.sees(new TenantId("other"))).isFalse();
    assertThat(caller.may(Permission.EVENTS_WRITE, ACME)).isTrue();
    assertThat(caller.may(Permission.EVENTS_WRITE, new TenantId("other"))).isFalse();
    assertThat(caller.may(Permission.AUDIT_VIEW, ACME)).isFalse();
    for (TenantId tenant : List.of(ACME, new TenantId("other"))) {
      assertThatThrownBy(() -> Scopes.of(caller, tenant, Permission.AUDIT_VIEW))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatProvesNothingIsNobody() {
    String secret = mint(null).secret();
    char last = secret.charAt(secret.length() - 1);
    String altered = secret.substring(0, secret.length() - 1) + (last == 'A' ? 'B' : 'A');
    assertThat(authenticate("")).isEmpty();
    assertThat(authenticate("Bearer " + secret)).isEmpty();
    assertThat(authenticate(altered)).isEmpty();
    assertThat(authenticate("ik_x")).isEmpty();
    assertThat(authenticate(secret + "x")).isEmpty();
    assertThat(authenticate("iv" + secret.substring(2))).isEmpty();
    assertThat(authenticate(secret)).isPresent();
  }

  @Test
  void aKeyWorksFromItsNetworksAlone() {
    String secret =
        record(ring.mint(wanted(List.of("203.0.113.0/24", "2001:db8::/32"), null))).secret();
    assertThat(ring.authenticate(secret, "203.0.113.9")).isPresent();
    assertThat(ring.authenticate(secret, "2001:db8::1")).isPresent();
    assertThat(ring.authenticate(secret, "::ffff:203.0.113.9")).isPresent();
    assertThat(ring.authenticate(secret, "203.0.114.9")).isEmpty();
    assertThat(ring.authenticate(secret, "2001:db9::1")).isEmpty();
    assertThat(ring.authenticate(secret, "")).isEmpty();
    assertThat(ring.authenticate(secret, "unknown")).isEmpty();
  }

  @Test
  void aKeyThatIsNotRecordedIsNobody() {
    KeyRing.Minted minted = ring.mint(wanted(List.of(), null));
    assertThat(authenticate(minted.secret())).isEmpty();
  }

  @Test
  void aKeyStopsWorkingWhenItExpires() {
    KeyRing.Minted minted = mint(now.plusSeconds(60));
    assertThat(authenticate(minted.secret())).isPresent();
    now = now.plusSeconds(60);
    assertThat(authenticate(minted.secret())).isEmpty();
  }

  @Test
  void aKeyStopsWorkingWhenItIsRevoked() {
    KeyRing.Minted minted = mint(null);
    ApiKey revoked = minted.key().revoked(now);
    control.change(new Change(revoked, 1, Change.ChangedBy.SYSTEM, null));
    assertThat(authenticate(minted.secret())).isEmpty();
  }

  @Test
  void theSecretIsNotOnDisk() throws Exception {
    String secret = mint(null).secret();
    String proof = secret.substring(secret.lastIndexOf('_', secret.length() - 40) + 1);
    control.close();
    journal.close(); // which makes no more files meanwhile
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain(proof.substring(0, 20));
      }
    }
  }

  @Test
  void anOperatorsKeyCanBeAdoptedFromItsFile() {
    KeyRing.Minted minted = ring.mintOperatorKey();
    record(ring.adoptOperatorKey(minted.secret()));
    Caller caller = authenticate(minted.secret()).orElseThrow();
    assertThat(caller).isEqualTo(new Caller.Operator(minted.key().id()));
    assertThat(caller.sees(ACME)).isTrue();
    assertThatThrownBy(() -> ring.adoptOperatorKey("nonsense"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
