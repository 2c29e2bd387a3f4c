package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code train}: what the start-up cache is recorded from. */
class TrainTest {

  @TempDir private Path folder;

  @Test
  @Tag("long")
  void aServerIsStartedAndAskedAndNothingOfItStays() throws IOException {
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintWriter(new StringWriter(), true),
            new PrintWriter(err, true),
            false,
            false,
            Map.of());
    assertThat(Main.commandLine(terminal).getSubcommands()).containsKey("train");
    int code =
        new CommandLine(new Train(terminal, folder))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute("server");
    assertThat(code).as(err.toString()).isEqualTo(ExitCode.DONE);
    assertThat(err.toString()).isEmpty();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }
}
