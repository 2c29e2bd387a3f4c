package dev.indelible.cli.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.cli.pull.PullState.Owner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The file that holds how far a log was pulled. */
class PullStateTest {

  private static final Owner OWNER =
      new Owner("okta https://acme.test", "http://127.0.0.1", "acme");

  @TempDir private Path folder = Path.of(".");

  private static ObjectNode cursor(String value) {
    return JsonNodeFactory.instance.objectNode().put("next", value);
  }

  private Path file() {
    return folder.resolve("okta.state");
  }

  @Test
  void aCursorIsThereAfterTheProgramHasEnded() throws Exception {
    try (PullState state = PullState.open(file(), OWNER)) {
      assertThat(state.cursor("log")).isEmpty();
      state.save("log", cursor("a"));
      state.save("other", cursor("b"));
      state.save("log", cursor("c"));
    }
    // What a crash before the renaming leaves.
    Files.writeString(folder.resolve("okta.state.next"), "{\"indel");
    try (PullState state = PullState.open(file(), OWNER)) {
      assertThat(state.cursor("log")).isEqualTo(cursor("c"));
      assertThat(state.cursor("other")).isEqualTo(cursor("b"));
      state.save("log", cursor("d"));
    }
    assertThat(Files.readString(file())).contains("\"d\"");
  }

  @Test
  void itBelongsToOneSourceServerAndTenant() throws Exception {
    try (PullState state = PullState.open(file(), OWNER)) {
      state.save("log", cursor("a"));
    }
    for (Owner other :
        new Owner[] {
          new Owner("github x", OWNER.server(), OWNER.tenant()),
          new Owner(OWNER.source(), "http://other", OWNER.tenant()),
          new Owner(OWNER.source(), OWNER.server(), "globex"),
        }) {
      assertThatThrownBy(() -> PullState.open(file(), other))
          .isInstanceOf(PullException.class)
          .hasMessageContaining("give each its own --state");
    }
    assertThat(Files.readString(file())).contains("\"a\"");
  }

  @Test
  void oneProgramHasItAtATime() throws Exception {
    try (PullState _ = PullState.open(file(), OWNER)) {
      assertThatThrownBy(() -> PullState.open(file(), OWNER))
          .isInstanceOf(PullException.class)
          .hasMessageContaining("in use");
    }
    PullState.open(file(), OWNER).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"indelible_pull\":2,\"cursors\":{}}", "{\"a\":1}"})
  void whatIsNoStateIsLeftAlone(String text) throws Exception {
    Files.writeString(file(), text);
    assertThatThrownBy(() -> PullState.open(file(), OWNER)).isInstanceOf(PullException.class);
    assertThat(file()).hasContent(text);
  }

  @Test
  void aStateThatIsTooLongIsNone() throws Exception {
    Files.writeString(file(), " ".repeat(PullState.MAX_BYTES + 1));
    assertThatThrownBy(() -> PullState.open(file(), OWNER))
        .isInstanceOf(PullException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void anOverlapHasBounds() {
    assertThat(new Window(Window.LEAST).overlap()).isEqualTo(Duration.ofMinutes(1));
    assertThat(new Window(Window.MOST).overlap()).isEqualTo(Duration.ofDays(7));
    for (Duration beyond : new Duration[] {Duration.ZERO, Window.MOST.plusMillis(1)}) {
      assertThatThrownBy(() -> new Window(beyond)).isInstanceOf(PullException.class);
    }
  }
}
