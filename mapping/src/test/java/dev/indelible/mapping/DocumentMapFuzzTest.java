package dev.indelible.mapping;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Any text is refused as a map of documents, or writes one line for any record or refuses it. */
class DocumentMapFuzzTest {

  private static final JsonMapper JSON = new JsonMapper();

  @FuzzTest(maxDuration = "5m")
  void readsAndWritesOrRefuses(FuzzedDataProvider data) {
    String record = data.consumeString(2_000);
    DocumentMap map;
    try {
      map =
          DocumentMap.read(
              "fuzzed",
              "version: 2\nform: json\n" + data.consumeRemainingAsString(),
              Set.of("log"));
    } catch (InvalidMapException refusal) {
      if (!String.valueOf(refusal.getMessage()).startsWith("map fuzzed")) {
        throw new AssertionError("does not name the map", refusal);
      }
      return;
    }
    try {
      JsonNode tree = JSON.readTree(record);
      if (tree instanceof ObjectNode object) {
        for (byte one : map.write(object, JSON.createObjectNode())) {
          if (one == '\n' || one == '\r') {
            throw new AssertionError("more than one line");
          }
        }
      }
    } catch (JacksonException | UnwritableException _) {
      // No record, or one that needs too much.
    }
  }
}
