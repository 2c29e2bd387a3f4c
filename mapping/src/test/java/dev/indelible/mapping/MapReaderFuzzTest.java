package dev.indelible.mapping;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Any text is a map or is refused as one; a map makes of any record one result or more. */
class MapReaderFuzzTest {

  private static final JsonMapper JSON = new JsonMapper();

  @FuzzTest(maxDuration = "5m")
  void readsAndMapsOrRefuses(FuzzedDataProvider data) {
    String record = data.consumeString(2_000);
    LogMap map;
    try {
      map = MapReader.read("fuzzed", data.consumeRemainingAsString());
    } catch (InvalidMapException refusal) {
      if (!String.valueOf(refusal.getMessage()).startsWith("map fuzzed")) {
        throw new AssertionError("does not name the map", refusal);
      }
      return;
    }
    JsonNode tree;
    try {
      tree = JSON.readTree(record);
    } catch (JacksonException _) {
      return;
    }
    JsonNode before = tree.deepCopy();
    List<Mapping> mappings = new Mapper(map).map(tree);
    if (mappings.isEmpty() || !tree.equals(before)) {
      throw new AssertionError("the record was lost or changed: " + before);
    }
  }
}
