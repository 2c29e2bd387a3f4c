package dev.indelible.server.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EntryDocumentTest {

  private static final TenantId ACME = new TenantId("acme");

  @Test
  void theRoomThatALargeEntryTookIsNotKept() {
    EntryDocument document = new EntryDocument();
    document.of(Indexables.stored(EventIndexContractTest.entry(ACME, 1, "ana")));
    int usual = document.roomBytes();
    String words =
        IntStream.range(0, 2 * TermList.MAX_KEPT_TERMS)
            .mapToObj(i -> "w" + i)
            .collect(Collectors.joining(" "));
    document.of(Indexables.stored(EventIndexContractTest.entry(ACME, 2, words)));
    assertThat(document.roomBytes())
        .isGreaterThan(TermBytes.MAX_KEPT_BYTES + Integer.BYTES * TermList.MAX_KEPT_TERMS);
    document.of(Indexables.stored(EventIndexContractTest.entry(ACME, 3, "ana")));
    assertThat(document.roomBytes()).isEqualTo(usual);
  }
}
