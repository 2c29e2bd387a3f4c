package dev.indelible.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.retention.SeqRanges;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many exports a tenant may have, and whose go first. */
class ExportRoomTest {

  private static final TenantId ACME = new TenantId("acme");
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  @TempDir Path directory;
  private ExportStore store;

  @BeforeEach
  void open() throws Exception {
    store = ExportStore.open(directory, new InMemoryJournal(InstantSource.system()));
  }

  private static ExportJob job(String id, @Nullable String schedule) {
    return new ExportJob(
        new ExportOrder(
            id,
            ACME,
            new ExportMaker(ExportMaker.Kind.KEY, "k"),
            "",
            null,
            null,
            ZoneOffset.UTC,
            ExportOrder.Window.ALL,
            ExportFormat.CSV,
            List.of(),
            false,
            Locale.ENGLISH,
            null,
            schedule),
        ExportJob.State.WAITING,
        new ExportJob.Reach(null, "*", true),
        new ExportJob.Position(1, NOW, 0, 1, 1),
        ExportJob.Progress.at(0),
        null,
        null,
        null,
        new ExportJob.Times(NOW, null, null, null),
        null,
        null);
  }

  private static ExportJob done(String id, @Nullable String schedule) {
    return job(id, schedule)
        .done(
            new ExportJob.FileOf(id + ".csv", 1, "ab", NOW.plusSeconds(9)),
            new ExportJob.Counts(1, 0, 0),
            NOW);
  }

  private Optional<String> room(@Nullable String schedule) throws Exception {
    return ExportRoom.make(store, job("more", schedule));
  }

  private boolean isThere(String id) {
    return store.find(ACME, id).isPresent();
  }

  @Test
  void soManyAreUnderWayAndThoseOfSchedulesApart() throws Exception {
    for (int i = 0; i < TenantQuota.EXPORTS_UNDER_WAY.most(); i++) {
      assertThat(room(null)).isEmpty();
      store.add(job("p" + i, null));
    }
    assertThat(room(null)).hasValueSatisfying(why -> assertThat(why).contains("under way"));
    assertThat(room("s")).isEmpty();
  }

  @Test
  void thoseOfSchedulesKeepNobodyFromExporting() throws Exception {
    for (int i = 0; i < TenantQuota.SCHEDULED_EXPORTS.most(); i++) {
      store.add(done("s" + i, "s"));
    }
    assertThat(room("s")).hasValueSatisfying(why -> assertThat(why).contains("are kept"));
    assertThat(room(null)).isEmpty();
    // One that was delivered is forgotten before another is refused: the oldest of them.
    store.change(ACME, "s7", job -> job.left(NOW));
    store.change(ACME, "s9", job -> job.left(NOW));
    assertThat(room("s")).isEmpty();
    assertThat(isThere("s7")).isFalse();
    assertThat(isThere("s9")).isTrue();
  }

  @Test
  void aFileThatSomebodyAskedForStaysAndOneThatIsNoMoreGoes() throws Exception {
    for (int i = 0; i < TenantQuota.EXPORTS.most(); i++) {
      store.add(done("p" + i, null).left(NOW));
    }
    assertThat(room(null)).isPresent();
    store.change(ACME, "p3", job -> job.failed(new ExportJob.Problem("export_failed", "no"), NOW));
    assertThat(room(null)).isEmpty();
    assertThat(isThere("p3")).isFalse();
    assertThat(isThere("p0")).isTrue();
  }

  @Test
  void aDeletionIsCountedOnceAndTheLastOnesAreRemembered() {
    ExportJob.Progress progress = ExportJob.Progress.at(3);
    for (int i = 0; i < 2 * ExportJob.Progress.MAX_COUNTED; i++) {
      Copies.Deleted purge = deleted("d" + i, i % 2 == 0);
      progress = progress.lost(purge, 2).lost(purge, 2);
    }
    assertThat(progress.purged()).isEqualTo(2 * ExportJob.Progress.MAX_COUNTED);
    assertThat(progress.erased()).isEqualTo(2 * ExportJob.Progress.MAX_COUNTED);
    assertThat(progress.counted())
        .hasSize(ExportJob.Progress.MAX_COUNTED)
        .endsWith("d" + (2 * ExportJob.Progress.MAX_COUNTED - 1));
    assertThat(progress.again(3).purged()).isEqualTo(progress.purged());
    assertThat(progress.again(3).lost(deleted("d199", false), 1).erased())
        .isEqualTo(progress.erased());
  }

  private static Copies.Deleted deleted(String record, boolean purge) {
    return new Copies.Deleted(ACME, purge, record, "P1Y", new SeqRanges(List.of()));
  }
}
