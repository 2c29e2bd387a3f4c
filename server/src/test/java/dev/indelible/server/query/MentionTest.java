package dev.indelible.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests where a person's identifier is found in people's texts. */
class MentionTest {

  private static boolean isIn(String identifier, String text) {
    return new Mention(identifier).isIn(new Mention.Words(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mail@acme.test | -mail@acme.test",
        "mail@acme.test | actor:mail@acme.test from:2026-01-01T00:00:00Z",
        "mail@acme.test | action:x,MAIL@Acme.Test",
        "mail@acme.test | (-actor:\"mail@acme.test\" OR x)",
        "mail@acme.test | mail@acme.test*",
        "mail@acme.test | asked by <mail@acme.test>, twice",
        "José Müller | \"jose muller\"",
        "José Müller | jose   muller",
        "José Müller | \"Muller, José\"",
        "José Müller | -jose -\"müller\"",
        "José Müller | Jose\u0301 Mu\u0308ller",
        "José Müller | JOSÉ\u00a0MÜLLER asked",
        "José Müller | jose-muller",
        "José  Müller | jose muller",
        "Zoë | ＺＯＥ",
        "u_7 | target:user/u_7",
        "u-7 | -actor:u-7",
        "0193F2A0-6C1E-7C3A-9A51-5B1F8B1C9D10 | id:0193f2a0-6c1e-7c3a-9a51-5b1f8b1c9d10",
        "田中 | \"田中さん\"",
        "田中 太郎 | 田中太郎",
        "林 | 林さん",
        "?! | what?!"
      })
  void itIsFoundHoweverItIsWritten(String identifier, String text) {
    assertThat(isIn(identifier, text)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mail@acme.test | mail@acme.testing",
        "mail@acme.test | mailer@acme.test",
        "mail@acme.test | acme.test mail",
        "José Müller | jose",
        "José Müller | muller",
        "Ana | banana",
        "Ana | anatol",
        "u_7 | u_70",
        "u-7 | u-7-b",
        "u-7 | b-u-7",
        "?! | what"
      })
  void apartOfItOrALongerOneIsAnother(String identifier, String text) {
    assertThat(isIn(identifier, text)).isFalse();
  }

  @Test
  void aTextOfManyWordsIsReadOnce() {
    Mention.Words words = new Mention.Words("a ".repeat(5_000) + "ana@acme.test");
    assertThat(new Mention("ana@acme.test").isIn(words)).isTrue();
    assertThat(new Mention("bo@acme.test").isIn(words)).isFalse();
  }
}
