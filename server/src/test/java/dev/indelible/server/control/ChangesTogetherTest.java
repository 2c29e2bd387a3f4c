package dev.indelible.server.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.Position;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.ports.testing.SettableClock;
import dev.indelible.server.control.AppliedChange.Replacement;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Several changes in one control record. */
class ChangesTogetherTest {

  private static final TenantId T = new TenantId("t");

  private final InMemoryJournal journal = new InMemoryJournal(new SettableClock(0));
  private final ControlLog control = new ControlLog(journal, 1);
  private final List<AppliedChange> applied = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    control.start(Position.START, applied::add);
  }

  @AfterEach
  void close() {
    journal.close();
    control.close();
  }

  private static Account account(String id, String name) {
    return new Account(T, id, name, null);
  }

  private static Change change(ConfigurationObject object, long replaces) {
    return new Change(object, replaces, new ChangedBy("user", "u_1"), "because");
  }

  private List<String> names(ControlLog log) {
    return log.configuration().accounts(T).stream().map(Account::name).toList();
  }

  private List<JsonNode> records() throws Exception {
    List<JsonNode> records = new ArrayList<>();
    try (Journal.Cursor cursor = journal.read(Position.START)) {
      Journal.Batch batch;
      while ((batch = cursor.next(Duration.ZERO)) != null) {
        records.add(JsonMapper.shared().readTree(batch.payload()));
      }
    }
    return records;
  }

  @Test
  void allOfThemAreInForceAndStandInOneRecord() throws Exception {
    ChangeOutcome outcome =
        control.change(List.of(change(account("eu", "EU"), 0), change(account("us", "US"), 0)));
    assertThat(outcome).isEqualTo(new ChangeOutcome.Applied(Position.START, 1));
    assertThat(names(control)).containsExactly("EU", "US");
    assertThat(records()).hasSize(1);
    JsonNode record = records().getFirst();
    assertThat(record.path("v").asInt()).isEqualTo(2);
    assertThat(record.path("changes").path(1).toString())
        .isEqualTo(
            "{\"replaces\":0,\"by\":{\"type\":\"user\",\"id\":\"u_1\"},\"reason\":\"because\",\"kind\":\"account\",\"object\":{\"tenant\":\"t\",\"id\":\"us\",\"name\":\"US\"}}");
    assertThat(applied).hasSize(1);
    assertThat(applied.getFirst().replacements())
        .containsExactly(
            new Replacement(null, change(account("eu", "EU"), 0)),
            new Replacement(null, change(account("us", "US"), 0)));
  }

  @Test
  void oneAloneIsARecordOfTheFirstVersion() throws Exception {
    control.change(List.of(change(account("eu", "EU"), 0)));
    assertThat(records().getFirst().path("v").asInt()).isEqualTo(1);
    assertThat(records().getFirst().has("changes")).isFalse();
  }

  @Test
  void noneIsMadeWhenTheVersionOfOneHasMovedNorInAnyReplay() throws Exception {
    control.change(change(account("us", "US"), 0));
    control.change(change(account("us", "U.S."), 1));
    assertThat(
            control.change(
                List.of(
                    change(account("eu", "EU"), 0),
                    change(account("us", "late"), 1),
                    change(account("uk", "UK"), 0))))
        .isEqualTo(new ChangeOutcome.VersionMoved(2));
    assertThat(names(control)).containsExactly("U.S.");
    assertThat(applied).hasSize(2);
    try (ControlLog again = new ControlLog(journal, 100)) {
      List<AppliedChange> replayed = new ArrayList<>();
      again.start(Position.START, replayed::add);
      assertThat(names(again)).containsExactly("U.S.");
      assertThat(replayed).isEqualTo(applied);
      journal.close();
    }
  }

  @Test
  void aLogWithARecordOfANewerProgramIsNotStartedFrom() throws Exception {
    control.change(change(account("eu", "EU"), 0));
    Position end = journal.end();
    journal.append("{\"v\":3,\"ticket\":1}".getBytes(UTF_8)).join();
    try (ControlLog again = new ControlLog(journal, 100)) {
      assertThatThrownBy(() -> again.start(Position.START, _ -> {}))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "the control log at position %d: control record of version 3, this program reads 1 and 2; a newer one wrote it",
              end.value());
    }
  }

  @Test
  void theyAreMadeInOrderSoThatOneObjectMayBeChangedTwice() {
    assertThat(
            control.change(
                List.of(change(account("eu", "first"), 0), change(account("eu", "second"), 1))))
        .isInstanceOfSatisfying(
            ChangeOutcome.Applied.class, done -> assertThat(done.version()).isEqualTo(2));
    assertThat(names(control)).containsExactly("second");
    assertThat(applied.getFirst().replacements().getLast().before())
        .isEqualTo(account("eu", "first"));
    assertThat(
            control.change(
                List.of(change(account("us", "first"), 0), change(account("us", "second"), 0))))
        .isEqualTo(new ChangeOutcome.VersionMoved(1));
    assertThat(names(control)).containsExactly("second");
  }

  @Test
  void theHistoryOfATenantHasEachOfThem() throws Exception {
    TenantId other = new TenantId("other");
    control.change(
        List.of(
            change(account("eu", "EU"), 0),
            change(new Account(other, "eu", "theirs", null), 0),
            change(account("us", "US"), 0)));
    List<Change> history = new ArrayList<>();
    control.history(T, history::add);
    assertThat(history).extracting(change -> change.object().id()).containsExactly("t/eu", "t/us");
  }

  private static List<Change> accounts(int count, int nameLength) {
    String name = "n".repeat(nameLength);
    return IntStream.range(0, count).mapToObj(i -> change(account("a" + i, name), 0)).toList();
  }

  @Test
  void asManyAsTheLimitAreMadeAndNoMore() throws Exception {
    assertThat(ControlLog.MAX_TOGETHER).isEqualTo(500);
    assertThatThrownBy(() -> control.change(accounts(501, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("501 changes at once; a record of the control log has 1 to 500");
    assertThatThrownBy(() -> control.change(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(records()).isEmpty();
    assertThat(control.change(accounts(500, 1))).isInstanceOf(ChangeOutcome.Applied.class);
    assertThat(names(control)).hasSize(500);
  }

  /** A change with so many bytes of reason. */
  private static Change large(int number, int bytes) {
    return new Change(
        account("a" + number, "n"), 0, new ChangedBy("user", "u_1"), "r".repeat(bytes));
  }

  @Test
  void aRecordOfSeveralHasABoundInBytes() throws Exception {
    int bytes = ControlLog.MAX_TOGETHER_BYTES / 4;
    List<Change> five = IntStream.range(0, 5).mapToObj(i -> large(i, bytes)).toList();
    assertThatThrownBy(() -> control.change(five))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a record of several has at most 8388608");
    List<List<Change>> parts = ControlLog.inParts(five);
    assertThat(parts).extracting(List::size).containsExactly(2, 3);
    for (List<Change> part : parts) {
      assertThat(control.change(part)).isInstanceOf(ChangeOutcome.Applied.class);
    }
    assertThat(names(control)).hasSize(5);
  }

  @Test
  void whatIsTooMuchIsDividedSoThatTheEndStaysTogether() {
    assertThat(ControlLog.inParts(List.of())).isEmpty();
    assertThat(ControlLog.inParts(accounts(500, 1))).hasSize(1);
    List<Change> many = accounts(1_201, 1);
    List<List<Change>> parts = ControlLog.inParts(many);
    assertThat(parts).extracting(List::size).containsExactly(201, 500, 500);
    assertThat(parts.stream().flatMap(List::stream)).containsExactlyElementsOf(many);
    Change huge = large(1, ControlLog.MAX_TOGETHER_BYTES);
    assertThat(ControlLog.inParts(List.of(huge, change(account("eu", "EU"), 0))))
        .extracting(List::size)
        .containsExactly(1, 1);
    assertThat(new String(ControlRecordCodec.encode(1, List.of(huge)), UTF_8))
        .hasSizeGreaterThan(ControlLog.MAX_TOGETHER_BYTES);
  }
}
