package dev.indelible.server.api.caller;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The limits of lasting changes. */
class ChangePaceTest {

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
