package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines made of stored parts, held against those that are made of entries. */
class StoredCsvTest {

  private static final Instant AT = Instant.parse("2026-11-20T10:00:00.007Z");
  private static final EntryCodec.Privacy HASHED =
      new EntryCodec.Privacy(
          new PersonalRules(
              Set.of("email"), DetailPaths.of(List.of("/email")), true, PersonalIds.NONE, true),
          new HmacActorHasher(new byte[32]));

  private final EntryCodec codec = new EntryCodec();

  private static EntryCodec.Accepted accepted(Event event) {
    return new EntryCodec.Accepted(
        new TenantId("acme"),
        "0199d0c5-6b1e-7c33-8e1f-000000000001",
        event,
        new Classification("c", "update", true, List.of("late", "unknown_action")),
        new RecordedBy(RecordedBy.Kind.API_KEY, "k_1"));
  }

  private static EntryCodec.Parts seen(EntryCodec.Parts parts, boolean personal) {
    return personal ? parts : new EntryCodec.Parts(parts.facts(), null);
  }

  private String slow(List<String> columns, EntryCodec.Parts parts) {
    return new String(
        new EntryCsv(columns).line(codec.decode(7, AT, parts, false), Map.of()), UTF_8);
  }

  /** The line, or nothing when the entry has to be read. */
  private static String fast(StoredCsv csv, EntryCodec.Parts parts) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean taken = csv.write(7, AT.toEpochMilli(), parts.facts(), parts.personal(), out);
    assertThat(taken || out.size() == 0).isTrue();
    return out.toString(UTF_8);
  }

  @Test
  void linesAreThoseOfEntriesByteForByte() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    RandomEvents events = new RandomEvents(seed);
    Random random = new Random(seed);
    StoredCsv all = new StoredCsv(List.of());
    int taken = 0;
    int withoutOthers = 0;
    for (int i = 0; i < 4_000; i++) {
      Event event = events.next();
      EntryCodec.Privacy privacy = i % 3 == 0 ? HASHED : EntryCodec.Privacy.BASIC;
      EntryCodec.Parts parts = seen(codec.encode(accepted(event), privacy), i % 5 != 0);
      String line = fast(all, parts);
      withoutOthers += event.actor().onBehalfOf() == null ? 1 : 0;
      if (!line.isEmpty()) {
        taken++;
        assertThat(line).as(new String(parts.facts(), UTF_8)).isEqualTo(slow(List.of(), parts));
        List<String> some = new ArrayList<>(EntryCsv.COLUMNS);
        Collections.shuffle(some, random);
        List<String> columns = List.copyOf(some.subList(0, 1 + random.nextInt(some.size())));
        assertThat(fast(new StoredCsv(columns), parts)).isEqualTo(slow(columns, parts));
      }
    }
    assertThat(taken).isGreaterThan(withoutOthers / 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "a, b",
        "a \\\"b\\\"",
        "a\\\\b",
        "a\\nb",
        "\\tb",
        "\\rb",
        "\\\\",
        "a\\u0001b",
        "=1+1",
        "+1",
        "-\\\"",
        "@a",
        "'quoted",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "＞1",
        "Ünï 中 😀",
        "",
        " blank "
      })
  void aTextIsQuotedAndGuardedAlike(String inJson) throws Exception {
    byte[] json =
        """
        {"action":"a.b","actor":{"type":"user","id":"u","name":"%1$s"},"reason":"%1$s",\
        "targets":[{"type":"t","id":"1","name":"%1$s"},{"type":"t","id":"2"}],\
        "changes":[{"field":"f","before":null,"after":"%1$s"}],\
        "details":{"a":"%1$s","b":[1,2.50,true,null,{}]}}\
        """
            .formatted(inJson)
            .getBytes(UTF_8);
    Decoding decoding = new EventDecoder().decode(json, 0, json.length);
    assertThat(decoding).isInstanceOf(Decoding.Decoded.class);
    EntryCodec.Parts parts =
        codec.encode(accepted(((Decoding.Decoded) decoding).event()), EntryCodec.Privacy.BASIC);
    assertThat(fast(new StoredCsv(List.of()), parts))
        .isNotEmpty()
        .isEqualTo(slow(List.of(), parts));
  }

  @Test
  void partsThatNobodyWroteAreLeftToTheReader() throws Exception {
    StoredCsv csv = new StoredCsv(List.of());
    byte[] facts =
        codec.encode(accepted(new RandomEvents(1).next()), EntryCodec.Privacy.BASIC).facts();
    for (int length = 0; length < facts.length; length++) {
      byte[] cut = Arrays.copyOf(facts, length);
      assertThat(fast(csv, new EntryCodec.Parts(cut, null))).as("%d bytes", length).isEmpty();
    }
    for (String text : List.of("", "{}", "[]", "{\"id\":\"a\\", "{\"id\":1}", "{\"details\":{}}")) {
      assertThat(fast(csv, new EntryCodec.Parts(text.getBytes(UTF_8), null))).as(text).isEmpty();
    }
  }
}
