package dev.indelible.mapping;

import dev.indelible.mapping.YamlNode.Members;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads how a map says when something happened. */
record TimeRuleReader(ExpressionReader expressions) {

  private static final String PATH = "event.occurred_at";
  private static final Set<String> KEYS = Set.of("at", "as", "format", "zone", "unreadable");

  /** The times that are asked in turn: one, or in version 2 the objects of a list. */
  List<LogMap.Time> read(@Nullable YamlNode value) {
    if (value == null) {
      return List.of();
    }
    boolean many =
        expressions.isVersion2()
            && value.isList()
            && value.items().stream()
                .anyMatch(item -> item.isObject() && item.members("").get("at") != null);
    return many ? value.items().stream().map(this::time).toList() : List.of(time(value));
  }

  private LogMap.Time time(YamlNode value) {
    if (!value.isObject()) {
      TimeReader reader = new TimeReader(List.of(TimeForm.RFC3339), List.of(), null);
      return new LogMap.Time(expressions.rule(value, PATH), reader, false);
    }
    Members time = value.members(PATH + ".");
    time.allow(KEYS);
    YamlNode named = time.get("zone");
    ZoneId zone = named == null ? null : zone(named);
    List<TimePattern> patterns =
        time.items("format").stream().map(pattern -> pattern(pattern, zone)).toList();
    List<TimeForm> forms =
        time.get("as") == null && patterns.isEmpty()
            ? List.of(TimeForm.RFC3339)
            : time.items("as").stream().map(TimeRuleReader::form).toList();
    return new LogMap.Time(
        expressions.rule(time.need("at"), PATH),
        new TimeReader(forms, patterns, zone),
        keepsUnreadable(time.get("unreadable")));
  }

  private static TimeForm form(YamlNode value) {
    return TimeForm.named(value.text())
        .orElseThrow(
            () -> value.invalid("is one of " + TimeForm.names() + ", not " + value.text()));
  }

  private static TimePattern pattern(YamlNode value, @Nullable ZoneId zone) {
    String text = value.text();
    TimePattern pattern;
    try {
      pattern = TimePattern.of(text);
    } catch (IllegalArgumentException failure) {
      throw value.invalid("\"" + text + "\" " + failure.getMessage());
    }
    if (zone == null && !pattern.hasZone()) {
      throw value.invalid("\"" + text + "\" reads no zone; name it in \"zone\"");
    }
    return pattern;
  }

  private static ZoneId zone(YamlNode value) {
    try {
      return ZoneId.of(value.text());
    } catch (DateTimeException _) {
      throw value.invalid("is a zone such as Europe/Berlin or UTC, not " + value.text());
    }
  }

  private static boolean keepsUnreadable(@Nullable YamlNode value) {
    if (value == null) {
      return false;
    }
    return switch (value.text()) {
      case "refuse" -> false;
      case "flag" -> true;
      default -> throw value.invalid("is refuse or flag");
    };
  }
}
