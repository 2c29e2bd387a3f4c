package dev.indelible.cli.source;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Place;
import dev.indelible.cli.source.SourceRecord.Unreadable;
import dev.indelible.mapping.Input;
import dev.indelible.mapping.form.FieldForms;
import dev.indelible.mapping.text.CsvRow;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows of CSV (<a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>), each a record of
 * texts. What is no CSV ends the file, since nothing after it can be trusted. Not thread-safe.
 */
final class CsvSource implements RecordSource {

  /** The longest cell, and the longest row, in UTF-16 units. */
  static final int MAX_ROW_LENGTH = 4 * 1024 * 1024;

  private final RawFile raw;
  private final CloseableIterator<CsvRecord> rows;
  private List<String> columns;
  private long ordinal;
  private long line;
  private boolean ended;

  CsvSource(RawFile raw, Input input) throws IOException {
    this.raw = raw;
    this.columns = input.columns();
    raw.skipByteOrderMark();
    this.rows =
        CsvReader.builder()
            .fieldSeparator(input.separator())
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(MAX_ROW_LENGTH)
            .ofCsvRecord(new InputStreamReader(raw.in(), StandardCharsets.UTF_8.newDecoder()))
            .iterator();
  }

  @Override
  public @Nullable SourceRecord next() throws IOException {
    while (!ended) {
      try {
        CsvRecord row = rows.next();
        line = row.getStartingLineNumber();
        if (!columns.isEmpty()) {
          return record(row);
        }
        columns = row.getFields();
        if (new HashSet<>(columns).size() != columns.size() || columns.contains("")) {
          return end("the first row does not name each column once");
        }
      } catch (NoSuchElementException _) {
        ended = true;
      } catch (CsvParseException failure) {
        return failure.getCause() instanceof IOException cause
            ? broken(cause)
            : end("nothing from here on was read, since it is no CSV: " + failure.getMessage());
      } catch (UncheckedIOException failure) {
        return broken(Objects.requireNonNull(failure.getCause()));
      }
    }
    return null;
  }

  private SourceRecord broken(IOException failure) throws IOException {
    if (failure instanceof DamagedGzipException) {
      return end("nothing from here on was read: " + failure.getMessage());
    }
    if (failure instanceof CharacterCodingException) {
      return end("nothing from here on was read, since it is not UTF-8");
    }
    throw raw.named(failure);
  }

  private SourceRecord record(CsvRecord row) {
    Place place = new Place(raw.name(), line, ++ordinal);
    return row.getFields().stream().allMatch(FieldForms::isSound)
        ? new Parsed(place, CsvRow.object(columns, row.getFields()))
        : new Unreadable(place, "the row holds a NUL character, which no text can hold");
  }

  private SourceRecord end(String why) {
    ended = true;
    return new Unreadable(new Place(raw.name(), line + 1, ++ordinal), why);
  }

  @Override
  public String identity() {
    return raw.identity();
  }

  @Override
  public long bytesRead() {
    return raw.bytesRead();
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }
}
