package dev.indelible.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.Main;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.testing.Eventually;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Logs that nobody here wrote go through {@code send --map} into the server and are found; sent
 * again, they add nothing.
 */
class RealLogsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path SAMPLES = ROOT.resolve("cli/src/test/resources/dev/indelible/cli/map");
  private static final String ALL = "-action:audit.*";

  @RegisterExtension static final SharedServer.Extension SERVER = new SharedServer.Extension();

  @TempDir static Path directory;
  private static Calls operator;

  @BeforeAll
  static void start() throws Exception {
    operator = SERVER.operator();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          github     | github.json     | action:org.update_member changed:permission
          okta       | okta.ndjson     | outcome:failure actor:zoe.dubois@acme.test
          cloudtrail | cloudtrail.json | action:iam.* -outcome:failure
          """)
  void aVendorsLogIsFoundAndSentAgainItAddsNothing(String map, String file, String query)
      throws Exception {
    operator.tenant(map, "standard");
    send(map, map, SAMPLES.resolve(file).toString());
    List<JsonNode> entries = awaitEntries(map, 10);
    assertThat(operator.ids(map, query)).isNotEmpty();
    assertThat(operator.ids(map, query).size()).isLessThan(entries.size());
    assertThatSentAgainItAddsNothing(map, SAMPLES.resolve(file).toString());
  }

  @Test
  @Tag("long")
  void aGitHistoryIsFoundAndSentAgainItAddsNothing() throws Exception {
    Path repository = Files.exists(ROOT.resolve(".git")) ? ROOT : madeRepository();
    int commits = Integer.parseInt(run(repository, "git", "rev-list", "--count", "HEAD").strip());
    String head = run(repository, "git", "rev-parse", "HEAD").strip();
    operator.tenant("git", "standard");
    sendInItsOwnProcess("git", repository);
    List<JsonNode> entries = awaitEntries("git", commits);
    assertThat(entries).hasSize(commits);
    JsonNode newest =
        entries.stream()
            .filter(entry -> entry.path("id").asString().endsWith(":" + head))
            .findFirst()
            .orElseThrow();
    assertThat(operator.ids("git", "actor:" + newest.at("/actor/id").asString()))
        .contains(newest.path("id").asString());
    assertThat(operator.ids("git", "id:\"" + newest.path("id").asString() + "\"")).hasSize(1);
    assertThatSentAgainItAddsNothing("git", repository.toString());
  }

  private static void assertThatSentAgainItAddsNothing(String map, String source) throws Exception {
    List<JsonNode> before = operator.search(map, ALL, "oldest", 1000);
    send(map, map, source);
    // One more is recorded and indexed behind whatever the second sending may have added.
    JsonNode answer =
        operator
            .record(
                "{\"tenant\":\"%s\",\"id\":\"end\",\"action\":\"test.end\",\"actor\":{\"type\":\"system\"}}"
                    .formatted(map))
            .expect(201)
            .json();
    operator.awaitIndexed(map, answer.path("entries").path(0).path("seq").asLong());
    assertThat(operator.search(map, ALL + " -action:test.end", "oldest", 1000)).isEqualTo(before);
  }

  private static List<JsonNode> awaitEntries(String tenant, int atLeast) {
    List<JsonNode> entries =
        Eventually.see(
            atLeast + " entries of " + tenant,
            () -> operator.search(tenant, ALL, "oldest", 1000),
            found -> found.size() >= atLeast);
    assertThat(entries.stream().map(entry -> entry.path("id").asString())).doesNotHaveDuplicates();
    return entries;
  }

  private static void send(String tenant, String map, String source) throws Exception {
    StringWriter said = new StringWriter();
    PrintWriter lines = new PrintWriter(said, true);
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            lines,
            lines,
            false,
            false,
            Map.of("INDELIBLE_KEY", String.valueOf(operator.key())));
    int code = Main.commandLine(terminal).execute(arguments(tenant, map, source));
    assertThat(code).as(said.toString()).isZero();
    assertThat(said.toString()).contains("recorded");
  }

  /**
   * Sends with a program that is started for it, as everybody does; once is enough to see that it
   * is.
   */
  private static void sendInItsOwnProcess(String tenant, Path source) throws Exception {
    List<String> command = ServerProcess.program(arguments(tenant, tenant, source.toString()));
    assertThat(run(directory, command.toArray(String[]::new))).contains("recorded");
  }

  private static String[] arguments(String tenant, String map, String source) {
    String server = operator.address().toString();
    return new String[] {"send", "--server", server, "--tenant", tenant, "--map", map, source};
  }

  /** Runs a program and returns its output, on both streams; it must end well. */
  private static String run(Path where, String... command) throws Exception {
    Path output = Files.createTempFile(directory, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("INDELIBLE_KEY", String.valueOf(operator.key()));
    Process process = builder.start();
    try {
      int code = Eventually.ended(String.join(" ", command), process);
      String said = Files.readString(output, UTF_8);
      assertThat(code).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  private static Path madeRepository() throws Exception {
    Path repository = Files.createDirectory(directory.resolve("made"));
    run(repository, "git", "init", "--quiet");
    for (int i = 0; i < 20; i++) {
      Files.writeString(repository.resolve("file" + i % 3), "line " + i);
      run(repository, "git", "add", ".");
      List<String> commit =
          new ArrayList<>(List.of("git", "-c", "user.name=Zoë", "-c", "user.email=zoe@acme.test"));
      commit.addAll(List.of("commit", "--quiet", "-m", "change " + i));
      run(repository, commit.toArray(String[]::new));
    }
    return repository;
  }
}
