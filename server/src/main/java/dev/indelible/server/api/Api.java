package dev.indelible.server.api;

import dev.indelible.server.access.AccessServices;
import dev.indelible.server.access.OtherMembers;
import dev.indelible.server.access.Persons;
import dev.indelible.server.api.access.AccountRoutes;
import dev.indelible.server.api.access.GuestRoutes;
import dev.indelible.server.api.access.KeyRoutes;
import dev.indelible.server.api.access.MemberRoutes;
import dev.indelible.server.api.access.Revocations;
import dev.indelible.server.api.access.SessionRoutes;
import dev.indelible.server.api.access.ViewerSessionRoutes;
import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.api.caller.ProgramState;
import dev.indelible.server.api.events.EntryExportRoutes;
import dev.indelible.server.api.events.EventRoutes;
import dev.indelible.server.api.events.LogExportRoutes;
import dev.indelible.server.api.events.LogRoutes;
import dev.indelible.server.api.events.OtlpRoutes;
import dev.indelible.server.api.events.PublicLogs;
import dev.indelible.server.api.events.SavedViewRoutes;
import dev.indelible.server.api.events.SearchRoutes;
import dev.indelible.server.api.evidence.AccessReviewRoutes;
import dev.indelible.server.api.evidence.StoryRoutes;
import dev.indelible.server.api.governance.CertificateRoutes;
import dev.indelible.server.api.governance.ClosureRoutes;
import dev.indelible.server.api.governance.ErasureRoutes;
import dev.indelible.server.api.governance.HoldRoutes;
import dev.indelible.server.api.governance.OversightRoutes;
import dev.indelible.server.api.governance.ProfileRoutes;
import dev.indelible.server.api.governance.RecordingFloor;
import dev.indelible.server.api.governance.RetentionRoutes;
import dev.indelible.server.api.governance.SettingsRoutes;
import dev.indelible.server.api.governance.SubjectReportRoutes;
import dev.indelible.server.api.governance.TenantRoutes;
import dev.indelible.server.api.review.ReportRoutes;
import dev.indelible.server.api.review.ReviewRoutes;
import dev.indelible.server.api.stream.StreamRoutes;
import dev.indelible.server.api.takeout.ExportRoutes;
import dev.indelible.server.api.takeout.PackRoutes;
import dev.indelible.server.api.takeout.ScheduleRoutes;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.deliver.DestinationRequests;
import dev.indelible.server.evidence.access.AccessReviews;
import dev.indelible.server.evidence.pack.PackTemplates;
import dev.indelible.server.export.ExportJobs;
import dev.indelible.server.http.Route;
import dev.indelible.server.ingest.ControlMirror;
import dev.indelible.server.ingest.Ingest;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.retention.RetentionServices;
import dev.indelible.server.schedule.Schedules;
import dev.indelible.server.search.EntryReader;
import dev.indelible.server.search.Search;
import dev.indelible.server.search.Tail;
import dev.indelible.server.share.IntakeGate;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.stream.Streams;
import dev.indelible.server.takeout.EntryExport;
import dev.indelible.server.takeout.EntryWriter;
import dev.indelible.server.takeout.Exports;
import dev.indelible.server.takeout.LogExport;
import dev.indelible.server.takeout.ShownEntries;
import dev.indelible.server.trail.AccessTrail;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Every route of the API, wired to the parts of the program that answer it. */
public final class Api {

  private Api() {}

  /**
   * Dependencies of the program that the API answers from.
   *
   * @param control the control log
   * @param mirror makes entries of its changes
   * @param access recognises callers
   * @param profiles the profiles that tenants can have
   * @param ingest the way in
   * @param search the way out
   * @param tail the way out, live
   * @param shown entries of pages, of which the newest are in memory
   * @param log the entries
   * @param logs the logs as others may check them
   * @param retention what keeps and deletes entries
   * @param trail records who reads
   * @param exports exports as jobs
   * @param schedules schedules of exports at work
   * @param streams streams to other systems at work
   * @param destinations reads destinations of schedules
   * @param packTemplates templates of evidence packs
   * @param reads the threads that search and read for callers
   * @param gate the queues before the journal
   * @param clock the system clock, or a test's
   */
  public record Dependencies(
      ControlLog control,
      ControlMirror mirror,
      AccessServices access,
      TenantProfiles profiles,
      Ingest ingest,
      Search search,
      Tail tail,
      ShownEntries shown,
      EventLog log,
      TenantLogs logs,
      RetentionServices retention,
      AccessTrail trail,
      ExportJobs exports,
      Schedules schedules,
      Streams streams,
      DestinationRequests destinations,
      PackTemplates packTemplates,
      ReadPool reads,
      IntakeGate gate,
      boolean logsMayBePublished,
      InstantSource clock) {}

  /** All routes. */
  public static List<Route> routes(Dependencies dependencies, ProgramState host) {
    AccessServices access = dependencies.access();
    AccessRecording recording = new AccessRecording(dependencies.trail());
    Callers callers =
        new Callers(
            access.authentication(),
            dependencies.control().configuration(),
            recording,
            dependencies.reads());
    Exports exports = new Exports(dependencies.trail());
    GovernedChanges changes = new GovernedChanges(dependencies.control(), dependencies.mirror());
    List<Route> routes = new ArrayList<>();
    routes.addAll(eventRoutes(dependencies, callers, recording, exports));
    EventRoutes.Dependencies intake =
        new EventRoutes.Dependencies(
            dependencies.ingest(), dependencies.gate(), dependencies.logs(), host);
    routes.addAll(new EventRoutes(callers, intake).routes());
    routes.addAll(new OtlpRoutes(callers, intake).routes());
    routes.addAll(accessRoutes(dependencies, callers, changes, recording));
    routes.addAll(retentionRoutes(dependencies, callers, changes, recording, exports));
    routes.addAll(takeoutRoutes(dependencies, callers, recording));
    routes.addAll(
        new ScheduleRoutes(
                callers,
                new ScheduleRoutes.Dependencies(
                    dependencies.schedules(),
                    dependencies.exports(),
                    dependencies.destinations(),
                    changes,
                    dependencies.search(),
                    dependencies.retention().ids(),
                    dependencies.clock()))
            .routes());
    routes.addAll(
        new StreamRoutes(
                callers,
                new StreamRoutes.Dependencies(
                    dependencies.streams(),
                    changes,
                    dependencies.search(),
                    dependencies.retention().ids(),
                    dependencies.clock()))
            .routes());
    routes.addAll(evidenceRoutes(dependencies, callers, changes, recording, exports));
    routes.addAll(new SystemRoutes(callers, host).routes());
    routes.addAll(new ClockRoutes(callers, host).routes());
    routes.addAll(ApiDocuments.routes());
    return List.copyOf(routes);
  }

  private static List<Route> takeoutRoutes(
      Dependencies dependencies, Callers callers, AccessRecording recording) {
    ExportRoutes exports =
        new ExportRoutes(
            callers,
            new ExportRoutes.Dependencies(
                dependencies.exports(),
                dependencies.control().configuration(),
                new EntryWriter(
                    dependencies.retention().holds(), dependencies.retention().keptActors()),
                dependencies.retention().ids(),
                dependencies.clock(),
                recording));
    List<Route> routes = new ArrayList<>(exports.routes());
    routes.addAll(new PackRoutes(callers, dependencies.packTemplates(), exports).routes());
    return routes;
  }

  private static List<Route> evidenceRoutes(
      Dependencies dependencies,
      Callers callers,
      GovernedChanges changes,
      AccessRecording recording,
      Exports exports) {
    List<Route> routes = new ArrayList<>();
    AccessReviews reviews =
        new AccessReviews(
            dependencies.log(), dependencies.logs(), dependencies.profiles(), new EntryReader());
    routes.addAll(
        new AccessReviewRoutes(
                callers,
                new AccessReviewRoutes.Dependencies(
                    reviews,
                    dependencies.profiles(),
                    recording,
                    exports,
                    dependencies.search(),
                    dependencies.control().configuration()))
            .routes());
    routes.addAll(
        new StoryRoutes(
                callers,
                dependencies.search(),
                new EntryWriter(
                    dependencies.retention().holds(), dependencies.retention().keptActors()),
                recording)
            .routes());
    routes.addAll(
        new ReviewRoutes(
                callers,
                new ReviewRoutes.Dependencies(
                    dependencies.control().configuration(),
                    changes,
                    dependencies.packTemplates(),
                    reviews,
                    dependencies.search(),
                    dependencies.log(),
                    dependencies.retention().ids(),
                    dependencies.clock()))
            .routes());
    routes.addAll(
        new ReportRoutes(callers, dependencies.search(), recording, dependencies.clock()).routes());
    return routes;
  }

  private static List<Route> eventRoutes(
      Dependencies dependencies, Callers callers, AccessRecording recording, Exports exports) {
    List<Route> routes = new ArrayList<>();
    EntryWriter entries =
        new EntryWriter(dependencies.retention().holds(), dependencies.retention().keptActors());
    routes.addAll(
        new SearchRoutes(
                callers,
                new SearchRoutes.Dependencies(
                    dependencies.search(),
                    dependencies.tail(),
                    entries,
                    dependencies.shown(),
                    recording,
                    dependencies.clock()))
            .routes());
    routes.addAll(
        new EntryExportRoutes(
                callers,
                dependencies.profiles(),
                dependencies.search(),
                new EntryExport(dependencies.search(), entries, exports))
            .routes());
    routes.addAll(
        new TenantRoutes(
                callers,
                new TenantRoutes.Dependencies(
                    dependencies.control(),
                    dependencies.mirror(),
                    dependencies.profiles().profiles(),
                    dependencies.logs(),
                    dependencies.clock()))
            .routes());
    routes.addAll(
        new LogRoutes(
                callers,
                new LogRoutes.Dependencies(
                    dependencies.logs(),
                    dependencies.search(),
                    dependencies.mirror(),
                    recording,
                    new PublicLogs(
                        dependencies.control().configuration(),
                        dependencies.reads(),
                        dependencies.logsMayBePublished())))
            .routes());
    routes.addAll(
        new LogExportRoutes(
                callers,
                dependencies.profiles(),
                dependencies.logs(),
                new LogExport(dependencies.log(), exports))
            .routes());
    return routes;
  }

  private static List<Route> retentionRoutes(
      Dependencies dependencies,
      Callers callers,
      GovernedChanges changes,
      AccessRecording recording,
      Exports exports) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(
        new RetentionRoutes(callers, dependencies.retention(), changes, dependencies.clock())
            .routes());
    routes.addAll(
        new HoldRoutes(
                callers,
                dependencies.retention(),
                changes,
                dependencies.search(),
                dependencies.clock())
            .routes());
    routes.addAll(
        new ErasureRoutes(
                callers,
                dependencies.retention(),
                new ErasureRoutes.People(
                    new Persons(dependencies.control().configuration()),
                    new OtherMembers(
                        dependencies.control().configuration(), dependencies.access().roles())),
                dependencies.clock())
            .routes());
    routes.addAll(
        new SubjectReportRoutes(callers, dependencies.retention(), exports, dependencies.clock())
            .routes());
    CertificateRoutes certificates =
        new CertificateRoutes(
            callers, dependencies.search(), dependencies.logs(), recording, dependencies.clock());
    routes.addAll(certificates.routes());
    routes.addAll(
        new ClosureRoutes(
                callers,
                new ClosureRoutes.Dependencies(
                    dependencies.retention(), dependencies.control().configuration()),
                certificates)
            .routes());
    return routes;
  }

  private static List<Route> accessRoutes(
      Dependencies dependencies,
      Callers callers,
      GovernedChanges changes,
      AccessRecording recording) {
    AccessServices access = dependencies.access();
    Configuration configuration = dependencies.control().configuration();
    Revocations revocations = new Revocations(changes, access.sessions(), access.people());
    List<Route> routes = new ArrayList<>();
    routes.addAll(new KeyRoutes(callers, changes, access, dependencies.clock()).routes());
    routes.addAll(
        new ProfileRoutes(
                callers, dependencies.profiles(), changes, dependencies.retention().retentions())
            .routes());
    routes.addAll(
        new SessionRoutes(
                callers,
                new SessionRoutes.Dependencies(
                    configuration,
                    access.authentication(),
                    access.sessions(),
                    access.roles(),
                    access.people(),
                    recording,
                    dependencies.search(),
                    dependencies.clock()))
            .routes());
    routes.addAll(
        new ViewerSessionRoutes(
                callers, access.sessions(), dependencies.search(), dependencies.clock())
            .routes());
    routes.addAll(
        new AccountRoutes(callers, changes, access.roles(), dependencies.clock()).routes());
    routes.addAll(new MemberRoutes(callers, changes, access, dependencies.clock()).routes());
    routes.addAll(
        new GuestRoutes(callers, changes, access, dependencies.search(), dependencies.clock())
            .routes());
    RecordingFloor floor = new RecordingFloor(dependencies.profiles());
    routes.addAll(
        new SettingsRoutes(
                callers,
                new SettingsRoutes.Dependencies(
                    changes,
                    dependencies.search(),
                    recording,
                    revocations,
                    floor,
                    dependencies.logsMayBePublished()))
            .routes());
    routes.addAll(new OversightRoutes(callers, configuration, floor).routes());
    routes.addAll(
        new SavedViewRoutes(
                callers,
                changes,
                dependencies.search(),
                dependencies.retention().ids(),
                dependencies.clock())
            .routes());
    return routes;
  }
}
