package dev.indelible.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.indelible.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A published log is checked by other people's code: the libraries of Go's checksum database, in a
 * small program of src/test/go. Debian's {@code golang-go} and {@code golang-golang-x-mod-dev} have
 * them; {@code ./check --long} installs both.
 */
@Tag("long")
class ForeignToolTest {

  private static final Path LIBRARIES = Path.of("/usr/share/gocode");
  private static final Path PROGRAM = Path.of("src", "test", "go", "tlogcheck.go");

  @TempDir Path directory;

  private record Ended(int code, String output) {}

  @Test
  void whatIsPublishedHoldsForTheLibrariesOfGosChecksumDatabase() throws Exception {
    assumeTrue(
        Files.isDirectory(LIBRARIES.resolve("src/golang.org/x/mod/sumdb/tlog")),
        "golang-golang-x-mod-dev is not installed");
    Path tool = build();
    try (ServerProcess server = ServerProcess.start(directory.resolve("data"), Map.of())) {
      Calls operator = server.operator();
      for (String tenant : List.of("acme", "other")) {
        operator.tenant(tenant, "standard");
        Files.writeString(key(tenant), vkey(operator, tenant));
      }
      record(operator, 0, 300);
      Path older = directory.resolve("older.checkpoint");
      Files.writeString(older, checkpoint(operator, 300));
      record(operator, 300, 2_000);
      String newest = checkpoint(operator, 2_000);
      long size = Long.parseLong(newest.split("\n", 3)[1]);
      Ended holds = run(server, tool, key("acme"), older);
      assertThat(holds.output()).isEqualTo(size + " leaves hold\n");
      assertThat(holds.code()).isZero();
      assertThat(run(server, tool, key("other"), older).code()).isEqualTo(1);
      Files.writeString(older, Files.readString(older).replace("\n30", "\n29"));
      assertThat(run(server, tool, key("acme"), older).code()).isEqualTo(1);
    }
  }

  private Path key(String tenant) {
    return directory.resolve(tenant + ".vkey");
  }

  private static String vkey(Calls operator, String tenant) throws Exception {
    return operator
        .get("/v1/tenants/" + tenant + "/log/key")
        .expect(200)
        .body()
        .lines()
        .findFirst()
        .orElseThrow();
  }

  private static void record(Calls operator, int from, int to) throws Exception {
    for (int first = from; first < to; first += 100) {
      operator
          .record(
              IntStream.range(first, first + 100)
                  .mapToObj(
                      i ->
                          "{\"tenant\":\"acme\",\"id\":\"e%d\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u\"}}"
                              .formatted(i))
                  .collect(Collectors.joining(",", "[", "]")))
          .expect(201);
    }
  }

  /** The first checkpoint of at least so many entries. */
  private static String checkpoint(Calls operator, int entries) {
    return Eventually.see(
        "a checkpoint of " + entries + " entries",
        () -> operator.get("/v1/tenants/acme/log/checkpoint").expect(200).body(),
        note -> Long.parseLong(note.split("\n", 3)[1]) >= entries);
  }

  private Path build() throws Exception {
    Path tool = directory.resolve("tlogcheck");
    Ended built =
        run(
            List.of("go", "build", "-o", tool.toString(), PROGRAM.toString()),
            Map.of(
                "GO111MODULE", "off",
                "GOPATH", LIBRARIES.toString(),
                "GOCACHE", directory.resolve("go-cache").toString()));
    assertThat(built.code()).as(built.output()).isZero();
    return tool;
  }

  private Ended run(ServerProcess server, Path tool, Path key, Path older) throws Exception {
    List<String> command =
        List.of(
            tool.toString(),
            server.address() + "/v1/tenants/acme/log",
            key.toString(),
            older.toString());
    return run(command, Map.of("INDELIBLE_KEY", server.operatorKey()));
  }

  private Ended run(List<String> command, Map<String, String> environment) throws Exception {
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(command))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      int code = Eventually.ended(command.getFirst(), process);
      return new Ended(code, Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }
}
