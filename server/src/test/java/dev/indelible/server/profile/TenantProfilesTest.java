package dev.indelible.server.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests which profile holds for a tenant. */
class TenantProfilesTest {

  private static final TenantId ACME = new TenantId("acme");

  private final Map<TenantId, String> changes = new HashMap<>();
  private final Profiles builtIn = Profiles.builtIn();
  private final TenantProfiles profiles = new TenantProfiles(builtIn, changes::get);

  @Test
  void aTenantThatChangesNothingHasTheProfileItself() {
    assertThat(profiles.of(ACME, "msp")).isSameAs(builtIn.find("msp"));
  }

  @Test
  void whatWasWorkedOutIsKeptUntilTheTenantChangesSomethingElse() {
    changes.put(ACME, "{\"viewer\":{\"newest\":5}}");
    Profile first = profiles.of(ACME, "msp");
    assertThat(first.viewer().newest()).isEqualTo(5);
    assertThat(profiles.of(ACME, "msp")).isSameAs(first);
    changes.put(ACME, "{\"viewer\":{\"newest\":6}}");
    assertThat(profiles.of(ACME, "msp").viewer().newest()).isEqualTo(6);
    assertThat(profiles.of(ACME, "inbox").name()).isEqualTo("inbox");
  }

  @Test
  void asManyAreKeptAsTheLimitAndAllOfMoreAreRight() {
    for (int i = 0; i <= TenantProfiles.MAX_KEPT; i++) {
      changes.put(new TenantId("t" + i), "{\"viewer\":{\"newest\":" + (1 + i % 900) + "}}");
    }
    for (int i = 0; i <= TenantProfiles.MAX_KEPT; i++) {
      assertThat(profiles.of(new TenantId("t" + i), "standard").viewer().newest())
          .isEqualTo(1 + i % 900);
    }
    assertThat(profiles.kept()).isLessThanOrEqualTo(TenantProfiles.MAX_KEPT);
  }

  @Test
  void changesThatNoLongerFitDoNotHold() {
    changes.put(ACME, "{\"viewer\":{\"newest\":\"many\"}}");
    assertThat(profiles.of(ACME, "msp")).isSameAs(builtIn.find("msp"));
  }
}
