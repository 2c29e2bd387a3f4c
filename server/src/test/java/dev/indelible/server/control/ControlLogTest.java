package dev.indelible.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.Tenant.UnknownActions;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.FileJournal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

class ControlLogTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  private static final TenantId T = new TenantId("t");

  @TempDir Path directory;

  private FileJournal journal() throws Exception {
    return FileJournal.open(
        new SystemDisk(),
        directory,
        FileJournal.Options.of(InstantSource.system(), new Random(1)).withSegmentBytes(1 << 20));
  }

  private static Tenant tenant(String id, String name) {
    return new Tenant(new TenantId(id), name, "standard", UnknownActions.REJECT, NOW);
  }

  private static Change change(ConfigurationObject object, long replaces) {
    return new Change(object, replaces, new ChangedBy("operator", "k1"), "because");
  }

  @Test
  void aChangeIsInForceWhenItReturns() throws Exception {
    try (FileJournal journal = journal();
        ControlLog control = new ControlLog(journal, 1)) {
      control.start(Position.START, applied -> {});
      assertThat(control.change(change(tenant("acme", "Acme"), 0)))
          .isInstanceOfSatisfying(
              ChangeOutcome.Applied.class, applied -> assertThat(applied.version()).isEqualTo(1));
      assertThat(control.configuration().tenant(new TenantId("acme")))
          .hasValue(tenant("acme", "Acme"));
    }
  }

  @Test
  void aChangeOfAVersionThatMovedIsRejectedAndStaysRejected() throws Exception {
    try (FileJournal journal = journal()) {
      try (ControlLog control = new ControlLog(journal, 1)) {
        control.start(Position.START, applied -> {});
        control.change(change(tenant("acme", "first"), 0));
        control.change(change(tenant("acme", "second"), 1));
        assertThat(control.change(change(tenant("acme", "late"), 1)))
            .isEqualTo(new ChangeOutcome.VersionMoved(2));
      }
      List<AppliedChange> replayed = new ArrayList<>();
      try (ControlLog again = new ControlLog(journal, 100)) {
        again.start(Position.START, replayed::add);
        assertThat(again.configuration().tenant(new TenantId("acme")).orElseThrow().name())
            .isEqualTo("second");
      }
      assertThat(replayed).hasSize(2);
      assertThat(replayed.get(1).replacements())
          .containsExactly(
              new AppliedChange.Replacement(
                  tenant("acme", "first"), change(tenant("acme", "second"), 1)));
    }
  }

  @Test
  void ofRacingChangesOfOneVersionExactlyOneIsApplied() throws Exception {
    try (FileJournal journal = journal();
        ControlLog control = new ControlLog(journal, 1);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      control.start(Position.START, applied -> {});
      List<Callable<ChangeOutcome>> racers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Tenant mine = tenant("acme", "racer " + i);
        racers.add(() -> control.change(change(mine, 0)));
      }
      int applied = 0;
      for (var outcome : threads.invokeAll(racers)) {
        applied += outcome.get() instanceof ChangeOutcome.Applied ? 1 : 0;
      }
      assertThat(applied).isEqualTo(1);
    }
  }

  @Test
  void aFollowerIsGivenOnlyWhatComesFromItsPositionOn() throws Exception {
    try (FileJournal journal = journal()) {
      Position second;
      try (ControlLog control = new ControlLog(journal, 1)) {
        control.start(Position.START, applied -> {});
        control.change(change(tenant("a", "a"), 0));
        second = ((ChangeOutcome.Applied) control.change(change(tenant("b", "b"), 0))).position();
      }
      List<AppliedChange> seen = new ArrayList<>();
      try (ControlLog again = new ControlLog(journal, 50)) {
        again.start(second, seen::add);
        again.change(change(tenant("c", "c"), 0));
      }
      assertThat(seen)
          .extracting(applied -> applied.replacements().getFirst().change().object().id())
          .containsExactly("b", "c");
    }
  }

  @Test
  void everyKindOfObjectIsReadBackAsItWasRecorded() {
    List<ConfigurationObject> objects =
        List.of(
            tenant("t", "Tenant 世界"),
            new ApiKey(
                "k",
                new TenantId("t"),
                "n",
                Set.of("events.write"),
                "ab",
                List.of("10.0.0.0/8"),
                NOW,
                null,
                null),
            new ApiKey(
                "o", null, "n", Set.of("operator"), "ab", List.of(), NOW, NOW.plusSeconds(1), NOW),
            new Account(T, "eu", "Europe", null),
            new Account(T, "eu", "Europe", NOW),
            new PermissionSet(T, "ours", "Ours", Set.of("audit.view"), null),
            new Member(
                T,
                "u_1",
                List.of(
                    new Assignment("owner", null, null),
                    new Assignment(null, "ours", List.of("eu"))),
                null),
            new Guest(
                T,
                "g",
                true,
                "ab",
                Set.of("audit.view"),
                List.of("eu"),
                "action:x",
                true,
                "user:u_1",
                NOW,
                NOW.plusSeconds(9),
                NOW),
            new LogKey(T, "0123abcd", "log.test/t", "key", "c2VlZA==", NOW, null),
            new LogKey(T, "0123abcd", "log.test/t", "key", "c2VlZA==", NOW, NOW),
            new Retention(T, "gold", List.of(new Retention.Requirement("ISO 27001", "P3Y"))),
            new ProfileChanges(T, "{\"viewer\":{\"newest\":5}}"),
            new Closure(T, NOW, List.of("r1", "r2")),
            new Erasure(T, "e", NOW, NOW.plusSeconds(7), NOW, null, NOW, 3, 1, List.of("r")),
            new Hold(T, "h", "Case 7", "actor:ana", true, NOW, "user:u_1", NOW),
            new SavedView(
                T, "v", "u_1", "Logins", "x", "P7D", null, null, List.of("actor"), "local", NOW),
            new ExportSchedule(
                T,
                "s",
                "Monthly",
                new ExportSchedule.When("0 6 L * *", "Europe/Berlin"),
                new ExportSchedule.Export(
                    "security:true", "xlsx", List.of("id", "action"), true, true, "de", "audit"),
                new Destination.Bucket(
                    "https://s3.test", "eu", "archive", "logs/", true, "AKIA1234", "c2VjcmV0"),
                new ExportSchedule.Maker("member", "u_1"),
                7,
                NOW,
                NOW.plusSeconds(1),
                "Paused by u_2.",
                NOW.plusSeconds(2)),
            new EventStream(
                T,
                "stm_1",
                "SIEM",
                new EventStream.Content("security:true", "custom", "map: 1", true),
                new EventStream.Receiver(
                    "webhook",
                    JsonNodeFactory.instance.objectNode().put("url", "https://a.test/x"),
                    Map.of("signing_secret", "c2VjcmV0")),
                new EventStream.Limits(10, 20, 30),
                new ExportSchedule.Maker("member", "u_1"),
                7,
                NOW,
                new EventStream.Stop(true, "It answered 401."),
                NOW.plusSeconds(2)),
            new ReviewProcess(
                T,
                "r",
                "Quarterly",
                new ReviewProcess.What("query", "security:true"),
                new ReviewProcess.People("Ana", "ana@acme.test", "Bo", null, "de"),
                new ReviewProcess.When("P3M", NOW),
                "Raised roles.",
                new ReviewProcess.Progress(
                    7,
                    NOW,
                    NOW,
                    NOW,
                    new ReviewProcess.SignOff("user:u_1", NOW, NOW, 0, 7, true, "One."),
                    List.of(
                        new ReviewProcess.FollowUp(
                            "f", "Take it.", "Bo", NOW, NOW, "b", "Taken."))),
                NOW,
                NOW.plusSeconds(2)));
    Set<Class<?>> shown = new HashSet<>();
    objects.forEach(object -> shown.add(object.getClass()));
    assertThat(shown)
        .as("every kind that there is")
        .isEqualTo(KindTest.permitted(ConfigurationObject.class));
    for (ConfigurationObject object : objects) {
      ControlRecordCodec.Decoded decoded =
          ControlRecordCodec.decode(ControlRecordCodec.encode(7, List.of(change(object, 3))));
      assertThat(decoded.ticket()).isEqualTo(7);
      assertThat(decoded.changes()).containsExactly(change(object, 3));
    }
  }

  @Test
  void aGuestOfAnEarlierBuildHasAFilterThatAsksNothingPersonal() {
    String record =
        """
        {"v":1,"ticket":1,"replaces":0,"by":{"type":"user","id":"u_1"},"reason":"r","kind":"guest","object":
         {"tenant":"t","id":"g","support":false,"secret_hash":"ab","permissions":["audit.view"],"filter":"zelda",
          "granted_by":"user:u_1","created_at":"2026-11-20T10:00:00Z","expires_at":"2026-11-21T10:00:00Z"}}""";
    Change change =
        ControlRecordCodec.decode(record.getBytes(StandardCharsets.UTF_8)).changes().getFirst();
    assertThat(((Guest) change.object()).personalFilter()).isFalse();
  }

  @Test
  void aKeysMakerIsWhoeverMadeItsFirstRecord() throws Exception {
    ApiKey key = new ApiKey("k", T, "n", Set.of("audit.view"), "ab", List.of(), NOW, null, null);
    try (FileJournal journal = journal()) {
      try (ControlLog control = new ControlLog(journal, 1)) {
        control.start(Position.START, applied -> {});
        control.change(new Change(key, 0, new ChangedBy("user", "u_1"), null));
        control.change(new Change(key.revoked(NOW), 1, new ChangedBy("api_key", "other"), null));
      }
      try (ControlLog again = new ControlLog(journal, 100)) {
        again.start(Position.START, applied -> {});
        assertThat(again.configuration().keyMaker("k")).contains(new ChangedBy("user", "u_1"));
        assertThat(again.configuration().keyMaker("none")).isEmpty();
        List<Change> history = new ArrayList<>();
        again.history(T, history::add);
        assertThat(history).hasSize(2);
        again.history(new TenantId("other"), history::add);
        assertThat(history).hasSize(2);
      }
    }
  }

  private static Tenant supported(boolean wanted) {
    return new Tenant(
        T, "t", "standard", UnknownActions.REJECT, null, null, null, wanted, null, NOW);
  }

  private static Guest support(String id) {
    return new Guest(
        T,
        id,
        true,
        "ab",
        Set.of("audit.view"),
        null,
        "",
        false,
        "user:u_1",
        NOW,
        NOW.plusSeconds(900),
        null);
  }

  @Test
  void supportThatWasGrantedBeforeTheTenantOptedOutIsOverForGoodInEveryReplay() throws Exception {
    try (FileJournal journal = journal()) {
      try (ControlLog control = new ControlLog(journal, 1)) {
        control.start(Position.START, applied -> {});
        control.change(change(supported(true), 0));
        control.change(change(support("before"), 0));
        control.change(change(supported(false), 1));
        control.change(change(support("unwanted"), 0));
        control.change(change(supported(true), 2));
        control.change(change(support("after"), 0));
        assertThat(ids(control)).containsExactly("after");
      }
      try (ControlLog again = new ControlLog(journal, 100)) {
        again.start(Position.START, applied -> {});
        assertThat(ids(again)).containsExactly("after");
      }
    }
  }

  private static List<String> ids(ControlLog control) {
    return control.configuration().guests(T).stream().map(Guest::localId).toList();
  }

  @Test
  void whatPeopleSeeOfAKeyHasNoHash() {
    ApiKey key =
        new ApiKey("k", null, "n", Set.of("operator"), "secrethash", List.of(), NOW, null, null);
    assertThat(ControlLog.describe(key).toString()).doesNotContain("secrethash");
  }
}
