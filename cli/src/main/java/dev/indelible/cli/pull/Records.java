package dev.indelible.cli.pull;

import dev.indelible.cli.source.RecordSource;
import dev.indelible.cli.source.SourceRecord;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Records of a page. Not thread-safe. */
final class Records implements RecordSource {

  /**
   * The number that every record has. An event without an id of its own gets one that follows from
   * its log, this number and its content: a record is the same on whatever page it comes.
   */
  private static final long ORDINAL = 2;

  private final String log;
  private final Iterator<JsonNode> records;
  private long given;

  Records(String log, List<JsonNode> records) {
    this.log = log;
    this.records = records.iterator();
  }

  @Override
  public @Nullable SourceRecord next() {
    if (!records.hasNext()) {
      return null;
    }
    given++;
    return new SourceRecord.Parsed(new SourceRecord.Place(log, given, ORDINAL), records.next());
  }

  @Override
  public String identity() {
    return log;
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  public void close() {}
}
