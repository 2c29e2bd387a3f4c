package dev.indelible.server.index;

import dev.indelible.server.query.Order;
import dev.indelible.server.query.Place;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * A filter bound to a scope and to what was visible when it was compiled: all of its answers speak
 * of the same entries, whatever is written meanwhile. Not thread-safe.
 */
public interface CompiledQuery extends AutoCloseable {

  /** The most sequence numbers of one page. */
  int MAX_PAGE = 10_000;

  /** The most values of one facet. */
  int MAX_FACET_VALUES = 1_000;

  /**
   * The places of the next entries in {@code order}.
   *
   * @param beyond the place of the last entry of the page before, itself not answered; {@link
   *     Order#start} for the first page
   * @param limit how many at most, 1 to {@link #MAX_PAGE}
   */
  List<Place> page(Order order, Place beyond, int limit) throws IOException;

  /** The sequence numbers of the first entries in {@code order}. */
  default long[] first(Order order, int limit) throws IOException {
    return page(order, order.start(), limit).stream().mapToLong(Place::seq).toArray();
  }

  /** Number of matching entries. */
  long count() throws IOException;

  /**
   * The most frequent values of each field, with the exact number of entries that have them; equal
   * numbers in the order of the values.
   *
   * @param fields the fields; the answer has one element for each, in this order
   * @param limit how many values at most of each, 1 to {@link #MAX_FACET_VALUES}
   * @param prefix the prefix of values, whatever the case and the accents; empty for all
   */
  List<Facet> facets(List<FacetField> fields, int limit, String prefix) throws IOException;

  /** Numbers of entries that occurred in each of a row of intervals, empty ones included. */
  List<Histogram.Bucket> histogram(Histogram request) throws IOException;

  /**
   * The highest sequence number of any visible entry of the tenant, whatever the filter. As entries
   * are applied in the order of the log, everything up to it that is not removed is visible: this
   * is what {@code indexed_through} may say.
   */
  OptionalLong indexedThrough() throws IOException;

  @Override
  void close() throws IOException;
}
