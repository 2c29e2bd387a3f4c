package dev.indelible.systemtests;

import dev.indelible.testing.Eventually;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A start-up cache for the program: loaded classes, kept by a training run for all later starts, of
 * which the tests have many. It is made by the first that starts the program and lies in {@code
 * target}, named by the JDK, the options and the jars. {@code ./indelible} makes one that knows
 * more and takes half as long again to make, which pays only where a program starts often.
 *
 * <p>The JVM caches only what comes out of jars. Where the class path has folders of classes, which
 * is so until the modules are packaged, and where the training fails or does not end, there is no
 * cache and the program starts as it would without one.
 */
final class StartUpCache {

  private static final Path FOLDER = Path.of("target", "start-up-cache");

  /** Made once in each JVM, when a program is first started. */
  private static final class Holder {
    static final List<String> CLASS_PATH = programClassPath();
    static final List<String> OPTIONS = make();
  }

  private StartUpCache() {}

  /** The class path of the program, without what only tests need. */
  static String classPath() {
    return String.join(File.pathSeparator, Holder.CLASS_PATH);
  }

  /** Options of the JVM that use the cache; none where there is none. */
  static List<String> options() {
    return Holder.OPTIONS;
  }

  private static List<String> programClassPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      boolean ofTests = entry.endsWith("test-classes") || entry.endsWith("-tests.jar");
      if (!ofTests && Files.exists(Path.of(entry))) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static List<String> make() {
    try {
      for (String entry : Holder.CLASS_PATH) {
        if (Files.isDirectory(Path.of(entry))) {
          return List.of();
        }
      }
      Files.createDirectories(FOLDER);
      Path cache = FOLDER.resolve(key() + ".jsa").toAbsolutePath();
      // Two runs of tests may share the folder.
      try (FileChannel channel =
              FileChannel.open(
                  FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        if (!Files.exists(cache)) {
          train(cache);
        }
      }
      // A cache that does not fit is ignored by the JVM; its remarks about that help nobody.
      return Files.size(cache) == 0
          ? List.of()
          : List.of("-XX:SharedArchiveFile=" + cache, "-Xlog:aot=off", "-Xlog:cds=off");
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** Records a cache; an empty file says that it could not be, and is not tried again. */
  private static void train(Path cache) throws IOException, InterruptedException {
    Path made = cache.resolveSibling(cache.getFileName() + ".new");
    Files.deleteIfExists(made);
    List<String> command = new ArrayList<>();
    command.addAll(ServerProcess.java());
    command.addAll(
        List.of(
            "-XX:ArchiveClassesAtExit=" + made,
            "-cp",
            classPath(),
            ServerProcess.MAIN,
            "train",
            "server"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(cache.resolveSibling("training.log").toFile())
            .start();
    try {
      if (isTrained(process) && Files.exists(made)) {
        Files.move(made, cache, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.createFile(cache);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** Where the training takes too long, the program starts as it would without a cache. */
  private static boolean isTrained(Process process) throws InterruptedException {
    try {
      return Eventually.ended("the training", process) == 0;
    } catch (AssertionError e) {
      System.out.println("no start-up cache: " + e.getMessage());
      return false;
    }
  }

  private static String key() throws IOException {
    StringBuilder key = new StringBuilder(Runtime.version().toString());
    key.append(System.getProperty("java.home")).append(ServerProcess.java());
    for (String entry : Holder.CLASS_PATH) {
      Path jar = Path.of(entry);
      key.append('\n').append(entry).append(' ').append(Files.size(jar));
      key.append(' ').append(Files.getLastModifiedTime(jar).toMillis());
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(key.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
