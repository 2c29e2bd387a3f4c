package dev.indelible.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveFolderTest {

  /** So many that some vanish between the moments when they are listed and looked at. */
  private static final int WRITTEN_AT_ONCE = 50;

  private static final int ROUNDS = 200;

  @TempDir private Path folder;

  private Path kept() throws IOException {
    Path live = folder.resolve("live");
    Files.createDirectories(live.resolve("inside"));
    Files.writeString(live.resolve("inside/a"), "12345");
    Files.writeString(live.resolve("b"), "678");
    return live;
  }

  @Test
  void filesAreListedInOrderMeasuredAndCopiedOverOthers() throws IOException {
    Path live = kept();
    assertThat(LiveFolder.files(live)).containsExactly(live.resolve("b"), live.resolve("inside/a"));
    assertThat(LiveFolder.sizeBytes(live)).isEqualTo(8);
    Path copy = Files.createDirectory(folder.resolve("copy"));
    Files.writeString(copy.resolve("b"), "older");
    LiveFolder.copy(live, copy);
    assertThat(copy.resolve("b")).hasContent("678");
    assertThat(copy.resolve("inside/a")).hasContent("12345");
  }

  @Test
  void whatVanishesMeanwhileIsLeftOut() throws Exception {
    Path live = kept();
    try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
      Future<?> written =
          writer.submit(
              () -> {
                for (int round = 0; round < ROUNDS; round++) {
                  for (int i = 0; i < WRITTEN_AT_ONCE; i++) {
                    Files.createFile(live.resolve("inside/" + i + ".new"));
                  }
                  for (int i = 0; i < WRITTEN_AT_ONCE; i++) {
                    Files.delete(live.resolve("inside/" + i + ".new"));
                  }
                }
                return null;
              });
      while (!written.isDone()) {
        assertThat(LiveFolder.files(live)).contains(live.resolve("b"), live.resolve("inside/a"));
        assertThat(LiveFolder.sizeBytes(live)).isEqualTo(8);
        LiveFolder.copy(live, folder.resolve("copy"));
      }
      Eventually.done("the writer", written);
    }
  }
}
