package dev.indelible.server.takeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The limit of an export; the rest is shown with a server in its own {@code EntryExportTest}. */
class ExportLimitTest {

  @Test
  void anExportHasFiveMillionEntriesAtMost() {
    assertThat(EntryExport.MAX_ENTRIES).isEqualTo(5_000_000);
    assertThatCode(() -> EntryExport.requireExportable(5_000_000)).doesNotThrowAnyException();
    assertThatThrownBy(() -> EntryExport.requireExportable(5_000_001))
        .isInstanceOfSatisfying(
            TakeoutException.class,
            e -> assertThat(e.reason()).isEqualTo(TakeoutException.Reason.TOO_MANY_ENTRIES))
        .hasMessageContaining("5,000,000");
  }
}
