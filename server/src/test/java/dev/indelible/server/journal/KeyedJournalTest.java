package dev.indelible.server.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.journal.Position;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.ports.testing.JournalContractTest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Small state in a journal that is compacted. */
class KeyedJournalTest {

  private static final KeyedJournal.Bounds BOUNDS = new KeyedJournal.Bounds(200, 2, 3);

  private InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
  private final Map<String, Integer> state = new HashMap<>();

  private KeyedJournal<Change> open() throws Exception {
    return open(journal, state);
  }

  static KeyedJournal<Change> open(Journal journal, Map<String, Integer> state) throws Exception {
    return KeyedJournal.open(
        journal, Change.FORM, BOUNDS, (Change change) -> state.put(change.key(), change.value()));
  }

  private List<Change> all() {
    return all(state);
  }

  static List<Change> all(Map<String, Integer> state) {
    List<Change> all = new ArrayList<>();
    state.forEach((key, value) -> all.add(new Change(key, value)));
    return all;
  }

  private void set(KeyedJournal<Change> keyed, String key, int value) {
    KeyedJournal.await(keyed.append(List.of(new Change(key, value))));
    state.put(key, value);
  }

  /** A key has another value. */
  record Change(String key, int value) {

    static final KeyedJournal.Form<Change> FORM =
        new KeyedJournal.Form<>() {
          @Override
          public byte[] encode(List<? extends Change> changes) {
            StringBuilder text = new StringBuilder("v1\n");
            changes.forEach(change -> text.append(change.key() + " " + change.value() + "\n"));
            return JournalContractTest.bytes(text.toString());
          }

          @Override
          public List<Change> decode(byte[] batch) {
            return new String(batch, java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .skip(1)
                .map(line -> new Change(keyOf(line), Integer.parseInt(valueOf(line))))
                .toList();
          }
        };

    private static String keyOf(String line) {
      return line.substring(0, line.indexOf(' '));
    }

    private static String valueOf(String line) {
      return line.substring(line.indexOf(' ') + 1);
    }
  }

  @Test
  void theNewestValueOfEachKeyIsFoundAfterACrashAndManyCompactions() throws Exception {
    KeyedJournal<Change> keyed = open();
    assertThat(keyed.isEmpty()).isTrue();
    int compactions = 0;
    for (int i = 0; i < 500; i++) {
      set(keyed, "k" + i % 7, i);
      if (keyed.hasGrown(0)) {
        keyed.compact(all());
        compactions++;
      }
    }
    assertThat(compactions).isBetween(5, 100);
    assertThat(journal.end().value() - journal.begin().value()).isLessThan(400);
    journal = journal.afterPowerLoss();
    Map<String, Integer> after = new HashMap<>();
    assertThat(open(journal, after).isEmpty()).isFalse();
    assertThat(after).isEqualTo(state).hasSize(7);
  }

  @Test
  void whatTheStateTakesIsNotWorthACompaction() throws Exception {
    KeyedJournal<Change> keyed = open();
    for (int i = 0; i < 200; i++) {
      set(keyed, "k" + i, i);
    }
    assertThat(keyed.hasGrown(0)).isTrue();
    assertThat(keyed.hasGrown(journal.end().value())).isFalse();
    keyed.compact(all());
    assertThat(keyed.hasGrown(0)).isFalse();
  }

  @Test
  void manyRecordsAreSeveralBatchesAndNoStateIsOneBatch() throws Exception {
    KeyedJournal<Change> keyed = open();
    KeyedJournal.await(
        keyed.append(IntStream.range(0, 10).mapToObj(i -> new Change("k" + i, i)).toList()));
    assertThat(JournalContractTest.readAll(journal, Position.START)).hasSize(4);
    keyed.compactAndErase(List.of());
    assertThat(JournalContractTest.readAll(journal, journal.begin()))
        .singleElement()
        .satisfies(batch -> assertThat(batch.payload()).asString().isEqualTo("v1\n"));
    Map<String, Integer> after = new HashMap<>();
    assertThat(open(journal, after).isEmpty()).isFalse();
    assertThat(after).isEmpty();
  }

  @Test
  void aJournalThatRefusesSaysSoAndKeepsWhatItHad() throws Exception {
    KeyedJournal<Change> keyed = open();
    set(keyed, "k", 1);
    journal.refuse(Cause.DISK_FULL);
    assertThatThrownBy(() -> set(keyed, "k", 2)).isInstanceOf(JournalUnavailableException.class);
    assertThatThrownBy(() -> keyed.compact(all())).isInstanceOf(JournalUnavailableException.class);
    journal.accept();
    journal.failForgetting(true);
    assertThatThrownBy(() -> keyed.compact(all())).isInstanceOf(IOException.class);
    Map<String, Integer> after = new HashMap<>();
    assertThat(open(journal, after).isEmpty()).isFalse();
    assertThat(after).isEqualTo(Map.of("k", 1));
  }

  @Test
  void nothingIsErasedFromAJournalThatCannot() throws Exception {
    InMemoryJournal memory = journal;
    Journal plain =
        new Journal() {
          @Override
          public java.util.concurrent.CompletableFuture<Appended> append(byte[] payload) {
            return memory.append(payload);
          }

          @Override
          public Cursor read(Position from) throws IOException {
            return memory.read(from);
          }

          @Override
          public Position end() {
            return memory.end();
          }

          @Override
          public Position begin() {
            return memory.begin();
          }

          @Override
          public void forget(Position before) throws IOException {
            memory.forget(before);
          }

          @Override
          public void close() {
            memory.close();
          }
        };
    KeyedJournal<Change> keyed = open(plain, state);
    assertThatThrownBy(() -> keyed.compactAndErase(all()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void boundsArePositive() {
    assertThatThrownBy(() -> new KeyedJournal.Bounds(1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(KeyedJournal.MAX_BATCHES_IN_FLIGHT).isEqualTo(16);
  }
}
