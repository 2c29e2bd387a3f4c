package dev.indelible.systemtests.browser;

import dev.indelible.systemtests.ServerProcess;
import dev.indelible.testing.Eventually;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The demonstration's server, one for all tests.
 *
 * <p>Of its six tenants tests only read, and what they find there is what the story told: entries
 * that are newer may come at any time, because that somebody verified or exported something is an
 * entry too. Whoever records or changes something makes a tenant for it. Thread-safe.
 */
final class Demonstration implements AutoCloseable {

  private static final Pattern TAMPERED =
      Pattern.compile("indelible verify (\\S+-tampered\\.ndjson)");

  private final ServerProcess server;
  private final Path data;
  private final String key;
  private @Nullable String session;
  private final AtomicInteger tenants = new AtomicInteger();

  private Demonstration(ServerProcess server, Path data) throws IOException {
    this.server = server;
    this.data = data;
    this.key = Files.readString(data.resolve("data").resolve("operator.key")).strip();
  }

  /** Starts it and waits until its story is told. */
  static Demonstration start() {
    try {
      Path data = Files.createTempDirectory("indelible-browser");
      ServerProcess server = ServerProcess.demo(data.resolve("data"));
      Demonstration started = new Demonstration(server, data);
      boolean told = false;
      try {
        Eventually.see(
            "the demonstration's story",
            server::output,
            said -> said.contains("Ctrl-C ends the demonstration"));
        Events.awaitIndexed(started);
        told = true;
        return started;
      } finally {
        if (!told) {
          started.close();
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  String address() {
    return server.address().toString().replaceAll("/$", "");
  }

  /** The operator's key. */
  String key() {
    return key;
  }

  /** The cookie of a session of the operator's, which nobody may end. */
  synchronized String session() {
    String known = session;
    if (known == null) {
      known = Events.signIn(address(), key);
      session = known;
    }
    return known;
  }

  /** Output of the demonstration once it was ready. */
  String greeting() throws IOException {
    return server.output();
  }

  /** The copy of the tenant's log in which the demonstration altered an entry. */
  Path tamperedCopy() throws IOException {
    String greeting = greeting();
    Matcher matcher = TAMPERED.matcher(greeting);
    if (!matcher.find()) {
      throw new AssertionError(greeting);
    }
    return Path.of(matcher.group(1));
  }

  /** Runs the program with the demonstration's address and key; what it printed, by lines. */
  List<String> run(String... arguments) throws IOException, InterruptedException {
    return ServerProcess.run(Map.of("INDELIBLE_URL", address(), "INDELIBLE_KEY", key), arguments);
  }

  /** A number that no other tenant has in its id. */
  int nextTenant() {
    return tenants.incrementAndGet();
  }

  @Override
  public void close() {
    server.close();
    try (Stream<Path> files = Files.walk(data)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
