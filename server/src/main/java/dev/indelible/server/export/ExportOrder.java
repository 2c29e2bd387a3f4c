package dev.indelible.server.export;

import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An export that is asked for.
 *
 * @param id its id, made by whoever asks: asking again for the same one begins nothing
 * @param tenant whose log
 * @param maker whose rights it has
 * @param filter the query; empty for everything
 * @param from the earliest occurrence, inclusive, or null
 * @param to the latest occurrence, exclusive, or null
 * @param zone the zone of dates in the query, and of times for people
 * @param window the sequence numbers that it is about
 * @param format of its file
 * @param columns chosen columns; empty for all
 * @param withhold whether what is personal stays out although its maker may see it
 * @param language of the texts for people
 * @param reason why, or null
 * @param schedule the schedule that asks, or null when a person does
 * @param pack the evidence pack that it is, or null for the entries of a query
 */
public record ExportOrder(
    String id,
    TenantId tenant,
    ExportMaker maker,
    String filter,
    @Nullable Instant from,
    @Nullable Instant to,
    ZoneId zone,
    Window window,
    ExportFormat format,
    List<String> columns,
    boolean withhold,
    Locale language,
    @Nullable String reason,
    @Nullable String schedule,
    @Nullable Pack pack) {

  public ExportOrder {
    columns = List.copyOf(columns);
    if ((pack != null) != (format == ExportFormat.PACK)) {
      throw new IllegalArgumentException("a pack, and not of that format, or the reverse");
    }
  }

  /** An order of the entries of a query. */
  public ExportOrder(
      String id,
      TenantId tenant,
      ExportMaker maker,
      String filter,
      @Nullable Instant from,
      @Nullable Instant to,
      ZoneId zone,
      Window window,
      ExportFormat format,
      List<String> columns,
      boolean withhold,
      Locale language,
      @Nullable String reason,
      @Nullable String schedule) {
    this(
        id, tenant, maker, filter, from, to, zone, window, format, columns, withhold, language,
        reason, schedule, null);
  }

  /**
   * An evidence pack that is asked for.
   *
   * @param template the template, as it is now: a job goes on with it whatever becomes of its file
   * @param templateId its name
   * @param checkpoint a checkpoint that the log signed, at whose position the pack is to be; or
   *     null for the newest
   */
  public record Pack(String template, String templateId, @Nullable String checkpoint) {}

  /** The query and its bounds as one text, as searches are recorded. */
  public String asked() {
    StringBuilder text = new StringBuilder(filter.strip());
    if (from != null) {
      text.append(" from:").append(from);
    }
    if (to != null) {
      text.append(" to:").append(to);
    }
    return text.toString().strip();
  }

  /**
   * Range of sequence numbers.
   *
   * @param from the first
   * @param to behind the last; {@link Long#MAX_VALUE} for the log's size when the export begins
   */
  public record Window(long from, long to) {

    /** Everything that there is when the export begins. */
    public static final Window ALL = new Window(0, Long.MAX_VALUE);
  }
}
