package dev.indelible.cli.send;

import dev.indelible.verify.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The ids of one source's events that have none: {@code file-} and 128 bits of SHA-256.
 *
 * <p>They follow from which source it is (its name and its first record), the record's number in it
 * (8 bytes, big-endian), the event's number in it (4 bytes; none for the first) and the event's
 * JSON. So the same file, or the same file grown at its end or mended in the middle, gives the same
 * ids; two equal lines of one file, or of two files, stay two events; a file that was moved, or
 * lost its beginning, gives new ones. Not thread-safe.
 */
final class LineIds {

  private static final int ID_BYTES = 16;
  private static final long FIRST = 1;

  private final JsonMapper json = new JsonMapper();
  private byte[] source;

  /**
   * @param identity see {@link dev.indelible.cli.source.RecordSource#identity}
   */
  LineIds(String identity) {
    this.source = Sha256.of(identity);
  }

  /** Receives every record before an event is made of it. */
  void see(long ordinal, JsonNode record) {
    if (ordinal == FIRST) {
      MessageDigest sha = Sha256.create();
      sha.update(source);
      source = sha.digest(json.writeValueAsBytes(record));
    }
  }

  /**
   * The id of an event that the record {@code ordinal} became.
   *
   * @param number its number, from 0, among the events of the record
   * @param event its JSON
   */
  String of(long ordinal, int number, byte[] event) {
    MessageDigest sha = Sha256.create();
    sha.update(source);
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, ordinal));
    if (number > 0) {
      sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
    }
    sha.update(event);
    return "file-" + HexFormat.of().formatHex(sha.digest(), 0, ID_BYTES);
  }
}
