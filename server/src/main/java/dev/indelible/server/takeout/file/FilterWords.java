package dev.indelible.server.takeout.file;

import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.IpNetwork;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A query in words, for people who do not know its language. */
final class FilterWords {

  private final FileWords words;
  private final ZoneId zone;

  FilterWords(FileWords words, ZoneId zone) {
    this.words = words;
    this.zone = zone;
  }

  /**
   * The query in words, or null if it is none.
   *
   * @param now what its relative times are counted from
   */
  @Nullable String of(String query, Instant now) {
    return switch (QueryParser.parse(query, now, zone)) {
      case ParsedQuery.Valid(Filter filter) -> say(filter);
      case ParsedQuery _ -> null;
    };
  }

  private String say(Filter filter) {
    return switch (filter) {
      case Filter.All _ -> words.of("filter.all");
      case Filter.And(List<Filter> parts) -> joined(parts, "q.and");
      case Filter.Or(List<Filter> parts) -> joined(parts, "q.or");
      case Filter.Not(Filter inner) -> words.of("q.not", grouped(inner));
      case Filter.Term(Field field, List<Filter.Value> values) -> term(field, values);
      case Filter.Text(String text, boolean prefix) ->
          words.of("q.text", prefix ? words.of("q.begins", text) : text);
      case Filter.Ip(List<IpNetwork> networks) ->
          words.of(
              "q.ip", networks.stream().map(IpNetwork::toString).collect(Collectors.joining(or())));
      case Filter.Time time ->
          words.of("q." + time.bound().queryName(), FileFacts.time(time.at(), zone));
    };
  }

  private String or() {
    return " " + words.of("q.or") + " ";
  }

  private String joined(List<Filter> parts, String by) {
    return parts.stream().map(this::grouped).collect(Collectors.joining(" " + words.of(by) + " "));
  }

  private String grouped(Filter filter) {
    return filter instanceof Filter.And || filter instanceof Filter.Or
        ? words.of("q.group", say(filter))
        : say(filter);
  }

  private String term(Field field, List<Filter.Value> values) {
    String any =
        values.stream()
            .map(value -> value.prefix() ? words.of("q.begins", value.text()) : value.text())
            .collect(Collectors.joining(or()));
    return words.of("q.is", words.of("field." + field.queryName()), any);
  }
}
