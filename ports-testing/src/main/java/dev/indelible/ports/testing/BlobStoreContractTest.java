package dev.indelible.ports.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.blob.BlobStore.Blob;
import dev.indelible.ports.blob.BlobStore.State;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract of every blob store. */
public abstract class BlobStoreContractTest {

  private BlobStore store;

  /** Opens the store, with what was in it when it was last closed. */
  protected abstract BlobStore open() throws IOException;

  @BeforeEach
  void openFirst() throws IOException {
    store = open();
  }

  @AfterEach
  void closeLast() throws IOException {
    store.close();
  }

  private void reopen() throws IOException {
    store.close();
    store = open();
  }

  /** A text as a blob. */
  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private boolean put(String name, String text) throws IOException {
    return store.putIfAbsent(name, out -> out.write(bytes(text)));
  }

  /** Text of a blob. */
  public static String read(BlobStore store, String name) throws IOException {
    try (Blob blob = store.open(name)) {
      return StandardCharsets.UTF_8.decode(blob.read(0, (int) blob.sizeBytes())).toString();
    }
  }

  @Test
  void whatIsPutIsReadBackAlsoAfterReopening() throws Exception {
    assertThat(put("a", "one")).isTrue();
    assertThat(put("t/acme/log/tile/0/x001/067", "two")).isTrue();
    assertThat(put("t/acme/log/tile/0/x001/067.p/12", "three")).isTrue();
    reopen();
    assertThat(read(store, "a")).isEqualTo("one");
    assertThat(read(store, "t/acme/log/tile/0/x001/067")).isEqualTo("two");
    assertThat(read(store, "t/acme/log/tile/0/x001/067.p/12")).isEqualTo("three");
  }

  @Test
  void theFirstPutWinsAndTheBlobNeverChanges() throws Exception {
    assertThat(put("a/b", "first")).isTrue();
    assertThat(put("a/b", "second")).isFalse();
    assertThat(read(store, "a/b")).isEqualTo("first");
  }

  @Test
  void oneOfManyRacingPutsWins() throws Exception {
    List<Callable<Boolean>> puts = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String content = "content " + i;
      puts.add(() -> put("race/blob", content));
    }
    int winners = 0;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> put : executor.invokeAll(puts)) {
        winners += put.get() ? 1 : 0;
      }
    }
    assertThat(winners).isEqualTo(1);
    assertThat(read(store, "race/blob")).startsWith("content ");
  }

  @Test
  void largeBlobsAreReadInRanges() throws Exception {
    byte[] content = new byte[3_000_001];
    new Random(1).nextBytes(content);
    store.putIfAbsent(
        "large",
        out -> {
          out.write(content[0]);
          out.write(content, 1, 1_000_000);
          out.flush();
          out.write(content, 1_000_001, 2_000_000);
        });
    try (Blob blob = store.open("large")) {
      assertThat(blob.sizeBytes()).isEqualTo(content.length);
      Random random = new Random(2);
      for (int i = 0; i < 100; i++) {
        int offset = random.nextInt(content.length);
        int length = random.nextInt(Math.min(100_000, content.length - offset));
        ByteBuffer range = blob.read(offset, length);
        assertThat(range).isEqualTo(ByteBuffer.wrap(content, offset, length));
        assertThat(range.hasArray()).isTrue();
      }
      assertThat(blob.read(content.length, 0).remaining()).isZero();
      assertThatThrownBy(() -> blob.read(content.length - 1, 2)).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> blob.read(-1, 2)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anEmptyBlobIsABlob() throws Exception {
    assertThat(store.putIfAbsent("empty", out -> {})).isTrue();
    try (Blob blob = store.open("empty")) {
      assertThat(blob.sizeBytes()).isZero();
      assertThat(blob.read(0, 0).remaining()).isZero();
    }
    assertThat(put("empty", "x")).isFalse();
  }

  @Test
  void contentThatFailsLeavesNoBlob() throws Exception {
    assertThatThrownBy(
            () ->
                store.putIfAbsent(
                    "broken",
                    out -> {
                      out.write(bytes("half"));
                      throw new IOException("no more");
                    }))
        .hasMessage("no more");
    assertThatThrownBy(() -> store.open("broken")).isInstanceOf(NoSuchFileException.class);
    assertThat(store.list("")).isEmpty();
    assertThat(put("broken", "whole")).isTrue();
    assertThat(read(store, "broken")).isEqualTo("whole");
  }

  @Test
  void listsByPrefixSorted() throws Exception {
    for (String name : List.of("runs/2", "runs/10", "run", "runs/1/x", "runs-old/1", "a/runs/1")) {
      put(name, name);
    }
    assertThat(store.list("")).hasSize(6).isSorted();
    assertThat(store.list("run"))
        .containsExactly("run", "runs-old/1", "runs/1/x", "runs/10", "runs/2");
    assertThat(store.list("runs/")).containsExactly("runs/1/x", "runs/10", "runs/2");
    assertThat(store.list("runs/1")).containsExactly("runs/1/x", "runs/10");
    assertThat(store.list("runs/1/")).containsExactly("runs/1/x");
    assertThat(store.list("none/")).isEmpty();
    assertThat(store.list("run/")).isEmpty();
  }

  @Test
  void whatIsDeletedIsGoneAndMayBePutAgain() throws Exception {
    put("a/b", "old");
    store.delete("a/b");
    store.delete("a/b");
    store.delete("never/there");
    assertThatThrownBy(() -> store.open("a/b")).isInstanceOf(NoSuchFileException.class);
    reopen();
    assertThat(store.list("")).isEmpty();
    assertThat(put("a/b", "new")).isTrue();
    assertThat(read(store, "a/b")).isEqualTo("new");
  }

  @Test
  void whoHoldsALeaseReadsADeletedBlobAndNobodyElseDoes() throws Exception {
    put("a/b", "still here");
    Blob first = store.open("a/b");
    Blob second = store.open("a/b");
    store.delete("a/b");
    assertThat(store.list("")).isEmpty();
    assertThatThrownBy(() -> store.open("a/b")).isInstanceOf(NoSuchFileException.class);
    first.close();
    first.close();
    assertThat(StandardCharsets.UTF_8.decode(second.read(0, 10)).toString())
        .isEqualTo("still here");
    second.close();
    assertThat(put("a/b", "another thing")).isTrue();
    assertThat(read(store, "a/b")).isEqualTo("another thing");
  }

  @Test
  void aDeletedNameIsNotUsedAgainWhileALeaseOnItIsHeld() throws Exception {
    put("a/b", "still here");
    try (Blob blob = store.open("a/b")) {
      store.delete("a/b");
      assertThatThrownBy(() -> put("a/b", "another thing"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("still read");
      assertThat(StandardCharsets.UTF_8.decode(blob.read(0, 10)).toString())
          .isEqualTo("still here");
    }
    assertThat(put("a/b", "another thing")).isTrue();
    try (Blob blob = store.open("a/b")) {
      assertThat(put("a/b", "a third one")).as("it is there").isFalse();
      assertThat(blob.sizeBytes()).isEqualTo(13);
    }
  }

  @Test
  void aLeaseEndsWithTheProcess() throws Exception {
    put("a/b", "still here");
    Blob left = store.open("a/b");
    store.delete("a/b");
    reopen();
    assertThat(put("a/b", "another thing")).isTrue();
    left.close();
  }

  @Test
  void anInterruptedReaderHarmsNoOther() throws Exception {
    put("a", "content");
    try (Blob blob = store.open("a")) {
      Thread.currentThread().interrupt();
      try {
        blob.read(0, 3);
      } catch (IOException e) {
        // Allowed for the interrupted one.
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(blob.read(0, 7).remaining()).isEqualTo(7);
    }
  }

  @Test
  void noNameIsTheFolderOfAnother() throws Exception {
    put("a", "file");
    assertThatThrownBy(() -> put("a/b", "below")).isInstanceOf(IOException.class);
    put("c/d", "below");
    assertThatThrownBy(() -> put("c", "above")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.open("c/d/e")).isInstanceOf(IOException.class);
    assertThat(store.list("")).containsExactly("a", "c/d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "a/", "/a", "a//b", ".", "..", "../a", "a/../b", "a/.b", ".a", "a b", "a\\b", "ä",
        "a\0b", "a:b", "a\n"
      })
  void badNamesAreRefused(String name) {
    assertThatThrownBy(() -> put(name, "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.open(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.delete(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.state(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.compareAndSetState(name, 0, bytes("x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesMayBeAsLongAsTheLimitsSay() throws Exception {
    String segment = "s".repeat(BlobStore.MAX_SEGMENT_LENGTH);
    String longest = segment + "/" + segment + "/" + "x".repeat(110);
    assertThat(longest).hasSize(BlobStore.MAX_NAME_LENGTH);
    assertThat(put(longest, "x")).isTrue();
    assertThat(store.compareAndSetState(longest, 0, bytes("x"))).isTrue();
    assertThatThrownBy(() -> put(longest + "x", "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> put(segment + "s", "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> put(segment + "s/x", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStateIsSetOnlyFromItsVersion() throws Exception {
    assertThat(store.state("s/one")).isEmpty();
    assertThat(store.compareAndSetState("s/one", 1, bytes("x"))).isFalse();
    assertThat(store.compareAndSetState("s/one", 0, bytes("first"))).isTrue();
    assertThat(store.compareAndSetState("s/one", 0, bytes("x"))).isFalse();
    assertThat(store.compareAndSetState("s/one", 1, bytes(""))).isTrue();
    reopen();
    State state = store.state("s/one").orElseThrow();
    assertThat(state.version()).isEqualTo(2);
    assertThat(state.bytes()).isEmpty();
    assertThat(store.compareAndSetState("s/one", 2, bytes("third"))).isTrue();
    assertThat(store.state("s/one").orElseThrow().bytes()).isEqualTo(bytes("third"));
    assertThat(store.state("s/two")).isEmpty();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void racingWritersOfAStateLoseNoChange() throws Exception {
    int threads = 8;
    int each = 20;
    List<Callable<Void>> writers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      writers.add(
          () -> {
            for (int done = 0; done < each; ) {
              State now = store.state("counter").orElse(new State(0, new byte[4]));
              int next = ByteBuffer.wrap(now.bytes()).getInt() + 1;
              byte[] value = ByteBuffer.allocate(4).putInt(next).array();
              if (store.compareAndSetState("counter", now.version(), value)) {
                done++;
              }
            }
            return null;
          });
    }
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> writer : executor.invokeAll(writers)) {
        writer.get();
      }
    }
    State last = store.state("counter").orElseThrow();
    assertThat(last.version()).isEqualTo((long) threads * each);
    assertThat(ByteBuffer.wrap(last.bytes()).getInt()).isEqualTo(threads * each);
  }

  @Test
  void statesMayBeAsLargeAsTheLimitSays() throws Exception {
    byte[] largest = new byte[BlobStore.MAX_STATE_BYTES];
    new Random(3).nextBytes(largest);
    assertThat(store.compareAndSetState("large", 0, largest)).isTrue();
    assertThat(store.state("large").orElseThrow().bytes()).isEqualTo(largest);
    assertThatThrownBy(() -> store.compareAndSetState("large", 1, new byte[largest.length + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aClosedStoreRefuses() throws Exception {
    put("a", "x");
    store.close();
    store.close();
    assertThatThrownBy(() -> put("b", "x")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.open("a")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.state("a")).isInstanceOf(IOException.class);
  }
}
