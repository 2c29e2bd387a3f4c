package dev.indelible.server.sink;

import java.util.List;
import java.util.Optional;

/** All kinds of receivers. */
public final class SinkTypes {

  /** Every kind, in the order in which people are shown them. */
  public static final List<SinkType> ALL =
      List.of(
          new WebhookType(), //
          new FileType());

  private SinkTypes() {}

  /** The kind of that name, if there is one. */
  public static Optional<SinkType> byName(String name) {
    return ALL.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  /** The names of all kinds. */
  public static List<String> names() {
    return ALL.stream().map(SinkType::name).toList();
  }
}
