package dev.indelible.server.stream;

import dev.indelible.mapping.out.EntryFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Entries as the API gives them. */
public final class NativeFormat implements EntryFormat {

  /** The name of the form. */
  public static final String NAME = "native";

  /** The names of the forms that there are here. */
  public static final List<String> NAMES = List.of(NAME);

  /** The form of that name; a map is of no use here. */
  public static Optional<EntryFormat> byName(String name, @Nullable String map) {
    return name.equals(NAME) && map == null ? Optional.of(new NativeFormat()) : Optional.empty();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String mediaType() {
    return "application/json";
  }

  @Override
  public byte[] format(JsonNode entry, @Nullable Integrity integrity) {
    return JsonMapper.shared().writeValueAsBytes(entry);
  }
}
