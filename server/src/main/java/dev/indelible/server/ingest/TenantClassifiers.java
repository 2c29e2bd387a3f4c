package dev.indelible.server.ingest;

import dev.indelible.server.control.ConfigurationObject.Tenant;
import dev.indelible.server.control.ConfigurationObject.UnknownActions;
import dev.indelible.server.event.ActorHasher;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.PersonalRules;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Classifier;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.TenantProfiles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Which classifier, and which rules of privacy, hold for a tenant. Thread-safe. */
public final class TenantClassifiers {

  /** The most classifiers of changed profiles that are kept. */
  static final int MAX_KEPT = 1_000;

  private record Kind(String profile, UnknownActions unknownActions) {}

  private record Changed(Profile profile, UnknownActions unknownActions, Classifier classifier) {}

  private final TenantProfiles profiles;
  private final Function<TenantId, ActorHasher> hashers;
  private final Map<Kind, Classifier> classifiers = new ConcurrentHashMap<>();
  private final Map<TenantId, Changed> changed = new ConcurrentHashMap<>();

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
    if (profile == profiles.profiles().find(tenant.profile())) {
      return classifiers.computeIfAbsent(
          new Kind(tenant.profile(), tenant.unknownActions()),
          kind -> classifier(profile, kind.unknownActions()));
    }
    Changed known = changed.get(tenant.tenant());
    if (known != null
        && known.profile == profile
        && known.unknownActions == tenant.unknownActions()) {
      return known.classifier;
    }
    if (changed.size() >= MAX_KEPT) {
      changed.clear();
    }
    Classifier classifier = classifier(profile, tenant.unknownActions());
    changed.put(tenant.tenant(), new Changed(profile, tenant.unknownActions(), classifier));
    return classifier;
  }

  private static Classifier classifier(Profile profile, UnknownActions unknownActions) {
    return new Classifier(
        profile,
        switch (unknownActions) {
          case ACCEPT_AND_FLAG -> Profile.UnknownActions.ACCEPT_AND_FLAG;
          case REJECT -> Profile.UnknownActions.REJECT;
        });
  }

  /** How personal data of a tenant's event is kept out of its facts. */
  EntryCodec.Privacy privacy(TenantId tenant, PersonalRules rules) {
    return new EntryCodec.Privacy(rules, rules.hashActor() ? hashers.apply(tenant) : null);
  }
}
