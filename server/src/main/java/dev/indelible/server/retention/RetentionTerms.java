package dev.indelible.server.retention;

import dev.indelible.server.control.Retention;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.RetentionPeriod;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Retention of a tenant's entries, and the bounds within which it may be changed.
 *
 * @param period how long: the longest of the requirements
 * @param requirements the requirements
 * @param tier the tier of the tenant's plan, or null when its profile has none
 * @param least no shorter period is accepted
 * @param most no longer period is accepted
 * @param configurable whether the tenant may change it at all
 */
public record RetentionTerms(
    RetentionPeriod period,
    List<Retention.Requirement> requirements,
    @Nullable String tier,
    RetentionPeriod least,
    RetentionPeriod most,
    boolean configurable) {

  /** The name of the requirement that stands for what a profile presets. */
  static final String PRESET = "profile";

  public RetentionTerms {
    requirements = List.copyOf(requirements);
  }

  /** Reason why a change of retention is refused. */
  public enum Fault {
    NOT_CONFIGURABLE,
    TOO_SHORT,
    TOO_LONG,
    UNKNOWN_TIER
  }

  /**
   * A refusal.
   *
   * @param fault the kind of fault
   * @param detail the fault in words, for people
   */
  public record Refusal(Fault fault, String detail) {}

  /** Period for which the profile keeps the entries of a tenant without a setting of its own. */
  public static RetentionPeriod presetOf(Profile profile) {
    return of(profile, Optional.empty(), null).period();
  }

  /**
   * The terms of a tenant of that profile.
   *
   * @param set the tenant's own setting
   * @param keptFor the longest that the profile has kept entries while nothing was set: whoever
   *     edits a profile shortens nobody's retention by it, as nobody confirms how many entries that
   *     deletes
   */
  static RetentionTerms of(Profile profile, Optional<Retention> set, @Nullable String keptFor) {
    Profile.Retention rules = profile.retention();
    Profile.Retention.@Nullable Tier tier = tier(rules, set.map(Retention::tier).orElse(null));
    RetentionPeriod most = tier == null ? rules.most() : tier.period();
    RetentionPeriod preset = tier == null ? rules.preset() : tier.period();
    if (keptFor != null && set.isEmpty()) {
      RetentionPeriod then = RetentionPeriod.parse(keptFor);
      preset = then.compareTo(preset) > 0 ? then : preset;
    }
    Retention.Requirement usual = new Retention.Requirement(PRESET, preset.jsonName());
    List<Retention.Requirement> requirements =
        set.map(Retention::requirements).orElse(List.of(usual));
    RetentionPeriod longest = longest(requirements);
    if (!rules.configurable() && longest.compareTo(preset) < 0) {
      // Set while the profile still allowed it, for less than it keeps entries now.
      requirements = List.of(usual);
      longest = preset;
    }
    return new RetentionTerms(
        longest.compareTo(rules.least()) < 0 ? rules.least() : longest,
        requirements,
        tier == null ? null : tier.name(),
        rules.least(),
        most,
        rules.configurable());
  }

  /** The tier of that name; without a name the first one, when the profile has any. */
  private static Profile.Retention.@Nullable Tier tier(
      Profile.Retention rules, @Nullable String name) {
    for (Profile.Retention.Tier tier : rules.tiers()) {
      if (name == null || tier.name().equals(name)) {
        return tier;
      }
    }
    return null;
  }

  /** The longest period that is asked for. */
  static RetentionPeriod longest(List<Retention.Requirement> requirements) {
    return requirements.stream()
        .map(requirement -> RetentionPeriod.parse(requirement.period()))
        .max(RetentionPeriod::compareTo)
        .orElseThrow(() -> new IllegalArgumentException("no requirement"));
  }

  /**
   * Checks whether {@code wanted} can be the retention of a tenant of that profile; returns the
   * refusal, if any.
   */
  static Optional<Refusal> refusal(Profile profile, Retention wanted) {
    Profile.Retention rules = profile.retention();
    String name = wanted.tier();
    if (name != null && rules.tiers().stream().noneMatch(tier -> tier.name().equals(name))) {
      return Optional.of(
          new Refusal(
              Fault.UNKNOWN_TIER,
              rules.tiers().isEmpty()
                  ? "The profile %s has no tiers.".formatted(profile.name())
                  : "The profile %s has the tiers %s."
                      .formatted(
                          profile.name(),
                          String.join(
                              ", ",
                              rules.tiers().stream().map(Profile.Retention.Tier::name).toList()))));
    }
    RetentionTerms bounds = of(profile, Optional.of(wanted), null);
    if (!bounds.configurable()) {
      return Optional.of(
          new Refusal(
              Fault.NOT_CONFIGURABLE,
              "The profile %s keeps entries %s, and tenants cannot change that."
                  .formatted(profile.name(), words(rules.preset()))));
    }
    RetentionPeriod period = longest(wanted.requirements());
    if (period.compareTo(bounds.least()) < 0) {
      return Optional.of(
          new Refusal(
              Fault.TOO_SHORT,
              "Entries would be kept %s; the profile %s asks for at least %s."
                  .formatted(period.jsonName(), profile.name(), bounds.least().jsonName())));
    }
    if (period.compareTo(bounds.most()) > 0) {
      return Optional.of(
          new Refusal(
              Fault.TOO_LONG,
              "Entries would be kept %s; the profile %s allows at most %s%s."
                  .formatted(
                      words(period),
                      profile.name(),
                      bounds.most().jsonName(),
                      bounds.tier() == null ? "" : " on the tier " + bounds.tier())));
    }
    return Optional.empty();
  }

  private static String words(RetentionPeriod period) {
    return period.period() == null ? "for the tenant's lifetime" : "for " + period.jsonName();
  }

  /**
   * Entries recorded before this are to go at {@code now} when {@code kept} is how long they are
   * kept; empty when none ever is. Never later than the least period allows: two months are fewer
   * than 60 days when one of them is February.
   */
  public Optional<Instant> cutOff(RetentionPeriod kept, Instant now) {
    Period period = kept.period();
    Period floor = least.period();
    if (period == null || floor == null) {
      return Optional.empty();
    }
    Instant byPeriod = now.atZone(ZoneOffset.UTC).minus(period).toInstant();
    Instant byFloor = now.atZone(ZoneOffset.UTC).minus(floor).toInstant();
    return Optional.of(byFloor.isBefore(byPeriod) ? byFloor : byPeriod);
  }
}
