package dev.indelible.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventTemplatesTest {

  private static final Instant END = Instant.parse("2026-11-20T10:00:00Z");
  private static final int SPREAD = 100_000;

  private final EventTemplates templates = new EventTemplates(1, END.toEpochMilli(), SPREAD);

  @Test
  void theSameSeedGivesTheSameEvents() {
    EventTemplates again = new EventTemplates(1, END.toEpochMilli(), SPREAD);
    EventTemplates other = new EventTemplates(2, END.toEpochMilli(), SPREAD);
    assertThat(text(again, 77, true)).isEqualTo(text(templates, 77, true));
    assertThat(text(other, 77, true)).isNotEqualTo(text(templates, 77, true));
  }

  @Test
  void eventsAreJsonAndAreAbout718BytesLong() {
    long bytes = 0;
    for (int i = 0; i < 2_000; i++) {
      String text = text(templates, i, false);
      bytes += text.getBytes(StandardCharsets.UTF_8).length;
      JsonNode event = JsonMapper.shared().readTree(text);
      assertThat(event.path("tenant").asString()).startsWith("bench-");
      assertThat(event.path("targets").path(0).path("href").asString())
          .endsWith("/" + event.path("targets").path(0).path("id").asString());
    }
    assertThat(bytes / 2_000).isBetween(690L, 745L);
  }

  @Test
  void noTwoEventsShareAnIdOrARequest() {
    Set<String> ids = new HashSet<>();
    Set<String> requests = new HashSet<>();
    for (int i = 0; i < 2 * EventTemplates.COUNT; i += 97) {
      JsonNode event = JsonMapper.shared().readTree(text(templates, i, true));
      assertThat(ids.add(event.path("id").asString())).isTrue();
      assertThat(requests.add(event.path("context").path("request_id").asString())).isTrue();
    }
  }

  @Test
  void theyOccurOneAfterTheOtherOverTheSpan() {
    assertThat(occurredAt(0)).isEqualTo(END.minusMillis(EventTemplates.SPAN_MILLIS));
    assertThat(occurredAt(SPREAD / 2)).isEqualTo(END.minusMillis(EventTemplates.SPAN_MILLIS / 2));
    assertThat(occurredAt(SPREAD + 5)).isEqualTo(END);
  }

  @Test
  void largeTenantsHaveMoreEventsThanSmallOnes() {
    TenantMix mix = new TenantMix(1_000);
    SplittableRandom random = new SplittableRandom(3);
    int[] count = new int[1_000];
    for (int i = 0; i < 200_000; i++) {
      count[mix.pick(random)]++;
    }
    assertThat(count[0] / (double) count[9]).isBetween(8.5, 11.5);
    assertThat(count[999]).isPositive();
  }

  private Instant occurredAt(long number) {
    return Instant.parse(
        JsonMapper.shared()
            .readTree(text(templates, number, false))
            .path("occurred_at")
            .asString());
  }

  private static String text(EventTemplates templates, long number, boolean withId) {
    // Too small, so that it has to grow while it is written to.
    Bytes out = new Bytes(16);
    templates.append(out, number, withId);
    return new String(out.array(), 0, out.length(), StandardCharsets.UTF_8);
  }
}
