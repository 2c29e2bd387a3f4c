package dev.indelible.server.api.events;

import dev.indelible.server.api.caller.ChangePace;
import dev.indelible.server.http.ProblemException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The limits of exports and of lasting changes. */
class EntryExportRoutesTest {

  @Test
  void anExportHasFiveMillionEntriesAtMost() {
    assertThat(EntryExportRoutes.MAX_ENTRIES).isEqualTo(5_000_000);
    assertThatCode(() -> EntryExportRoutes.requireExportable(5_000_000)).doesNotThrowAnyException();
    assertThatThrownBy(() -> EntryExportRoutes.requireExportable(5_000_001))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("5,000,000");
  }

  @Test
  void thePaceForgetsWhoCameFirstWhenTooManyPeopleChangeThings() {
    ChangePace pace = new ChangePace();
    Instant now = Instant.EPOCH;
    for (int i = 0; i < ChangePace.MAX_PER_HOUR; i++) {
      pace.count("first", now);
    }
    assertThatThrownBy(() -> pace.count("first", now)).hasMessageContaining("200");
    for (int i = 0; i < ChangePace.MAX_PEOPLE; i++) {
      pace.count("p" + i, now);
    }
    assertThatCode(() -> pace.count("first", now)).doesNotThrowAnyException();
  }
}
