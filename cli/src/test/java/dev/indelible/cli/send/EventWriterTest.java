package dev.indelible.cli.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ids of events follow from their bytes, so these stay what the library's own writer makes. */
class EventWriterTest {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  @Test
  void theBytesAreThoseOfTheLibrarysWriter() {
    EventWriter writer = new EventWriter();
    for (String json :
        new String[] {
          "{\"a\":1,\"b\":[true,false,null,{}],\"c\":{\"d\":[]}}",
          "{\"n\":[0.10,1e3,-1.5E-7,12345678901234567890,9007199254740993,1.0]}",
          "{\"t\":\"\\\"\\\\\\n\\u0001 ä \ud83d\ude00 </script>\"}",
          "[\"" + "x".repeat(20_000) + "\"]",
          "\"text\"",
          "{}"
        }) {
      JsonNode tree = JSON.readTree(json);
      assertThat(new String(writer.write(tree), UTF_8))
          .isEqualTo(new String(JSON.writeValueAsBytes(tree), UTF_8));
    }
  }

  @Test
  void anIdStandsInFront() {
    assertThat(EventLine.of("{}".getBytes(UTF_8), "file-1")).hasToString("{\"id\":\"file-1\"}");
    assertThat(EventLine.of("{\"a\":1}".getBytes(UTF_8), "file-1"))
        .hasToString("{\"id\":\"file-1\",\"a\":1}");
  }
}
