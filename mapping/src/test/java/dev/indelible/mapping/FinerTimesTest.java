package dev.indelible.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Treatment of times that are finer than an event's milliseconds. */
class FinerTimesTest {

  /** Mapper that reads numbers with all their digits, as records are read. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static ObjectNode mapped(String form, String written) {
    String map =
        """
        event:
          occurred_at: {at: /t, as: %s}
          action: app.did
          actor: {type: system}
        """
            .formatted(form);
    Mapping mapping =
        new Mapper(MapReader.read("test", map))
            .map(JSON.readTree("{\"t\":" + written + "}"))
            .getFirst();
    assertThat(mapping).isInstanceOf(Mapping.Mapped.class);
    return ((Mapping.Mapped) mapping).event();
  }

  @ParameterizedTest
  @CsvSource({
    "epoch_s, 1763632800.2509",
    "epoch_ms, 1763632800250.9",
    "rfc3339, '\"2025-11-20T10:00:00.250900Z\"'"
  })
  void itIsCutToTheMillisecondAndStaysInTheDetailsAsItWasWritten(String form, String written) {
    ObjectNode event = mapped(form, written);
    assertThat(event.path("occurred_at").asString()).isEqualTo("2025-11-20T10:00:00.250Z");
    assertThat(event.at("/details/t")).isEqualTo(JSON.readTree(written));
  }

  @ParameterizedTest
  @CsvSource({"epoch_s, 1763632800.250", "epoch_ms, 1763632800250"})
  void oneThatLosesNothingIsNotKeptTwice(String form, String written) {
    assertThat(mapped(form, written).has("details")).isFalse();
  }

  @Test
  void anInstantIsWrittenAsTheJdkWritesItsMilliseconds() {
    long seed = 17;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      Instant instant =
          Instant.ofEpochSecond(
              random.nextLong(-62_135_596_800L, 253_402_300_800L), random.nextInt(1_000_000_000));
      assertThat(IsoTime.inMillis(instant))
          .as("seed %d", seed)
          .isEqualTo(instant.truncatedTo(ChronoUnit.MILLIS).toString());
    }
    assertThat(IsoTime.inMillis(Instant.parse("2026-11-20T10:00:00Z")))
        .isEqualTo("2026-11-20T10:00:00Z");
  }
}
