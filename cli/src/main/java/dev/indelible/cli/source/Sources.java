package dev.indelible.cli.source;

import dev.indelible.mapping.Input;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Opens files by the form in which a map says that they are written. */
public final class Sources {

  private Sources() {}

  /**
   * The records of {@code raw}, which may be gzipped and is closed with the source.
   *
   * @param input the form of the file
   * @param file its name for people
   * @param identity see {@link RecordSource#identity}
   * @param recordsProperty the property of a JSON text that holds the array of records, or null
   * @throws IOException when the file cannot be read; the message names it
   */
  public static RecordSource open(
      Input input, String file, String identity, InputStream raw, @Nullable String recordsProperty)
      throws IOException {
    return switch (input.form()) {
      case JSON -> new JsonSource(file, identity, raw, recordsProperty);
      case CSV -> new CsvSource(new RawFile(file, identity, raw), input);
      case KEY_VALUE -> new KeyValueSource(new RawFile(file, identity, raw));
      case LDIF -> new LdifSource(new RawFile(file, identity, raw));
      case LINES -> new LineSource(new RawFile(file, identity, raw), input.start());
      case AUDITD -> new AuditdSource(new RawFile(file, identity, raw));
    };
  }
}
