package dev.indelible.cli.send;

import dev.indelible.cli.send.Prepared.Ready;
import dev.indelible.cli.send.Prepared.Refused;
import dev.indelible.cli.send.Prepared.Skipped;
import dev.indelible.cli.source.RecordSource;
import dev.indelible.cli.source.SourceRecord;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Problem;
import dev.indelible.client.RecordOption;
import dev.indelible.client.Recorded;
import dev.indelible.client.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * Sends the events of a source in batches, in order, one batch at a time, so that a tenant's log
 * has them in the order of the file. Not thread-safe.
 */
public final class Sender {

  /** The most events in one batch. */
  public static final int MAX_BATCH_EVENTS = 500;

  /** The largest batch, in bytes; a single event may be larger by itself. */
  static final int MAX_BATCH_BYTES = 4 * 1024 * 1024;

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int SERVER_ERROR = 500;

  private final IndelibleClient client;
  private final Preparation preparation;
  private final Report report;

  /** Events of the batch that is being gathered. */
  private final List<Ready> waiting = new ArrayList<>();

  private long waitingBytes;
  private long accepted;
  private long knownBefore;
  private long rejected;

  /** Listener of a sender's progress. */
  public interface Report {
    /** An event was not recorded. */
    void rejected(Refusal refusal);

    /** Reports the numbers of events recorded and rejected so far. */
    void progress(long accepted, long rejected);
  }

  /**
   * One event that was not recorded.
   *
   * @param place where it stands
   * @param code stable code
   * @param detail the problem with it
   * @param record the record as it was read; JSON null when it could not be
   */
  public record Refusal(SourceRecord.Place place, String code, String detail, JsonNode record) {}

  public Sender(IndelibleClient client, Preparation preparation, Report report) {
    this.client = client;
    this.preparation = preparation;
    this.report = report;
  }

  /** Number of events that were recorded, those of an earlier run that were sent again included. */
  public long accepted() {
    return accepted;
  }

  /** Number of those that the server had before. */
  public long knownBefore() {
    return knownBefore;
  }

  /** Number of records that were not recorded. */
  public long rejected() {
    return rejected;
  }

  /**
   * Sends all of {@code source}.
   *
   * @throws IOException when the source cannot be read
   * @throws RefusedException when the server refuses the whole
   * @throws dev.indelible.client.UnreachableException when there is no answer
   */
  public void send(RecordSource source) throws IOException {
    LineIds ids = new LineIds(source.identity());
    for (SourceRecord record = source.next(); record != null; record = source.next()) {
      for (Prepared prepared : preparation.prepare(record, ids)) {
        switch (prepared) {
          case Refused refused -> refuse(refused);
          case Ready ready -> add(ready);
          case Skipped _ -> {}
        }
      }
    }
    flush();
  }

  private void add(Ready event) {
    boolean isFull =
        waiting.size() == MAX_BATCH_EVENTS
            || waitingBytes + event.line().sizeBytes() + 1 > MAX_BATCH_BYTES;
    if (isFull) {
      flush();
    }
    waiting.add(event);
    waitingBytes += event.line().sizeBytes() + 1;
  }

  private void flush() {
    List<Ready> batch = List.copyOf(waiting);
    waiting.clear();
    waitingBytes = 0;
    if (!batch.isEmpty()) {
      post(batch);
    }
  }

  private void post(List<Ready> batch) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    batch.forEach(event -> event.line().writeTo(body));
    RecordOption[] options =
        preparation.isImport()
            ? new RecordOption[] {RecordOption.MARK_SECRETS}
            : new RecordOption[0];
    try {
      Recorded recorded = client.recordLines(body.toByteArray(), options);
      settle(batch, recorded.rejected());
      knownBefore += recorded.entries().stream().filter(Recorded.Receipt::duplicate).count();
    } catch (RefusedException refusal) {
      if (isAboutTheWhole(refusal.status())) {
        throw refusal;
      }
      settle(batch, refusal.problem());
    }
    report.progress(accepted, rejected);
  }

  /** A refusal that does not say which event it is about: halves find it. */
  private void settle(List<Ready> batch, Problem problem) {
    if (batch.size() > 1) {
      post(batch.subList(0, batch.size() / 2));
      post(batch.subList(batch.size() / 2, batch.size()));
    } else {
      Ready only = batch.getFirst();
      String code = problem.code().isEmpty() ? "refused" : problem.code();
      refuse(new Refused(only.place(), only.record(), code, problem.sentence()));
    }
  }

  private static boolean isAboutTheWhole(int status) {
    return status == UNAUTHORIZED
        || status == FORBIDDEN
        || status == NOT_FOUND
        || status >= SERVER_ERROR
        || status < 400;
  }

  private void settle(List<Ready> batch, List<Recorded.Rejected> items) {
    TreeSet<Integer> bad = new TreeSet<>();
    for (Recorded.Rejected item : items) {
      int index = item.index();
      if (index >= 0 && index < batch.size() && bad.add(index)) {
        Ready event = batch.get(index);
        refuse(new Refused(event.place(), event.record(), item.code(), detail(item)));
      }
    }
    accepted += batch.size() - bad.size();
  }

  /** All that is wrong with an item: its problems, after its detail unless that is one of them. */
  private static String detail(Recorded.Rejected item) {
    String detail = item.detail();
    List<String> problems = new ArrayList<>();
    for (Problem.Fault fault : item.faults()) {
      problems.add(
          fault.pointer().isEmpty() ? fault.detail() : fault.pointer() + ": " + fault.detail());
    }
    boolean says = problems.stream().noneMatch(detail::startsWith);
    return Stream.concat(says ? Stream.of(detail) : Stream.of(), problems.stream())
        .collect(Collectors.joining(" "));
  }

  private void refuse(Refused refused) {
    rejected++;
    JsonNode record = refused.record();
    report.rejected(
        new Refusal(
            refused.place(),
            refused.code(),
            refused.detail(),
            record == null ? NullNode.getInstance() : record));
  }
}
