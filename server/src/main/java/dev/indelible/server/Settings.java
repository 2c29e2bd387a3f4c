package dev.indelible.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The values of all settings, and where each was said: flags over environment over one YAML file
 * over defaults.
 *
 * <p>A key that is no setting is an error wherever it stands. Immutable.
 */
public final class Settings {

  /** The largest YAML file that is read, in bytes. */
  public static final long MAX_FILE_BYTES = 1 << 20;

  /** Environment variables of this program's that are not settings of the server. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          "INDELIBLE_URL",
          "INDELIBLE_KEY",
          "INDELIBLE_KEY_FILE",
          "INDELIBLE_TENANT",
          "INDELIBLE_HEAP",
          "INDELIBLE_CONFIG",
          "INDELIBLE_SHARED",
          "INDELIBLE_HOME",
          "INDELIBLE_JVM_FLAGS",
          "INDELIBLE_AOT",
          "INDELIBLE_JDK_FOLDERS",
          "INDELIBLE_DEBUG");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(|B|KiB|MiB|GiB)");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

  private record Value(@Nullable String text, String origin) {}

  private final Map<Setting, Value> values;

  private Settings(Map<Setting, Value> values) {
    this.values = values;
  }

  /**
   * Resolves every setting.
   *
   * @param flags the values on the command line, by setting
   * @param environment the process's environment
   * @param file the YAML file, or null when there is none
   */
  public static Settings resolve(
      Map<Setting, String> flags, Map<String, String> environment, @Nullable Path file)
      throws ConfigurationException {
    Map<Setting, Value> values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      values.put(setting, new Value(setting.defaultValue().orElse(null), "default"));
    }
    if (file != null) {
      for (Map.Entry<String, String> entry : readFile(file).entrySet()) {
        Setting setting =
            Setting.ofKey(entry.getKey())
                .orElseThrow(
                    () -> new ConfigurationException(unknown(entry.getKey(), file.toString())));
        values.put(setting, new Value(entry.getValue(), file.toString()));
      }
    }
    checkVariables(environment);
    for (Setting setting : Setting.values()) {
      String text = environment.get(setting.environmentVariable());
      if (text != null) {
        values.put(setting, new Value(text, setting.environmentVariable()));
      }
    }
    flags.forEach((setting, text) -> values.put(setting, new Value(text, "--" + setting.key())));
    return new Settings(values);
  }

  private static void checkVariables(Map<String, String> environment)
      throws ConfigurationException {
    for (String name : environment.keySet()) {
      if (name.startsWith("INDELIBLE_") && !OTHER_VARIABLES.contains(name)) {
        boolean known = false;
        for (Setting setting : Setting.values()) {
          known |= setting.environmentVariable().equals(name);
        }
        if (!known) {
          throw new ConfigurationException(unknown(name, "the environment"));
        }
      }
    }
  }

  private static String unknown(String key, String where) {
    return "%s in %s is no setting; `indelible serve --print-config` lists all of them"
        .formatted(key, where);
  }

  private static Map<String, String> readFile(Path file) throws ConfigurationException {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new ConfigurationException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
      }
      Object root =
          new Load(LoadSettings.builder().setLabel(file.toString()).build())
              .loadFromString(Files.readString(file));
      Map<String, String> flat = new LinkedHashMap<>();
      if (root != null) {
        flatten("", root, file, flat);
      }
      return flat;
    } catch (YamlEngineException e) {
      throw new ConfigurationException(file + " is not YAML: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ConfigurationException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static void flatten(String prefix, Object node, Path file, Map<String, String> into)
      throws ConfigurationException {
    if (!(node instanceof Map<?, ?> map)) {
      throw new ConfigurationException(
          file + ": " + (prefix.isEmpty() ? "the file" : prefix) + " is to be a mapping of keys");
    }
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = prefix + entry.getKey();
      Object value = entry.getValue();
      if (value instanceof Map<?, ?>) {
        flatten(key + ".", value, file, into);
      } else if (value instanceof Iterable<?>) {
        throw new ConfigurationException(file + ": " + key + " is to be one value, not a list");
      } else if (value != null) {
        into.put(key, value.toString());
      }
    }
  }

  /** The value as text, if there is one. */
  public Optional<String> text(Setting setting) {
    String text = value(setting).text();
    return text == null || text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** The value as a path, if there is one. */
  public Optional<Path> path(Setting setting) {
    return text(setting).map(Path::of);
  }

  /** The value as a truth value: {@code true} or {@code false}. */
  public boolean flag(Setting setting) throws ConfigurationException {
    String text = required(setting).toLowerCase(Locale.ROOT);
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(setting, "true or false");
    };
  }

  /** The value, one of {@code choices}. */
  public String choice(Setting setting, List<String> choices) throws ConfigurationException {
    String text = required(setting);
    if (!choices.contains(text)) {
      throw bad(setting, "one of " + String.join(", ", choices));
    }
    return text;
  }

  /** The value as a whole number from {@code least} to {@code most}. */
  public int number(Setting setting, int least, int most) throws ConfigurationException {
    try {
      int number = Integer.parseInt(required(setting));
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw bad(setting, "a whole number from " + least + " to " + most);
  }

  /**
   * The value in bytes, from {@code least} to {@code most}; written {@code 64MiB}, {@code 512KiB}
   * or plainly.
   */
  public long bytes(Setting setting, long least, long most) throws ConfigurationException {
    Matcher matcher = SIZE.matcher(required(setting).strip());
    if (matcher.matches()) {
      int shift =
          switch (matcher.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
          };
      long number = Long.parseLong(matcher.group(1));
      if (number <= Long.MAX_VALUE >> shift) {
        long bytes = number << shift;
        if (bytes >= least && bytes <= most) {
          return bytes;
        }
      }
    }
    throw bad(setting, "a size such as 64MiB, from " + least + " to " + most + " bytes");
  }

  /**
   * The value as a time from {@code least} to {@code most}; written {@code 200ms}, {@code 30s},
   * {@code 5m}, {@code 2h}, {@code 7d}.
   */
  public Duration duration(Setting setting, Duration least, Duration most)
      throws ConfigurationException {
    Matcher matcher = DURATION.matcher(required(setting).strip());
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          };
      if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
        return duration;
      }
    }
    throw bad(setting, "a time such as 200ms, 30s or 5m, from " + least + " to " + most);
  }

  /**
   * Every setting with its value and where it was said: YAML that can be used as the file. A value
   * that is not shown whole, for what may be a secret in it, stands in a comment.
   */
  public String print() {
    StringBuilder out = new StringBuilder();
    for (Setting setting : Setting.values()) {
      Value value = value(setting);
      String text = value.text();
      String shown = text == null ? "" : setting.masked(text);
      boolean whole = shown.equals(text);
      out.append("# %s (%s)\n".formatted(setting.description(), setting.environmentVariable()));
      out.append(
          "%s%s: %s  # %sfrom %s\n"
              .formatted(
                  whole ? "" : "# ",
                  setting.key(),
                  text == null ? "" : quoted(shown),
                  whole || text == null ? "" : "masked; ",
                  value.origin()));
    }
    return out.toString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private String required(Setting setting) throws ConfigurationException {
    return text(setting).orElseThrow(() -> bad(setting, "a value"));
  }

  private ConfigurationException bad(Setting setting, String wanted) {
    Value value = value(setting);
    return new ConfigurationException(
        "%s is to be %s, not \"%s\" (from %s)"
            .formatted(
                setting.key(),
                wanted,
                value.text() == null ? "" : setting.masked(value.text()),
                value.origin()));
  }

  private Value value(Setting setting) {
    Value value = values.get(setting);
    if (value == null) {
      throw new IllegalStateException("every setting has a value or a reason why not");
    }
    return value;
  }
}
