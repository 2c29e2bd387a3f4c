package dev.indelible.server.event;

import static dev.indelible.server.event.Problem.Code.BAD_FORMAT;

import dev.indelible.mapping.form.IpLiteral;
import dev.indelible.server.event.Event.Context;
import dev.indelible.server.event.Event.Location;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads where an action came from. */
final class ContextReader {

  private static final List<String> CONTEXT_FIELDS =
      List.of(
          "ip",
          "location",
          "user_agent",
          "session_id",
          "request_id",
          "trace_id",
          "producer",
          "producer_seq");
  private static final int BIT_PRODUCER = 1 << 6;
  private static final List<String> LOCATION_FIELDS =
      List.of("country", "region", "city", "latitude", "longitude");

  private ContextReader() {}

  /** The context; {@link Context#NONE} when it is JSON null or wrong. */
  static Context read(StrictReader in) {
    JsonParser parser = in.parser;
    if (!in.startObject()) {
      return Context.NONE;
    }
    int seen = 0;
    String ip = null;
    Location location = null;
    String userAgent = null;
    String sessionId = null;
    String requestId = null;
    String traceId = null;
    String producer = null;
    Long producerSeq = null;
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      switch (field) {
        case "ip" -> {
          seen = in.once(seen, 1);
          ip = ip(in);
        }
        case "location" -> {
          seen = in.once(seen, 1 << 1);
          location = location(in);
        }
        case "user_agent" -> {
          seen = in.once(seen, 1 << 2);
          userAgent = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "session_id" -> {
          seen = in.once(seen, 1 << 3);
          sessionId = in.id();
        }
        case "request_id" -> {
          seen = in.once(seen, 1 << 4);
          requestId = in.id();
        }
        case "trace_id" -> {
          seen = in.once(seen, 1 << 5);
          traceId = in.id();
        }
        case "producer" -> {
          seen = in.once(seen, BIT_PRODUCER);
          producer = in.id();
          seen = parser.currentToken() == JsonToken.VALUE_NULL ? seen & ~BIT_PRODUCER : seen;
        }
        case "producer_seq" -> {
          seen = in.once(seen, 1 << 7);
          producerSeq = in.wholeNumber(0, EventLimits.MAX_PRODUCER_SEQ);
        }
        default -> in.unknownField(field, "a context", CONTEXT_FIELDS);
      }
    }
    if (producerSeq != null) {
      in.requireMember(seen, BIT_PRODUCER, "producer", "producer_seq counts its events");
    }
    return new Context(
        ip, location, userAgent, sessionId, requestId, traceId, producer, producerSeq);
  }

  private static @Nullable String ip(StrictReader in) {
    JsonParser parser = in.parser;
    String text = in.text(EventLimits.MAX_NAME_LENGTH);
    if (text == null) {
      return null;
    }
    String canonical = IpLiteral.canonical(text);
    if (canonical == null) {
      in.problems.addHere(
          parser,
          BAD_FORMAT,
          "must be one IPv4 or IPv6 address without port, zone or brackets, such as"
              + " \"203.0.113.9\"; it is \""
              + Problems.quotable(text)
              + "\".");
    }
    return canonical;
  }

  private static @Nullable Location location(StrictReader in) {
    JsonParser parser = in.parser;
    if (!in.startObject()) {
      return null;
    }
    int seen = 0;
    String country = null;
    String region = null;
    String city = null;
    Double latitude = null;
    Double longitude = null;
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      switch (field) {
        case "country" -> {
          seen = in.once(seen, 1);
          country = country(in);
        }
        case "region" -> {
          seen = in.once(seen, 1 << 1);
          region = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "city" -> {
          seen = in.once(seen, 1 << 2);
          city = in.text(EventLimits.MAX_NAME_LENGTH);
        }
        case "latitude" -> {
          seen = in.once(seen, 1 << 3);
          latitude = in.number(-90, 90);
        }
        case "longitude" -> {
          seen = in.once(seen, 1 << 4);
          longitude = in.number(-180, 180);
        }
        default -> in.unknownField(field, "a location", LOCATION_FIELDS);
      }
    }
    boolean empty =
        country == null && region == null && city == null && latitude == null && longitude == null;
    return empty ? null : new Location(country, region, city, latitude, longitude);
  }

  private static @Nullable String country(StrictReader in) {
    JsonParser parser = in.parser;
    String text = in.text(EventLimits.MAX_NAME_LENGTH);
    if (text == null) {
      return null;
    }
    String capitals = text.toUpperCase(Locale.ROOT);
    if (capitals.length() == 2 && isCapital(capitals.charAt(0)) && isCapital(capitals.charAt(1))) {
      return capitals;
    }
    in.problems.addHere(
        parser, BAD_FORMAT, "must be an ISO 3166-1 code of two letters, such as \"DE\".");
    return null;
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }
}
