package dev.indelible.cli;

import dev.indelible.cli.pull.PullException;
import dev.indelible.cli.pull.PullState;
import dev.indelible.cli.pull.PulledLog;
import dev.indelible.cli.pull.Puller;
import dev.indelible.cli.pull.Waiting;
import dev.indelible.cli.pull.Window;
import dev.indelible.cli.send.Preparation;
import dev.indelible.cli.send.Sender;
import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RefusedException;
import dev.indelible.client.RetryPolicy;
import dev.indelible.client.UnreachableException;
import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.Mapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One run of {@code pull}: from the options to the exit code. */
final class PullRun {

  private final Terminal terminal;
  private final PullOptions options;
  private final Duration pause;
  private final InstantSource clock = InstantSource.system();

  /** Events and refusals that were told of last. */
  private long told;

  /** Makes the logs of a source. */
  @FunctionalInterface
  interface Logs {
    List<? extends PulledLog> of(Window window, Instant since, Waiting waiting);
  }

  PullRun(Terminal terminal, PullOptions options, Duration pause) {
    this.terminal = terminal;
    this.options = options;
    this.pause = pause;
  }

  /**
   * Pulls.
   *
   * @param mapName the source's own map
   * @param source what the state belongs to, for people
   */
  int run(String mapName, String source, Logs makeLogs) throws IOException, InterruptedException {
    options.check();
    String tenant = options.connection.tenant(terminal);
    LogMap map = Send.map(options.map == null ? mapName : options.map);
    Preparation preparation =
        new Preparation(new Mapper(tenant == null ? map : map.forTenant(tenant)), tenant);
    Duration every = options.pause(pause);
    RetryPolicy retry =
        new RetryPolicy(
            RetryPolicy.DEFAULT.first(), RetryPolicy.DEFAULT.longest(), options.giveUpAfter());
    PullState.Owner owner =
        new PullState.Owner(
            source, options.connection.address(terminal), tenant == null ? "" : tenant);
    try (PullState state = PullState.open(options.state, owner);
        Rejects rejects = new Rejects(options.rejects());
        IndelibleClient client = options.connection.client(terminal, retry, this::remark)) {
      Waiting waiting =
          new Waiting(
              clock,
              new Random(),
              wait -> Thread.sleep(wait.toMillis()),
              this::remark,
              options.giveUpAfter());
      List<? extends PulledLog> logs = makeLogs.of(options.window(), options.since(clock), waiting);
      try {
        Sender sender = new Sender(client, preparation, rejects);
        Puller puller = new Puller(List.copyOf(logs), state, sender, rejects::sync);
        if (options.follow) {
          puller.follow(every, wait -> rest(sender, wait));
        } else {
          puller.round();
        }
        summary(sender);
        return sender.rejected() == 0 ? ExitCode.DONE : ExitCode.PARTLY;
      } finally {
        logs.forEach(PulledLog::close);
      }
    } catch (RefusedException refusal) {
      throw new CommandFailure(
          Answers.exitCode(refusal.status()), String.valueOf(refusal.getMessage()));
    } catch (UnreachableException failure) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(failure.getMessage()));
    } catch (PullException failure) {
      throw new CommandFailure(exitCode(failure), String.valueOf(failure.getMessage()));
    }
  }

  private void rest(Sender sender, Duration wait) throws InterruptedException {
    if (sender.accepted() + sender.rejected() > told) {
      told = sender.accepted() + sender.rejected();
      summary(sender);
    }
    Thread.sleep(wait.toMillis());
  }

  private static int exitCode(PullException failure) {
    return switch (failure.kind()) {
      case WRONG -> ExitCode.USAGE;
      case NOT_ALLOWED -> ExitCode.NOT_ALLOWED;
      case UNAVAILABLE -> ExitCode.UNAVAILABLE;
    };
  }

  private void remark(String text) {
    terminal.err().println(Printable.of(text));
  }

  private void summary(Sender sender) {
    String text = "%,d events recorded".formatted(sender.accepted());
    if (sender.knownBefore() > 0) {
      text += ", %,d of them were there before".formatted(sender.knownBefore());
    }
    if (sender.rejected() > 0) {
      text += ", %,d not: see %s".formatted(sender.rejected(), options.rejects());
    }
    terminal.err().println(text);
  }

  /** Appends what the server refused to a file, since the cursor moves past it. */
  private final class Rejects implements Sender.Report, AutoCloseable {
    private final Path file;
    private @Nullable FileChannel channel;

    Rejects(Path file) {
      this.file = file;
    }

    @Override
    public void rejected(Sender.Refusal refusal) {
      remark(refusal.place() + ": " + refusal.detail() + " (" + refusal.code() + ")");
      ObjectNode line = JsonMapper.shared().createObjectNode();
      line.put("place", refusal.place().toString());
      line.put("code", refusal.code());
      line.put("detail", refusal.detail());
      line.set("record", refusal.record());
      append(JsonMapper.shared().writeValueAsString(line) + "\n");
    }

    private void append(String line) {
      try {
        FileChannel open = channel;
        if (open == null) {
          open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          channel = open;
        }
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          open.write(bytes);
        }
      } catch (IOException e) {
        throw new CommandFailure(ExitCode.USAGE, file + " cannot be written: " + e.getMessage());
      }
    }

    @Override
    public void progress(long accepted, long rejected) {
      // Said after each round.
    }

    void sync() throws IOException {
      if (channel != null) {
        channel.force(true);
      }
    }

    @Override
    public void close() throws IOException {
      if (channel != null) {
        channel.close();
      }
    }
  }
}
