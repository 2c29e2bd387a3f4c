package dev.indelible.server;

import com.github.luben.zstd.ZstdInputStream;
import dev.indelible.testing.LiveFolder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Searches for bytes in the files of a data directory, compressed ones too, and copies a directory
 * as a crash leaves it.
 */
final class RawFiles {

  private RawFiles() {}

  /** How a compressed block of a run begins. */
  private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  /** The files that hold any of the needles, as they are or in a compressed block. */
  static List<String> holding(Path directory, List<byte[]> needles) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : LiveFolder.files(directory)) {
      byte[] bytes;
      try {
        bytes = Files.readAllBytes(file);
      } catch (NoSuchFileException gone) {
        continue;
      }
      if (containsAny(bytes, needles) || containsAnyCompressed(bytes, needles)) {
        found.add(directory.relativize(file).toString());
      }
    }
    return found;
  }

  /**
   * Files and index fields that hold any of the needles, in a directory that no server has open:
   * also fields of the search index in which Lucene's own compression hides them, and files that
   * the index does not know.
   */
  static List<String> holdingAtRest(Path directory, List<byte[]> needles) throws IOException {
    List<String> found = new ArrayList<>(holding(directory, needles));
    try (var generations = Files.list(directory.resolve("index"))) {
      for (Path generation : generations.filter(Files::isDirectory).toList()) {
        found.addAll(IndexTraces.of(generation, value -> containsAny(value, needles)));
      }
    }
    return found;
  }

  private static boolean containsAny(byte[] bytes, List<byte[]> needles) {
    String text = latin1(bytes);
    return needles.stream().anyMatch(needle -> text.contains(latin1(needle)));
  }

  /** Each byte as the character of its number: what the JVM searches fastest. */
  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static boolean containsAnyCompressed(byte[] bytes, List<byte[]> needles) {
    String text = latin1(bytes);
    String magic = latin1(ZSTD_MAGIC);
    for (int at = text.indexOf(magic); at >= 0; at = text.indexOf(magic, at + 1)) {
      if (containsAny(decompressed(bytes, at), needles)) {
        return true;
      }
    }
    return false;
  }

  /** The frame that begins there, or as much of it as can be read. */
  private static byte[] decompressed(byte[] bytes, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var in = new ZstdInputStream(new ByteArrayInputStream(bytes, from, bytes.length - from))) {
      byte[] buffer = new byte[64 * 1024];
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // What follows the frame is no frame, or these four bytes were none.
    }
    return out.toByteArray();
  }

  /** The salts of an entry's parts: in every file that holds a part, and never compressed. */
  static byte[] salt(JsonNode proof, String part) {
    return Base64.getDecoder().decode(proof.path(part).path("salt").asString());
  }
}
