package dev.indelible.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One server with no settings of its own, for all tests that send it ordinary requests: started by
 * the first that asks for it, ended after the last test of the run. Each test writes to tenants
 * that no other test names. Thread-safe.
 */
final class SharedServer implements AutoCloseable {

  private static final String STORE_KEY = "server";

  private final Path folder;
  private final ServerProcess process;

  private SharedServer(Path folder, ServerProcess process) {
    this.folder = folder;
    this.process = process;
  }

  /** Finds or starts it for a test class. */
  static final class Extension implements BeforeAllCallback {
    private @Nullable ServerProcess process;

    @Override
    public void beforeAll(ExtensionContext context) {
      process =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.create(SharedServer.class))
              .computeIfAbsent(STORE_KEY, _ -> start(), SharedServer.class)
              .process;
    }

    ServerProcess get() {
      if (process == null) {
        throw new IllegalStateException("not started");
      }
      return process;
    }

    /** Calls with the operator's key. */
    Calls operator() throws IOException {
      return get().operator();
    }
  }

  private static SharedServer start() {
    try {
      Path folder = Files.createTempDirectory("indelible-shared");
      return new SharedServer(folder, ServerProcess.start(folder.resolve("data"), Map.of()));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    process.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
