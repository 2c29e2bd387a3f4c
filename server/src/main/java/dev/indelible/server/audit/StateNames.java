package dev.indelible.server.audit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The names of the states that a directory holds, while a server may be writing them: the file that
 * a new version is written to is renamed at the end, and may be gone when it is looked at.
 */
final class StateNames {

  private StateNames() {}

  /**
   * The names, in order.
   *
   * @throws IOException when the directory is missing or cannot be read
   */
  static List<String> of(Path states) throws IOException {
    List<String> names = new ArrayList<>();
    Files.walkFileTree(
        states,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !file.getFileName().toString().startsWith(".")) {
              names.add(states.relativize(file).toString().replace('\\', '/'));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException && !file.equals(states)) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    Collections.sort(names);
    return names;
  }
}
