package dev.indelible.server.api;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.ProgramState;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Health and metrics. */
final class SystemRoutes {

  private final Callers callers;
  private final ProgramState state;

  SystemRoutes(Callers callers, ProgramState state) {
    this.callers = callers;
    this.state = state;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/health/live", "getLiveness", SystemRoutes::ok),
        new Route("GET", "/health/ready", "getReadiness", this::ready),
        new Route("GET", "/metrics", "getMetrics", this::metrics));
  }

  private static void ok(Exchange exchange) throws IOException {
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("status", "ok");
          json.writeEndObject();
        });
  }

  private void ready(Exchange exchange) throws IOException {
    Optional<String> impairment = state.impairment();
    if (impairment.isPresent()) {
      throw ProblemException.unavailable("not_ready", impairment.get(), Duration.ofSeconds(5));
    }
    List<String> warnings = state.warnings();
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("status", "ok");
          if (!warnings.isEmpty()) {
            json.writeArrayPropertyStart("warnings");
            for (String warning : warnings) {
              json.writeString(warning);
            }
            json.writeEndArray();
          }
          json.writeEndObject();
        });
  }

  private void metrics(Exchange exchange) throws IOException {
    callers.requireOperator(exchange);
    exchange.respondText(200, "text/plain; version=0.0.4; charset=utf-8", state.metrics());
  }
}
