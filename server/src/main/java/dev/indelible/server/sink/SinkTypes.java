package dev.indelible.server.sink;

import java.util.List;
import java.util.Optional;

/** Kinds of receivers that a stream may name. */
public final class SinkTypes {

  /** All of them, in the order in which they are shown. */
  public static final List<SinkType> ALL =
      List.of(
          new SyslogType(), //
          new HecType(), //
          new BulkType(), //
          new BucketType(), //
          new KafkaType(), //
          new OtlpType());

  private SinkTypes() {}

  /** Finds a kind by its name in the API. */
  public static Optional<SinkType> byName(String name) {
    return ALL.stream().filter(type -> type.name().equals(name)).findFirst();
  }
}
