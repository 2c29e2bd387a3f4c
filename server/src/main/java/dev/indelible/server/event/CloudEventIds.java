package dev.indelible.server.event;

import dev.indelible.verify.Sha256;
import java.util.HexFormat;

/**
 * Ids of entries made from CloudEvents. A CloudEvent's id is unique within its source only, an
 * entry's within its tenant, so the entry's id is made of both:
 *
 * <pre>
 * id "@" first 16 bytes of SHA-256(source in UTF-8), 32 lower-case hexadecimal digits
 * </pre>
 *
 * <p>The same CloudEvent always gives the same id, so that sending it again is recognised, and
 * {@code id:} with the CloudEvent's id, an {@code @} and an asterisk finds it whatever its source.
 * An id that would grow beyond {@link EventLimits#MAX_ID_LENGTH} is replaced by its SHA-256 in 64
 * digits; the CloudEvent's own is in the details.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#id">id and
 *     source in CloudEvents 1.0.2</a>
 */
final class CloudEventIds {

  /** Bytes of a source's digest: too many for two sources ever to share them. */
  static final int SOURCE_BYTES = 16;

  /** The longest id that is kept readable, in UTF-16 units. */
  static final int MAX_READABLE_LENGTH = EventLimits.MAX_ID_LENGTH - 1 - 2 * SOURCE_BYTES;

  private static final HexFormat HEX = HexFormat.of();

  private CloudEventIds() {}

  /** The id of the entry that the CloudEvent of this source and id becomes. */
  static String entryId(String source, String id) {
    String readable = id.length() <= MAX_READABLE_LENGTH ? id : HEX.formatHex(Sha256.of(id));
    return readable + "@" + HEX.formatHex(Sha256.of(source), 0, SOURCE_BYTES);
  }
}
