package dev.indelible.verify;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Data that lies beside the repository and may be absent; what needs it is then skipped. */
final class SharedData {

  private SharedData() {}

  /** A folder of {@code shared/vectors}, or the test is skipped. */
  static Path vectors(String name) {
    Path shared = shared();
    assumeTrue(
        shared != null,
        "no folder shared/vectors beside the repository, and INDELIBLE_SHARED is not set");
    return Objects.requireNonNull(shared).resolve("vectors").resolve(name);
  }

  private static @Nullable Path shared() {
    String given = System.getProperty("INDELIBLE_SHARED", System.getenv("INDELIBLE_SHARED"));
    if (given != null && Files.isDirectory(Path.of(given, "vectors"))) {
      return Path.of(given);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("shared/vectors"))) {
        return at.resolve("shared");
      }
    }
    return null;
  }
}
