package dev.indelible.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The source files of all modules, for tests of how they are written. */
final class SourceFiles {

  /** Folder of the modules. */
  static final Path ROOT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

  private SourceFiles() {}

  /** Java files of the program. */
  static List<Path> ofTheProgram() throws IOException {
    return below(List.of("src/main/java"), List.of(".java"));
  }

  /** Java and TypeScript files of tests, the contracts of ports among them. */
  static List<Path> ofTests() throws IOException {
    List<Path> tests = below(List.of("src/test", "test"), List.of(".java", ".ts"));
    addFiles(ROOT.resolve("ports-testing/src/main/java"), List.of(".java"), tests);
    return tests;
  }

  /** A file's name from {@link #ROOT}, with slashes. */
  static String name(Path file) {
    return ROOT.relativize(file).toString().replace('\\', '/');
  }

  /** Files in these folders of every module whose names end so, sorted within a folder. */
  private static List<Path> below(List<String> folders, List<String> endings) throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.sorted().toList()) {
        for (String folder : folders) {
          Path start = module.resolve(folder);
          if (Files.isDirectory(start)) {
            addFiles(start, endings, sources);
          }
        }
      }
    }
    return sources;
  }

  private static void addFiles(Path start, List<String> endings, List<Path> sources)
      throws IOException {
    try (Stream<Path> files = Files.walk(start)) {
      files
          .filter(file -> endings.stream().anyMatch(file.toString()::endsWith))
          .sorted()
          .forEach(sources::add);
    }
  }
}
