package dev.indelible.verify.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.audit.EntryAudit.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Findings of {@link ExportVerifier} about exports that hold and exports that were tampered with.
 */
class ExportVerifierTest {

  private static final SampleExport SMALL = new SampleExport(7).add(3);

  private final SampleExport log = new SampleExport(42).add(300);

  private static List<Finding> breaking(byte[] export, Trust trust) throws IOException {
    return ExportVerifier.verify(new ByteArrayInputStream(export), trust, seen -> {})
        .findings()
        .stream()
        .filter(Finding::breaks)
        .toList();
  }

  private Trust key() {
    return new Trust(List.of(log.key()), null);
  }

  private Trust holding(SignedCheckpoint checkpoint) {
    return new Trust(List.of(log.key()), checkpoint);
  }

  private static byte[] lines(byte[] export, java.util.function.Consumer<List<String>> change) {
    List<String> lines = new ArrayList<>(List.of(new String(export, UTF_8).split("\n")));
    change.accept(lines);
    return (String.join("\n", lines) + "\n").getBytes(UTF_8);
  }

  @Test
  void anUntouchedExportHoldsAlsoAgainstEveryEarlierCheckpoint() throws IOException {
    assertThat(breaking(log.export(), Trust.NOTHING)).isEmpty();
    for (int size : new int[] {0, 1, 2, 255, 256, 257, 300}) {
      AuditReport report =
          ExportVerifier.verify(
              new ByteArrayInputStream(log.export()), holding(log.checkpoint(size)), seen -> {});
      assertThat(report.findings())
          .as("held size %d", size)
          .allMatch(finding -> finding instanceof Finding.NotShown)
          .hasSize(1);
      assertThat(report.entries()).isEqualTo(300);
    }
  }

  @Test
  void withoutAKeyOrACheckpointTheReportSaysWhatThatCannotShow() throws IOException {
    AuditReport report =
        ExportVerifier.verify(new ByteArrayInputStream(log.export()), Trust.NOTHING, seen -> {});
    assertThat(report.broken()).isFalse();
    assertThat(report.findings()).hasSize(3).allMatch(f -> f instanceof Finding.NotShown);
  }

  @Test
  void anAlteredPartIsNamedWithItsEntry() throws IOException {
    byte[] facts =
        lines(log.export(), all -> all.set(8, all.get(8).replace("user.login", "user.logon")));
    assertThat(breaking(facts, key())).containsExactly(new Finding.Altered(7, "facts"));
    byte[] personal = lines(log.export(), all -> all.set(8, all.get(8).replace("Ana", "Bob")));
    assertThat(breaking(personal, key())).containsExactly(new Finding.Altered(7, "personal part"));
    byte[] time =
        lines(
            log.export(),
            all -> all.set(8, all.get(8).replace("\"recorded_at\":1", "\"recorded_at\":2")));
    assertThat(breaking(time, key()))
        .contains(new Finding.Altered(7, "recorded_at"))
        .hasSizeLessThan(4);
  }

  @Test
  void aMissingEntryIsNamed() throws IOException {
    assertThat(breaking(lines(log.export(), all -> all.remove(8)), key()))
        .contains(new Finding.Missing(7, 8));
    assertThat(breaking(lines(log.export(), all -> all.subList(8, 18).clear()), key()))
        .contains(new Finding.Missing(7, 17));
  }

  @Test
  void swappedEntriesAreNamed() throws IOException {
    byte[] swapped = lines(log.export(), all -> java.util.Collections.swap(all, 8, 9));
    assertThat(breaking(swapped, key())).containsExactly(new Finding.Reordered(7, 9));
  }

  @Test
  void anExportThatWasCutIsNotTakenForAWholeOne() throws IOException {
    byte[] cut = lines(log.export(), all -> all.subList(200, all.size()).clear());
    assertThat(breaking(cut, key())).contains(new Finding.Truncated(199, 300));
  }

  @Test
  void aFileFromBeforeTheHeldCheckpointDoesNotReachItAndIsNoRollback() throws IOException {
    SignedCheckpoint held = log.checkpoint();
    log.entries.subList(250, 300).clear();
    assertThat(breaking(log.export(), key())).isEmpty();
    assertThat(breaking(log.export(), holding(held))).isEmpty();
    assertThat(
            ExportVerifier.verify(new ByteArrayInputStream(log.export()), holding(held), seen -> {})
                .findings())
        .contains(new Finding.CheckpointNotReached(300, 250));
  }

  @Test
  void aLogThatShowsLessThanTheHeldCheckpointWasRolledBack() throws IOException {
    SignedCheckpoint held = log.checkpoint();
    log.entries.subList(250, 300).clear();
    String export = new String(log.export(), UTF_8);
    String entries = export.substring(export.indexOf('\n') + 1);
    ExportHeader header =
        new ExportHeader("acme", List.of(log.key()), log.checkpoint(), null, true);
    assertThat(
            ExportVerifier.verify(
                    header,
                    new ByteArrayInputStream(entries.getBytes(UTF_8)),
                    holding(held),
                    seen -> {})
                .findings())
        .containsExactly(new Finding.RolledBack(300, 250));
  }

  @Test
  void aDoubledMemberOfTheHeaderIsRefused() throws IOException {
    String export = new String(log.export(), UTF_8);
    for (String member :
        List.of(
            "\"tenant\":\"mallory\",",
            "\"format\":\"indelible-export\",",
            "\"version\":1,",
            "\"complete\":true,",
            "\"verifier_keys\":[],")) {
      byte[] doubled = export.replaceFirst("\\{", "{" + member).getBytes(UTF_8);
      assertThatThrownBy(() -> breaking(doubled, key()))
          .as(member)
          .isInstanceOf(ExportFormatException.class)
          .hasMessageContaining("twice");
    }
  }

  @Test
  void tenantAndFilterOfTheHeaderAreSaidToBeUnproven() throws IOException {
    String export = new String(log.export(), UTF_8);
    byte[] filtered =
        export.replaceFirst("\\{", "{\"filter\":\"action:user.login\",").getBytes(UTF_8);
    List<String> said =
        ExportVerifier.verify(new ByteArrayInputStream(filtered), key(), seen -> {})
            .findings()
            .stream()
            .map(Finding::sentence)
            .toList();
    assertThat(said)
        .anyMatch(s -> s.startsWith("The tenant's name in the file, acme, is not proven"))
        .anyMatch(s -> s.startsWith("The file's filter, action:user.login, is not proven"));
  }

  @Test
  void aLogThatWasRewrittenAndSignedAnewIsFoundByAHeldCheckpointAlone() throws IOException {
    SignedCheckpoint early = log.checkpoint(100);
    SignedCheckpoint late = log.checkpoint(280);
    log.entries.set(150, log.entry(150, 1_795_168_800_000L + 150 * 7L, "{\"id\":\"x\"}", null));
    assertThat(breaking(log.export(), key())).isEmpty();
    assertThat(breaking(log.export(), holding(early))).isEmpty();
    assertThat(breaking(log.export(), holding(late)))
        .containsExactly(new Finding.ForkedHistory(280, 0));
  }

  @Test
  void entriesThatDoNotLeadToTheSignedRootAreFoundThoughTheirLeavesFit() throws IOException {
    SignedCheckpoint signed = log.checkpoint();
    log.entries.set(150, log.entry(150, 1_795_168_800_000L + 150 * 7L, "{\"id\":\"x\"}", null));
    assertThat(breaking(log.export(signed), key()))
        .containsExactly(new Finding.RootMismatch(300, 0));
  }

  @Test
  void aCheckpointByAnotherKeyIsNotBelieved() throws IOException {
    SampleExport other = new SampleExport(43).add(300);
    assertThat(breaking(other.export(), key()))
        .singleElement()
        .isInstanceOf(Finding.SignatureBad.class);
  }

  @Test
  void purgedAndErasedEntriesNeedAnEntryThatSaysSo() throws IOException {
    for (int seq = 10; seq < 20; seq++) {
      log.set(seq, Content.PURGED);
    }
    log.set(31, Content.PERSONAL_ERASED);
    assertThat(breaking(log.export(), key()))
        .containsExactly(
            new Finding.MissingWithoutPurge(10, 20), new Finding.ErasedWithoutEntry(31, 32));
    log.addDeletion(DeletionEntry.PURGE, "[[0,15]]");
    assertThat(breaking(log.export(), key())).contains(new Finding.MissingWithoutPurge(15, 20));
    log.addDeletion(DeletionEntry.PURGE, "[[15,20]]");
    log.addDeletion(DeletionEntry.ERASE, "[[31,32]]");
    AuditReport report =
        ExportVerifier.verify(new ByteArrayInputStream(log.export()), key(), seen -> {});
    assertThat(report.broken()).isFalse();
    assertThat(report.findings())
        .contains(
            new Finding.PurgedAt(10, 15, 300),
            new Finding.PurgedAt(15, 20, 301),
            new Finding.ErasedAt(31, 32, 302));
  }

  @Test
  void anEntryThatOnlyTalksOfADeletionIsNone() throws IOException {
    log.set(10, Content.PURGED);
    long seq = log.entries.size();
    log.entries.add(
        log.entry(
            seq,
            1_795_168_900_000L,
            "{\"id\":\"d\",\"action\":\"user.note\",\"details\":{\"action\":\"audit.entries.purge\","
                + "\"details\":{\"ranges\":[[0,20]]}}}",
            null));
    assertThat(breaking(log.export(), key()))
        .containsExactly(new Finding.MissingWithoutPurge(10, 11));
  }

  @Test
  void withheldPersonalPartsAreCountedAndTheRestHolds() throws IOException {
    for (int seq = 0; seq < 300; seq++) {
      if (seq % 3 != 0) {
        log.set(seq, Content.PERSONAL_WITHHELD);
      }
    }
    AuditReport report =
        ExportVerifier.verify(new ByteArrayInputStream(log.export()), key(), seen -> {});
    assertThat(report.broken()).isFalse();
    assertThat(report.findings()).contains(new Finding.Withheld(200));
  }

  @Test
  void entriesOfAFilterAreProvenOneByOne() throws IOException {
    assertThat(breaking(log.exportOf(3, 77, 299), key())).isEmpty();
    byte[] moved =
        lines(
            log.exportOf(3, 77, 299),
            all -> all.set(2, all.get(2).replace("\"seq\":77", "\"seq\":78")));
    assertThat(breaking(moved, key())).singleElement().isInstanceOf(Finding.NotInTree.class);
    byte[] bare =
        lines(log.exportOf(3), all -> all.set(1, all.get(1).replaceAll(",\"proof\":.*]", "")));
    assertThat(breaking(bare, key()))
        .containsExactly(new Finding.NotInTree(3, "it comes without a proof"));
  }

  @Test
  void whatIsNoExportIsRefusedNotJudged() {
    for (String text : List.of("", "{}\n", "[1]\n", "{\"format\":\"x\",\"version\":1}\n")) {
      assertThatThrownBy(() -> breaking(text.getBytes(UTF_8), Trust.NOTHING))
          .as(text)
          .isInstanceOf(ExportFormatException.class);
    }
    assertThatThrownBy(
            () ->
                breaking(
                    lines(log.export(), all -> all.set(0, all.get(0).replace(":1,", ":2,"))),
                    Trust.NOTHING))
        .isInstanceOf(ExportFormatException.class)
        .hasMessageContaining("version 2");
  }

  @Test
  void someBitOfEveryThirdByteOfASmallExportMatters() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] export = SMALL.export();
    flip(
        export,
        IntStream.iterate(random.nextInt(3), at -> at < export.length, at -> at + 3)
            .map(at -> at * 8 + random.nextInt(8)));
  }

  @Test
  @Tag("long")
  void everyBitOfASmallExportMatters() throws IOException {
    byte[] export = SMALL.export();
    flip(export, IntStream.range(0, export.length * 8));
  }

  private static void flip(byte[] export, IntStream bits) throws IOException {
    Trust trust = new Trust(List.of(SMALL.key()), SMALL.checkpoint(2));
    List<String> unseen = new ArrayList<>();
    for (int bit : bits.toArray()) {
      byte[] flipped = export.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      boolean found;
      try {
        found = !breaking(flipped, trust).isEmpty();
      } catch (ExportFormatException e) {
        found = true;
      }
      if (!found) {
        unseen.add(new String(flipped, Math.max(0, bit / 8 - 12), 24, UTF_8).replace("\n", "¶"));
      }
    }
    // The tenant's name is nothing that is signed: the origin is. JSON spells a newline in two
    // ways.
    assertThat(unseen)
        .allMatch(
            near ->
                near.contains("tenant\":\"")
                    || near.toLowerCase(java.util.Locale.ROOT).contains("u000"))
        .hasSizeLessThan(70);
  }
}
