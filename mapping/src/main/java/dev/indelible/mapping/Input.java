package dev.indelible.mapping;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How files of a map's records are written.
 *
 * @param form the form of the file
 * @param separator what separates cells of CSV
 * @param columns names of the columns of CSV; empty when its first row says them
 * @param start how the first line of a record begins; null when each line is one
 */
public record Input(
    Form form, char separator, List<String> columns, @Nullable LineStart start) {

  /** JSON in all the ways in which texts of it follow each other. */
  public static final Input JSON = new Input(Form.JSON, ',', List.of(), null);

  public Input {
    columns = List.copyOf(columns);
  }

  /** A form of files. */
  public enum Form {
    JSON("json"),
    CSV("csv"),
    KEY_VALUE("keyvalue"),
    LDIF("ldif"),
    LINES("lines"),
    AUDITD("auditd");

    private final String yamlName;

    Form(String yamlName) {
      this.yamlName = yamlName;
    }

    static Optional<Form> named(String name) {
      return Arrays.stream(values()).filter(form -> form.yamlName.equals(name)).findFirst();
    }

    /** The names of all, for people. */
    static String names() {
      return Arrays.stream(values()).map(form -> form.yamlName).collect(Collectors.joining(", "));
    }
  }

  /** A pattern that the first line of each record matches. Thread-safe. */
  public static final class LineStart {
    private final Regex pattern;

    LineStart(Regex pattern) {
      this.pattern = pattern;
    }

    /** Whether {@code line} begins a record; one on which the pattern is too slow does not. */
    public boolean isAt(String line) {
      try {
        return pattern.finds(line, new Budget());
      } catch (Budget.ExceededException _) {
        return false;
      }
    }
  }
}
