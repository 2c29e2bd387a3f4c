package dev.indelible.server.takeout.file;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Description of a file of entries, known before the first of them.
 *
 * @param tenant the log's tenant, by id
 * @param tenantName the tenant's name for people
 * @param filter the query; empty for everything
 * @param from the earliest occurrence, inclusive, or null
 * @param to the latest occurrence, exclusive, or null
 * @param zone the zone that days and the times for people are in
 * @param fromSeq sequence number of the first entry that can be in it
 * @param toSeq sequence number behind the last one: the log's size when it was begun
 * @param accounts accounts that the reader is restricted to; empty for the whole tenant
 * @param personal whether what is personal is in it
 * @param estimate how many entries it is going to have, as the index counted them
 * @param columns the columns that were chosen, of {@link Columns}; formats of whole entries ignore
 *     them
 * @param language of the texts for people
 * @param made who made it, when and why
 * @param checkpoint the signed checkpoint of size {@code toSeq} or later that covers it, or null
 *     where the log has none yet
 */
public record FileHead(
    String tenant,
    String tenantName,
    String filter,
    @Nullable Instant from,
    @Nullable Instant to,
    ZoneId zone,
    long fromSeq,
    long toSeq,
    List<String> accounts,
    boolean personal,
    long estimate,
    List<String> columns,
    Locale language,
    Made made,
    @Nullable String checkpoint) {

  public FileHead {
    accounts = List.copyOf(accounts);
    columns = List.copyOf(columns);
  }

  /**
   * Maker of a file.
   *
   * @param by who, in words for people, such as {@code Ana Ribeiro (user:u_7)}
   * @param at when
   * @param reason why, or null
   * @param id the export's id
   */
  public record Made(String by, Instant at, @Nullable String reason, String id) {}
}
