package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.terminal.Terminal;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code profile}: how one comes to a profile of one's own. */
class ProfileCommandTest {

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String argument) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.commandLine(
            new Terminal(
                InputStream.nullInputStream(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false,
                false,
                Map.of()))
        .execute("profile", argument);
  }

  @Test
  void aPrintedProfileIsCopiedChangedAndChecked() throws Exception {
    assertThat(run("msp")).isEqualTo(ExitCode.DONE);
    String msp = out.toString();
    assertThat(msp).contains("name: msp", "rule_fired");
    Path file = directory.resolve("bakery.yaml");
    Files.writeString(file, msp.replace("name: msp", "name: bakery"));
    assertThat(run(file.toString())).as(err.toString()).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("the profile bakery with ");
    Files.writeString(
        file,
        msp.replace("name: msp", "name: bakery")
            .replace("verb: login", "verb: bake")
            .replace("query: \"category:admin_changes\"", "query: \"category:(\""));
    assertThat(run(file.toString())).isEqualTo(ExitCode.PARTLY);
    assertThat(err.toString())
        .contains("bakery.yaml line ", "\"bake\" is no verb", "is no query")
        .hasLineCount(4);
  }

  @Test
  void aCopyThatWasOnlyRenamedIsToldTheLineToChange() throws Exception {
    run("standard");
    Path file = directory.resolve("bakery.yaml");
    String copy = out.toString();
    Files.writeString(file, copy);
    assertThat(run(file.toString())).isEqualTo(ExitCode.PARTLY);
    assertThat(err.toString()).contains("comes with the program", "name: bakery");
    Files.writeString(file, copy.replace("name: standard", "name: bakery"));
    assertThat(run(file.toString())).as(err.toString()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void whatIsNeitherProfileNorFileIsSaid() {
    assertThat(run("nonsense")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("standard, rapidesq, inbox");
    assertThat(run(directory.resolve("none.yaml").toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("cannot be read");
  }
}
