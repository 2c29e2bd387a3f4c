package dev.indelible.server.sink;

import java.util.List;
import java.util.Optional;

/** Kinds of receivers that a stream may name. */
public final class SinkTypes {

  /** All of them, in the order in which people are shown them. */
  public static final List<SinkType> ALL =
      List.of(
          new WebhookType(), //
          new SyslogType(),
          new HecType(),
          new BulkType(),
          new BucketType(),
          new KafkaType(),
          new OtlpType(),
          new FileType());

  private SinkTypes() {}

  /** Finds a kind by its name in the API. */
  public static Optional<SinkType> byName(String name) {
    return ALL.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  /** The names of all kinds. */
  public static List<String> names() {
    return ALL.stream().map(SinkType::name).toList();
  }
}
