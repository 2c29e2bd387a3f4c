package dev.indelible.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantIdTest {

  private static final Pattern FORM =
      Pattern.compile("[a-z0-9][a-z0-9._-]{0," + (TenantId.MAX_LENGTH - 1) + "}");

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "acme", "a.b_c-d", "9-", "a..", "z9"})
  void takesLettersDigitsAndThreeMarks(String name) {
    assertThat(new TenantId(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".a", "-a", "_a", "A", "aB", "ä", "a/b", "a b", "a\n", "a\u0000", "ａ"})
  void refusesWhatCouldBeMistakenInAPathOrAnotherName(String name) {
    assertThat(TenantId.isValid(name)).isFalse();
    assertThatThrownBy(() -> new TenantId(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hasALength() {
    assertThat(TenantId.isValid("a".repeat(TenantId.MAX_LENGTH))).isTrue();
    assertThat(TenantId.isValid("a".repeat(TenantId.MAX_LENGTH + 1))).isFalse();
  }

  @Test
  void agreesWithItsFormOnRandomNames() {
    long seed = 20_261_121;
    Random random = new Random(seed);
    String letters = "az09._-`{/:AZ \u00e9";
    int valid = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder name = new StringBuilder();
      int length = random.nextInt(4);
      for (int k = 0; k < length; k++) {
        name.append(letters.charAt(random.nextInt(letters.length())));
      }
      boolean expected = FORM.matcher(name).matches();
      assertThat(TenantId.isValid(name.toString()))
          .as("seed %d: %s", seed, name)
          .isEqualTo(expected);
      valid += expected ? 1 : 0;
    }
    assertThat(valid).isBetween(1_000, 19_000);
  }
}
