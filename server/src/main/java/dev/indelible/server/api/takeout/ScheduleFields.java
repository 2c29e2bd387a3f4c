package dev.indelible.server.api.takeout;

import dev.indelible.server.control.Destination;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.export.ExportFormat;
import dev.indelible.server.export.ExportMaker;
import dev.indelible.server.export.ExportOrder;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.schedule.CronException;
import dev.indelible.server.schedule.CronTimes;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a request that says what a schedule is to be. Used for one request.
 *
 * @param json all fields
 * @param name the schedule's name
 * @param cron its times
 * @param order what is exported
 * @param sendEmpty whether a file without entries is delivered too
 * @param start where its first run begins
 */
record ScheduleFields(
    JsonFields json, String name, String cron, OrderFields order, boolean sendEmpty, Start start) {

  /** The languages of texts for people. */
  static final List<String> LANGUAGES = List.of("en", "de");

  /** The names of the fields. */
  static final String[] NAMES = {
    "name",
    "cron",
    "zone",
    "query",
    "format",
    "columns",
    "withhold_personal",
    "send_empty",
    "language",
    "reason",
    "start",
    "destination"
  };

  /**
   * Beginning of a schedule's first window.
   *
   * @param seq a sequence number; negative for the log's end
   */
  record Start(long seq) {
    private static final Start NOW = new Start(-1);
    private static final Start BEGINNING = new Start(0);
  }

  /**
   * Circumstances in which a schedule begins.
   *
   * @param logSize the log's size now
   * @param old the schedule that it replaces, or null
   * @param since the time from which it is active
   */
  record Begins(long logSize, @Nullable ExportSchedule old, Instant since) {}

  /** Reads them; what is wrong is a fault of {@code json}. */
  static ScheduleFields read(JsonFields json, JsonNode body) {
    String name = json.text("name", Field.REQUIRED, ExportSchedule.MAX_NAME_LENGTH);
    String cron = json.text("cron", Field.REQUIRED, CronTimes.MAX_LENGTH);
    if (!json.has("zone")) {
      json.fault("zone", "missing", "This field is required.");
    }
    OrderFields order = OrderFields.read(json);
    if (cron != null) {
      try {
        CronTimes _ = CronTimes.of(cron, order.zone());
      } catch (CronException e) {
        json.fault("cron", "bad_format", String.valueOf(e.getMessage()));
      }
    }
    return new ScheduleFields(
        json,
        Objects.requireNonNullElse(name, ""),
        Objects.requireNonNullElse(cron, ""),
        order,
        Boolean.TRUE.equals(json.flag("send_empty")),
        start(json, body.path("start")));
  }

  private static Start start(JsonFields json, JsonNode value) {
    if (value.isMissingNode() || value.isNull() || value.asString("").equals("now")) {
      return Start.NOW;
    }
    if (value.asString("").equals("beginning")) {
      return Start.BEGINNING;
    }
    JsonFields seq = value.isObject() ? json.object("start", Field.REQUIRED, "seq") : null;
    Long number = seq == null ? null : seq.number("seq", Field.REQUIRED);
    if (seq == null) {
      json.fault("start", "bad_format", "This must be now, beginning, or {\"seq\": a number}.");
    }
    return number == null ? Start.NOW : new Start(number);
  }

  void destinationFault(String field, String code, String detail) {
    destinationFault(json, field, code, detail);
  }

  /** Tells what is wrong with the field {@code destination}. */
  static void destinationFault(JsonFields json, String field, String code, String detail) {
    json.fault(field.isEmpty() ? "destination" : "destination/" + field, code, detail);
  }

  void check() {
    json.check();
  }

  ExportSchedule schedule(
      TenantId tenant,
      String id,
      Destination destination,
      ExportSchedule.Maker maker,
      Begins begins) {
    ExportSchedule old = begins.old();
    return new ExportSchedule(
        tenant,
        id,
        name.strip(),
        new ExportSchedule.When(cron.strip(), order.zone().getId()),
        new ExportSchedule.Export(
            order.query(),
            order.format().jsonName(),
            order.columns(),
            order.withhold(),
            sendEmpty,
            order.language().toLanguageTag(),
            order.reason()),
        destination,
        maker,
        old != null
            ? old.startSeq()
            : start.seq() < 0 ? begins.logSize() : Math.min(start.seq(), begins.logSize()),
        old == null ? begins.since() : old.createdAt(),
        begins.since(),
        old == null ? null : old.pausedBecause(),
        null);
  }

  /** The order that a schedule's run would give, to ask whether it can be. */
  static ExportOrder order(ExportSchedule schedule) {
    ExportSchedule.Export export = schedule.export();
    return new ExportOrder(
        schedule.scheduleId(),
        schedule.tenant(),
        new ExportMaker(
            ExportMaker.Kind.valueOf(schedule.maker().kind().toUpperCase(Locale.ROOT)),
            schedule.maker().id()),
        export.query(),
        null,
        null,
        ZoneId.of(schedule.when().zone()),
        ExportOrder.Window.ALL,
        ExportFormat.named(export.format()).orElseThrow(),
        export.columns(),
        export.withhold(),
        Locale.forLanguageTag(export.language()),
        export.reason(),
        schedule.scheduleId());
  }
}
