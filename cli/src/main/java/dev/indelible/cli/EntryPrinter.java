package dev.indelible.cli;

import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.Entry;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi.Style;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes entries: as one line of JSON each, or as a table for people. */
final class EntryPrinter {

  private static final String ROW = "%-29s  %-5s  %-22s  %-30s  %-28s  %-8s  %-36s  %s";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx");
  private static final int ACTOR_WIDTH = 22;

  /** Reads numbers with all their digits, as entries have them. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final int TARGET_WIDTH = 28;

  private final Terminal terminal;
  private final boolean json;
  private final ZoneId zone;
  private boolean headed;

  /** A printer of times as UTC has them. */
  EntryPrinter(Terminal terminal, boolean json) {
    this(terminal, json, ZoneOffset.UTC);
  }

  EntryPrinter(Terminal terminal, boolean json, ZoneId zone) {
    this.terminal = terminal;
    this.json = json;
    this.zone = zone;
  }

  void print(Entry entry) {
    print(JSON.readTree(entry.toString()));
  }

  private void print(JsonNode entry) {
    if (json) {
      terminal.out().println(entry);
      return;
    }
    if (!headed) {
      headed = true;
      line(
          ROW.formatted(
              "TIME (" + (zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId()) + ")",
              "NOTE",
              "ACTOR",
              "ACTION",
              "TARGETS",
              "OUTCOME",
              "ID",
              "REASON"),
          Style.bold);
    }
    String outcome = entry.path("outcome").asString("unknown");
    String row =
        ROW.formatted(
            time(entry.path("occurred_at").asString(entry.path("recorded_at").asString(""))),
            note(entry.path("flags")),
            cut(name(entry.path("actor")), ACTOR_WIDTH),
            text(entry.path("action").asString("")),
            cut(targets(entry.path("targets")), TARGET_WIDTH),
            text(outcome),
            text(entry.path("id").asString("")),
            text(entry.path("reason").asString("")));
    if (outcome.equals("failure")) {
      line(row.stripTrailing(), Style.fg_red);
    } else {
      line(row.stripTrailing());
    }
  }

  /** Note that an entry was recorded long after it happened, or before the time that it states. */
  private static String note(JsonNode flags) {
    return flags
        .valueStream()
        .map(flag -> flag.asString(""))
        .filter(flag -> flag.equals("late") || flag.equals("early"))
        .findFirst()
        .orElse("");
  }

  /** A time of the server in the zone that is shown; anything else as it is. */
  private String time(String rfc3339) {
    try {
      Instant instant = Instant.parse(rfc3339);
      return zone.equals(ZoneOffset.UTC) ? text(rfc3339) : TIME.format(instant.atZone(zone));
    } catch (DateTimeParseException e) {
      return text(rfc3339);
    }
  }

  private void line(String text, Style... styles) {
    terminal.out().println(terminal.colours() ? styled(text, styles) : text);
  }

  /** Applies styles without picocli's markup, which an entry's own text could contain. */
  private static String styled(String text, Style... styles) {
    return styles.length == 0 ? text : Style.on(styles) + text + Style.reset.on();
  }

  private static String name(JsonNode party) {
    String id = party.path("id").asString(party.path("type").asString(""));
    return text(party.path("name").asString(id));
  }

  private static String targets(JsonNode targets) {
    return targets
        .valueStream()
        .map(target -> text(target.path("type").asString("")) + "/" + name(target))
        .collect(Collectors.joining(", "));
  }

  private static String cut(String text, int width) {
    int length = text.codePointCount(0, text.length());
    return length <= width ? text : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
  }

  private static String text(String text) {
    return Printable.of(text);
  }
}
