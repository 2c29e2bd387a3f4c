package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON made of stored parts, held against that which is made of entries. */
class StoredJsonTest {

  private static final Instant AT = Instant.parse("2026-11-20T10:00:00.007Z");
  private static final EntryCodec.Privacy HASHED =
      new EntryCodec.Privacy(
          new PersonalRules(
              Set.of("email"), DetailPaths.of(List.of("/email")), true, PersonalIds.NONE, true),
          new HmacActorHasher(new byte[32]));

  private final EntryCodec codec = new EntryCodec();
  private final StoredJson json = new StoredJson();

  private static EntryCodec.Accepted accepted(Event event, boolean marked) {
    return new EntryCodec.Accepted(
        new TenantId("acme"),
        "0199d0c5-6b1e-7c33-8e1f-000000000001",
        event,
        new Classification(
            "c", "update", marked, marked ? List.of("late", "unknown_action") : List.of()),
        marked ? new RecordedBy(RecordedBy.Kind.API_KEY, "k_1") : null);
  }

  private String slow(EntryCodec.Parts parts) {
    return new String(EventJson.toBytes(codec.decode(7, AT, parts, false), Map.of()), UTF_8);
  }

  private @Nullable String fast(EntryCodec.Parts parts) {
    byte[] written = json.write(7, AT.toEpochMilli(), parts.facts(), parts.personal());
    return written == null ? null : new String(written, UTF_8);
  }

  @Test
  void entriesAreWrittenAlikeByteForByte() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    RandomEvents events = new RandomEvents(seed);
    int taken = 0;
    int withoutOthers = 0;
    for (int i = 0; i < 6_000; i++) {
      Event event = events.next();
      EntryCodec.Parts whole =
          codec.encode(accepted(event, i % 2 == 0), i % 3 == 0 ? HASHED : EntryCodec.Privacy.BASIC);
      withoutOthers += event.actor().onBehalfOf() == null ? 1 : 0;
      EntryCodec.Parts withheld = new EntryCodec.Parts(whole.facts(), null);
      for (EntryCodec.Parts parts : List.of(whole, withheld)) {
        String written = fast(parts);
        if (written != null) {
          assertThat(written).isEqualTo(slow(parts));
          taken += parts.equals(whole) ? 1 : 0;
        }
      }
    }
    assertThat(taken).isGreaterThan(withoutOthers / 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "a \\\"b\\\"", "a\\\\b", "a\\nb", "a\\u0001b", "Ünï 中 😀", "", "\u007f"})
  void aTextKeepsItsEscapes(String inJson) {
    byte[] event =
        """
        {"action":"a.b","actor":{"type":"user","id":"u","name":"%1$s"},"reason":"%1$s",\
        "targets":[{"type":"t","id":"1","name":"%1$s"},{"type":"t","id":"2"}],\
        "changes":[{"field":"f","before":null,"after":"%1$s"}],\
        "context":{"location":{"latitude":1.50,"longitude":-0.0}},\
        "details":{"a":"%1$s","b":[1,2.50,12345678901234567890,true,null,{}]}}\
        """
            .formatted(inJson)
            .getBytes(UTF_8);
    Decoding decoding = new EventDecoder().decode(event, 0, event.length);
    assertThat(decoding).isInstanceOf(Decoding.Decoded.class);
    EntryCodec.Parts parts =
        codec.encode(
            accepted(((Decoding.Decoded) decoding).event(), true), EntryCodec.Privacy.BASIC);
    assertThat(fast(parts)).isNotNull().isEqualTo(slow(parts));
  }

  @Test
  void partsThatNobodyWroteAreLeftToTheReader() {
    byte[] facts =
        codec.encode(accepted(new RandomEvents(1).next(), true), EntryCodec.Privacy.BASIC).facts();
    for (int length = 0; length < facts.length; length++) {
      assertThat(fast(new EntryCodec.Parts(Arrays.copyOf(facts, length), null)))
          .as("%d bytes", length)
          .isNull();
    }
    byte[] emptyPlace = "{\"context\":{\"location\":{}}}".getBytes(UTF_8);
    assertThat(fast(new EntryCodec.Parts(facts, emptyPlace))).isNull();
  }
}
