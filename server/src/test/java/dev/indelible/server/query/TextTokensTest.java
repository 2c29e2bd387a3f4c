package dev.indelible.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTokensTest {

  private static List<String> entry(String text) {
    List<String> tokens = new ArrayList<>();
    new TextTokens().ofEntry(text, (b, offset, n) -> tokens.add(new String(b, offset, n)));
    return tokens;
  }

  private static boolean finds(String query, boolean prefix, String text) {
    List<String> tokens = entry(text);
    return TextTokens.ofQuery(query, prefix).stream()
        .allMatch(
            q ->
                tokens.stream()
                    .anyMatch(t -> q.prefix() ? t.startsWith(q.text()) : t.equals(q.text())));
  }

  @Test
  void cutsWordsNumbersAndIdentifiers() {
    assertThat(entry("Ana@acme.test, ticket-4711!"))
        .containsExactly("ana", "acme", "test", "ticket", "4711");
    assertThat(entry("user.role_changed u_7 __"))
        .containsExactly("user", "role_changed", "role", "changed", "u_7");
    assertThat(entry("0199A1B2-3c4d-7e5f-8a9b-0c1d2e3f4a5b."))
        .containsExactly("0199a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5b");
    assertThat(entry("")).isEmpty();
  }

  @Test
  void pairsCharactersOfScriptsWithoutSpaces() {
    assertThat(entry("東京都 v2")).containsExactly("東京", "京都", "都", "v2");
    assertThat(TextTokens.ofQuery("東京都", false).stream().map(TextTokens.QueryToken::text))
        .containsExactly("東京", "京都");
    assertThat(entry("𠮷野")).containsExactly("𠮷野", "野");
  }

  @Test
  void cutsLongTokensWithoutSplittingACharacter() {
    assertThat(entry("a".repeat(100))).containsExactly("a".repeat(TextTokens.MAX_TOKEN_LENGTH));
    assertThat(entry("a".repeat(63) + "𝒳𐐷")).containsExactly("a".repeat(63) + "x");
    assertThat(entry("a".repeat(63) + "𐐷")).containsExactly("a".repeat(63));
  }

  @ParameterizedTest
  @CsvSource({
    "cafe, Café",
    "CAFÉ, cafe\u0301",
    "strasse, Straße",
    "STRAẞE, strasse",
    "istanbul, İSTANBUL",
    "ISTANBUL, ıstanbul",
    "οδυσσευς, ὈΔΥΣΣΕΎΣ",
    "احمد, أَحْمَد",
    "محمد, محـــمد",
    "42, ٤٢",
    "abc, ａｂｃ",
    "ガイド, ｶﾞｲﾄﾞ",
    "京, 東京都",
    "都, 東京都",
    "京都, 東京都庁",
    "日, 日",
    "øre, Ore",
    "Йод, иод",
    "한국어, 한국어",
    "สวัส, สวัสดีครับ",
    "𠮷, 𠮷野家",
  })
  void findsOtherSpellings(String query, String text) {
    assertThat(finds(query, false, text)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"caf, Café", "か, がく", "京東, 東京都", "東都, 東京都", "role_, role_changed"})
  void doesNotFindOtherWords(String query, String text) {
    assertThat(finds(query, false, text)).isFalse();
  }

  @Test
  void findsBeginningsWhenAskedTo() {
    assertThat(finds("caf", true, "Café")).isTrue();
    assertThat(finds("role_", true, "role_changed")).isTrue();
    assertThat(finds("東", true, "東京")).isTrue();
    assertThat(finds("afe", true, "Café")).isFalse();
  }

  @Test
  void foldsTextOfPlainLettersAsItFoldsAllOther() {
    String plain = "The QUICK brown_fox, u_7 & 42 0199a1b2-3c4d-7e5f-8a9b-0c1d2e3f4a5b";
    List<String> beside = entry(plain + " é");
    assertThat(beside.subList(0, beside.size() - 1)).isEqualTo(entry(plain));
  }
}
