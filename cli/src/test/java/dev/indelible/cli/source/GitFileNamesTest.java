package dev.indelible.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Mapping;
import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.EventDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Names that git keeps and an event's targets cannot. */
class GitFileNamesTest {

  @TempDir private Path repository = Path.of(".");

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/git")), "git is not installed");
    git("init", "-q", "-b", "main");
  }

  @Test
  void aTabOrALineBreakCostsTheTargetAndNotTheCommit() throws Exception {
    Files.writeString(repository.resolve("tab\there"), "1\n");
    Files.writeString(repository.resolve("1\t1\tno\nname\n"), "2\n");
    Files.writeString(repository.resolve("plain"), "3\n");
    commit("tabs", "Ana <ana@example.test>");
    ObjectNode event = event(read().getFirst());
    assertThat(
            event
                .path("targets")
                .valueStream()
                .filter(target -> target.path("type").asString().equals("file"))
                .map(target -> target.path("id").asString()))
        .containsExactly("plain");
    assertThat(event.at("/details/files").valueStream().map(file -> file.path("path").asString("")))
        .containsExactly("1\t1\tno\nname\n", "", "tab\there");
  }

  @Test
  void bytesThatAreNoTextAreKept() throws Exception {
    Files.writeString(repository.resolve("x"), "1\n");
    commit("x", "Ana <ana@example.test>");
    // A tree whose one file has a name in Latin-1, which no path of Java can.
    String blob = said("hash-object", "x").strip();
    Path listing = Files.createTempFile("tree", ".txt");
    byte[] line = ("100644 blob " + blob + "\tcaf\u00e9").getBytes(StandardCharsets.ISO_8859_1);
    Files.write(listing, line);
    String tree = said(listing, "mktree").strip();
    Files.delete(listing);
    String made = said("commit-tree", tree, "-p", "HEAD", "-m", "latin").strip();
    said("update-ref", "HEAD", made);
    JsonNode commit = read().getLast();
    assertThat(commit.at("/files/0/path_base64").asString()).isEqualTo("Y2Fm6Q==");
    assertThat(commit.at("/files/0/path").isMissingNode()).isTrue();
    assertThat(event(commit).at("/details/files/0/path_base64").asString()).isEqualTo("Y2Fm6Q==");
  }

  @Test
  void aBotIsNoPerson() throws Exception {
    Files.writeString(repository.resolve("x"), "1\n");
    commit("bump", "renovate[bot] <29139614+renovate[bot]@users.noreply.example.test>");
    assertThat(event(read().getFirst()).at("/actor/type").asString()).isEqualTo("api_client");
  }

  private static ObjectNode event(JsonNode commit) {
    Mapping mapping = new Mapper(LogMap.builtIn(LogMap.GIT).orElseThrow()).map(commit).getFirst();
    assertThat(mapping).isInstanceOf(Mapping.Mapped.class);
    ObjectNode event = ((Mapping.Mapped) mapping).event();
    byte[] sent = event.toString().getBytes(StandardCharsets.UTF_8);
    assertThat(new EventDecoder().decode(sent, 0, sent.length))
        .as("%s", event)
        .isInstanceOf(Decoding.Decoded.class);
    return event;
  }

  private List<JsonNode> read() throws IOException {
    List<JsonNode> commits = new ArrayList<>();
    try (GitSource source = new GitSource(repository)) {
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        assertThat(record).isInstanceOf(Parsed.class);
        commits.add(((Parsed) record).tree());
      }
    }
    return commits;
  }

  private void commit(String subject, String author) throws Exception {
    git("add", "-A");
    git("commit", "-q", "--author", author, "-m", subject);
  }

  private void git(String... arguments) throws Exception {
    assertThat(process(arguments).inheritIO().start().waitFor()).isZero();
  }

  private String said(String... arguments) throws Exception {
    return said(Path.of("/dev/null"), arguments);
  }

  private String said(Path input, String... arguments) throws Exception {
    Process git =
        process(arguments)
            .redirectInput(input.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).isZero();
    return said;
  }

  private ProcessBuilder process(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of("-c", "user.name=C", "-c", "user.email=c@example.test"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("GIT_COMMITTER_DATE", "2026-01-02T03:04:05+00:00");
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    return builder;
  }
}
