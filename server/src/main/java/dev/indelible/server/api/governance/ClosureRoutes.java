package dev.indelible.server.api.governance;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Closure;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Json;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.retention.Closures;
import dev.indelible.server.retention.RetentionServices;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/** The end of a tenant, and what remains of it. */
public final class ClosureRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(ClosureRoutes.class);

  private final Callers callers;
  private final RetentionServices services;
  private final Configuration configuration;
  private final CertificateRoutes certificates;

  /** Dependencies of the program that the routes answer from. */
  public record Dependencies(RetentionServices services, Configuration configuration) {}

  public ClosureRoutes(Callers callers, Dependencies dependencies, CertificateRoutes certificates) {
    this.callers = callers;
    this.services = dependencies.services();
    this.configuration = dependencies.configuration();
    this.certificates = certificates;
  }

  public List<Route> routes() {
    return List.of(
        new Route(
            "DELETE",
            "/v1/tenants/{tenant}",
            "deleteTenant",
            List.of("reason", "confirm"),
            this::delete),
        new Route("GET", "/v1/closed-tenants", "listClosedTenants", this::list),
        new Route(
            "GET",
            "/v1/closed-tenants/{tenant}/certificate",
            "getClosureCertificate",
            List.of("format", "record"),
            this::certificate));
  }

  private void delete(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireOperator(exchange, "tenant");
    Tenant tenant = allowed.tenant();
    String reason = exchange.query().text("reason").orElse("");
    if (reason.isBlank() || reason.length() > Change.MAX_REASON_LENGTH) {
      throw ProblemException.invalidParameter("reason", "Say why the tenant is deleted.");
    }
    if (!exchange.query().text("confirm").orElse("").equals(tenant.id())) {
      throw services.holds().active(tenant.tenant()).isEmpty()
          ? unconfirmed(allowed, reason)
          : held();
    }
    try {
      Closure closure = services.closures().close(tenant, allowed.caller().changedBy(), reason);
      exchange.respondJson(200, json -> write(json, closure));
    } catch (Closures.HeldException e) {
      throw held().withCause(e);
    } catch (IOException | JournalUnavailableException e) {
      LOG.error("the deletion of tenant {} is not finished", tenant.tenant(), e);
      throw ProblemException.unavailable(
              "deletion_unfinished",
              "The deletion could not be finished now; what was begun is finished later, at the next start at the latest.",
              Duration.ofSeconds(30))
          .withCause(e);
    }
  }

  private static ProblemException held() {
    return new ProblemException(
        409, "holds_in_force", "Legal holds keep entries of this tenant; release them first.");
  }

  /** Says what would go, and how to keep a copy that stays verifiable. */
  private ProblemException unconfirmed(Callers.Allowed allowed, String reason) throws IOException {
    Tenant tenant = allowed.tenant();
    String id = tenant.id();
    long entries = callers.read(allowed, () -> services.closures().wouldDelete(tenant.tenant()));
    String path =
        "/v1/tenants/%s/log/entries?header=true&reason=%s"
            .formatted(id, URLEncoder.encode(reason, StandardCharsets.UTF_8));
    String command =
        "indelible export --tenant %s --reason '%s' --out %s.ndjson.gz"
            .formatted(id, reason.replace("'", "'\\''"), id);
    return new ProblemException(
            409,
            "confirmation_required",
            "%d entries of tenant %s will be deleted for good. Export them first (export names the path and the command), then send the same again with confirm=%s."
                .formatted(entries, id, id))
        .withMembers(
            json -> {
              json.writeNumberProperty("entries", entries);
              json.writeObjectPropertyStart("export");
              json.writeStringProperty("path", path);
              json.writeStringProperty("command", command);
              json.writeEndObject();
            });
  }

  private void list(Exchange exchange) throws IOException {
    callers.requireOperator(exchange);
    List<Closure> closures = configuration.closures();
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("tenants");
          closures.forEach(closure -> write(json, closure));
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void certificate(Exchange exchange) throws IOException, InterruptedException {
    callers.requireOperator(exchange);
    String name = exchange.pathParameter("tenant");
    Closure closure =
        (TenantId.isValid(name)
                ? configuration.closure(new TenantId(name))
                : java.util.Optional.<Closure>empty())
            .orElseThrow(
                () -> new ProblemException(404, "not_found", "There is no such closed tenant."));
    if (!closure.isComplete()) {
      throw ProblemException.unavailable(
          "deletion_unfinished", "The deletion is still going on.", Duration.ofSeconds(30));
    }
    String record = exchange.query().text("record").orElse(closure.records().getFirst());
    if (!closure.records().contains(record)) {
      throw new ProblemException(
          404, "not_found", "The tenant's deletion has no record of this id; see records.");
    }
    certificates.respond(exchange, closure.tenant(), record);
  }

  private static void write(JsonGenerator json, Closure closure) {
    json.writeStartObject();
    json.writeStringProperty("id", closure.id());
    json.writeStringProperty("closed_at", Rfc3339.format(closure.closedAt()));
    json.writeStringProperty("state", closure.isComplete() ? "deleted" : "deleting");
    if (closure.isComplete()) {
      json.writeStringProperty("record_id", closure.records().getFirst());
      Json.texts(json, "records", closure.records());
    }
    json.writeEndObject();
  }
}
