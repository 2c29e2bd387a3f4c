package dev.indelible.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.Position;
import dev.indelible.ports.testing.InMemoryBlobStore;
import dev.indelible.server.run.RunCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who owns a log, and what becomes of runs that its manifest does not name. */
class LogStateTest {

  private final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private final RunCache cache = new RunCache(1 << 20);

  @AfterEach
  void close() {
    cache.close();
  }

  private LogState open() throws IOException {
    return LogState.open(blobs, new SealedRun.Opener(blobs, cache), 0);
  }

  private void put(String name) throws IOException {
    assertThat(blobs.putIfAbsent(name, out -> out.write(1))).isTrue();
  }

  private static void sealNothing(LogState state) throws Exception {
    state.freeze(0);
    state.sealedEmpty(state.oldestFrozen(0, () -> true).orElseThrow());
  }

  @Test
  void noTwoOwnersGiveARunTheSameName() throws Exception {
    LogState first = open();
    List<String> names = List.of(first.nextRunName(), first.nextRunName());
    LogState second = open();
    assertThat(names)
        .containsExactly("run/00000001-000000.run", "run/00000001-000001.run")
        .doesNotContain(second.nextRunName(), second.nextRunName());
  }

  @Test
  void whoseLogWasTakenOverChangesTheManifestNoMore() throws Exception {
    LogState first = open();
    first.own();
    sealNothing(first);
    LogState reading = open();
    sealNothing(first);
    assertThat(reading.sealedThrough())
        .as("reading does not take it over")
        .isEqualTo(first.sealedThrough());
    LogState second = open();
    second.own();
    assertThatThrownBy(() -> sealNothing(first))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another process");
    sealNothing(second);
  }

  @Test
  void runsThatNobodyCanNameAnyMoreAreDeletedAndThoseOfLaterOwnersAreNot() throws Exception {
    put("run/000000000007.run"); // of a build before there were owners
    LogState first = open();
    String left = first.nextRunName();
    assertThat(blobs.list("run/")).as("taken over before a run is named").isEmpty();
    put(left);
    put("run/00000009-000000.run");
    LogState second = open();
    assertThat(blobs.list("run/")).as("it is only read").hasSize(2);
    second.own();
    assertThat(blobs.list("run/")).containsExactly("run/00000009-000000.run");
    String own = second.nextRunName();
    put(own);
    second.own();
    assertThat(blobs.list("run/")).as("its own are under way").contains(own);
  }

  @Test
  void aLogThatCouldNotBeTakenOverIsLaterAndItsLeftoversGo() throws Exception {
    LogState first = open();
    String left = first.nextRunName();
    put(left);
    LogState second = open();
    blobs.failNextChange(new IOException("no room"));
    assertThatThrownBy(second::own).hasMessage("no room");
    assertThat(second.nextRunName()).isEqualTo("run/00000002-000000.run");
    assertThat(blobs.list("run/")).isEmpty();
  }

  @Test
  void aManifestOfTheBuildBeforeIsReadAndALaterOneRefused() {
    String before =
        "{\"v\":1,\"sealed_through\":7,\"next_run\":3,\"runs\":[\"run/000000000002.run\"]}";
    Manifest manifest = Manifest.decode(before.getBytes(StandardCharsets.UTF_8));
    assertThat(manifest)
        .isEqualTo(new Manifest(List.of("run/000000000002.run"), new Position(7), 0));
    assertThat(Manifest.decode(manifest.ownedBy(4).encode())).isEqualTo(manifest.ownedBy(4));
    assertThatThrownBy(
            () -> Manifest.decode(before.replace("1,", "3,").getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("this program reads 1 to 2");
  }
}
