package dev.indelible.server.api.events;

import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.QueryParameters;
import dev.indelible.server.query.Order;
import dev.indelible.server.search.Search;
import java.util.List;

/**
 * Reads what a request searches for from its parameters, the same for pages, counts and exports.
 */
final class Questions {

  private static final List<String> RECORDED_ORDERS = List.of("newest", "oldest");
  private static final List<String> ORDERS = List.of("newest", "oldest", "-occurred", "occurred");

  private Questions() {}

  /** Reads the query: {@code q} within {@code from} and {@code to}, in {@code zone}. */
  static Search.Question question(Exchange exchange) {
    QueryParameters asked = exchange.query();
    return new Search.Question(
        asked.text("q").orElse(""),
        asked.instantUnlessAgo("from").orElse(null),
        asked.instantUnlessAgo("to").orElse(null),
        asked.zone(),
        new Search.Ago(asked.ago("from").orElse(null), asked.ago("to").orElse(null)));
  }

  /** By recording alone, as whatever is to be gone on with later. */
  static Order recordedOrder(Exchange exchange) {
    return order(exchange, RECORDED_ORDERS);
  }

  /** The order that a page is asked for in, by recording or by occurrence. */
  static Order order(Exchange exchange) {
    return order(exchange, ORDERS);
  }

  private static Order order(Exchange exchange, List<String> choices) {
    return switch (exchange.query().choice("order", choices, "newest")) {
      case "oldest" -> Order.OLDEST_FIRST;
      case "-occurred" -> Order.LATEST_OCCURRED_FIRST;
      case "occurred" -> Order.EARLIEST_OCCURRED_FIRST;
      default -> Order.NEWEST_FIRST;
    };
  }
}
