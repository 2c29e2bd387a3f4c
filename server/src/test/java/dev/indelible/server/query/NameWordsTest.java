package dev.indelible.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameWordsTest {

  @ParameterizedTest
  @CsvSource({
    "ana ribeiro, ana, false, true",
    "ana ribeiro, ribeiro, false, true",
    "ana ribeiro, ana ribeiro, false, true",
    "ana ribeiro, rib, false, false",
    "ana ribeiro, rib, true, true",
    "ana ribeiro, ibeiro, true, false",
    "mariana ana, ana, false, true",
    "mariana, ana, true, false",
    "ana@acme.test, acme, false, true",
    "ana@acme.test, ana@acme.test, false, true",
    "jose-ana nunez, ana n, true, true",
    "ana2, ana, false, false",
  })
  void aWordIsFoundWhereItStands(String name, String wanted, boolean prefix, boolean has) {
    assertThat(NameWords.has(name, wanted, prefix)).isEqualTo(has);
  }
}
