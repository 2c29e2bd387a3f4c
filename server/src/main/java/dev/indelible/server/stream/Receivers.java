package dev.indelible.server.stream;

import dev.indelible.server.control.EventStream;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.sink.FileType;
import dev.indelible.server.sink.Sink;
import dev.indelible.server.sink.SinkType;
import dev.indelible.server.sink.SinkTypes;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Ways to receivers, each with its secrets unsealed. Thread-safe. */
final class Receivers {

  /** Settings that say where secrets go, and to whom: a secret is sealed for these alone. */
  private static final Set<String> ADDRESS =
      Set.of(
          "url",
          "host",
          "port",
          "transport",
          "endpoint",
          "region",
          "bucket",
          "bootstrap_servers",
          "security",
          "ca",
          "server_name",
          "user",
          "access_key",
          "sasl_mechanism");

  private final StreamParts parts;

  Receivers(StreamParts parts) {
    this.parts = parts;
  }

  /** Returns the use that a secret of a receiver is sealed for. */
  static String use(String type, ObjectNode settings, String secret) {
    StringBuilder use = new StringBuilder("stream\n").append(type).append('\n').append(secret);
    for (String name : new TreeSet<>(ADDRESS)) {
      if (settings.has(name)) {
        use.append('\n').append(name).append('=').append(settings.get(name));
      }
    }
    return use.toString();
  }

  /** Whether secrets of one may stay for the other: it is the same address. */
  static boolean isSameAddress(EventStream.Receiver one, String type, ObjectNode settings) {
    return one.type().equals(type) && use(type, one.settings(), "").equals(use(type, settings, ""));
  }

  /** Seals a secret. */
  String seal(TenantId tenant, String type, ObjectNode settings, String name, byte[] secret) {
    return parts.cipher().seal(tenant, use(type, settings, name), secret);
  }

  /** Unseals a secret; null when there is none, or it cannot be read. */
  byte @Nullable [] unseal(TenantId tenant, EventStream.Receiver receiver, String name) {
    String sealed = receiver.sealed().get(name);
    return sealed == null
        ? null
        : parts
            .cipher()
            .open(tenant, use(receiver.type(), receiver.settings(), name), sealed)
            .orElse(null);
  }

  /** Opens a way, if there is such a kind. */
  Optional<Sink> open(EventStream stream) {
    Optional<SinkType> type = SinkTypes.byName(stream.receiver().type());
    ObjectNode settings = stream.receiver().settings();
    Path root = parts.terms().root();
    if (stream.receiver().type().equals(FileType.NAME) && root != null) {
      settings.put(FileType.ROOT, root.toString());
    }
    return type.map(
        kind ->
            kind.open(
                new SinkType.Opening(
                    stream.streamId(),
                    stream.tenant(),
                    settings,
                    name -> unseal(stream.tenant(), stream.receiver(), name),
                    parts.guard(),
                    stream.limits().messageBytes()),
                parts.chance().clock()));
  }
}
