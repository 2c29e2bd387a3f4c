package dev.indelible.server.query;

import dev.indelible.verify.Sha256;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Position at which a page ended and the next one begins: the place of its last entry, so that
 * entries which arrive meanwhile neither shift nor double anything. In an order by occurrence one
 * that arrives meanwhile may belong before it, and is then on no page that follows.
 *
 * <p>The token is opaque to callers: base64url without padding of
 *
 * <pre>
 * version (1) | order (1) | seq (8, big endian) | as of (8, ms since the epoch) | query (16)
 * </pre>
 *
 * and, in an order by occurrence, the time of the place (8, ms since the epoch) behind {@code seq};
 * where {@code query} is the beginning of SHA-256 over tenant, order and the whole restricted
 * filter. To go on: {@link #decode}, parse the query with {@link #asOf} as its now (so that {@code
 * after:-7d} means what it meant on the first page), and ask {@link #belongsTo}.
 *
 * @param place the place of the last entry of the page before
 * @param order the order of the pages
 * @param asOf the now of the first page, to the millisecond
 * @param query the digest of the query it belongs to, as hexadecimal digits
 */
public record Cursor(Place place, Order order, Instant asOf, String query) {

  private static final byte VERSION = 1;
  private static final int QUERY_BYTES = 16;
  private static final int BYTES = 1 + 1 + Long.BYTES + Long.BYTES + QUERY_BYTES;

  /** A cursor behind {@code place} for {@code filter} as {@code scope} restricts it. */
  public static Cursor after(
      Place place, Order order, Instant asOf, TenantScope scope, Filter filter) {
    Instant millis = Instant.ofEpochMilli(asOf.toEpochMilli());
    return new Cursor(place, order, millis, hash(order, scope, filter));
  }

  /** Whether it was made for this very query, order and scope. */
  public boolean belongsTo(Order order, TenantScope scope, Filter filter) {
    return this.order == order && query.equals(hash(order, scope, filter));
  }

  /** The token. */
  public String encode() {
    ByteBuffer bytes = ByteBuffer.allocate(bytes(order));
    bytes.put(VERSION).put(code(order)).putLong(place.seq());
    if (order.isByOccurrence()) {
      bytes.putLong(place.millis());
    }
    bytes.putLong(asOf.toEpochMilli());
    bytes.put(HexFormat.of().parseHex(query));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /** Reads a token back; nothing unless it is, letter by letter, one that {@link #encode} makes. */
  public static Optional<Cursor> decode(String token) {
    byte[] decoded;
    try {
      decoded = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    Optional<Order> known = decoded.length < 2 ? Optional.empty() : order(decoded[1]);
    if (known.isEmpty() || decoded[0] != VERSION || decoded.length != bytes(known.get())) {
      return Optional.empty();
    }
    Order order = known.get();
    ByteBuffer bytes = ByteBuffer.wrap(decoded, 2, decoded.length - 2);
    long seq = bytes.getLong();
    Place place = order.isByOccurrence() ? new Place(bytes.getLong(), seq) : Place.ofSeq(seq);
    Instant asOf = Instant.ofEpochMilli(bytes.getLong());
    if (seq < 0) {
      return Optional.empty();
    }
    byte[] query = Arrays.copyOfRange(decoded, decoded.length - QUERY_BYTES, decoded.length);
    Cursor cursor = new Cursor(place, order, asOf, HexFormat.of().formatHex(query));
    return cursor.encode().equals(token) ? Optional.of(cursor) : Optional.empty();
  }

  private static int bytes(Order order) {
    return order.isByOccurrence() ? BYTES + Long.BYTES : BYTES;
  }

  private static byte code(Order order) {
    return switch (order) {
      case NEWEST_FIRST -> 'n';
      case OLDEST_FIRST -> 'o';
      case LATEST_OCCURRED_FIRST -> 'l';
      case EARLIEST_OCCURRED_FIRST -> 'e';
    };
  }

  private static Optional<Order> order(byte code) {
    return Arrays.stream(Order.values()).filter(order -> code(order) == code).findFirst();
  }

  private static String hash(Order order, TenantScope scope, Filter filter) {
    // A newline cannot be part of a tenant's name, so nothing can slide from one part to the next.
    String what = scope.tenant() + "\n" + order + "\n" + scope.restrict(filter).toQuery();
    return HexFormat.of().formatHex(Sha256.of(what), 0, QUERY_BYTES);
  }
}
