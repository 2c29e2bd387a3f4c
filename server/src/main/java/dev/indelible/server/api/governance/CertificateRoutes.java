package dev.indelible.server.api.governance;

import dev.indelible.server.access.Scopes;
import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.proof.EntryProof;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.retention.DeletionFacts;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import dev.indelible.server.takeout.Certificate;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Certificates of what was deleted, to be checked by anybody who has the log's key. */
public final class CertificateRoutes {

  private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(5);

  /** The query parameters of certificates. */
  static final List<String> FORMAT = List.of("format");

  private static final String JSON = "json";
  private static final String PDF = "pdf";

  private final Callers callers;
  private final Search search;
  private final TenantLogs logs;
  private final AccessRecording recording;
  private final InstantSource clock;

  public CertificateRoutes(
      Callers callers,
      Search search,
      TenantLogs logs,
      AccessRecording recording,
      InstantSource clock) {
    this.recording = recording;
    this.clock = clock;
    this.callers = callers;
    this.search = search;
    this.logs = logs;
  }

  public List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/tenants/{tenant}/deletions/{id}/certificate",
            "getDeletionCertificate",
            FORMAT,
            this::certificate));
  }

  private void certificate(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    Entry record = record(allowed.scope(), exchange.pathParameter("id"));
    recording.entry(exchange, allowed, record);
    respond(exchange, record, allowed.scope().seesPersonal());
  }

  private Entry record(TenantScope scope, String recordId) throws IOException {
    return search
        .entry(scope, recordId)
        .map(Found::shown)
        .filter(DeletionFacts::isRecord)
        .orElseThrow(
            () ->
                new ProblemException(
                    404, "not_found", "There is no record of a deletion of this id."));
  }

  /** Answers the program's owner with the certificate of the end of a tenant. */
  void respond(Exchange exchange, TenantId tenant, String recordId)
      throws IOException, InterruptedException {
    respond(exchange, record(Scopes.ofTheProgram(tenant), recordId), true);
  }

  private void respond(Exchange exchange, Entry entry, boolean withPersonal)
      throws IOException, InterruptedException {
    String format = exchange.query().choice("format", List.of(JSON, PDF), JSON);
    TenantId tenant = entry.tenant();
    boolean _ = logs.awaitPublished(tenant, entry.seq(), PROOF_TIMEOUT);
    EntryProof proof = logs.proofs(tenant, new long[] {entry.seq()}).getFirst();
    Certificate certificate = new Certificate(entry, proof, withPersonal);
    Certificate.Sealer sealer = bytes -> logs.seal(tenant, bytes);
    boolean pdf = format.equals(PDF);
    byte[] bytes = pdf ? certificate.pdf(sealer, clock.instant()) : certificate.json(sealer);
    exchange.setHeader(
        "Content-Disposition",
        "attachment; filename=\"certificate-" + entry.id() + "." + format + "\"");
    try (OutputStream out =
        exchange.respondStream(200, pdf ? "application/pdf" : "application/json")) {
      out.write(bytes);
    }
  }
}
