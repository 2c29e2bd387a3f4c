package dev.indelible.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateNamesTest {

  /** So many that some vanish between the moments when they are listed and looked at. */
  private static final int WRITTEN_AT_ONCE = 50;

  private static final int ROUNDS = 200;

  @TempDir private Path states;

  @Test
  void namesHaveTheirFoldersAndWhatIsBeingWrittenHasNone() throws Exception {
    Files.createDirectories(states.resolve("tenants/acme"));
    Files.createFile(states.resolve("log"));
    Files.createFile(states.resolve("tenants/acme/purge"));
    Files.createFile(states.resolve("tenants/acme/.purge.new"));
    assertThat(StateNames.of(states)).containsExactly("log", "tenants/acme/purge");
  }

  @Test
  void whatIsWrittenMeanwhileIsNoFault() throws Exception {
    Files.createFile(states.resolve("log"));
    try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
      Future<?> written =
          writer.submit(
              () -> {
                for (int round = 0; round < ROUNDS; round++) {
                  for (int i = 0; i < WRITTEN_AT_ONCE; i++) {
                    Files.createFile(states.resolve("." + i + ".new"));
                  }
                  for (int i = 0; i < WRITTEN_AT_ONCE; i++) {
                    Files.delete(states.resolve("." + i + ".new"));
                  }
                }
                return null;
              });
      while (!written.isDone()) {
        assertThat(StateNames.of(states)).containsExactly("log");
      }
      Eventually.done("the writer", written);
    }
  }

  @Test
  void aDirectoryThatIsMissingIsAFault() {
    Path missing = states.resolve("none");
    assertThatThrownBy(() -> StateNames.of(missing)).isInstanceOf(NoSuchFileException.class);
  }
}
