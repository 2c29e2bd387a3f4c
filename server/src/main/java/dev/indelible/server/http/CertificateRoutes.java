package dev.indelible.server.http;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.proof.EntryProof;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.retention.DeletionFacts;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ObjectNode;

/** Certificates of what was deleted, to be checked by anybody who has the log's key. */
final class CertificateRoutes {

  private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(5);

  private final Callers callers;
  private final Search search;
  private final TenantLogs logs;

  CertificateRoutes(Callers callers, Search search, TenantLogs logs) {
    this.callers = callers;
    this.search = search;
    this.logs = logs;
  }

  List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/tenants/{tenant}/deletions/{id}/certificate",
            "getDeletionCertificate",
            LogRoutes.asking(this::certificate)));
  }

  private void certificate(Exchange exchange) throws IOException, InterruptedException {
    TenantScope scope = callers.requireTenant(exchange, Permission.AUDIT_VIEW).scope();
    respond(exchange, scope, exchange.pathParameter("id"));
  }

  /** Answers with the certificate of the deletion that the entry of that id records. */
  void respond(Exchange exchange, TenantScope scope, String recordId)
      throws IOException, InterruptedException {
    TenantId tenant = scope.tenant();
    Entry entry =
        search
            .entry(scope, recordId)
            .filter(DeletionFacts::isRecord)
            .orElseThrow(
                () ->
                    new ProblemException(
                        404, "not_found", "There is no record of a deletion of this id."));
    boolean _ = logs.awaitPublished(tenant, entry.seq(), PROOF_TIMEOUT);
    EntryProof proof = logs.proofs(tenant, new long[] {entry.seq()}).getFirst();
    exchange.setHeader(
        "Content-Disposition", "attachment; filename=\"certificate-" + entry.id() + ".json\"");
    exchange.respondJson(200, json -> write(json, tenant, entry, proof));
  }

  private static void write(JsonGenerator json, TenantId tenant, Entry entry, EntryProof proof) {
    ObjectNode details = DeletionFacts.details(entry);
    json.writeStartObject();
    json.writeStringProperty("certificate", "deletion");
    json.writeNumberProperty("version", 1);
    json.writeStringProperty("statement", DeletionFacts.statement(entry));
    json.writeStringProperty("tenant", tenant.value());
    json.writeStringProperty("origin", proof.checkpoint().checkpoint().origin());
    json.writeStringProperty("record_id", entry.id());
    json.writeNumberProperty("record_seq", entry.seq());
    json.writeStringProperty("recorded_at", Times.format(entry.recordedAt()));
    json.writeStringProperty("kind", DeletionFacts.isPurge(entry) ? "purge" : "erasure");
    String reason = entry.event().reason();
    if (reason != null) {
      json.writeStringProperty("reason", reason);
    }
    json.writeName("deleted");
    json.writeRawValue(details.toString());
    json.writeName("proof");
    ProofJson.write(json, entry.id(), proof, true);
    json.writeEndObject();
  }
}
