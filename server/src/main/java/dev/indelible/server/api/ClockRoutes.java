package dev.indelible.server.api;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.ProgramState;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Rfc3339;
import java.io.IOException;
import java.util.List;

/** The clock that says which entries are due: what is thought of it, and who vouches for it. */
final class ClockRoutes {

  private final Callers callers;
  private final ProgramState host;

  ClockRoutes(Callers callers, ProgramState host) {
    this.callers = callers;
    this.host = host;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/clock", "getClock", this::get),
        new Route("POST", "/v1/clock/accept", "acceptClock", this::accept));
  }

  private void get(Exchange exchange) throws IOException {
    callers.requireOperator(exchange);
    respond(exchange);
  }

  private void accept(Exchange exchange) throws IOException {
    if (!host.acceptClock(callers.requireOperator(exchange).changedBy())) {
      throw new ProblemException(
          409, "clock_not_doubted", "The clock is not doubted: there is nothing to vouch for.");
    }
    respond(exchange);
  }

  private void respond(Exchange exchange) throws IOException {
    ProgramState.Clock clock = host.clock();
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("now", Rfc3339.format(clock.now()));
          json.writeStringProperty("believed", Rfc3339.format(clock.believed()));
          json.writeNumberProperty("ahead_seconds", clock.ahead().toSeconds());
          json.writeBooleanProperty("doubted", clock.doubted());
          json.writeEndObject();
        });
  }
}
