package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putAll;
import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An export that is made again and again, each time of what was recorded since the last one, and
 * delivered.
 *
 * @param tenant whose log
 * @param scheduleId its id, unique within the tenant
 * @param name its name for people
 * @param when its times
 * @param export what is exported
 * @param destination where it goes
 * @param maker whose rights it has: whoever made or changed it last
 * @param startSeq sequence number of the first entry of its first run
 * @param createdAt when it was made
 * @param activeSince when it was made, changed, or resumed: no time before counts
 * @param pausedBecause why it is paused, or null while it is active
 * @param removedAt when it was removed, or null
 */
public record ExportSchedule(
    TenantId tenant,
    String scheduleId,
    String name,
    When when,
    Export export,
    Destination destination,
    Maker maker,
    long startSeq,
    Instant createdAt,
    Instant activeSince,
    @Nullable String pausedBecause,
    @Nullable Instant removedAt)
    implements ConfigurationObject {
  static final Kind<ExportSchedule> KIND = new ExportScheduleKind();

  /** The longest name, in UTF-16 units. */
  public static final int MAX_NAME_LENGTH = 200;

  /** The most schedules of a tenant. */
  public static final int MAX_SCHEDULES = TenantQuota.SCHEDULES.most();

  /** The most columns, more than there are. */
  public static final int MAX_COLUMNS = 100;

  /** The longest reason for a pause, in UTF-16 units; a longer one is cut. */
  public static final int MAX_PAUSE_LENGTH = 500;

  /**
   * Times of a schedule.
   *
   * @param cron a cron expression of five parts
   * @param zone the IANA zone that its times are of
   */
  public record When(String cron, String zone) {}

  /**
   * Export of each run.
   *
   * @param query which entries, in the query language; empty for everything
   * @param format of the file, such as {@code csv}
   * @param columns chosen columns; empty for all
   * @param withhold whether what is personal stays out although its maker may see it
   * @param sendEmpty whether a file without entries is delivered too
   * @param language of the texts for people, such as {@code en}
   * @param reason why, or null
   */
  public record Export(
      String query,
      String format,
      List<String> columns,
      boolean withhold,
      boolean sendEmpty,
      String language,
      @Nullable String reason) {
    public Export {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Person or program whose rights it has.
   *
   * @param kind {@code member}, {@code key} or {@code operator}
   * @param id of the member, or of the key
   */
  public record Maker(String kind, String id) {}

  @Override
  public String id() {
    return tenant.value() + "/" + scheduleId;
  }

  /** Whether it makes exports by itself. */
  public boolean isActive() {
    return pausedBecause == null && removedAt == null;
  }

  /** Returns a copy that is paused; a reason that is too long is cut. */
  public ExportSchedule paused(String because) {
    return with(
        activeSince,
        because.length() > MAX_PAUSE_LENGTH ? because.substring(0, MAX_PAUSE_LENGTH) : because,
        null);
  }

  /** Returns a copy that is active from now on. */
  public ExportSchedule resumed(Instant now) {
    return with(now, null, null);
  }

  /** Returns a removed copy. */
  public ExportSchedule removed(Instant at) {
    return with(activeSince, pausedBecause, at);
  }

  private ExportSchedule with(Instant since, @Nullable String because, @Nullable Instant removed) {
    return new ExportSchedule(
        tenant,
        scheduleId,
        name,
        when,
        export,
        destination,
        maker,
        startSeq,
        createdAt,
        since,
        because,
        removed);
  }

  /** The destination in words, without secrets and without addresses of people. */
  public String destinationInWords() {
    String where =
        switch (destination) {
          case Destination.Inbox _ -> "";
          case Destination.Directory directory -> directory.path();
          case Destination.Bucket bucket -> bucket.bucket() + "/" + bucket.prefix();
          case Destination.Webhook webhook -> host(webhook.url());
          case Destination.Email email -> email.addresses().size() + " receivers";
        };
    return where.isEmpty() ? destination.type() : destination.type() + " " + where;
  }

  /** The host of an address; its path may be a secret. */
  private static String host(String url) {
    try {
      String host = URI.create(url).getHost();
      return host == null ? "" : host;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  @Override
  public Kind<ExportSchedule> kind() {
    return KIND;
  }

  private static final class ExportScheduleKind extends Kind<ExportSchedule> {

    ExportScheduleKind() {
      super("export_schedule", ExportSchedule.class);
    }

    @Override
    void write(ExportSchedule schedule, ObjectNode json) {
      json.put("tenant", schedule.tenant().value());
      json.put("id", schedule.scheduleId());
      json.put("name", schedule.name());
      json.put("cron", schedule.when().cron());
      json.put("zone", schedule.when().zone());
      Export export = schedule.export();
      json.put("query", export.query());
      json.put("format", export.format());
      putAll(json, "columns", export.columns());
      json.put("withhold_personal", export.withhold());
      json.put("send_empty", export.sendEmpty());
      json.put("language", export.language());
      putIfPresent(json, "export_reason", export.reason());
      DestinationForm.write(schedule.destination(), json.putObject("destination"));
      json.put("maker", schedule.maker().kind());
      json.put("maker_id", schedule.maker().id());
      json.put("start_seq", schedule.startSeq());
      json.put("created_at", schedule.createdAt().toString());
      json.put("active_since", schedule.activeSince().toString());
      putIfPresent(json, "paused_because", schedule.pausedBecause());
      putIfPresent(json, "removed_at", schedule.removedAt());
    }

    @Override
    ExportSchedule read(ObjectFields json) {
      return new ExportSchedule(
          json.tenant(),
          json.text("id"),
          json.text("name"),
          new When(json.text("cron"), json.text("zone")),
          new Export(
              json.text("query"),
              json.text("format"),
              json.list("columns"),
              json.flag("withhold_personal"),
              json.flag("send_empty"),
              json.text("language"),
              json.optionalText("export_reason")),
          DestinationForm.read(new ObjectFields(json.required("destination"))),
          new Maker(json.text("maker"), json.text("maker_id")),
          json.required("start_seq").longValue(),
          json.instant("created_at"),
          json.instant("active_since"),
          json.optionalText("paused_because"),
          json.optionalInstant("removed_at"));
    }

    @Override
    void check(ExportSchedule schedule) {
      requireAtMost(MAX_NAME_LENGTH, "name", schedule.name());
      requireAtMost(MAX_COLUMNS, "number of columns", schedule.export().columns().size());
      String because = schedule.pausedBecause();
      requireAtMost(MAX_PAUSE_LENGTH, "reason for its pause", because == null ? "" : because);
    }

    /** The destination holds its secret, sealed. */
    @Override
    Set<String> secrets() {
      return Set.of("destination");
    }

    @Override
    Event.Target target(ExportSchedule schedule) {
      return new Event.Target("schedule", schedule.scheduleId(), schedule.name(), null);
    }

    @Override
    String action(@Nullable ExportSchedule before, ExportSchedule after) {
      if (before == null) {
        return "audit.schedule.create";
      }
      if (after.removedAt() != null) {
        return "audit.schedule.remove";
      }
      boolean wasPaused = before.pausedBecause() != null;
      boolean isPaused = after.pausedBecause() != null;
      return wasPaused == isPaused
          ? "audit.schedule.update"
          : isPaused ? "audit.schedule.pause" : "audit.schedule.resume";
    }

    /** With the destination in words: addresses of people are in no entry. */
    @Override
    ObjectNode compared(ExportSchedule schedule) {
      ObjectNode json = describe(schedule);
      json.set("destination", JsonNodeFactory.instance.stringNode(schedule.destinationInWords()));
      json.remove("active_since"); // the entry's own time says it
      return json;
    }
  }
}
