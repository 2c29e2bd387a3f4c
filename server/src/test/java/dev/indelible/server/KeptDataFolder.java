package dev.indelible.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Data folders of earlier builds, kept as archives beside the tests. */
final class KeptDataFolder {

  private KeptDataFolder() {}

  /** Puts the files of an archive into a folder; keys can be read by their owner alone. */
  static void unzip(String archive, Path directory) throws IOException {
    try (InputStream resource =
            requireNonNull(KeptDataFolder.class.getResourceAsStream(archive), archive);
        ZipInputStream zip = new ZipInputStream(resource)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = directory.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(requireNonNull(file.getParent()));
        Files.copy(zip, file);
        if (file.toString().endsWith(".key")) {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
      }
    }
  }
}
