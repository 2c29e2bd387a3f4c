package dev.indelible.server.deliver;

import java.nio.file.Path;
import java.util.Map;

/**
 * A file to deliver.
 *
 * @param id the same at every attempt: a receiver that takes it twice can tell
 * @param fileName its name, in letters that every file system takes
 * @param mediaType of the file
 * @param file where it is; it does not change while it is delivered
 * @param sizeBytes its length
 * @param sha256 its hash, in hex
 * @param about what it is, for people and programs: {@code tenant}, {@code schedule}, {@code
 *     window} and the like
 */
public record Parcel(
    String id,
    String fileName,
    String mediaType,
    Path file,
    long sizeBytes,
    String sha256,
    Map<String, String> about) {

  public Parcel {
    about = Map.copyOf(about);
  }
}
