package dev.indelible.server.api.takeout;

import dev.indelible.server.control.Change;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.export.ExportFormat;
import dev.indelible.server.export.ExportMaker;
import dev.indelible.server.export.ExportOrder;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.takeout.file.Columns;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request that say what an export is to be: the same for one that is made now and
 * for one that a schedule makes.
 *
 * @param query the query; empty for everything
 * @param from the earliest occurrence, or null
 * @param to the latest occurrence, or null
 * @param zone of dates in the query
 * @param format of the file
 * @param columns of its table; empty for all
 * @param withhold whether what is personal stays out
 * @param language of texts for people
 * @param reason why, or null
 */
public record OrderFields(
    String query,
    @Nullable Instant from,
    @Nullable Instant to,
    ZoneId zone,
    ExportFormat format,
    List<String> columns,
    boolean withhold,
    Locale language,
    @Nullable String reason) {

  /** The names of the fields. */
  public static final List<String> NAMES =
      List.of(
          "query",
          "from",
          "to",
          "zone",
          "format",
          "columns",
          "withhold_personal",
          "language",
          "reason");

  /** Languages of texts for people. */
  static final List<String> LANGUAGES = List.of("en", "de");

  private static final int MAX_ZONE_LENGTH = 64;

  public OrderFields {
    columns = List.copyOf(columns);
  }

  /** Reads them; what is wrong is a fault of {@code fields}. */
  public static OrderFields read(JsonFields fields) {
    String format = Objects.requireNonNullElse(fields.text("format", Field.REQUIRED, 16), "csv");
    if (!ExportFormat.ofQueries().contains(format)) {
      fields.fault(
          "format",
          "unknown_value",
          "This must be one of " + String.join(", ", ExportFormat.ofQueries()) + ".");
    }
    Instant from = fields.instant("from");
    Instant to = fields.instant("to");
    if (from != null && to != null && !from.isBefore(to)) {
      fields.fault("to", "out_of_range", "This must be after from.");
    }
    return new OrderFields(
        fields.textOrEmpty("query", QueryParser.MAX_LENGTH).strip(),
        from,
        to,
        zone(fields),
        ExportFormat.ofQueries().contains(format)
            ? ExportFormat.named(format).orElseThrow()
            : ExportFormat.CSV,
        columns(fields),
        Boolean.TRUE.equals(fields.flag("withhold_personal")),
        Locale.forLanguageTag(fields.choice("language", LANGUAGES, "en")),
        fields.has("reason") ? reason(fields) : null);
  }

  private static @Nullable String reason(JsonFields fields) {
    String reason = fields.textOrEmpty("reason", Change.MAX_REASON_LENGTH).strip();
    return reason.isEmpty() ? null : reason;
  }

  private static ZoneId zone(JsonFields fields) {
    String name = fields.text("zone", Field.OPTIONAL, MAX_ZONE_LENGTH);
    if (name == null) {
      return ZoneOffset.UTC;
    }
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      fields.fault("zone", "bad_format", "This must be a time zone such as Europe/Berlin.");
      return ZoneOffset.UTC;
    }
  }

  private static List<String> columns(JsonFields fields) {
    List<String> columns = fields.texts("columns");
    for (int i = 0; i < columns.size(); i++) {
      if (!Columns.ALL.contains(columns.get(i))) {
        fields.fault(
            "columns/" + i,
            "unknown_value",
            "There is no such column; there are " + String.join(", ", Columns.ALL) + ".");
      }
    }
    if (Set.copyOf(columns).size() < columns.size()) {
      fields.fault("columns", "doubled", "A column is named twice.");
    }
    return columns;
  }

  /** The order of an export that begins now. */
  public ExportOrder order(String id, TenantId tenant, ExportMaker maker) {
    return new ExportOrder(
        id,
        tenant,
        maker,
        query,
        from,
        to,
        zone,
        ExportOrder.Window.ALL,
        format,
        columns,
        withhold,
        language,
        reason,
        null);
  }
}
