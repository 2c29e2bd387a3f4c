package dev.indelible.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges of files, as RFC 9110, section 14.1.2, has them. */
class FileAnswerTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-99, 0, 100",
    "bytes=0-9999, 0, 1000",
    "bytes=500-, 500, 1000",
    "bytes=-1, 999, 1000",
    "bytes=-5000, 0, 1000",
    "bytes=999-999, 999, 1000"
  })
  void oneRangeIsAnswered(String asked, long from, long to) {
    assertThat(FileAnswer.range(asked, 1_000)).isEqualTo(new FileAnswer.Range(from, to));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bytes=-", "bytes=9-3", "bytes=0-1,3-4", "items=0-1", "bytes=a-b"})
  void whatIsNoneOrSeveralIsAnsweredWithAllOfIt(String asked) {
    assertThat(FileAnswer.range(asked, 1_000)).isNull();
  }

  @Test
  void aRangeBehindTheEndIsRefused() {
    assertThatThrownBy(() -> FileAnswer.range("bytes=1000-", 1_000))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(416));
    assertThatThrownBy(() -> FileAnswer.range("bytes=-0", 1_000))
        .isInstanceOf(ProblemException.class);
  }
}
