package dev.indelible.server.http;

import dev.indelible.server.http.ProblemException.Fault;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of one request: each known to its route, each given at most once.
 *
 * <p>Every reading method answers a malformed value with a {@link ProblemException} that names the
 * parameter.
 */
public final class QueryParameters {

  /** The most parameters of one request. */
  static final int MAX_PARAMETERS = 64;

  /** The longest distance from now: a hundred years. */
  static final Duration LONGEST_AGO = Duration.ofDays(36_525);

  private static final Pattern AGO = Pattern.compile("-([0-9]{1,10})([smhdw])");

  static final QueryParameters NONE = new QueryParameters(List.of(), Map.of());

  private final List<String> known;
  private final Map<String, String> values;

  private QueryParameters(List<String> known, Map<String, String> values) {
    this.known = known;
    this.values = values;
  }

  /**
   * Reads a raw query.
   *
   * @throws ProblemException with every unknown, doubled or malformed parameter
   */
  static QueryParameters parse(@Nullable String rawQuery, List<String> known) {
    if (rawQuery == null || rawQuery.isEmpty()) {
      return new QueryParameters(known, Map.of());
    }
    Map<String, String> values = new LinkedHashMap<>();
    List<Fault> faults = new ArrayList<>();
    int count = 0;
    for (int start = 0; start <= rawQuery.length(); ) {
      int ampersand = rawQuery.indexOf('&', start);
      int end = ampersand < 0 ? rawQuery.length() : ampersand;
      if (end > start) {
        if (++count > MAX_PARAMETERS) {
          throw new ProblemException(
              400, "invalid_parameter", "More than " + MAX_PARAMETERS + " query parameters.");
        }
        parseOne(rawQuery.substring(start, end), known, values, faults);
      }
      start = end + 1;
    }
    if (!faults.isEmpty()) {
      Fault first = faults.getFirst();
      throw new ProblemException(
              400, "invalid_parameter", first.parameter() + ": " + first.detail())
          .withFaults(faults);
    }
    return new QueryParameters(known, values);
  }

  private static void parseOne(
      String pair, List<String> known, Map<String, String> values, List<Fault> faults) {
    int equals = pair.indexOf('=');
    String rawName = equals < 0 ? pair : pair.substring(0, equals);
    String name;
    String value;
    try {
      name = PercentDecoder.decode(rawName, true);
      value = equals < 0 ? "" : PercentDecoder.decode(pair.substring(equals + 1), true);
    } catch (IllegalArgumentException e) {
      faults.add(Fault.ofParameter(rawName, "malformed", "It holds " + e.getMessage() + "."));
      return;
    }
    if (!known.contains(name)) {
      String detail =
          known.isEmpty()
              ? "No such parameter here; this address takes none."
              : "No such parameter here; there are " + String.join(", ", known) + ".";
      faults.add(Fault.ofParameter(name, "unknown", detail));
    } else if (values.putIfAbsent(name, value) != null) {
      faults.add(Fault.ofParameter(name, "doubled", "It is given more than once."));
    }
  }

  /** The value as it is (perhaps empty), or empty when it is not given. */
  public Optional<String> text(String name) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException("the route does not declare the parameter " + name);
    }
    return Optional.ofNullable(values.get(name));
  }

  /** An integer from {@code least} to {@code most}, or {@code fallback} when it is not given. */
  public int integer(String name, int least, int most, int fallback) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number out of range is.
    }
    throw ProblemException.invalidParameter(
        name, "It must be an integer from " + least + " to " + most + ".");
  }

  /** The parameter {@code zone}: in which times without one are meant; UTC when it is not given. */
  public ZoneId zone() {
    String name = text("zone").orElse("");
    if (name.isEmpty()) {
      return ZoneOffset.UTC;
    }
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw ProblemException.invalidParameter(
              "zone", "It must be a time zone such as Europe/Berlin.")
          .withCause(e);
    }
  }

  /** An RFC 3339 time, with any offset, or empty when it is not given. */
  public Optional<Instant> instant(String name) {
    return text(name)
        .map(
            text -> {
              try {
                return OffsetDateTime.parse(text).toInstant();
              } catch (DateTimeException e) {
                throw ProblemException.invalidParameter(
                        name, "It must be an RFC 3339 time such as 2026-11-20T10:00:00.000Z.")
                    .withCause(e);
              }
            });
  }

  /** A distance from now such as {@code -7d}, or empty when there is none or a time is given. */
  public Optional<Duration> ago(String name) {
    return text(name).filter(text -> text.startsWith("-")).map(text -> distance(name, text));
  }

  private static Duration distance(String name, String text) {
    Matcher matcher = AGO.matcher(text);
    if (!matcher.matches()) {
      throw ProblemException.invalidParameter(
          name, "It must be an RFC 3339 time, or a distance from now such as -7d, -24h or -30m.");
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration unit =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          case "h" -> Duration.ofHours(1);
          case "d" -> Duration.ofDays(1);
          default -> Duration.ofDays(7);
        };
    Duration distance = unit.multipliedBy(amount);
    if (distance.compareTo(LONGEST_AGO) > 0) {
      throw ProblemException.invalidParameter(
          name, "It must be at most " + LONGEST_AGO.toDays() + " days ago.");
    }
    return distance;
  }

  /** An RFC 3339 time, or empty when none is given, or a distance from now. */
  public Optional<Instant> instantUnlessAgo(String name) {
    return text(name).filter(text -> text.startsWith("-")).isPresent()
        ? Optional.empty()
        : instant(name);
  }

  /** One of {@code choices}, or {@code fallback} when it is not given. */
  public String choice(String name, List<String> choices, String fallback) {
    String value = text(name).orElse(fallback);
    if (!value.equals(fallback) && !choices.contains(value)) {
      throw ProblemException.invalidParameter(
          name, "It must be one of " + String.join(", ", choices) + ".");
    }
    return value;
  }

  /** {@code true} or {@code false}, or {@code fallback} when it is not given. */
  public boolean flag(String name, boolean fallback) {
    return Boolean.parseBoolean(choice(name, List.of("true", "false"), Boolean.toString(fallback)));
  }

  /** The values between the commas, none empty, at most {@code most}; empty when not given. */
  public List<String> list(String name, int most) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return List.of();
    }
    List<String> items = List.of(text.get().split(",", -1));
    if (items.size() > most || items.contains("")) {
      throw ProblemException.invalidParameter(
          name, "It must be 1 to " + most + " values, separated by commas.");
    }
    return items;
  }
}
