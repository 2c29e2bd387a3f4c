package dev.indelible.server.deliver;

import dev.indelible.server.event.TenantId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A file to deliver.
 *
 * @param id the same at every attempt: a receiver that takes it twice can tell
 * @param fileName its name, in letters that every file system takes; the same at every attempt
 * @param mediaType of the file
 * @param file where it is; it does not change while it is delivered
 * @param sizeBytes its length
 * @param sha256 its hash, in hex
 * @param about the export that it is
 */
public record Parcel(
    String id,
    String fileName,
    String mediaType,
    Path file,
    long sizeBytes,
    String sha256,
    About about) {

  /** The form of an id, which stands in headers and in names of temporary files. */
  public static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  /** The form of a file's name: neither hidden nor a path. */
  public static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** The form of a media type, which stands in headers. */
  public static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9.+-]+/[a-z0-9.+; =-]+");

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws IllegalArgumentException if a text has not the form that it is to have
   */
  public Parcel {
    if (!ID.matcher(id).matches()
        || !FILE_NAME.matcher(fileName).matches()
        || !MEDIA_TYPE.matcher(mediaType).matches()
        || !SHA_256.matcher(sha256).matches()
        || sizeBytes < 0) {
      throw new IllegalArgumentException("no parcel: " + id + ", " + fileName);
    }
  }

  /**
   * The export that is delivered, for people and programs.
   *
   * @param tenant whose entries
   * @param export the export's id
   * @param schedule the schedule's id
   * @param name the schedule's name
   * @param fromSeq the first sequence number that it is about
   * @param toSeq behind the last
   * @param entries in the file
   * @param madeAt when the file was complete
   */
  public record About(
      TenantId tenant,
      String export,
      String schedule,
      String name,
      long fromSeq,
      long toSeq,
      long entries,
      Instant madeAt) {}
}
