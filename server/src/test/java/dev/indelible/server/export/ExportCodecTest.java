package dev.indelible.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.access.Session;
import dev.indelible.server.access.Standing;
import dev.indelible.server.access.Subject;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.export.ExportCodec.Step;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The records of the exports journal. */
class ExportCodecTest {

  private static final TenantId ACME = new TenantId("acme");
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00.123Z");

  private static ExportJob job(ExportMaker maker) {
    ExportOrder order =
        new ExportOrder(
            "export-1",
            ACME,
            maker,
            "action:a.b",
            NOW.minusSeconds(60),
            null,
            ZoneId.of("Europe/Berlin"),
            new ExportOrder.Window(3, 9),
            ExportFormat.CSV,
            List.of("id", "seq"),
            true,
            Locale.GERMAN,
            "a reason",
            "schedule-1");
    return new ExportJob(
        order,
        ExportJob.State.RUNNING,
        new ExportJob.Reach(Set.of("eu", "us"), "*", true),
        new ExportJob.Position(12, NOW, 3, 9, 5),
        new ExportJob.Progress(7, 123, 4, 3, 1, 2, List.of("purge-1")),
        null,
        null,
        null,
        new ExportJob.Times(NOW, NOW, null, null),
        null,
        null);
  }

  @Test
  void jobsAreReadAsTheyWereWritten() {
    Subject viewer =
        new Subject.OfViewer(
            ACME, "k", Set.of("audit.view"), Optional.of(Set.of("eu")), "action:a.b", Set.of());
    ExportJob plain = job(new ExportMaker(ExportMaker.Kind.KEY, "k_1"));
    ExportJob whole =
        job(new ExportMaker(
                ExportMaker.Kind.KEY,
                "k",
                new Standing(
                    viewer, new Session.User("u", "Una", "una@x.test"), NOW, List.of("api_key:k"))))
            .provenBy("a note")
            .done(
                new ExportJob.FileOf("acme.csv", 123, "ab", NOW.plusSeconds(9)),
                new ExportJob.Counts(3, 1, 2),
                NOW)
            .left(NOW)
            .withdrawn(new ExportJob.Withdrawal("purge-1", "P1Y", NOW));
    ExportJob failed = plain.failed(new ExportJob.Problem("rights_lost", "gone"), NOW);
    List<Step> steps =
        List.of(
            new Step.Changed(plain),
            new Step.Changed(whole),
            new Step.Changed(failed),
            new Step.Removed(ACME, "export-1"));
    assertThat(ExportCodec.FORM.decode(ExportCodec.FORM.encode(steps))).isEqualTo(steps);
  }

  @Test
  void anotherVersionIsRefused() {
    byte[] newer = "{\"v\":2,\"steps\":[]}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ExportCodec.FORM.decode(newer)).hasMessageContaining("version 2");
    byte[] none = "x".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ExportCodec.FORM.decode(none)).hasMessageContaining("not JSON");
  }
}
