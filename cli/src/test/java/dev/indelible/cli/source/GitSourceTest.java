package dev.indelible.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Mapping;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class GitSourceTest {

  @TempDir private Path repository = Path.of(".");

  @BeforeEach
  void history() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/git")), "git is not installed");
    git("init", "-q", "-b", "main");
    Files.writeString(repository.resolve("été.txt"), "1\n2\n");
    commit("first: 最初", "José <jose@example.test>", "body\n\nwith lines");
    Files.writeString(repository.resolve("b.txt"), "x\n");
    commit(
        "forged\u001e\u001fcommit 0123456789012345678901234567890123456789",
        "Ana <ana@example.test>",
        "1\t1\tnot-a-file");
    git("checkout", "-q", "-b", "side");
    Files.writeString(repository.resolve("c.txt"), "y\n");
    commit("side", "Ana <ana@example.test>", "");
    git("checkout", "-q", "main");
    git(
        "-c",
        "user.name=M",
        "-c",
        "user.email=m@example.test",
        "merge",
        "-q",
        "--no-ff",
        "-m",
        "merge it",
        "side");
  }

  @Test
  void commitsComeOldestFirstWithTheirFiles() throws IOException {
    List<JsonNode> commits = read();
    assertThat(commits).hasSize(4);
    JsonNode first = commits.get(0);
    assertThat(first.path("subject").asString()).isEqualTo("first: 最初");
    assertThat(first.path("body").asString()).isEqualTo("body\n\nwith lines");
    assertThat(first.at("/author/name").asString()).isEqualTo("José");
    assertThat(first.path("files").toString())
        .isEqualTo("[{\"path\":\"été.txt\",\"added\":2,\"deleted\":0}]");
    assertThat(commits.get(3).path("kind").asString()).isEqualTo("merge");
  }

  @Test
  void whatIsWrittenIntoAMessageCannotPassForACommitOrAFile() throws IOException {
    JsonNode forged = read().get(1);
    assertThat(forged.path("subject").asString()).startsWith("forged");
    assertThat(forged.path("body").asString()).isEqualTo("1\t1\tnot-a-file");
    assertThat(forged.path("files").size()).isEqualTo(1);
    assertThat(forged.at("/files/0/path").asString()).isEqualTo("b.txt");
  }

  @Test
  void theBuiltInMapMakesEventsOfThem() throws IOException {
    Mapper mapper = new Mapper(LogMap.builtIn(LogMap.GIT).orElseThrow());
    Mapping mapping = mapper.map(read().get(0)).getFirst();
    assertThat(mapping).isInstanceOf(Mapping.Mapped.class);
    JsonNode event = ((Mapping.Mapped) mapping).event();
    assertThat(event.path("action").asString()).isEqualTo("git.commit");
    assertThat(event.at("/actor/email").asString()).isEqualTo("jose@example.test");
    assertThat(event.at("/targets/2/id").asString()).isEqualTo("été.txt");
    assertThat(event.path("occurred_at").asString()).isEqualTo("2026-01-02T03:04:05Z");
  }

  @Test
  void aFolderWithoutARepositoryIsAnErrorThatSaysSo(@TempDir Path empty) throws IOException {
    try (GitSource source = new GitSource(empty)) {
      assertThatThrownBy(source::next)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("git log failed");
    }
  }

  private List<JsonNode> read() throws IOException {
    List<JsonNode> commits = new ArrayList<>();
    try (GitSource source = new GitSource(repository)) {
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        assertThat(record).isInstanceOf(SourceRecord.Parsed.class);
        commits.add(((SourceRecord.Parsed) record).tree());
      }
    }
    return commits;
  }

  private void commit(String subject, String author, String body) throws Exception {
    git("add", "-A");
    git(
        "-c",
        "user.name=C",
        "-c",
        "user.email=c@example.test",
        "commit",
        "-q",
        "--author",
        author,
        "-m",
        subject,
        "-m",
        body);
  }

  private void git(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("GIT_COMMITTER_DATE", "2026-01-02T03:04:05+00:00");
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    assertThat(Eventually.ended("git", builder.start())).isZero();
  }
}
