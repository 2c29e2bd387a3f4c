package dev.indelible.cli;

import dev.indelible.cli.reconcile.LogEntries;
import dev.indelible.cli.reconcile.StreamLedger;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.JsonText;
import dev.indelible.client.Streams;
import dev.indelible.client.TenantLog;
import dev.indelible.mapping.InvalidMapException;
import dev.indelible.mapping.out.EntryFormat;
import dev.indelible.mapping.out.EntryFormats;
import dev.indelible.server.event.Entry;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.QueryProblem;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The stream, its ledger and the log that a receiver is compared with: the server's, or as they
 * were saved. Not thread-safe.
 */
final class ReconcileSource implements Closeable {

  private static final JsonMapper JSON = new JsonMapper();

  /** The reason that is given to tenants that want to know why entries leave them. */
  private static final String COMPARING =
      "a receiver's entries are compared by indelible reconcile";

  /**
   * The wait for a checkpoint that covers the ledger's last batch: checkpoints come each second.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long LOOK_EVERY_MILLIS = 250;

  private final Terminal terminal;
  private final ConnectionOptions options;
  private final Saved saved;
  private final Choice choice;
  private @Nullable IndelibleClient client;

  /** Files that replace the server's answers; null where the server is asked. */
  record Saved(
      String stream, @Nullable Path ledger, @Nullable Path undelivered, @Nullable Path log) {}

  /** Choice of the stream's owner and of the entries that are looked at. */
  record Choice(@Nullable Long fromSeq, @Nullable Long toSeq, @Nullable String reason) {}

  /**
   * The stream.
   *
   * @param tenant whose entries are compared; null where that is not known
   * @param wanted whether its query matches an entry
   * @param withheld whether it leaves out what is personal
   * @param format the format in which it sends entries; null where there is no such
   */
  record Subject(
      @Nullable String tenant,
      Predicate<Entry> wanted,
      boolean withheld,
      @Nullable EntryFormat format) {}

  /** The entries that are looked at, both ends included. */
  record Range(long fromSeq, long toSeq) {}

  ReconcileSource(Terminal terminal, ConnectionOptions options, Saved saved, Choice choice) {
    this.terminal = terminal;
    this.options = options;
    this.saved = saved;
    this.choice = choice;
  }

  private IndelibleClient client() {
    IndelibleClient open = client;
    if (open == null) {
      open =
          options
              .client(terminal, ExportFile.RETRY, terminal.err()::println)
              .forTenant(options.requiredTenant(terminal));
      client = open;
    }
    return open;
  }

  private Streams streams() {
    return client().streams();
  }

  /** Reads what the stream is. */
  Subject subject() throws IOException {
    Path file = Path.of(saved.stream);
    JsonNode stream =
        Files.isRegularFile(file)
            ? json(Files.readString(file))
            : json(streams().find(saved.stream).toString());
    String query = stream.path("query").asString("");
    String tenant =
        options.tenant(terminal) != null
            ? options.tenant(terminal)
            : stream.path("tenant").asString(null);
    return new Subject(
        tenant, wanted(query), stream.path("withheld").asBoolean(false), format(stream));
  }

  private static @Nullable EntryFormat format(JsonNode stream) throws IOException {
    String name = stream.path("format").asString("native");
    try {
      return name.equals(EntryFormats.CUSTOM)
          ? EntryFormats.read(stream.path("map").asString(""))
          : EntryFormats.byName(name).orElse(null);
    } catch (InvalidMapException e) {
      throw new IOException("the stream's map: " + e.getMessage(), e);
    }
  }

  private static Predicate<Entry> wanted(String query) throws IOException {
    return switch (QueryParser.parse(query, Instant.now())) {
      case ParsedQuery.Valid valid -> new FilterEvaluator(valid.filter())::matches;
      case QueryProblem problem ->
          throw new IOException("the stream's query: " + problem.message());
    };
  }

  /** Reads the ledger, and what it says was not delivered. */
  StreamLedger ledger() throws IOException {
    StreamLedger ledger = new StreamLedger();
    if (saved.ledger != null) {
      lines(saved.ledger, "ledger", ledger::add);
      if (saved.undelivered != null) {
        lines(saved.undelivered, "undelivered", ledger::addUndelivered);
        ledger.undeliveredIsKnown();
      }
      return ledger;
    }
    if (Files.isRegularFile(Path.of(saved.stream))) {
      throw new CommandFailure(
          ExitCode.USAGE, "with --stream from a file give --ledger from a file too");
    }
    Map<String, String> range = StreamCommand.range(choice.fromSeq, choice.toSeq);
    JsonText last =
        streams().ledger(saved.stream, range, batch -> ledger.add(json(batch.toString())));
    last.at("complete_to_seq").integer().ifPresent(ledger::completeTo);
    streams().undelivered(saved.stream, range, one -> ledger.addUndelivered(json(one.toString())));
    ledger.undeliveredIsKnown();
    return ledger;
  }

  /** The range that was asked for, or that the ledger covers. */
  Range range(StreamLedger ledger) {
    long first = choice.fromSeq != null ? choice.fromSeq : ledger.firstSeq().orElse(0);
    long last = choice.toSeq != null ? choice.toSeq : ledger.lastSeq().orElse(Long.MAX_VALUE - 1);
    if (last < first) {
      throw new CommandFailure(
          ExitCode.USAGE, "--from-seq is behind --to-seq, or the ledger's end");
    }
    return new Range(first, last);
  }

  /** The entries of the log from the range's first on, or from before it. */
  LogEntries entries(Subject subject, Range range) throws IOException, InterruptedException {
    if (saved.log != null) {
      return new LogEntries(Verify.open(saved.log));
    }
    TenantLog log = client().log();
    long end = log.checkpoint().checkpoint().size();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (end <= range.toSeq && range.toSeq < Long.MAX_VALUE - 1 && System.nanoTime() < deadline) {
      Thread.sleep(LOOK_EVERY_MILLIS);
      end = log.checkpoint().checkpoint().size();
    }
    if (range.fromSeq >= end) {
      throw new IOException("the log has no entry " + range.fromSeq + " yet");
    }
    return new LogEntries(
        log.entries(
            range.fromSeq,
            Math.min(end, range.toSeq + 1),
            subject.withheld,
            choice.reason == null ? COMPARING : choice.reason));
  }

  /** The records of a file: one on each line, or pages of the API's answers. */
  private static void lines(Path file, String member, Consumer<JsonNode> taker) throws IOException {
    long number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          JsonNode value;
          try {
            value = JSON.readTree(line);
          } catch (JacksonException e) {
            throw new IOException(file + ":" + number + ": not JSON", e);
          }
          if (value.path(member).isArray()) {
            value.path(member).forEach(taker);
          } else {
            taker.accept(value);
          }
        }
      }
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw new CommandFailure(ExitCode.USAGE, "the stream is not JSON: " + e.getOriginalMessage());
    }
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
