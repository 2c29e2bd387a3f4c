package dev.indelible.server.takeout.file;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.EventJson;
import dev.indelible.server.print.Layout;
import dev.indelible.server.print.PrintedDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A document for people, tagged PDF (PDF/UA, ISO 14289-1): {@code docs/formats/pdf.md}. It counts
 * all entries, prints the first {@link #MAX_ROWS} in a table, and has all of them attached as
 * NDJSON where they have at most {@link #MAX_ATTACHED_BYTES}. Equal calls make equal bytes.
 */
final class PdfFile implements EntryFile {

  /** The most entries in the table. */
  static final int MAX_ROWS = 5_000;

  /** The longest attachment, in bytes before it is compressed. */
  static final int MAX_ATTACHED_BYTES = 16 << 20;

  /** Name of the attachment. */
  static final String ATTACHED = "entries.ndjson";

  /** Limits of a document; tests have smaller ones. */
  record Limits(int rows, int attachedBytes) {

    static final Limits OF_DOCUMENTS = new Limits(MAX_ROWS, MAX_ATTACHED_BYTES);
  }

  /** The most names of each list. */
  private static final int TOP = 10;

  /** Lines of {@link #MAX_ROWS} rows of which each has as many as it can. */
  private static final int MAX_LINES = 250_000;

  private final OutputStream out;
  private final FileHead head;
  private final Limits limits;
  private final FileWords words;
  private final FileFacts facts;
  private final PdfRow row;
  private final List<List<List<String>>> rows = new ArrayList<>();
  private final TimeBuckets times;
  private final NameCounts outcomes = new NameCounts();
  private final NameCounts categories = new NameCounts();
  private final NameCounts actions = new NameCounts();
  private final NameCounts actors = new NameCounts();
  private @Nullable ByteArrayOutputStream attached = new ByteArrayOutputStream();
  private long count;

  PdfFile(OutputStream out, FileHead head, Function<Entry, String> sentence) {
    this(out, head, sentence, Limits.OF_DOCUMENTS);
  }

  PdfFile(OutputStream out, FileHead head, Function<Entry, String> sentence, Limits limits) {
    this.out = out;
    this.head = head;
    this.limits = limits;
    words = new FileWords(head.language());
    facts = new FileFacts(head, words);
    row = new PdfRow(words, head.zone(), sentence);
    times = new TimeBuckets(head.zone());
  }

  @Override
  public void add(TakenEntry taken) throws IOException {
    Entry entry = taken.found().shown();
    Event event = entry.event();
    count++;
    times.add(entry.placedAt());
    outcomes.add(words.of("outcome." + event.outcome().jsonName()));
    categories.add(entry.classification().category());
    actions.add(event.action());
    actors.add(String.join("\n", row.who(event.actor())));
    if (rows.size() < limits.rows()) {
      rows.add(row.of(entry));
    }
    attach(EventJson.toBytes(entry, taken.holds()));
  }

  private void attach(byte[] json) {
    ByteArrayOutputStream into = attached;
    if (into == null) {
      return;
    }
    if (into.size() + json.length + 1L > limits.attachedBytes()) {
      attached = null;
      return;
    }
    into.writeBytes(json);
    into.write('\n');
  }

  @Override
  public void end(FileTotals totals) throws IOException {
    Layout layout =
        new Layout(
            words.language(),
            words.of("page"),
            words.of("of"),
            words.of("too_much"),
            true,
            MAX_LINES);
    try (PrintedDocument document = new PrintedDocument(facts.title(), head.made().at(), layout)) {
      facts.scope().forEach(fact -> document.field(fact.name(), fact.value()));
      facts.counts(totals).forEach(fact -> document.field(fact.name(), fact.value()));
      facts.maker().forEach(fact -> document.field(fact.name(), fact.value()));
      printCounts(document);
      printEntries(document);
      printCheckpoint(document);
      ByteArrayOutputStream beside = attached;
      if (beside != null && count > 0) {
        document.attachCompressed(ATTACHED, "application/x-ndjson", beside.toByteArray());
      }
      rows.clear();
      out.write(document.toBytes());
    }
  }

  private void printCounts(PrintedDocument document) {
    List<PrintedDocument.Bar> bars =
        times.bars().stream()
            .map(bucket -> new PrintedDocument.Bar(bucket.name(), bucket.entries()))
            .toList();
    if (bars.isEmpty()) {
      return;
    }
    long most = bars.stream().mapToLong(PrintedDocument.Bar::number).max().orElseThrow();
    document.heading(words.of("chart." + times.step().name()));
    document.bars(bars, words.of("chart.most", words.number(most)));
    print(document, "outcome", outcomes);
    print(document, "category", categories);
    print(document, "actors", actors);
    print(document, "actions", actions);
  }

  private void print(PrintedDocument document, String name, NameCounts counts) {
    document.heading(words.of("by." + name));
    document.counts(
        words.of(name),
        words.of("count"),
        counts.top(TOP).stream()
            .map(top -> new PrintedDocument.Count(top.name(), top.entries()))
            .toList());
    if (counts.names() > TOP) {
      document.paragraph(words.of("top", words.number(counts.names() - TOP)));
    }
    if (counts.others() > 0) {
      document.paragraph(
          words.of("others", words.number(counts.others()), words.number(NameCounts.MAX_NAMES)));
    }
  }

  private void printEntries(PrintedDocument document) {
    document.heading(words.of("entries"));
    if (count == 0) {
      document.paragraph(words.of("no_entries"));
      return;
    }
    document.paragraph(
        count > rows.size()
            ? words.of("table.first", words.number(rows.size()), words.number(count))
            : words.of("table.all", words.number(count)));
    document.paragraph(
        attached == null
            ? words.of("beside.large", Long.toString(head.toSeq() - 1))
            : words.of("beside", ATTACHED));
    document.table(
        List.of(
            new PrintedDocument.Column(words.of("when", head.zone().getId()), 10),
            new PrintedDocument.Column(words.of("who"), 16),
            new PrintedDocument.Column(words.of("what"), 30),
            new PrintedDocument.Column(words.of("on_what"), 17),
            new PrintedDocument.Column(words.of("outcome"), 9),
            new PrintedDocument.Column(words.of("entry"), 18)),
        rows);
  }

  private void printCheckpoint(PrintedDocument document) {
    FileFacts.Fact checkpoint = facts.checkpoint();
    document.heading(checkpoint.name());
    document.small(checkpoint.value());
    document.heading(words.of("verify"));
    document.paragraph(words.of("verify.text"));
  }

  /** Closes the stream that it writes to. */
  @Override
  public void close() throws IOException {
    out.close();
  }
}
