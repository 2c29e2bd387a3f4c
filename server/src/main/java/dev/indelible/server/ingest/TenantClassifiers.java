package dev.indelible.server.ingest;

import dev.indelible.server.control.ConfigurationObject.Tenant;
import dev.indelible.server.control.ConfigurationObject.UnknownActions;
import dev.indelible.server.event.ActorHasher;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.PersonalRules;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Classifier;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profiles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Which classifier, and which rules of privacy, hold for a tenant. Thread-safe. */
public final class TenantClassifiers {

  private record Kind(String profile, UnknownActions unknownActions) {}

  private final Profiles profiles;
  private final Function<TenantId, ActorHasher> hashers;
  private final Map<Kind, Classifier> classifiers = new ConcurrentHashMap<>();

  /**
   * Classifiers of the given profiles.
   *
   * @param hashers yields a tenant's hasher of actors' ids
   */
  public TenantClassifiers(Profiles profiles, Function<TenantId, ActorHasher> hashers) {
    this.profiles = profiles;
    this.hashers = hashers;
  }

  /** The classifier of a tenant. */
  Classifier of(Tenant tenant) {
    return classifiers.computeIfAbsent(
        new Kind(tenant.profile(), tenant.unknownActions()), this::classifier);
  }

  private Classifier classifier(Kind kind) {
    Profile profile = profiles.find(kind.profile());
    if (profile == null) {
      throw new IllegalStateException("no profile " + kind.profile());
    }
    return new Classifier(
        profile,
        switch (kind.unknownActions()) {
          case ACCEPT_AND_FLAG -> Profile.UnknownActions.ACCEPT_AND_FLAG;
          case REJECT -> Profile.UnknownActions.REJECT;
        });
  }

  /** How personal data of a tenant's event is kept out of its facts. */
  EntryCodec.Privacy privacy(TenantId tenant, PersonalRules rules) {
    return new EntryCodec.Privacy(rules, rules.hashActor() ? hashers.apply(tenant) : null);
  }
}
