package dev.indelible.server.ingest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.control.Tenant.UnknownActions;
import dev.indelible.server.event.ActorHasher;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.PersonalRules;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Classifier;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profile.MissingReasons;
import dev.indelible.server.profile.TenantProfiles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Classifiers and rules of privacy of tenants. Thread-safe. */
public final class TenantClassifiers {

  /** The most classifiers of changed profiles, and the most hashers, that are kept. */
  static final int MAX_KEPT = 1_000;

  private record Choices(UnknownActions unknownActions, @Nullable Boolean refuseMissingReasons) {
    static Choices of(Tenant tenant) {
      return new Choices(tenant.unknownActions(), tenant.refuseMissingReasons());
    }
  }

  private record Kind(String profile, Choices choices) {}

  private record Changed(Profile profile, Choices choices, Classifier classifier) {}

  private final TenantProfiles profiles;
  private final Function<TenantId, ActorHasher> hashers;
  private final Map<Kind, Classifier> classifiers = new ConcurrentHashMap<>();
  private final Cache<TenantId, Changed> changed =
      Caffeine.newBuilder().maximumSize(MAX_KEPT).build();
  private final Cache<TenantId, ActorHasher> kept =
      Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

  /**
   * Classifiers of the profiles that hold for tenants.
   *
   * @param hashers yields a tenant's hasher of actors' ids
   */
  public TenantClassifiers(TenantProfiles profiles, Function<TenantId, ActorHasher> hashers) {
    this.profiles = profiles;
    this.hashers = hashers;
  }

  /** The classifier of a tenant. */
  @SuppressWarnings("ReferenceEquality") // a profile is the same object until it changes
  Classifier of(Tenant tenant) {
    Profile profile = profiles.of(tenant.tenant(), tenant.profile());
    Choices choices = Choices.of(tenant);
    if (profile == profiles.profiles().find(tenant.profile())) {
      return classifiers.computeIfAbsent(
          new Kind(tenant.profile(), choices), kind -> classifier(profile, kind.choices()));
    }
    Changed known = changed.getIfPresent(tenant.tenant());
    if (known != null && known.profile == profile && known.choices.equals(choices)) {
      return known.classifier;
    }
    Classifier classifier = classifier(profile, choices);
    changed.put(tenant.tenant(), new Changed(profile, choices, classifier));
    return classifier;
  }

  private static Classifier classifier(Profile profile, Choices choices) {
    Boolean refuse = choices.refuseMissingReasons();
    return new Classifier(
        profile,
        switch (choices.unknownActions()) {
          case ACCEPT_AND_FLAG -> Profile.UnknownActions.ACCEPT_AND_FLAG;
          case REJECT -> Profile.UnknownActions.REJECT;
        },
        refuse == null
            ? profile.missingReasons()
            : refuse ? MissingReasons.REJECT : MissingReasons.ACCEPT_AND_FLAG);
  }

  /** How personal data of a tenant's event is kept out of its facts. */
  EntryCodec.Privacy privacy(TenantId tenant, PersonalRules rules) {
    return new EntryCodec.Privacy(rules, rules.hashesIds() ? hasher(tenant) : null);
  }

  private ActorHasher hasher(TenantId tenant) {
    ActorHasher known = kept.getIfPresent(tenant);
    if (known != null) {
      return known;
    }
    ActorHasher hasher = hashers.apply(tenant);
    kept.put(tenant, hasher);
    return hasher;
  }
}
