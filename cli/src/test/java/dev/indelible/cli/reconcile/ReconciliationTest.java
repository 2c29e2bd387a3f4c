package dev.indelible.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.indelible.cli.reconcile.Report.Finding;
import dev.indelible.cli.reconcile.Report.Kind;
import dev.indelible.cli.reconcile.Report.Span;
import dev.indelible.cli.reconcile.Report.Verdict;
import dev.indelible.mapping.out.EntryFormat;
import dev.indelible.mapping.out.EntryFormats;
import dev.indelible.server.event.Entry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver has, against the ledger and the log: nothing wrong is passed over. */
class ReconciliationTest {

  private static final int SIZE = 30;

  @TempDir private Path folder;

  private StreamLedger ledger = tens();
  private @Nullable EntryFormat format;

  /** Three batches of ten entries each. */
  private static StreamLedger tens() {
    StreamLedger ledger = new StreamLedger();
    for (int i = 0; i < 3; i++) {
      ledger.add(batch(i + 1, 10 * i, 10 * i + 9, ""));
    }
    ledger.undeliveredIsKnown();
    return ledger;
  }

  private static tools.jackson.databind.JsonNode batch(int number, int from, int to, String more) {
    int entries = to - from + 1;
    int sent = more.contains("\"dead_letters\":1") ? entries - 1 : entries;
    return LogEntries.JSON.readTree(
        "{\"number\":%d,\"first_seq\":%d,\"last_seq\":%d,\"matched\":%d,\"sent\":%d%s}"
            .formatted(number, from, to, entries, sent, more));
  }

  private static List<String> sent() throws IOException {
    return SampleLog.sent(SIZE);
  }

  private Path write(String name, List<String> lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private Report compare(Path... received) throws IOException {
    return compare(new SampleLog(SIZE), _ -> true, received);
  }

  private Report compare(SampleLog log, Predicate<Entry> wanted, Path... received)
      throws IOException {
    try (LogEntries entries = new LogEntries(log.export())) {
      return Reconciliation.run(
          new Reconciliation.Parts(
              ReceiverFiles.of(List.of(received), "acme", null),
              ledger,
              wanted,
              false,
              format,
              0,
              SIZE - 1),
          entries,
          _ -> {});
    }
  }

  private static List<Long> seqs(Report report, Kind kind) {
    return report.listed(kind).stream().map(Finding::seq).toList();
  }

  @Test
  void allOfItInAnyOrderIsComplete() throws Exception {
    List<String> lines = sent();
    Collections.shuffle(lines, new Random(4711));
    Report report = compare(write("all.ndjson", lines));
    assertThat(report.isComplete()).as(report.toJson().toString()).isTrue();
    assertThat(report.spans()).containsExactly(new Span(0, SIZE - 1, Verdict.COMPLETE, SIZE, 0));
    assertThat(report.total("compared")).isEqualTo(SIZE);
  }

  @Test
  void anEntryThatWasTakenOutIsNamed() throws Exception {
    List<String> lines = sent();
    lines.remove(17);
    Report report = compare(write("less.ndjson", lines));
    assertThat(report.isComplete()).isFalse();
    assertThat(report.listed(Kind.MISSING))
        .containsExactly(new Finding(17, "e17", "", "", List.of()));
    assertThat(report.spans())
        .containsExactly(
            new Span(0, 9, Verdict.COMPLETE, 10, 0),
            new Span(10, 19, Verdict.MISSING, 10, 1),
            new Span(20, 29, Verdict.COMPLETE, 10, 0));
  }

  @Test
  void anAlteredEntryIsNamedWithItsFieldsAndItsLine() throws Exception {
    List<String> lines = sent();
    lines.set(4, lines.get(4).replace("\"Ana 4\"", "\"Eve\"").replace("\"n\":4", "\"n\":5"));
    Path file = write("altered.ndjson", lines);
    Report report = compare(file);
    assertThat(report.listed(Kind.ALTERED))
        .containsExactly(new Finding(4, "e4", file + ":5", "", List.of("actor.name", "details.n")));
    assertThat(report.spans().getFirst().verdict()).isEqualTo(Verdict.ALTERED);
    assertThat(report.total("missing")).isZero();
  }

  @Test
  void memberOrderAndTheWayANumberIsWrittenAreNoAlteration() throws Exception {
    List<String> lines = sent();
    lines.set(
        4,
        lines
            .get(4)
            .replace("0.10", "1.0E-1")
            .replaceFirst("\\{\"id\":\"e4\",", "{")
            .replaceFirst("}$", ",\"id\":\"e4\"}"));
    assertThat(compare(write("same.ndjson", lines)).isComplete()).isTrue();
  }

  @Test
  void anotherIdAtTheSameNumberIsAnAlteration() throws Exception {
    List<String> lines = new ArrayList<>(sent());
    lines.set(3, "{\"id\":\"e9\",\"seq\":3}");
    assertThat(compare(write("ids.ndjson", lines)).listed(Kind.ALTERED))
        .extracting(Finding::seq, Finding::fields)
        .containsExactly(org.assertj.core.api.Assertions.tuple(3L, List.of("id")));
  }

  @Test
  void aSecondCopyIsADuplicateUnlessTheLedgerDeclaresIt() throws Exception {
    List<String> lines = sent();
    lines.add(lines.get(12));
    Path file = write("twice.ndjson", lines);
    Report undeclared = compare(file);
    assertThat(undeclared.isComplete()).isFalse();
    assertThat(undeclared.listed(Kind.DUPLICATED))
        .containsExactly(
            new Finding(12, "e12", file + ":31", "2 times; the ledger says at most 1", List.of()));

    ledger = new StreamLedger();
    ledger.add(batch(1, 0, 9, ""));
    ledger.add(batch(2, 10, 29, ",\"repeated\":true,\"attempts\":2"));
    assertThat(compare(file).isComplete()).isTrue();

    ledger = tens();
    ledger.add(batch(4, 11, 13, ",\"replay\":true"));
    Report replayed = compare(file);
    assertThat(replayed.isComplete()).isTrue();
    assertThat(replayed.total("duplicates_declared")).isEqualTo(1);
  }

  @Test
  void moreCopiesThanTheLedgerDeclaresAreDuplicates() throws Exception {
    List<String> lines = sent();
    lines.addAll(List.of(lines.get(12), lines.get(12)));
    ledger.add(batch(4, 11, 13, ",\"replay\":true"));
    assertThat(seqs(compare(write("thrice.ndjson", lines)), Kind.DUPLICATED)).containsExactly(12L);
  }

  @Test
  void deadLettersAreNotMissing() throws Exception {
    List<String> lines = sent();
    lines.remove(8);
    ledger = new StreamLedger();
    ledger.add(batch(1, 0, 29, ",\"dead_letters\":1"));
    ledger.undeliveredIsKnown();
    ledger.addUndelivered(
        LogEntries.JSON.readTree(
            "{\"from_seq\":8,\"to_seq\":8,\"why\":\"dead_letter\",\"count\":1}"));
    Report report = compare(write("dead.ndjson", lines));
    assertThat(report.isComplete()).isTrue();
    assertThat(report.total("undelivered_dead_letter")).isEqualTo(1);
    assertThat(report.spans().getFirst().expected()).isEqualTo(SIZE - 1);
  }

  @Test
  void aLedgerThatOnlyCountsDeadLettersExcusesAsManyAndNoMore() throws Exception {
    ledger = new StreamLedger();
    ledger.add(batch(1, 0, 29, ",\"dead_letters\":1"));
    List<String> lines = sent();
    lines.remove(8);
    assertThat(compare(write("one.ndjson", lines)).isComplete()).isTrue();
    lines.remove(20);
    assertThat(seqs(compare(write("two.ndjson", lines)), Kind.MISSING)).containsExactly(8L, 21L);
  }

  @Test
  void aRangeOfWhichTheLedgerSaysNothingIsNotComplete() throws Exception {
    ledger = new StreamLedger();
    ledger.add(batch(1, 0, 9, ""));
    ledger.add(batch(2, 20, 29, ""));
    Report report = compare(write("gap.ndjson", sent()));
    assertThat(report.isComplete()).isFalse();
    assertThat(report.spans().get(1)).isEqualTo(new Span(10, 19, Verdict.UNKNOWN, 10, 0));
  }

  @Test
  void onlyWhatTheQueryMatchesIsExpected() throws Exception {
    ledger = new StreamLedger();
    List<String> logins = new ArrayList<>();
    for (String line : sent()) {
      if (line.contains("user.login")) {
        logins.add(line);
      }
    }
    Predicate<Entry> isLogin = entry -> entry.event().action().equals("user.login");
    Path file = write("logins.ndjson", logins);
    Report report = compare(new SampleLog(SIZE), isLogin, file);
    assertThat(report.isComplete()).isTrue();
    assertThat(report.total("expected")).isEqualTo(SIZE / 2);
    Report all = compare(new SampleLog(SIZE), isLogin, write("all.ndjson", sent()));
    assertThat(all.isComplete()).isTrue();
    assertThat(all.total("not_asked_for")).isEqualTo(SIZE / 2);
  }

  @Test
  void otherTenantsLinesArePassedOver() throws Exception {
    List<String> lines = sent();
    lines.add(lines.get(5).replace("\"acme\"", "\"globex\""));
    Report report = compare(write("mixed.ndjson", lines));
    assertThat(report.isComplete()).isTrue();
    assertThat(report.total("other_tenants")).isEqualTo(1);
  }

  @Test
  void brokenLinesAreNamedByFileAndLine() throws Exception {
    List<String> lines = sent();
    lines.add(2, "{\"seq\":");
    lines.add(9, "{\"message\":\"rotated\"}");
    Path file = write("broken.ndjson", lines);
    Report report = compare(file);
    assertThat(report.isComplete()).isFalse();
    assertThat(report.listed(Kind.UNREADABLE))
        .extracting(Finding::place)
        .containsExactly(file + ":3", file + ":10");
    assertThat(report.total("missing")).isZero();
  }

  @Test
  void aFolderOfCompressedObjectsIsReadWhole() throws Exception {
    List<String> lines = sent();
    Path day = Files.createDirectories(folder.resolve("bucket/tenant=acme/date=2026-11-20"));
    byte[] first = (String.join("\n", lines.subList(0, 10)) + "\n").getBytes(UTF_8);
    byte[] second = (String.join("\n", lines.subList(10, 20)) + "\n").getBytes(UTF_8);
    ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzipped)) {
      out.write(first);
    }
    Files.write(day.resolve("1.ndjson.gz"), gzipped.toByteArray());
    byte[] compressed = Zstd.compress(second);
    Path zst = Files.write(day.resolve("2.ndjson.zst"), compressed);
    Files.writeString(day.resolve("3.ndjson"), String.join("\n", lines.subList(20, SIZE)));
    Files.writeString(day.resolve(".ignored"), "not JSON");
    Path bucket = folder.resolve("bucket");
    assertThat(compare(bucket).isComplete()).isTrue();

    Files.write(zst, java.util.Arrays.copyOf(compressed, compressed.length - 5));
    Report cut = compare(bucket);
    assertThat(cut.listed(Kind.UNREADABLE).getFirst().place()).startsWith(zst.toString());
    assertThat(cut.listed(Kind.UNREADABLE).getFirst().detail()).contains("cut off");
  }

  @Test
  void webhookBodiesCloudEventsAndExportLinesAreLookedInto() throws Exception {
    List<String> lines = sent();
    String body =
        "{\"type\":\"entries\",\"stream\":\"stm_1\",\"tenant\":\"acme\",\"number\":1,\"entries\":[%s]}"
            .formatted(String.join(",", lines.subList(0, 10)));
    List<String> received = new ArrayList<>(List.of(body));
    for (int seq = 10; seq < 20; seq++) {
      received.add(
          "{\"specversion\":\"1.0\",\"id\":\"e%d\",\"type\":\"t\",\"data\":%s}"
              .formatted(seq, lines.get(seq)));
    }
    for (int seq = 20; seq < SIZE; seq++) {
      received.add(SampleLog.exported(seq));
    }
    assertThat(compare(write("forms.ndjson", received)).total("compared")).isEqualTo(SIZE);

    received.set(0, body.replace("\"Ana 7\"", "\"Eve\""));
    received.set(3, received.get(3).replace("\"n\":12", "\"n\":13"));
    received.set(20, received.get(20).replace("Ana 29", "Eve 29"));
    Report report = compare(write("altered.ndjson", received));
    assertThat(report.isComplete()).isFalse();
    assertThat(seqs(report, Kind.ALTERED)).containsExactlyInAnyOrder(7L, 12L, 29L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ocsf", "ecs"})
  void eventsInTheStreamsFormatAreComparedButForTheirPlaceInTheTree(String name) throws Exception {
    format = EntryFormats.byName(name).orElseThrow();
    EntryFormat.Integrity integrity =
        new EntryFormat.Integrity("audit.test/t/1", new byte[32], 30, new byte[32]);
    List<String> lines = new ArrayList<>();
    for (String line : sent()) {
      lines.add(
          new String(
              format.format(LogEntries.JSON.readTree(line), lines.size() < 9 ? null : integrity),
              UTF_8));
    }
    Report same = compare(write("same.ndjson", lines));
    assertThat(same.isComplete()).as(same.toJson().toString()).isTrue();
    assertThat(same.total("compared")).isEqualTo(SIZE);

    lines.set(9, lines.get(9).replace("Ana 9", "Eve 9"));
    lines.set(4, lines.get(4).replace("\"n\":4", "\"n\":40"));
    Report report = compare(write("altered.ndjson", lines));
    assertThat(seqs(report, Kind.ALTERED)).containsExactlyInAnyOrder(4L, 9L);
    assertThat(report.total("altered")).isEqualTo(2);

    format = null;
    assertThat(compare(write("unknown.ndjson", lines)).total("present_by_name")).isEqualTo(SIZE);
  }

  @Test
  void whatWasErasedInTheLogSinceIsComparedAsFarAsItIsThere() throws Exception {
    SampleLog log = new SampleLog(SIZE).erase(6).erase(7).purge(8);
    List<String> lines = sent();
    lines.set(7, lines.get(7).replace("\"n\":7", "\"n\":70"));
    Report report = compare(log, _ -> true, write("erased.ndjson", lines));
    assertThat(report.total("compared_in_part")).isEqualTo(1);
    assertThat(report.total("purged_since")).isEqualTo(1);
    assertThat(report.listed(Kind.ALTERED))
        .extracting(Finding::seq, Finding::fields)
        .containsExactly(org.assertj.core.api.Assertions.tuple(7L, List.of("details.n")));
    assertThat(report.spans().getFirst().verdict()).isEqualTo(Verdict.ALTERED);
  }

  @Test
  void whatThePurgedLogCannotNameIsStillCounted() throws Exception {
    SampleLog log = new SampleLog(SIZE).purge(8).purge(9);
    List<String> lines = sent();
    Path all = write("all.ndjson", lines);
    assertThat(compare(log, _ -> true, all).isComplete()).isTrue();
    lines.remove(8);
    Report report = compare(log, _ -> true, write("less.ndjson", lines));
    assertThat(report.isComplete()).isFalse();
    assertThat(report.total("missing")).isEqualTo(1);
    assertThat(report.listed(Kind.MISSING).getFirst().detail())
        .isEqualTo("1 that were sent from 0 to 9, and that the log cannot name any more");
  }

  @Test
  void aPurgeBeforeDeliveryExcusesNothingThatTheLogStillHas() throws Exception {
    ledger = new StreamLedger();
    ledger.add(batch(1, 0, 29, ",\"purged\":1"));
    ledger.addUndelivered(
        LogEntries.JSON.readTree("{\"from_seq\":0,\"to_seq\":29,\"why\":\"purged\",\"count\":1}"));
    ledger.undeliveredIsKnown();
    List<String> lines = sent();
    lines.remove(8);
    assertThat(seqs(compare(write("less.ndjson", lines)), Kind.MISSING)).containsExactly(8L);
  }

  @Test
  void whatTheStreamPassedOverSilentlyIsMissing() throws Exception {
    ledger = new StreamLedger();
    ledger.add(batch(1, 0, 19, ""));
    ledger.completeTo(29);
    Predicate<Entry> fewer = entry -> entry.seq() < 20;
    Path file = write("first.ndjson", sent().subList(0, 20));
    assertThat(compare(new SampleLog(SIZE), fewer, file).isComplete()).isTrue();
    Report report = compare(new SampleLog(SIZE), entry -> entry.seq() <= 20, file);
    assertThat(report.listed(Kind.MISSING))
        .containsExactly(new Finding(20, "e20", "", "", List.of()));
  }

  @Test
  void moreEntriesThanFitIntoMemoryAreSortedOnDisk() throws Exception {
    List<Long> seqs = new ArrayList<>();
    for (long seq = 0; seq < 1_000; seq++) {
      seqs.add(seq);
    }
    Collections.shuffle(seqs, new Random(4711));
    List<Long> sorted = new ArrayList<>();
    try (SortedReceipts receipts = new SortedReceipts(64)) {
      for (long seq : seqs) {
        receipts.add(new ReceiptLine(seq, 0, seq, Received.Form.NAMED, Content.Digest.NONE, 7));
      }
      assertThat(receipts.pieces()).isEqualTo(15);
      for (ReceiptLine line = receipts.next(); line != null; line = receipts.next()) {
        assertThat(line.idHash()).isEqualTo(7);
        sorted.add(line.seq());
      }
    }
    assertThat(sorted).isSorted().hasSize(1_000);
  }

  @Test
  void aLogThatIsCutOffIsNoLog() throws Exception {
    String whole = new String(new SampleLog(3).export().readAllBytes(), UTF_8);
    String cut = whole.substring(0, whole.lastIndexOf("{\"entries\""));
    try (LogEntries entries = new LogEntries(new ByteArrayInputStream(cut.getBytes(UTF_8)))) {
      for (int i = 0; i < 3; i++) {
        assertThat(requireNonNull(entries.next()).seq()).isEqualTo(i);
      }
      assertThatThrownBy(entries::next).hasMessageContaining("cut off");
    }
  }
}
