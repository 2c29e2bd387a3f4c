package dev.indelible.server.http;

import dev.indelible.server.access.KeyNames;
import dev.indelible.server.access.Roles;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ConfigurationObject.PermissionSet;
import dev.indelible.server.control.ConfigurationObject.Tenant;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import tools.jackson.core.JsonGenerator;

/** The profiles, and a tenant's with what the tenant decided otherwise. */
final class ProfileRoutes {

  private final Callers callers;
  private final Profiles profiles;
  private final Roles roles;
  private final Configuration configuration;

  ProfileRoutes(Callers callers, Profiles profiles, Roles roles, Configuration configuration) {
    this.callers = callers;
    this.profiles = profiles;
    this.roles = roles;
    this.configuration = configuration;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/profiles", "listProfiles", this::list),
        new Route("GET", "/v1/profiles/{id}", "getProfile", this::get),
        new Route("GET", "/v1/tenants/{tenant}/profile", "getTenantProfile", this::ofTenant));
  }

  private void list(Exchange exchange) throws IOException {
    callers.require(exchange);
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("profiles");
          for (Profile profile : profiles.all()) {
            json.writeStartObject();
            ProfileJson.writeHead(json, profile, version(profile));
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void get(Exchange exchange) throws IOException {
    callers.require(exchange);
    Profile profile = profiles.find(exchange.pathParameter("id"));
    if (profile == null) {
      throw new ProblemException(404, "not_found", "There is no such profile; see /v1/profiles.");
    }
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          ProfileJson.writeHead(json, profile, version(profile));
          ProfileJson.writeSettings(json, profile, null);
          ProfileJson.writeBody(json, profile);
          json.writeArrayPropertyStart("permission_sets");
          writeSets(json, profile, List.of());
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void ofTenant(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireSeen(exchange).tenant();
    Profile profile = roles.profile(tenant);
    List<PermissionSet> own = configuration.permissionSets(tenant.tenant());
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          ProfileJson.writeHead(json, profile, version(profile));
          json.writeStringProperty("tenant", tenant.id());
          ProfileJson.writeSettings(json, profile, tenant);
          ProfileJson.writeBody(json, profile);
          json.writeArrayPropertyStart("permission_sets");
          writeSets(json, profile, own);
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** The tenant's own sets, and those of the profile that they do not replace. */
  static void writeSets(JsonGenerator json, Profile profile, List<PermissionSet> own) {
    for (Profile.PermissionSet set : profile.permissionSets()) {
      if (own.stream().noneMatch(other -> other.localId().equals(set.id()))) {
        ProfileJson.writeSet(json, set.id(), set.title(), set.permissions(), false);
      }
    }
    for (PermissionSet set : own) {
      ProfileJson.writeSet(
          json, set.localId(), set.name(), KeyNames.permissions(set.permissions()), true);
    }
  }

  /** Tells whether the file that the profile comes of has changed. */
  private String version(Profile profile) {
    CRC32 checksum = new CRC32();
    checksum.update(profiles.source(profile.name()).getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(checksum.getValue());
  }
}
