package dev.indelible.server.api.governance;

import dev.indelible.server.api.access.PermissionSetJson;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.PermissionSet;
import dev.indelible.server.control.ProfileChanges;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Problem;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Json;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.ProfileFormatException;
import dev.indelible.server.profile.Profiles;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.retention.Retentions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The profiles, and a tenant's with what the tenant decided otherwise. */
public final class ProfileRoutes {

  private static final int MAX_BODY_BYTES = 2 * ProfileChanges.MAX_BYTES;
  private static final String CHANGES = "/v1/tenants/{tenant}/profile/changes";

  private final Callers callers;
  private final TenantProfiles tenantProfiles;
  private final Profiles profiles;
  private final GovernedChanges changes;
  private final Retentions retentions;
  private final RecordingFloor floor;

  public ProfileRoutes(
      Callers callers, TenantProfiles profiles, GovernedChanges changes, Retentions retentions) {
    this.callers = callers;
    this.tenantProfiles = profiles;
    this.profiles = profiles.profiles();
    this.changes = changes;
    this.retentions = retentions;
    this.floor = new RecordingFloor(profiles);
  }

  private Configuration configuration() {
    return changes.control().configuration();
  }

  public List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/profiles", "listProfiles", this::list),
        new Route("GET", "/v1/profiles/{id}", "getProfile", this::get),
        new Route("GET", "/v1/tenants/{tenant}/profile", "getTenantProfile", this::ofTenant),
        new Route("GET", CHANGES, "getProfileChanges", this::getChanges),
        new Route("PUT", CHANGES, "setProfileChanges", this::setChanges));
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
          PermissionSetJson.writeSets(json, profile, List.of());
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void ofTenant(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireSeen(exchange).tenant();
    Profile profile = tenantProfiles.of(tenant.tenant(), tenant.profile());
    String version = version(profile) + changed(tenant);
    List<PermissionSet> own = configuration().permissionSets(tenant.tenant());
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          ProfileJson.writeHead(json, profile, version);
          json.writeStringProperty("tenant", tenant.id());
          ProfileJson.writeSettings(json, profile, tenant);
          ProfileJson.writeBody(json, profile);
          json.writeArrayPropertyStart("permission_sets");
          PermissionSetJson.writeSets(json, profile, own);
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Version of the tenant's changes, as a text; empty before the first. */
  private String changed(Tenant tenant) {
    long changesVersion = configuration().version(new ProfileChanges(tenant.tenant(), "{}"));
    return changesVersion == 0 ? "" : "-" + changesVersion;
  }

  private void getChanges(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireSeen(exchange).tenant();
    exchange.respondJson(200, json -> writeChanges(json, tenant));
  }

  private void writeChanges(JsonGenerator json, Tenant tenant) {
    JsonNode document = document(tenant);
    json.writeStartObject();
    json.writeStringProperty("tenant", tenant.id());
    json.writeStringProperty("profile", tenant.profile());
    json.writeNumberProperty(
        "version", configuration().version(new ProfileChanges(tenant.tenant(), "{}")));
    Json.tree(json, "changes", document);
    json.writeBooleanProperty("in_force", fits(tenant, document));
    json.writeEndObject();
  }

  private JsonNode document(Tenant tenant) {
    return configuration()
        .profileChanges(tenant.tenant())
        .map(known -> JsonMapper.shared().readTree(known.changes()))
        .orElseGet(JsonMapper.shared()::createObjectNode);
  }

  private boolean fits(Tenant tenant, JsonNode document) {
    try {
      return profiles.changed(tenant.profile(), document).name().equals(tenant.profile());
    } catch (ProfileFormatException noLonger) {
      return false;
    }
  }

  private void setChanges(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.SETTINGS_MANAGE);
    Tenant tenant = allowed.tenant();
    JsonNode body = exchange.json(MAX_BODY_BYTES);
    JsonFields fields = JsonFields.of(body, "version", "changes", "reason");
    Long version = fields.number("version", Field.REQUIRED);
    String reason = fields.text("reason", Field.REQUIRED, Change.MAX_REASON_LENGTH);
    JsonNode document = body.path("changes");
    if (document.isMissingNode()) {
      fields.fault("changes", "missing", "This field is required.");
    } else {
      check(allowed, document, fields);
    }
    fields.check();
    long current = configuration().version(new ProfileChanges(tenant.tenant(), "{}"));
    if (Objects.requireNonNull(version) != current) {
      throw GovernedChanges.versionMoved(current);
    }
    ProfileChanges wanted = new ProfileChanges(tenant.tenant(), document.toString());
    changes.make(new Change(wanted, current, allowed.caller().changedBy(), reason));
    exchange.respondJson(200, json -> writeChanges(json, tenant));
  }

  /** Says all that is wrong with the changes; that they would shorten retention comes last. */
  private void check(Callers.Allowed allowed, JsonNode document, JsonFields fields) {
    Tenant tenant = allowed.tenant();
    if (document.toString().getBytes(StandardCharsets.UTF_8).length > ProfileChanges.MAX_BYTES) {
      fields.fault(
          "changes", "too_large", "This must have at most " + ProfileChanges.MAX_BYTES + " bytes.");
      return;
    }
    try {
      Profile changed = profiles.changed(tenant.profile(), document);
      RecordingFloor.require(
          allowed.caller(), floor.weaknesses(tenant), floor.weaknesses(tenant, changed));
      if (!document.path("retention").equals(document(tenant).path("retention"))
          && !allowed.grant().allowsWhole(Permission.RETENTION_MANAGE)) {
        throw Callers.lacks(Permission.RETENTION_MANAGE);
      }
      if (retentions.period(tenant, changed).compareTo(retentions.terms(tenant).period()) < 0) {
        fields.fault(
            "changes/retention",
            "out_of_range",
            "Entries would be kept for less; first set the retention to "
                + retentions.terms(tenant).period().jsonName()
                + " or more, then shorten it there.");
      }
    } catch (ProfileFormatException e) {
      for (Problem problem : e.problems()) {
        fields.fault("changes" + problem.pointer(), problem.code().jsonName(), problem.detail());
      }
    }
  }

  /** Tells whether the file that the profile comes of has changed. */
  private String version(Profile profile) {
    CRC32 checksum = new CRC32();
    checksum.update(profiles.source(profile.name()).getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(checksum.getValue());
  }
}
