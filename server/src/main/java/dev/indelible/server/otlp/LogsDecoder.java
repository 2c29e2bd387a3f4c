package dev.indelible.server.otlp;

import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.EventDecoder;
import dev.indelible.server.event.EventLimits;
import dev.indelible.server.event.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads events from requests of OTLP/HTTP for logs.
 *
 * <p>Each record with an event name is turned into the JSON of an event and then read by the {@link
 * EventDecoder}, so that one set of rules judges whatever is recorded. A record without an event
 * name is a line of a log and no event. {@code docs/otlp.md} states the mapping. Thread-safe.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp">OTLP/HTTP</a>
 */
public final class LogsDecoder {

  /** The most log records of one request, whether they are events or not. */
  public static final int MAX_RECORDS = EventLimits.MAX_BATCH_EVENTS;

  /** The largest request, in bytes after decompression. */
  public static final int MAX_BODY_BYTES = EventLimits.MAX_BATCH_BYTES;

  private final EventDecoder decoder;

  public LogsDecoder(EventDecoder decoder) {
    this.decoder = decoder;
  }

  /** Reads an {@code ExportLogsServiceRequest}. */
  public Logs decode(Encoding encoding, byte[] body) {
    Records records = new Records();
    try {
      switch (encoding) {
        case PROTOBUF -> new ProtobufReader(body, records).read();
        case JSON -> JsonReader.read(body, records);
      }
    } catch (BrokenLogsException e) {
      return new Logs.Broken(e.problem());
    } catch (IOException e) {
      // Of bytes in memory: they are not the encoding that they should be.
      return new Logs.Broken(
          new Problem(
              "",
              Problem.Code.BAD_ENCODING,
              "The body is not an ExportLogsServiceRequest in Protocol Buffers: "
                  + e.getMessage()));
    }
    return events(records.list());
  }

  private Logs events(List<LogRecord> records) {
    List<Integer> indexes = new ArrayList<>();
    List<Decoding> events = new ArrayList<>();
    RecordIds ids = new RecordIds();
    for (int i = 0; i < records.size(); i++) {
      LogRecord record = records.get(i);
      if (LogRecordMap.eventName(record).isEmpty()) {
        continue;
      }
      indexes.add(i);
      String refusal = record.refusal();
      events.add(
          refusal == null
              ? event(record, ids)
              : new Decoding.Invalid(
                  List.of(new Problem("", Problem.Code.INVALID, refusal + ".")), 0));
    }
    return new Logs.Read(records.size(), indexes, events);
  }

  private Decoding event(LogRecord record, RecordIds ids) {
    byte[] json = JsonMapper.shared().writeValueAsBytes(LogRecordMap.event(record, ids.of(record)));
    return decoder.decode(json, 0, json.length);
  }
}
