package dev.indelible.server;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Looks for bytes in the raw files of a data directory, and copies one as a crash leaves it. */
final class RawFiles {

  private RawFiles() {}

  /** The files that hold any of the needles. */
  static List<String> holding(Path directory, List<byte[]> needles) throws IOException {
    List<String> found = new ArrayList<>();
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        byte[] bytes;
        try {
          bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException gone) {
          continue;
        }
        for (byte[] needle : needles) {
          if (contains(bytes, needle)) {
            found.add(directory.relativize(file).toString());
            break;
          }
        }
      }
    }
    return found;
  }

  private static boolean contains(byte[] bytes, byte[] needle) {
    for (int i = 0; i <= bytes.length - needle.length; i++) {
      int at = 0;
      while (at < needle.length && bytes[i + at] == needle[at]) {
        at++;
      }
      if (at == needle.length) {
        return true;
      }
    }
    return false;
  }

  /** The salts of an entry's parts: in every file that holds a part, and never compressed. */
  static byte[] salt(JsonNode proof, String part) {
    return Base64.getDecoder().decode(proof.path(part).path("salt").asString());
  }

  /** Copies a directory as it is now; files that vanish meanwhile are left out. */
  static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            try {
              Files.copy(file, to.resolve(from.relativize(file)));
            } catch (NoSuchFileException gone) {
              // As if the crash had come a moment later.
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
  }
}
