package dev.indelible.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions that are read as comparisons find what the JDK's patterns find. */
class ComparisonTest {

  private static final long SEED = 17;
  private static final int TEXTS = 4_000;

  /** What texts are made of: what the expressions ask for, their neighbors, and traps. */
  private static final List<String> PARTS =
      List.of(
          "User",
          "App",
          "secret",
          "token",
          "4",
          "5",
          "04",
          "9",
          "@",
          "a.b",
          ".",
          "[bot]",
          "bot]",
          "^",
          "$",
          "|",
          "\\",
          "-",
          "_",
          " ",
          "\t",
          "\n",
          "\r\n",
          "\u2028",
          "\u0085",
          "ä",
          "\ud83d\ude00",
          "x",
          "Z",
          "(",
          ")",
          "^User",
          "protected_branch.");

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int parts = random.nextInt(4); parts > 0; parts--) {
      text.append(PARTS.get(random.nextInt(PARTS.size())));
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^true$",
        "@",
        "^[45]",
        "^[45]\\d\\d$",
        "secret|token",
        "^(User|AppUser)$",
        "\\[bot\\]$",
        "^protected_branch\\.",
        "^[^@]+$",
        "^[a-z_.]+$",
        "server-to-server|^Deploy key",
        "^System",
        "x(|Z)",
        "[._-]",
        "4[0-9]",
        "^User|bot\\]$",
        "a\\.b",
        "\\\\",
        "^[^@\\s]+$",
        "\\$$",
        "^\\^"
      })
  void findsWhatThePatternFinds(String regex) {
    Comparison comparison = Comparison.of(regex);
    assertThat(comparison).isNotNull();
    Pattern pattern = Pattern.compile(regex);
    Random random = new Random(SEED);
    for (int i = 0; i < TEXTS; i++) {
      String text = text(random);
      if (comparison.isExactFor(text)) {
        assertThat(comparison.holds(text))
            .as("%s in \"%s\", seed %d", regex, text, SEED)
            .isEqualTo(pattern.matcher(text).find());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a+",
        "a*b",
        "a?",
        "a{2}",
        "a.b",
        "(?i)user",
        "^(?!ec2\\.)",
        "(a)\\1",
        "\\bx",
        "[^@]x",
        "[a-z&&[b]]",
        "(^|[._-])failed",
        "(a(b|c))",
        "^",
        "",
        "\\w",
        "[\\w]",
        "ä|\ud83d\ude00",
        "\\Qa\\E"
      })
  void leavesEverythingElseToThePattern(String regex) {
    assertThat(Comparison.of(regex)).isNull();
  }

  @Test
  void aLineEndAtTheEndIsLeftToThePattern() {
    Regex regex = Regex.of("^User$");
    assertThat(regex.finds("User\n", new Budget())).isTrue();
    assertThat(regex.finds("User\n\n", new Budget())).isFalse();
    assertThat(regex.finds("Users", new Budget())).isFalse();
  }

  @Test
  void whatIsRememberedCostsWhatItCostTheFirstTime() {
    Regex regex = Regex.of("(x+)+y");
    String text = "x".repeat(14);
    Budget first = new Budget();
    assertThat(regex.finds(text, first)).isFalse();
    Budget second = new Budget();
    assertThat(regex.finds(text, second)).isFalse();
    assertThat(first.spent()).isPositive().isEqualTo(second.spent());
  }
}
