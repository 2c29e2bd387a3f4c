package dev.indelible.server.retention;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.control.Retention;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profiles;
import dev.indelible.server.profile.RetentionPeriod;
import dev.indelible.server.retention.RetentionTerms.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long entries are kept, and to what that may be changed. */
class RetentionTermsTest {

  private final Profiles profiles = Profiles.builtIn();

  private Profile profile(String name) {
    return requireNonNull(profiles.find(name));
  }

  private static Retention set(@Nullable String tier, String... periods) {
    return new Retention(
        new TenantId("acme"),
        tier,
        Stream.of(periods).map(p -> new Retention.Requirement("asks for " + p, p)).toList());
  }

  private String period(String profile, @Nullable Retention set, @Nullable String keptFor) {
    return RetentionTerms.of(profile(profile), Optional.ofNullable(set), keptFor)
        .period()
        .jsonName();
  }

  private Optional<Fault> fault(String profile, Retention wanted) {
    return RetentionTerms.refusal(profile(profile), wanted).map(RetentionTerms.Refusal::fault);
  }

  @Test
  void theLongestRequirementIsMetAndTheProfilesAloneWhereNoneIsSet() {
    assertThat(period("standard", null, null)).isEqualTo("P13M");
    assertThat(period("standard", set(null, "P90D", "P7Y", "P24M"), null)).isEqualTo("P7Y");
    assertThat(period("standard", set(null, "P7Y", "lifetime"), null)).isEqualTo("lifetime");
    assertThat(period("standard", set(null, "P60D"), null)).isEqualTo("P60D");
  }

  @Test
  void neverLessThanTheProfilesLeastHoweverItCameToBeSet() {
    assertThat(period("rapidesq", set(null, "P1Y"), null)).isEqualTo("P2Y");
  }

  @Test
  void whoeverEditsAProfileShortensNothingThatWasKeptLonger() {
    assertThat(period("standard", null, "P7Y")).isEqualTo("P7Y");
    assertThat(period("standard", null, "P90D")).isEqualTo("P13M");
    assertThat(period("standard", set(null, "P90D"), "P7Y"))
        .as("what is set counts")
        .isEqualTo("P90D");
  }

  @Test
  void aTierSaysHowLongAndTheFirstIsThatOfWhoHasNone() {
    assertThat(period("kimondesk", null, null)).isEqualTo("P12M");
    RetentionTerms business =
        RetentionTerms.of(profile("kimondesk"), Optional.of(set("business", "P24M")), null);
    assertThat(business.tier()).isEqualTo("business");
    assertThat(business.most()).isEqualTo(RetentionPeriod.parse("P36M"));
    assertThat(business.period()).isEqualTo(RetentionPeriod.parse("P24M"));
  }

  @Test
  void whereNothingMayBeSetTheProfileHoldsOverWhatWasSetBefore() {
    assertThat(period("automation", set(null, "P1Y"), null)).isEqualTo("lifetime");
    assertThat(
            RetentionTerms.of(profile("automation"), Optional.of(set(null, "P1Y")), null)
                .requirements())
        .extracting(Retention.Requirement::name)
        .containsExactly(RetentionTerms.PRESET);
  }

  @Test
  void whatIsOutOfBoundsIsRefused() {
    assertThat(fault("standard", set(null, "P60D"))).isEmpty();
    assertThat(fault("standard", set(null, "P59D"))).contains(Fault.TOO_SHORT);
    assertThat(fault("standard", set(null, "P59D", "P1Y"))).as("the longest counts").isEmpty();
    assertThat(fault("standard", set(null, "lifetime"))).isEmpty();
    assertThat(fault("standard", set("gold", "P1Y"))).contains(Fault.UNKNOWN_TIER);
    assertThat(fault("kimondesk", set("gold", "P1Y"))).contains(Fault.UNKNOWN_TIER);
    assertThat(fault("kimondesk", set("team", "P13M"))).contains(Fault.TOO_LONG);
    assertThat(fault("kimondesk", set("business", "P13M"))).isEmpty();
    assertThat(fault("kimondesk", set("business", "P37M"))).contains(Fault.TOO_LONG);
    assertThat(fault("kimondesk", set("business", "P1M"))).contains(Fault.TOO_SHORT);
    assertThat(fault("inbox", set(null, "P90D"))).contains(Fault.NOT_CONFIGURABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "standard, P1Y, 2026-11-20T10:00:00Z, 2025-11-20T10:00:00Z",
    // Two months that are fewer than the 60 days which the profile asks for.
    "standard, P2M, 2026-03-15T10:00:00Z, 2026-01-14T10:00:00Z",
    "standard, P2M, 2026-08-31T10:00:00Z, 2026-06-30T10:00:00Z",
    "standard, P1D, 2026-11-20T10:00:00Z, 2026-09-21T10:00:00Z",
    "standard, lifetime, 2026-11-20T10:00:00Z,",
    "automation, P1Y, 2026-11-20T10:00:00Z,",
  })
  void entriesGoAfterTheirPeriodAndNeverBeforeTheLeast(
      String profile, String kept, Instant now, @Nullable Instant cutOff) {
    RetentionTerms terms = RetentionTerms.of(profile(profile), Optional.empty(), null);
    assertThat(terms.cutOff(RetentionPeriod.parse(kept), now))
        .isEqualTo(Optional.ofNullable(cutOff));
  }

  @Test
  void aProfilePresetsWhatItsFirstTierSays() {
    assertThat(
            List.of("standard", "kimondesk", "inbox", "automation").stream()
                .map(name -> RetentionTerms.presetOf(profile(name)).jsonName()))
        .containsExactly("P13M", "P12M", "P90D", "lifetime");
  }
}
