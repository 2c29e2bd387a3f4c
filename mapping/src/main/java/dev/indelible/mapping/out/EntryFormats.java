package dev.indelible.mapping.out;

import dev.indelible.mapping.DocumentMap;
import dev.indelible.mapping.InvalidMapException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Forms of entries that come with the program, each written by a map that can be read, and forms of
 * a tenant's own maps.
 */
public final class EntryFormats {

  /** Names of the forms that come with the program. */
  public static final List<String> NAMES =
      List.of("native", "cloudevents", "ocsf", "ecs", "cef", "leef");

  /** The name of a form that a tenant's own map writes. */
  public static final String CUSTOM = "custom";

  /** The largest map of a tenant, in bytes of UTF-8. */
  public static final int MAX_MAP_BYTES = 64 * 1024;

  private static final Map<String, EntryFormat> BUILT_IN =
      NAMES.stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  Function.identity(), name -> new MappedFormat(name, map(name, text(name)))));

  private EntryFormats() {}

  /** The form {@code name} that comes with the program; empty when there is none. */
  public static Optional<EntryFormat> byName(String name) {
    return Optional.ofNullable(BUILT_IN.get(name));
  }

  /**
   * The form that a tenant's own map writes.
   *
   * @throws InvalidMapException when it is none, or too large; the message names line and place
   */
  public static EntryFormat read(String yaml) {
    if (yaml.length() > MAX_MAP_BYTES
        || yaml.getBytes(StandardCharsets.UTF_8).length > MAX_MAP_BYTES) {
      throw new InvalidMapException(
          "map %s: is larger than %,d bytes".formatted(CUSTOM, MAX_MAP_BYTES));
    }
    return new MappedFormat(CUSTOM, map(CUSTOM, yaml));
  }

  /**
   * The map of a form that comes with the program, as a file to begin one's own with.
   *
   * @param name one of {@link #NAMES}
   */
  public static String text(String name) {
    try (InputStream in = EntryFormats.class.getResourceAsStream(name + ".yaml")) {
      if (in == null || !NAMES.contains(name)) {
        throw new IllegalArgumentException("no form is called " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * The same form with numbers that a double would round, or that 63 bits do not hold, as text: for
   * receivers that keep neither, such as rsyslog's {@code mmjsonparse}.
   */
  public static EntryFormat withLongNumbersAsText(EntryFormat format) {
    return format instanceof MappedFormat(String name, DocumentMap map)
        ? new MappedFormat(name, map.withLongNumbersAsText())
        : format;
  }

  private static DocumentMap map(String name, String yaml) {
    return DocumentMap.read(name, yaml, Set.of(MappedFormat.LOG));
  }
}
