package dev.indelible.cli;

import dev.indelible.cli.demo.Story;
import dev.indelible.cli.demo.StoryEvent;
import dev.indelible.cli.demo.StoryTenant;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.Answer;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Request;
import dev.indelible.client.RetryPolicy;
import dev.indelible.server.ConfigurationException;
import dev.indelible.server.Setting;
import dev.indelible.server.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/**
 * Exercise that the JVM runs once while it records its start-up cache: loads the classes that the
 * commands of a kind load when they start. Hidden, called by the launcher; leaves nothing behind.
 */
@Command(name = "train", hidden = true)
final class Train implements Callable<Integer> {

  /** Kind of commands that are to start faster. */
  enum Kind {
    CLIENT,
    SERVER
  }

  private static final int STORY_EVENTS = 400;

  private record Question(String path, Map<String, String> parameters) {}

  private static final List<Question> QUESTIONS =
      List.of(
          new Question("/events", Map.of("q", "outcome:failure")),
          new Question("/events", Map.of("q", "user")),
          new Question("/facets", Map.of("q", "")),
          new Question("/histogram", Map.of("q", "")),
          new Question("/log/key", Map.of()));

  private final Terminal terminal;

  /** Folder in which the server's data folder is made, and deleted. */
  private final Path parent;

  @Parameters(paramLabel = "KIND")
  private Kind kind = Kind.CLIENT;

  Train(Terminal terminal) {
    this(terminal, Path.of(System.getProperty("java.io.tmpdir")));
  }

  Train(Terminal terminal, Path parent) {
    this.terminal = terminal;
    this.parent = parent;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Main.commandLine(terminal).usage(terminal.out(), Help.Ansi.OFF);
    return switch (kind) {
      case CLIENT -> client();
      case SERVER -> server();
    };
  }

  /**
   * A server that starts on an empty folder, records, answers, and starts again on what it kept.
   */
  private int server() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory(parent, "indelible-train");
    try {
      for (int start = 0; start < 2; start++) {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        flags.put(Setting.DATA, data.toString());
        flags.put(Setting.PORT, "0");
        RunningServer running = RunningServer.start(Settings.resolve(flags, Map.of(), null));
        try {
          use(running);
        } finally {
          running.stop();
        }
      }
      return ExitCode.DONE;
    } catch (ConfigurationException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } finally {
      delete(data);
    }
  }

  private void use(RunningServer running) throws IOException {
    String key = Files.readString(running.server().operatorKeyFile()).strip();
    StringBuilder events = new StringBuilder();
    Iterator<StoryEvent> story =
        new Story(Story.DEFAULT_SEED, Instant.now().truncatedTo(ChronoUnit.MILLIS)).iterator();
    for (int i = 0; i < STORY_EVENTS && story.hasNext(); i++) {
      events.append(JsonMapper.shared().writeValueAsString(story.next().event())).append('\n');
    }
    try (IndelibleClient client =
        ConnectionOptions.to(URI.create(running.address()), key)
            .retry(
                new RetryPolicy(
                    Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofSeconds(10)))
            .onWait(terminal.err()::println)
            .build()) {
      for (StoryTenant tenant : StoryTenant.values()) {
        String body =
            "{\"id\":\"%s\",\"profile\":\"%s\"}".formatted(tenant.tenant(), tenant.profile());
        client.post("/v1/tenants", body);
      }
      expect(
          client.send(
              Request.of("POST", "/v1/events")
                  .body(
                      "application/x-ndjson", events.toString().getBytes(StandardCharsets.UTF_8))));
      for (StoryTenant tenant : StoryTenant.values()) {
        for (Question question : QUESTIONS) {
          expect(
              client.get(
                  "/v1/tenants/" + tenant.tenant() + question.path(), question.parameters()));
        }
      }
      expect(client.get("/health/ready"));
      expect(client.get("/metrics"));
    }
  }

  /** A question that is refused trains for nothing. */
  private static void expect(Answer answer) {
    if (answer.status() >= 400) {
      throw new CommandFailure(ExitCode.SOFTWARE, "the training met: " + answer.problem());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A map, the JSON library and an HTTP request that nobody answers. */
  private int client() {
    String record = "{\"_document_id\":\"1\",\"action\":\"a.b\",\"actor\":\"x\"}\n";
    Terminal quiet =
        new Terminal(
            new ByteArrayInputStream(record.getBytes(StandardCharsets.UTF_8)),
            terminal.out(),
            terminal.err(),
            false,
            false,
            Map.of());
    String nowhere = "http://127.0.0.1:1";
    int code =
        Main.commandLine(quiet)
            .execute(
                "send",
                "--map",
                "github",
                "--tenant",
                "train",
                "--server",
                nowhere,
                "--give-up-after",
                "0");
    // Nothing listens there: that it could not be reached is the expected end.
    return code == ExitCode.UNAVAILABLE ? ExitCode.DONE : code;
  }
}
