package dev.indelible.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Any bytes: never an exception, never more problems than the limit, and what is accepted survives
 * storing. Runs its seeds as a test; fuzzes with {@code JAZZER_FUZZ=1}.
 */
class EventDecoderFuzzTest {

  private static final Classification NONE =
      new Classification("other", "update", false, List.of());

  private final EventDecoder decoder = new EventDecoder();
  private final CloudEventDecoder cloudEvents = new CloudEventDecoder(decoder);
  private final EntryCodec codec = new EntryCodec();

  @FuzzTest(maxDuration = "60s")
  void anyBytes(byte[] bytes) throws IOException {
    check(decoder.decode(bytes, 0, bytes.length));
    if (decoder.decodeArray(bytes, 0, bytes.length)
        instanceof Decoding.Batch.Items(List<Decoding> items)) {
      items.forEach(this::check);
    }
    check(cloudEvents.decode(bytes, 0, bytes.length));
    if (cloudEvents.decodeBatch(bytes, 0, bytes.length)
        instanceof Decoding.Batch.Items(List<Decoding> items)) {
      items.forEach(this::check);
    }
    NdjsonReader lines = new NdjsonReader(decoder, new ByteArrayInputStream(bytes));
    for (NdjsonReader.Item item = lines.next(); item != null; item = lines.next()) {
      check(item.decoding());
    }
  }

  private void check(Decoding decoding) {
    switch (decoding) {
      case Decoding.Invalid(List<Problem> problems, int unreported) -> {
        assertThat(problems).isNotEmpty().hasSizeLessThanOrEqualTo(EventLimits.MAX_PROBLEMS);
        assertThat(unreported).isNotNegative();
      }
      case Decoding.Decoded(Event event) -> {
        byte[] json = EventJson.toBytes(event);
        assertThat(decoder.decode(json, 0, json.length))
            .isInstanceOfSatisfying(
                Decoding.Decoded.class,
                again -> assertThat(EntryCodec.sameContent(event, again.event())).isTrue());
        EntryCodec.Parts parts =
            codec.encode(
                new EntryCodec.Accepted(new TenantId("acme"), "e", withoutId(event), NONE),
                EntryCodec.Privacy.BASIC);
        Entry entry = codec.decode(0, Instant.EPOCH, parts, false);
        assertThat(EntryCodec.sameContent(withoutId(event), entry.event())).isTrue();
      }
    }
  }

  private static Event withoutId(Event event) {
    return new Event(
        null,
        event.tenant(),
        event.account(),
        event.occurredAt(),
        event.action(),
        event.actor(),
        event.targets(),
        event.outcome(),
        event.outcomeReason(),
        event.changes(),
        event.reason(),
        event.context(),
        event.details());
  }
}
