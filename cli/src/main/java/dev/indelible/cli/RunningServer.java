package dev.indelible.cli;

import dev.indelible.server.ConfigurationException;
import dev.indelible.server.IndelibleServer;
import dev.indelible.server.ServerConfig;
import dev.indelible.server.Setting;
import dev.indelible.server.Settings;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server in this process, until the process is told to end. */
final class RunningServer {

  private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);

  private final IndelibleServer server;
  private final ServerConfig config;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private RunningServer(IndelibleServer server, ServerConfig config) {
    this.server = server;
    this.config = config;
  }

  /** Starts it, and has it stopped when the process is told to end. */
  static RunningServer start(Settings settings) throws InterruptedException {
    try {
      if (settings.choice(Setting.LOG_FORMAT, List.of("text", "json")).equals("json")) {
        ProgramLog.writeJson();
      }
      // A thread that ends by a defect says so where everything else is said.
      Thread.setDefaultUncaughtExceptionHandler(
          (thread, failure) -> LOG.error("thread {} ended", thread.getName(), failure));
      ServerConfig config = ServerConfig.of(settings);
      RunningServer running = new RunningServer(IndelibleServer.start(config), config);
      Runtime.getRuntime().addShutdownHook(new Thread(running::stop, "shutdown"));
      return running;
    } catch (ConfigurationException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, "the server cannot start: " + e.getMessage());
    }
  }

  IndelibleServer server() {
    return server;
  }

  String address() {
    String host = config.http().host();
    return (config.http().tls() == null ? "http://" : "https://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + server.port();
  }

  /** Returns when it has stopped. */
  void await() throws InterruptedException {
    stopped.await();
  }

  /** Stops it; a second call does nothing. */
  synchronized void stop() {
    if (stopped.getCount() > 0) {
      server.close();
      stopped.countDown();
    }
  }
}
