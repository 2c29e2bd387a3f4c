package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.otlp.Encoding;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Logs of OpenTelemetry over OTLP/HTTP. */
final class OtlpType implements SinkType {

  /** Entries of a batch, where a stream does not say otherwise. */
  private static final int BATCH_ENTRIES = 1000;

  /** Below the 4 MiB that many receivers take. */
  private static final int BATCH_BYTES = 2 << 20;

  private static final int MESSAGE_BYTES = 1 << 20;

  @Override
  public String name() {
    return "otlp";
  }

  @Override
  public Set<String> secrets() {
    return Set.of("authorization");
  }

  @Override
  public Defaults defaults() {
    return new Defaults("native", BATCH_ENTRIES, BATCH_BYTES, MESSAGE_BYTES, true);
  }

  @Override
  public void check(ObjectNode settings, Set<String> kept, AddressGuard guard, Faults faults) {
    SettingsCheck check = new SettingsCheck(settings, kept, guard, faults);
    check.only("url", "ca", "headers", "authorization", "protocol");
    check.url("url");
    check.authority("ca");
    check.headers("headers");
    check.secret("authorization", false);
    check.word("protocol", List.of("protobuf", "json"), "protobuf");
  }

  @Override
  public Sink open(Opening opening) {
    throw new UnsupportedOperationException("the time is needed");
  }

  @Override
  public Sink open(Opening opening, InstantSource clock) {
    ObjectNode settings = opening.settings();
    String authorization = HttpWay.secret(opening, "authorization");
    Map<String, String> headers = new HashMap<>(HttpWay.headers(settings));
    if (!authorization.isEmpty()) {
      headers.put("Authorization", authorization);
    }
    String path = URI.create(settings.get("url").stringValue()).getRawPath();
    return new OtlpSink(
        HttpWay.of(opening, headers, List.of(authorization), clock),
        path == null || path.isEmpty() || path.equals("/") ? "/v1/logs" : "",
        settings.path("protocol").asString("protobuf").equals("json")
            ? Encoding.JSON
            : Encoding.PROTOBUF,
        opening.stream(),
        clock);
  }
}
