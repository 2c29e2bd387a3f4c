package dev.indelible.server.schedule;

import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Grant;
import dev.indelible.server.access.Scopes;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Destination;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.deliver.Delivery;
import dev.indelible.server.deliver.Parcel;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.export.ExportEntries;
import dev.indelible.server.export.ExportFormat;
import dev.indelible.server.export.ExportJob;
import dev.indelible.server.export.ExportJobs;
import dev.indelible.server.export.ExportMaker;
import dev.indelible.server.export.ExportOrder;
import dev.indelible.server.export.Leaving;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.FactsOnly;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.schedule.ScheduleRun.Window;
import dev.indelible.server.search.BadQueryException;
import dev.indelible.server.search.Search;
import dev.indelible.server.share.Asker;
import dev.indelible.server.takeout.TakeoutException;
import dev.indelible.server.trail.AccessTrail;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The world around runs as it is: this server's logs, exports and destinations. */
final class LiveWorld implements RunWorld {

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Letters of a schedule's name in names of files. */
  private static final int MAX_NAME_IN_FILE = 30;

  /** Letters of a schedule's id in names of files, which keep those of one name apart. */
  private static final int ID_IN_FILE = 6;

  private final RunParts parts;

  LiveWorld(RunParts parts) {
    this.parts = parts;
  }

  private Configuration configuration() {
    return parts.control().configuration();
  }

  @Override
  public List<ExportSchedule> schedules() {
    return configuration().schedules();
  }

  @Override
  public long logSize(TenantId tenant) throws IOException {
    return parts.log().size(tenant);
  }

  private static ExportMaker maker(ExportSchedule schedule) {
    ExportSchedule.Maker maker = schedule.maker();
    return new ExportMaker(
        ExportMaker.Kind.valueOf(maker.kind().toUpperCase(Locale.ROOT)), maker.id());
  }

  /** The maker, if they may still both export and have schedules. */
  private Optional<Caller> caller(ExportSchedule schedule) {
    TenantId tenant = schedule.tenant();
    return configuration()
        .tenant(tenant)
        .flatMap(_ -> parts.authentication().standing(maker(schedule).standing(tenant)))
        .filter(caller -> caller.may(Permission.AUDIT_EXPORT, tenant))
        .filter(
            caller ->
                caller
                    .grant(tenant)
                    .filter((Grant grant) -> grant.allowsWhole(Permission.SCHEDULES_MANAGE))
                    .isPresent());
  }

  private static TenantScope scope(Caller caller, ExportSchedule schedule) {
    return Scopes.of(caller, schedule.tenant(), Permission.AUDIT_EXPORT);
  }

  @Override
  public Looked look(ExportSchedule schedule, ScheduleRun run) throws IOException {
    Window window = run.window();
    Optional<Caller> caller = caller(schedule);
    if (caller.isEmpty()) {
      return Looked.NOT_ALLOWED;
    }
    if (window.isEmpty()) {
      return Looked.NOTHING;
    }
    Search.Question question =
        new Search.Question(
            schedule.export().query(), null, null, ZoneId.of(schedule.when().zone()));
    boolean indexed = parts.oldestUnindexedMillis().getAsLong() > run.begunAt().toEpochMilli();
    try {
      Search.Newest newest =
          parts
              .reads()
              .read(
                  new Asker(schedule.tenant().value(), schedule.scheduleId()),
                  () ->
                      parts
                          .search()
                          .newestBefore(
                              scope(caller.get(), schedule),
                              question,
                              ExportEntries.ACTIONS,
                              window.to()));
      if (newest.seq().orElse(-1) >= window.from()) {
        return Looked.SOMETHING;
      }
      // At the end of the window there may be what was purged, and is in no index.
      boolean complete = indexed || newest.indexedThrough().orElse(-1) >= window.to() - 1;
      return complete ? Looked.NOTHING : Looked.NOT_YET;
    } catch (BadQueryException | FactsOnly.PersonalException e) {
      return Looked.SOMETHING; // the export says what is wrong
    }
  }

  @Override
  public Begun begin(ExportSchedule schedule, ScheduleRun run, String id) throws IOException {
    ExportSchedule.Export export = schedule.export();
    Optional<ExportFormat> format = ExportFormat.named(export.format());
    if (caller(schedule).isEmpty() || format.isEmpty()) {
      return new Begun.Refused(RunProblems.NOT_ALLOWED);
    }
    ExportOrder order =
        new ExportOrder(
            id,
            schedule.tenant(),
            maker(schedule),
            export.query(),
            null,
            null,
            ZoneId.of(schedule.when().zone()),
            new ExportOrder.Window(run.window().from(), run.window().to()),
            format.get(),
            export.columns(),
            export.withhold(),
            Locale.forLanguageTag(export.language()),
            export.reason(),
            schedule.scheduleId());
    try {
      return switch (parts.jobs().begin(order)) {
        case ExportJobs.Begun.Started(ExportJob _) -> new Begun.Started();
        case ExportJobs.Begun.Busy(String why) -> new Begun.Busy(why);
        case ExportJobs.Begun.NotAllowed(String _) -> new Begun.Refused(RunProblems.NOT_ALLOWED);
      };
    } catch (BadQueryException | TakeoutException e) {
      return new Begun.Refused(String.valueOf(e.getMessage()));
    } catch (FactsOnly.PersonalException e) {
      return new Begun.Refused(
          "Whoever made the schedule may not see what is personal any more: "
              + e.getMessage()
              + ".");
    }
  }

  @Override
  public Export export(ExportSchedule schedule, String id) {
    Optional<ExportJob> found = parts.jobs().find(schedule.tenant(), id);
    if (found.isEmpty()) {
      return new Export.Unknown();
    }
    ExportJob job = found.get();
    if (!schedule.scheduleId().equals(job.order().schedule())) {
      return new Export.Gone("There is another export of the id " + id + ".");
    }
    ExportJob.Problem problem = job.problem();
    ExportJob.Counts counts = job.counts();
    return switch (job.state()) {
      case WAITING, RUNNING -> new Export.UnderWay();
      case DONE -> new Export.Complete(counts == null ? 0 : counts.entries());
      case FAILED -> new Export.Gone(problem == null ? "The export failed." : problem.detail());
      case CANCELED -> new Export.Gone("The export was canceled.");
      case EXPIRED, WITHDRAWN -> new Export.Gone(RunProblems.FILE_GONE);
    };
  }

  @Override
  public Delivered deliver(ExportSchedule schedule, ScheduleRun run)
      throws IOException, InterruptedException {
    Optional<ExportJob> job = parts.jobs().find(schedule.tenant(), String.valueOf(run.export()));
    Optional<ExportJob.FileOf> file = job.flatMap(ExportJob::available);
    Optional<Caller> caller = caller(schedule);
    Optional<Tenant> tenant = configuration().tenant(schedule.tenant());
    if (caller.isEmpty() || tenant.isEmpty()) {
      return new Delivered.Refused(RunProblems.NOT_ALLOWED);
    }
    if (job.isEmpty() || file.isEmpty()) {
      return new Delivered.Failed(RunProblems.FILE_GONE, null);
    }
    if (!job.get().isVisibleTo(scope(caller.get(), schedule))) {
      return new Delivered.Refused(RunProblems.NOT_ALLOWED);
    }
    if (!(schedule.destination() instanceof Destination.Inbox)) { // recorded when downloaded
      parts
          .jobs()
          .leaves(
              job.get(),
              new Leaving(
                  caller.get(), tenant.get(), schedule.destinationInWords(), AccessTrail.INSIDE));
    }
    Delivery way = parts.deliveries().of(schedule.tenant(), schedule.destination());
    return switch (way.deliver(parcel(schedule, run, job.get(), file.get()))) {
      case Delivery.Outcome.Arrived(String where) -> new Delivered.Arrived(where);
      case Delivery.Outcome.Failed(String problem, var retryAfter) ->
          new Delivered.Failed(problem, retryAfter);
      case Delivery.Outcome.Refused(String problem) -> new Delivered.Refused(problem);
    };
  }

  private Parcel parcel(
      ExportSchedule schedule, ScheduleRun run, ExportJob job, ExportJob.FileOf file) {
    Instant ended = job.times().ended();
    return new Parcel(
        schedule.scheduleId() + "-" + run.number(),
        fileName(schedule, run),
        job.order().format().mediaType(),
        parts.jobs().file(job),
        file.bytes(),
        file.sha256(),
        new Parcel.About(
            schedule.tenant(),
            job.id(),
            schedule.scheduleId(),
            schedule.name(),
            run.window().from(),
            run.window().to(),
            run.entries(),
            ended == null ? job.times().created() : ended));
  }

  /** Name of a run's file, the same at every attempt and that of no other run. */
  static String fileName(ExportSchedule schedule, ScheduleRun run) {
    String name = schedule.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String id = schedule.scheduleId();
    return "%s-%s-%s-%s-%d.%s"
        .formatted(
            schedule.tenant().value(),
            name.substring(0, Math.min(MAX_NAME_IN_FILE, name.length())).replaceAll("^-|-$", ""),
            id.substring(Math.max(0, id.length() - ID_IN_FILE)),
            MINUTE.format(run.dueAt()),
            run.number(),
            schedule.export().format());
  }

  @Override
  public void pause(ExportSchedule schedule, String because) {
    Optional<ExportSchedule> now =
        configuration().get(ExportSchedule.class, schedule.id()).filter(schedule::equals);
    if (now.isPresent()) {
      // When somebody changed it in between, the next run finds out anew.
      var _ =
          parts
              .control()
              .change(
                  new Change(
                      schedule.paused(because),
                      configuration().version(schedule),
                      Change.ChangedBy.SYSTEM,
                      because));
    }
  }
}
