package dev.indelible.server.takeout;

import dev.indelible.server.event.EntryCsv;
import dev.indelible.server.index.FacetField;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.Profile.ExportFormat;
import dev.indelible.server.query.Order;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Exports of the entries that a query finds, as one file to keep: a JSON object on each line, an
 * array of them, or CSV. Thread-safe.
 */
public final class EntryExport {

  /** The most entries of one export; more is asked for window by window. */
  public static final long MAX_ENTRIES = 5_000_000;

  /** The permission that it needs. */
  public static final Permission PERMISSION = Permission.AUDIT_EXPORT;

  private static final byte[] NEWLINE = {'\n'};

  private static final byte[] JSON_BEGIN = {'[', '\n'};

  private static final byte[] JSON_BETWEEN = {',', '\n'};

  private static final byte[] JSON_END = {'\n', ']', '\n'};

  private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE;

  private final Search search;
  private final EntryWriter entries;
  private final Exports exports;

  /** Exports of what {@code search} finds. */
  public EntryExport(Search search, EntryWriter entries, Exports exports) {
    this.search = search;
    this.entries = entries;
    this.exports = exports;
  }

  /**
   * An export to make.
   *
   * @param question what is searched for, at one time
   * @param filter the same as text, for the record
   * @param order by recording
   * @param format of the file
   * @param reason why, as {@link Exports#reason} gives it
   */
  public record Wanted(
      Search.Question question,
      String filter,
      Order order,
      ExportFormat format,
      @Nullable String reason) {}

  /**
   * Counts the entries, records that they are taken, and reads the first page.
   *
   * @throws TakeoutException when there are more than {@link #MAX_ENTRIES}
   * @throws dev.indelible.server.search.BadQueryException when the query is none
   */
  public Started start(Taker taker, Wanted wanted) throws IOException {
    long count =
        taker
            .turns()
            .read(
                () ->
                    search.facets(
                        taker.scope(), wanted.question(), List.of(FacetField.OUTCOME), 1, ""))
            .count();
    requireExportable(count);
    exports.exported(taker, new Exports.ExportedEntries(wanted.filter(), count, wanted.reason()));
    return new Started(taker, wanted, count, page(taker, wanted, null));
  }

  /** Refuses more entries than one export has. */
  static void requireExportable(long count) {
    if (count > MAX_ENTRIES) {
      throw new TakeoutException(
          TakeoutException.Reason.TOO_MANY_ENTRIES,
          "These are %,d entries; one export has at most %,d. Ask for a part of the time."
              .formatted(count, MAX_ENTRIES));
    }
  }

  private Search.Page page(Taker taker, Wanted wanted, @Nullable String cursor) throws IOException {
    return taker
        .turns()
        .read(
            () ->
                search.page(
                    taker.scope(), wanted.question(), wanted.order(), Search.MAX_PAGE, cursor));
  }

  /** An export that was recorded and can be written. Used by one thread. */
  public final class Started {

    private final Taker taker;
    private final Wanted wanted;
    private final long count;
    private final Search.Page first;

    private Started(Taker taker, Wanted wanted, long count, Search.Page first) {
      this.taker = taker;
      this.wanted = wanted;
      this.count = count;
      this.first = first;
    }

    /** How many entries the file will have, unless it is cut off. */
    public long count() {
      return count;
    }

    /** Name of the file: tenant and window, in letters that every file system takes. */
    public String fileName() {
      String from = day(wanted.question().from());
      String to = day(wanted.question().to());
      return taker.tenant().id()
          + (from == null ? "" : "-from-" + from)
          + (to == null ? "" : "-to-" + to)
          + "."
          + wanted.format().name().toLowerCase(Locale.ROOT);
    }

    private @Nullable String day(@Nullable Instant instant) {
      return instant == null ? null : DAY.format(instant.atZone(wanted.question().zone()));
    }

    /** Media type of the file. */
    public String mediaType() {
      return switch (wanted.format()) {
        case CSV -> "text/csv; charset=utf-8; header=present";
        case JSON -> "application/json";
        case NDJSON, PDF -> "application/x-ndjson";
      };
    }

    /**
     * Writes the file, page by page, so that no more than one is in memory, however slowly it is
     * taken.
     *
     * @throws IOException when {@code out} takes no more, or the permission ended meanwhile
     */
    public void writeTo(OutputStream out) throws IOException {
      Lines lines =
          switch (wanted.format()) {
            case CSV -> new Csv(out, entries);
            case JSON -> new Json(out, entries);
            case NDJSON, PDF -> new Ndjson(out, entries);
          };
      writePages(lines);
      lines.end();
    }

    private void writePages(Lines lines) throws IOException {
      Search.Page page = first;
      long left = MAX_ENTRIES;
      while (true) {
        for (Found entry : page.entries()) {
          lines.add(entry);
        }
        left -= page.entries().size();
        String next = page.next();
        if (next == null || left <= 0) {
          return;
        }
        if (!taker.turns().stillMay()) {
          throw new IOException("the caller may not export any more; the answer is cut off");
        }
        page = page(taker, wanted, next);
      }
    }
  }

  /** Takes entries one after another. */
  private interface Lines {
    void add(Found entry) throws IOException;

    /** Writes what comes behind the last one. */
    default void end() throws IOException {}
  }

  private static final class Csv implements Lines {
    private final OutputStream out;
    private final EntryWriter entries;
    private final EntryCsv csv = new EntryCsv();

    Csv(OutputStream out, EntryWriter entries) throws IOException {
      this.out = out;
      this.entries = entries;
      out.write(csv.headings());
    }

    @Override
    public void add(Found entry) throws IOException {
      out.write(csv.line(entry.shown(), entries.holdNames(entry)));
    }
  }

  private record Ndjson(OutputStream out, EntryWriter entries) implements Lines {
    @Override
    public void add(Found entry) throws IOException {
      entries.write(entry, out);
      out.write(NEWLINE);
    }
  }

  private static final class Json implements Lines {
    private final OutputStream out;
    private final EntryWriter entries;
    private boolean begun;

    Json(OutputStream out, EntryWriter entries) {
      this.out = out;
      this.entries = entries;
    }

    @Override
    public void add(Found entry) throws IOException {
      out.write(begun ? JSON_BETWEEN : JSON_BEGIN);
      begun = true;
      entries.write(entry, out);
    }

    @Override
    public void end() throws IOException {
      if (!begun) {
        out.write(JSON_BEGIN);
      }
      out.write(JSON_END);
    }
  }
}
