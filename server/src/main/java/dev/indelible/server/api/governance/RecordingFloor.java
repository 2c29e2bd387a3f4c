package dev.indelible.server.api.governance;

import dev.indelible.server.access.Caller;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.control.Tenant.UnknownActions;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profile.MissingReasons;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.profile.Weakness;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Below what nobody but the operator brings what is recorded of a tenant: its profile's promises,
 * and what holds already.
 */
public record RecordingFloor(TenantProfiles profiles) {

  /** By what a tenant is weaker than its profile now. */
  List<Weakness> weaknesses(Tenant tenant) {
    return weaknesses(tenant, profiles.of(tenant.tenant(), tenant.profile()));
  }

  /** By what a tenant would be weaker if it had changed its profile so. */
  List<Weakness> weaknesses(Tenant tenant, Profile changed) {
    Profile base =
        Objects.requireNonNullElseGet(
            profiles.profiles().find(tenant.profile()), profiles.profiles()::standard);
    Boolean refuses = tenant.refuseMissingReasons();
    return Weakness.of(
        base,
        changed,
        new Weakness.Choices(
            tenant.unknownActions() == UnknownActions.REJECT
                ? Profile.UnknownActions.REJECT
                : Profile.UnknownActions.ACCEPT_AND_FLAG,
            refuses == null
                ? base.missingReasons()
                : refuses ? MissingReasons.REJECT : MissingReasons.ACCEPT_AND_FLAG));
  }

  /** Lets nobody but the operator make anything weaker than it is. */
  static void require(Caller caller, List<Weakness> now, List<Weakness> wanted) {
    if (caller instanceof Caller.Operator) {
      return;
    }
    List<Weakness> more = new ArrayList<>(wanted);
    more.removeAll(now);
    if (!more.isEmpty()) {
      throw operatorOnly(
          "Less would be recorded, more hidden, or what counts shown otherwise than the profile promises, or a reason be optional ("
              + more.stream().map(RecordingFloor::words).collect(Collectors.joining(", "))
              + ")");
    }
  }

  /** Only the operator may do this. */
  static ProblemException operatorOnly(String what) {
    return new ProblemException(403, "operator_only", what + "; only the operator decides that.");
  }

  private static String words(Weakness weakness) {
    String kind = weakness.kind().name().toLowerCase(Locale.ROOT);
    String what = weakness.field() == null ? kind : kind + " " + weakness.field();
    return weakness.action() == null ? what : weakness.action() + ": " + what;
  }
}
