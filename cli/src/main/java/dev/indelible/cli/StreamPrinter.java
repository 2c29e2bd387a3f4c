package dev.indelible.cli;

import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.JsonText;
import java.util.List;

/** Streams and their ledgers as lines for people, or as JSON. Not thread-safe. */
final class StreamPrinter {

  private static final String STREAM = "%-24s  %-8s  %-13s  %12s  %10s  %s";
  private static final String BATCH = "%8s  %-24s  %10s  %10s  %10s  %5s  %s";
  private static final String RANGE = "%-24s  %10s  %s";
  private static final String LETTER = "%12s  %-36s  %-24s  %s";

  private final Terminal terminal;
  private final boolean json;
  private boolean headed;

  StreamPrinter(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
  }

  void streams(List<JsonText> streams) {
    streams.forEach(
        stream ->
            line(
                stream,
                STREAM.formatted("ID", "STATE", "TO", "LAG", "PER SECOND", "NAME"),
                STREAM.formatted(
                    text(stream, "id"),
                    text(stream, "state"),
                    text(stream.at("destination"), "type"),
                    lag(stream.at("status")),
                    value(stream.at("status"), "entries_per_second"),
                    name(stream))));
  }

  private static String name(JsonText stream) {
    String error = text(stream.at("status"), "last_error");
    return error.isEmpty() ? text(stream, "name") : text(stream, "name") + " (" + error + ")";
  }

  private static String lag(JsonText status) {
    return "%,d".formatted(status.at("lag_entries").integer().orElse(0));
  }

  void ledger(JsonText batch) {
    String arrived =
        batch.at("acknowledged").isMissing()
            ? value(batch, "written") + " w"
            : value(batch, "acknowledged");
    line(
        batch,
        BATCH.formatted("NUMBER", "SEQ", "MATCHED", "SENT", "ARRIVED", "DEAD", "AT"),
        BATCH.formatted(
            value(batch, "number"),
            value(batch, "first_seq") + "–" + value(batch, "last_seq"),
            value(batch, "matched"),
            value(batch, "sent"),
            arrived,
            value(batch, "dead_letters"),
            text(batch, "at") + marks(batch)));
  }

  private static String marks(JsonText batch) {
    String replay = batch.at("replay").isTrue() ? "  replay" : "";
    return batch.at("repeated").isTrue() ? replay + "  perhaps twice" : replay;
  }

  void ledgerTotals(JsonText page) {
    JsonText complete = page.at("complete_to_seq");
    if (!json && !complete.isMissing()) {
      terminal.err().println("Up to and with entry " + complete + ".");
    }
  }

  void undelivered(JsonText range) {
    line(
        range,
        RANGE.formatted("SEQ", "ENTRIES", "WHY"),
        RANGE.formatted(
            value(range, "from_seq") + "–" + value(range, "to_seq"),
            value(range, "count"),
            text(range, "why")));
  }

  void deadLetter(JsonText letter) {
    line(
        letter,
        LETTER.formatted("SEQ", "ENTRY", "AT", "REASON"),
        LETTER.formatted(
            value(letter, "seq"),
            text(letter, "entry_id"),
            text(letter, "at"),
            text(letter, "reason")));
  }

  private void line(JsonText document, String heading, String row) {
    if (!json && !headed) {
      headed = true;
      terminal.out().println(heading);
    }
    terminal.out().println(json ? document.toString() : row.stripTrailing());
  }

  private static String text(JsonText document, String member) {
    return Printable.of(document.at(member).text().orElse(""));
  }

  private static String value(JsonText document, String member) {
    return Printable.of(document.at(member).toString());
  }
}
