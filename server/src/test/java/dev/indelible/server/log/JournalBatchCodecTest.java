package dev.indelible.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JournalBatchCodecTest {

  private final Random random = new Random(5);

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private NewEntry entry(String tenant, String id, boolean callers) {
    return new NewEntry(
        new TenantId(tenant),
        id,
        callers,
        new EntryParts(bytes(50), bytes(16), bytes(9), bytes(16)));
  }

  @Test
  void aBatchIsReadBackAsItWasWritten() {
    NewEntry plain =
        new NewEntry(new TenantId("a"), "ü世", true, EntryParts.ofFacts(bytes(0), bytes(16)));
    List<NewEntry> entries = List.of(entry("a", "1", true), plain, entry("b", "2", false));
    byte[] encoded = JournalBatchCodec.encode(-42, entries);
    int bound = entries.stream().mapToInt(NewEntry::maxEncodedBytes).sum();
    assertThat(encoded.length).isLessThanOrEqualTo(JournalBatchCodec.HEADER_BYTES + bound);
    JournalBatchCodec.Decoded decoded = JournalBatchCodec.decode(encoded);
    assertThat(decoded.ticket()).isEqualTo(-42);
    assertThat(decoded.entries()).usingRecursiveComparison().isEqualTo(entries);
  }

  @Test
  void aBatchThatIsCutOrTooLongIsRefused() {
    byte[] encoded = JournalBatchCodec.encode(1, List.of(entry("a", "1", true)));
    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> JournalBatchCodec.decode(cut)).isInstanceOf(RuntimeException.class);
    }
    byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
    assertThatThrownBy(() -> JournalBatchCodec.decode(longer))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aBatchWithTheRecordOfAPurgeIsOneThatOlderProgramsRefuse() {
    NewEntry record =
        new NewEntry(new TenantId("a"), "r", true, true, EntryParts.ofFacts(bytes(7), bytes(16)));
    List<NewEntry> entries = List.of(entry("a", "1", false), record);
    byte[] encoded = JournalBatchCodec.encode(7, entries);
    assertThat(encoded[0]).isEqualTo(JournalBatchCodec.RELEASING_VERSION);
    assertThat(JournalBatchCodec.decode(encoded).entries())
        .usingRecursiveComparison()
        .isEqualTo(entries);
    assertThat(JournalBatchCodec.encode(7, entries.subList(0, 1))[0])
        .isEqualTo(JournalBatchCodec.VERSION);
  }

  @Test
  void batchesOfTheFirstVersionAreReadAsWell() {
    List<NewEntry> entries = List.of(entry("a", "1", true));
    byte[] older = JournalBatchCodec.encode(7, entries);
    older[0] = JournalBatchCodec.OLDEST_VERSION;
    assertThat(JournalBatchCodec.decode(older).entries())
        .usingRecursiveComparison()
        .isEqualTo(entries);
  }

  @Test
  void anotherVersionIsRefusedByName() {
    byte[] encoded = JournalBatchCodec.encode(1, List.of(entry("a", "1", true)));
    encoded[0] = JournalBatchCodec.RELEASING_VERSION + 1;
    assertThatThrownBy(() -> JournalBatchCodec.decode(encoded))
        .hasMessageContaining("version " + encoded[0] + ", this program reads 1 to 3");
  }
}
