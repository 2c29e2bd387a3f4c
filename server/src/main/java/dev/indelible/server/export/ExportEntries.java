package dev.indelible.server.export;

import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Event;
import dev.indelible.server.trail.AccessTrail;
import dev.indelible.server.trail.Look;
import dev.indelible.server.trail.Note;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Entries that exports make in the log that they are of. */
public final class ExportEntries {

  /** Actions of entries that exports make; none of them is the cause of another export. */
  public static final List<String> ACTIONS =
      List.of(
          "audit.exported",
          "audit.export.started",
          "audit.export.canceled",
          "audit.export.failed",
          "audit.export.withdrawn",
          "audit.evidence_created");

  private final ExportSources sources;

  ExportEntries(ExportSources sources) {
    this.sources = sources;
  }

  void started(ExportJob job, ExportRights.Allowed allowed, Look.Origin origin) {
    ObjectNode details = about(job);
    details.put("estimate", job.position().estimate());
    sources
        .trail()
        .note(
            allowed.caller(),
            allowed.tenant(),
            new Note("audit.export.started", target(job), details, job.order().reason(), origin));
  }

  void canceled(ExportJob job, Canceling by) {
    sources
        .trail()
        .note(
            by.caller(),
            by.tenant(),
            new Note("audit.export.canceled", target(job), about(job), null, by.origin()));
  }

  void failed(ExportJob job, ExportJob.Problem problem) {
    ObjectNode details = about(job);
    details.put("problem", problem.code());
    program(job, "audit.export.failed", details);
  }

  void withdrawn(ExportJob job) {
    ObjectNode details = about(job);
    ExportJob.Withdrawal by = job.withdrawal();
    if (by != null) {
      details.put("deletion", by.record());
      details.put("basis", by.basis());
    }
    details.put("had_left", job.times().left() != null);
    program(job, "audit.export.withdrawn", details);
  }

  /** Records a pack that is complete, with the hash of its file, before anybody can take it. */
  void packed(ExportJob job, ExportRights.Allowed maker) {
    ObjectNode details = about(job);
    ExportJob.FileOf file = job.file();
    ExportJob.Counts counts = job.counts();
    if (file != null && counts != null) {
      details.put("result_count", counts.entries()).put("sha256", file.sha256());
    }
    details.put("position", job.position().size());
    sources
        .trail()
        .note(
            maker.caller(),
            maker.tenant(),
            new Note(
                "audit.evidence_created",
                new Event.Target("evidence_pack", job.id(), null, null),
                details,
                job.order().reason(),
                AccessTrail.INSIDE));
  }

  void exported(ExportJob job, Leaving leaving) {
    ObjectNode details = about(job);
    ExportJob.Counts counts = job.counts();
    details.put("result_count", counts == null ? 0 : counts.entries());
    details.put("to", leaving.where());
    sources
        .trail()
        .note(
            leaving.caller(),
            leaving.tenant(),
            new Note(
                "audit.exported", target(job), details, job.order().reason(), leaving.origin()));
  }

  /** By the program, as whoever it is for may be gone. */
  private void program(ExportJob job, String action, ObjectNode details) {
    Optional<Tenant> tenant = sources.configuration().tenantOrClosed(job.tenant());
    tenant.ifPresent(
        found ->
            sources
                .trail()
                .noteProgram(
                    found, new Note(action, target(job), details, null, AccessTrail.INSIDE)));
  }

  private static Event.Target target(ExportJob job) {
    return new Event.Target("export", job.id(), null, null);
  }

  private static ObjectNode about(ExportJob job) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    ExportOrder order = job.order();
    details.put("filter", order.asked());
    details.put("format", order.format().jsonName());
    ExportOrder.Pack pack = order.pack();
    if (pack != null) {
      details.put("template", pack.templateId());
    }
    if (order.schedule() != null) {
      details.put("schedule", order.schedule());
    }
    return details;
  }
}
