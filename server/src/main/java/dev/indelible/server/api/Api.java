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
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.api.caller.Looks;
import dev.indelible.server.api.caller.ProgramState;
import dev.indelible.server.api.events.EntryExportRoutes;
import dev.indelible.server.api.events.EventRoutes;
import dev.indelible.server.api.events.LogExportRoutes;
import dev.indelible.server.api.events.LogRoutes;
import dev.indelible.server.api.events.SavedViewRoutes;
import dev.indelible.server.api.events.SearchRoutes;
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
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.http.Route;
import dev.indelible.server.ingest.ControlMirror;
import dev.indelible.server.ingest.Ingest;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.retention.RetentionServices;
import dev.indelible.server.search.Search;
import dev.indelible.server.search.Tail;
import dev.indelible.server.share.IntakeGate;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.takeout.EntryExport;
import dev.indelible.server.takeout.EntryWriter;
import dev.indelible.server.takeout.Exports;
import dev.indelible.server.takeout.LogExport;
import dev.indelible.server.trail.AccessTrail;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Every route of the API, wired to the parts of the program that answer it. */
public final class Api {

  private Api() {}

  /**
   * What the API works with.
   *
   * @param control the control log
   * @param mirror makes entries of its changes
   * @param access recognises callers
   * @param profiles the profiles that tenants can have
   * @param ingest the way in
   * @param search the way out
   * @param tail the way out, live
   * @param log the entries
   * @param logs the logs as others may check them
   * @param retention what keeps and deletes entries
   * @param trail records who reads
   * @param reads the threads that search and read for callers
   * @param gate the queues before the journal
   * @param clock the system clock, or a test's
   */
  public record Parts(
      ControlLog control,
      ControlMirror mirror,
      AccessServices access,
      TenantProfiles profiles,
      Ingest ingest,
      Search search,
      Tail tail,
      EventLog log,
      TenantLogs logs,
      RetentionServices retention,
      AccessTrail trail,
      ReadPool reads,
      IntakeGate gate,
      InstantSource clock) {}

  /** All routes. */
  public static List<Route> routes(Parts parts, ProgramState host) {
    AccessServices access = parts.access();
    Looks looks = new Looks(parts.trail());
    Callers callers =
        new Callers(access.authentication(), parts.control().configuration(), looks, parts.reads());
    Exports exports = new Exports(parts.trail());
    GovernedChanges changes = new GovernedChanges(parts.control(), parts.mirror());
    List<Route> routes = new ArrayList<>();
    routes.addAll(eventRoutes(parts, callers, looks, exports));
    routes.addAll(
        new EventRoutes(
                callers, new EventRoutes.Parts(parts.ingest(), parts.gate(), parts.logs(), host))
            .routes());
    routes.addAll(accessRoutes(parts, callers, changes, looks));
    routes.addAll(retentionRoutes(parts, callers, changes, looks, exports));
    routes.addAll(new SystemRoutes(callers, host).routes());
    routes.addAll(new ClockRoutes(callers, host).routes());
    routes.addAll(ApiDocuments.routes());
    return List.copyOf(routes);
  }

  private static List<Route> eventRoutes(
      Parts parts, Callers callers, Looks looks, Exports exports) {
    List<Route> routes = new ArrayList<>();
    EntryWriter entries =
        new EntryWriter(parts.retention().holds(), parts.retention().keptActors());
    routes.addAll(
        new SearchRoutes(
                callers,
                new SearchRoutes.Parts(parts.search(), parts.tail(), entries, looks, parts.clock()))
            .routes());
    routes.addAll(
        new EntryExportRoutes(
                callers,
                parts.profiles(),
                parts.search(),
                new EntryExport(parts.search(), entries, exports))
            .routes());
    routes.addAll(
        new TenantRoutes(
                callers,
                new TenantRoutes.Parts(
                    parts.control(),
                    parts.mirror(),
                    parts.profiles().profiles(),
                    parts.logs(),
                    parts.clock()))
            .routes());
    routes.addAll(
        new LogRoutes(
                callers, new LogRoutes.Parts(parts.logs(), parts.search(), parts.mirror(), looks))
            .routes());
    routes.addAll(
        new LogExportRoutes(
                callers, parts.profiles(), parts.logs(), new LogExport(parts.log(), exports))
            .routes());
    return routes;
  }

  private static List<Route> retentionRoutes(
      Parts parts, Callers callers, GovernedChanges changes, Looks looks, Exports exports) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new RetentionRoutes(callers, parts.retention(), changes, parts.clock()).routes());
    routes.addAll(
        new HoldRoutes(callers, parts.retention(), changes, parts.search(), parts.clock())
            .routes());
    routes.addAll(
        new ErasureRoutes(
                callers,
                parts.retention(),
                new ErasureRoutes.People(
                    new Persons(parts.control().configuration()),
                    new OtherMembers(parts.control().configuration(), parts.access().roles())),
                parts.clock())
            .routes());
    routes.addAll(
        new SubjectReportRoutes(callers, parts.retention(), exports, parts.clock()).routes());
    CertificateRoutes certificates =
        new CertificateRoutes(callers, parts.search(), parts.logs(), looks, parts.clock());
    routes.addAll(certificates.routes());
    routes.addAll(
        new ClosureRoutes(
                callers,
                new ClosureRoutes.Parts(parts.retention(), parts.control().configuration()),
                certificates)
            .routes());
    return routes;
  }

  private static List<Route> accessRoutes(
      Parts parts, Callers callers, GovernedChanges changes, Looks looks) {
    AccessServices access = parts.access();
    Configuration configuration = parts.control().configuration();
    Revocations revocations = new Revocations(changes, access.sessions(), access.people());
    List<Route> routes = new ArrayList<>();
    routes.addAll(new KeyRoutes(callers, changes, access, parts.clock()).routes());
    routes.addAll(
        new ProfileRoutes(callers, parts.profiles(), changes, parts.retention().retentions())
            .routes());
    routes.addAll(
        new SessionRoutes(
                callers,
                new SessionRoutes.Parts(
                    configuration,
                    access.authentication(),
                    access.sessions(),
                    access.roles(),
                    access.people(),
                    looks,
                    parts.search(),
                    parts.clock()))
            .routes());
    routes.addAll(
        new ViewerSessionRoutes(callers, access.sessions(), parts.search(), parts.clock())
            .routes());
    routes.addAll(new AccountRoutes(callers, changes, access.roles(), parts.clock()).routes());
    routes.addAll(new MemberRoutes(callers, changes, access, parts.clock()).routes());
    routes.addAll(
        new GuestRoutes(callers, changes, access, parts.search(), parts.clock()).routes());
    RecordingFloor floor = new RecordingFloor(parts.profiles());
    routes.addAll(
        new SettingsRoutes(
                callers,
                new SettingsRoutes.Parts(changes, parts.search(), looks, revocations, floor))
            .routes());
    routes.addAll(new OversightRoutes(callers, configuration, floor).routes());
    routes.addAll(
        new SavedViewRoutes(
                callers, changes, parts.search(), parts.retention().ids(), parts.clock())
            .routes());
    return routes;
  }
}
