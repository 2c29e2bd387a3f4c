package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.EntryCodec.Accepted;
import dev.indelible.server.event.EntryCodec.Parts;
import dev.indelible.server.event.EntryCodec.Privacy;
import java.time.Instant;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prints what reading and storing one event of 700 bytes costs; asserts no figure. */
@Tag("long")
class CodecSpeedTest {

  private static final int EVENTS = 1_000_000;
  private static final String JSON =
      """
      {"id":"01JD3V8Q9K-0000001","tenant":"acme","account":"eu","occurred_at":"2026-11-20T10:00:00.123Z",\
      "action":"user.role_changed","actor":{"type":"user","id":"u_71234","name":"Ana Conda",\
      "email":"ana.conda@acme.test","roles":["tenant_admin"]},"targets":[{"type":"user","id":"u_9123",\
      "name":"Bo Peep","href":"https://app.acme.test/users/u_9123"}],"outcome":"success",\
      "changes":[{"field":"role","before":"agent","after":"admin"}],"reason":"ticket 4711",\
      "context":{"ip":"203.0.113.9","user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",\
      "session_id":"s_8f6a7b","request_id":"r_12ab34cd"},"details":{"team":"support","count":12,\
      "nested":{"a":true,"b":[1,2,3]}}}""";

  @Test
  void measure() {
    EventDecoder decoder = new EventDecoder();
    EntryCodec codec = new EntryCodec();
    byte[] json = JSON.getBytes(UTF_8);
    Event event = ((Decoding.Decoded) decoder.decode(json, 0, json.length)).event();
    Classification classification = new Classification("users", "update", true, List.of());
    Accepted accepted = new Accepted(new TenantId("acme"), "e", event, classification);
    Parts parts = codec.encode(accepted, Privacy.BASIC);
    Entry entry = codec.decode(0, Instant.EPOCH, parts, false);
    String array = "[" + (new String(json, UTF_8) + ",").repeat(99) + new String(json, UTF_8) + "]";
    byte[] hundred = array.getBytes(UTF_8);
    System.out.printf(
        "event %d bytes, facts %d, personal %d%n",
        json.length,
        parts.facts().length,
        java.util.Objects.requireNonNull(parts.personal()).length);
    report(
        "decode",
        1,
        () -> decoder.decode(json, 0, json.length) instanceof Decoding.Decoded ? 1 : 0);
    report(
        "decode, in arrays of 100",
        100,
        () ->
            ((Decoding.Batch.Items) decoder.decodeArray(hundred, 0, hundred.length))
                .items()
                .size());
    report("encode", 1, () -> codec.encode(accepted, Privacy.BASIC).facts().length);
    report(
        "read back",
        1,
        () -> codec.decode(0, Instant.EPOCH, parts, false).event().targets().size());
    report("entry to JSON", 1, () -> EventJson.toBytes(entry).length);
    report("same content", 1, () -> EntryCodec.sameContent(event, entry.event()) ? 1 : 0);
    report("utf-8 scan", 1, () -> Utf8.scan(json, 0, json.length));
  }

  private static void report(String what, int perCall, IntSupplier call) {
    long sum = 0;
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 6; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < EVENTS / perCall / 2; i++) {
        sum += call.getAsInt();
      }
      best = Math.min(best, (System.nanoTime() - start) / 1e3 / (EVENTS / 2));
    }
    System.out.printf("%-26s %.2f µs/event%n", what, best);
    assertThat(sum).isNotEqualTo(Long.MIN_VALUE);
  }
}
