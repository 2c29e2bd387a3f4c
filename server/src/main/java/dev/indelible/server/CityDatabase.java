package dev.indelible.server;

import com.maxmind.db.CHMCache;
import com.maxmind.db.Reader;
import dev.indelible.server.event.Event.Location;
import dev.indelible.server.ingest.AddressLocations;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Locations of addresses from a city database in MaxMind's format. Thread-safe. */
final class CityDatabase implements AddressLocations, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CityDatabase.class);
  private static final String ENGLISH = "en";

  private final Reader reader;

  private CityDatabase(Reader reader) {
    this.reader = reader;
  }

  static CityDatabase open(Path file) throws ConfigurationException {
    try {
      return new CityDatabase(
          new Reader(file.toFile(), Reader.FileMode.MEMORY_MAPPED, new CHMCache()));
    } catch (IOException e) {
      throw new ConfigurationException(
          Setting.GEOIP_DATABASE.key() + ": " + file + " is no city database: " + e.getMessage(),
          e);
    }
  }

  @Override
  public @Nullable Location locate(String ip) {
    try {
      // The text was validated as an address literal: nothing is looked up.
      Object found = reader.get(InetAddress.ofLiteral(ip), Map.class);
      return found instanceof Map<?, ?> record ? location(record) : null;
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("no location for an address", e);
      return null;
    }
  }

  private static @Nullable Location location(Map<?, ?> record) {
    String country = text(record, "country", "iso_code");
    Location location =
        new Location(
            country,
            record.get("subdivisions") instanceof Iterable<?> parts && parts.iterator().hasNext()
                ? name(parts.iterator().next())
                : text(record, "state1"),
            record.get("city") instanceof Map<?, ?> city ? name(city) : text(record, "city"),
            number(record, "latitude"),
            number(record, "longitude"));
    return country == null && location.city() == null ? null : location;
  }

  /** A text at the end of a path; databases differ in whether they nest. */
  private static @Nullable String text(Map<?, ?> record, String... path) {
    Object value = record;
    for (String step : path) {
      value = value instanceof Map<?, ?> map ? map.get(step) : null;
    }
    if (value == null && path.length == 2) {
      value = record.get("country_code");
    }
    return value instanceof String text && !text.isEmpty() ? text : null;
  }

  private static @Nullable String name(@Nullable Object place) {
    return place instanceof Map<?, ?> map
            && map.get("names") instanceof Map<?, ?> names
            && names.get(ENGLISH) instanceof String name
        ? name
        : null;
  }

  private static @Nullable Double number(Map<?, ?> record, String key) {
    Object value =
        record.get("location") instanceof Map<?, ?> nested ? nested.get(key) : record.get(key);
    return value instanceof Number number ? number.doubleValue() : null;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
