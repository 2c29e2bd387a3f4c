package dev.indelible.cli.reconcile;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.EventJson;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The entries of a log, from the lines of a verifiable export ({@code docs/formats/export.md}),
 * with its header or without. Whether the lines are what was signed is for {@code indelible verify}
 * to say. Not thread-safe.
 */
public final class LogEntries implements Closeable {

  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final EntryCodec CODEC = new EntryCodec();

  private final BufferedReader lines;
  private boolean ended;

  /** Reads UTF-8, which is closed with this. */
  public LogEntries(InputStream export) {
    this.lines = new BufferedReader(new InputStreamReader(export, StandardCharsets.UTF_8));
  }

  /**
   * An entry of the log.
   *
   * @param seq its number
   * @param leaf as it stands in the export, base64
   * @param partial whether the log, or whoever asked, has no more of it than its facts
   * @param entry the entry; null when it was purged
   */
  record One(long seq, String leaf, boolean partial, @Nullable Entry entry) {

    /** The entry as the API gives it. */
    JsonNode json() {
      if (entry == null) {
        throw new IllegalStateException("the entry " + seq + " was purged");
      }
      return JSON.readTree(EventJson.toBytes(entry));
    }
  }

  /**
   * The next entry; null after the last.
   *
   * @throws IOException when it is none, or when the lines end before the export does
   */
  @Nullable One next() throws IOException {
    while (!ended) {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("the log's entries are cut off: their last line is missing");
      }
      try {
        JsonNode value = JSON.readTree(line);
        if (value.has("leaf")) {
          return one(value);
        }
        ended = value.has("entries");
        if (!ended && !value.has("format")) {
          throw new IOException("not a line of a verifiable export: " + cut(line));
        }
      } catch (JacksonException | IllegalArgumentException e) {
        throw new IOException("not a line of a verifiable export: " + cut(line), e);
      }
    }
    return null;
  }

  private static One one(JsonNode value) {
    long seq = value.path("seq").longValue();
    String leaf = value.path("leaf").stringValue();
    String state = value.path("state").stringValue();
    if (state.equals("purged")) {
      return new One(seq, leaf, true, null);
    }
    JsonNode personal = value.path("personal");
    boolean partial = !state.equals("whole");
    EntryCodec.Parts parts =
        new EntryCodec.Parts(
            value.path("facts").stringValue().getBytes(StandardCharsets.UTF_8),
            personal.isString() ? personal.stringValue().getBytes(StandardCharsets.UTF_8) : null);
    Instant at = Instant.ofEpochMilli(value.path("recorded_at").longValue());
    return new One(
        seq, leaf, partial, CODEC.decode(seq, at, parts, partial).withPersonalErased(false));
  }

  private static String cut(String line) {
    return line.substring(0, Math.min(line.length(), 80));
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
