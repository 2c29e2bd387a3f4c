package dev.indelible.server.evidence.pack;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Packs made anew from changed files, with a manifest that fits: by somebody who has no key. */
public final class RebuiltPack {

  private RebuiltPack() {}

  /** The files of a pack but its manifest, in their order. */
  public static Map<String, byte[]> files(byte[] pack) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(pack))) {
      ZipEntry entry;
      while ((entry = zip.getNextEntry()) != null) {
        if (!entry.getName().equals("manifest.json")) {
          files.put(entry.getName(), zip.readAllBytes());
        }
      }
    }
    return files;
  }

  /** A pack of files; {@code folder} is nobody else's. */
  public static byte[] of(Map<String, byte[]> files, Path folder) throws IOException {
    List<SpoolFile.Complete> complete = new ArrayList<>();
    for (Map.Entry<String, byte[]> one : files.entrySet()) {
      Path spool = Files.createTempFile(folder, "spool-", "");
      try (SpoolFile file = new SpoolFile(one.getKey(), spool)) {
        file.write(one.getValue());
        complete.add(file.complete());
      }
    }
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    var _ = PackZipFile.write(complete, Instant.EPOCH, zip);
    return zip.toByteArray();
  }
}
