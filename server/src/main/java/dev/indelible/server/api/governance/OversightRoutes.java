package dev.indelible.server.api.governance;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Erasure;
import dev.indelible.server.control.ErasureRule;
import dev.indelible.server.control.Hold;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.Weakness;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Routes of oversight: the rules that keep anybody from covering their tracks in a tenant's log,
 * and where they are weaker.
 */
public final class OversightRoutes {

  /** The most requests that wait, and weaknesses, in an answer. */
  static final int MAX_LISTED = 100;

  private final Callers callers;
  private final Configuration configuration;
  private final RecordingFloor floor;

  public OversightRoutes(Callers callers, Configuration configuration, RecordingFloor floor) {
    this.callers = callers;
    this.configuration = configuration;
    this.floor = floor;
  }

  public List<Route> routes() {
    return List.of(new Route("GET", "/v1/tenants/{tenant}/oversight", "getOversight", this::get));
  }

  private void get(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireWholeTenant(exchange, Permission.AUDIT_VIEW).tenant();
    ErasureRule rule = tenant.erasureRule();
    List<Erasure> waiting =
        configuration.erasures(tenant.tenant()).stream()
            .filter(Erasure::isWaiting)
            .limit(MAX_LISTED)
            .toList();
    List<Weakness> weaknesses = floor.weaknesses(tenant).stream().limit(MAX_LISTED).toList();
    long holds = configuration.holds(tenant.tenant()).stream().filter(Hold::isActive).count();
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("tenant", tenant.id());
          json.writeBooleanProperty("erasures_take_two", rule.takesTwo());
          json.writeNumberProperty("erasure_wait_days", rule.days());
          json.writeArrayPropertyStart("waiting_erasures");
          for (Erasure erasure : waiting) {
            json.writeStartObject();
            json.writeStringProperty("id", erasure.erasureId());
            json.writeStringProperty(
                "waits_until", Rfc3339.format(Objects.requireNonNull(erasure.waitsUntil())));
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeArrayPropertyStart("weaknesses");
          for (Weakness weakness : weaknesses) {
            json.writeStartObject();
            json.writeStringProperty("kind", weakness.kind().name().toLowerCase(Locale.ROOT));
            if (weakness.action() != null) {
              json.writeStringProperty("action", weakness.action());
            }
            if (weakness.field() != null) {
              json.writeStringProperty("field", weakness.field());
            }
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeNumberProperty("holds_in_force", holds);
          json.writeEndObject();
        });
  }
}
