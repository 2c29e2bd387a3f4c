package dev.indelible.server.takeout.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.query.Field;
import dev.indelible.server.query.TimeBound;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FileWordsTest {

  private static Properties read(String name) throws IOException {
    Properties words = new Properties();
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(FileWords.class.getResourceAsStream(name)),
            StandardCharsets.UTF_8)) {
      words.load(reader);
    }
    return words;
  }

  @Test
  void bothLanguagesHaveEveryTextWithTheSamePlaces() throws IOException {
    Properties english = read("words.properties");
    Properties german = read("words_de.properties");
    assertThat(german.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    assertThat(english.stringPropertyNames()).hasSizeGreaterThan(50);
    for (String name : english.stringPropertyNames()) {
      assertThat(places(german.getProperty(name)))
          .as(name)
          .isEqualTo(places(english.getProperty(name)));
    }
  }

  private static Set<String> places(String text) {
    return Pattern.compile("\\{\\d}")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  @Test
  void aValueStandsAsItIs() {
    FileWords words = new FileWords(Locale.GERMANY);
    assertThat(words.of("title", "{0} 'quoted' {x")).isEqualTo("Protokoll von {0} 'quoted' {x");
    assertThat(words.number(1_234_567)).isEqualTo("1.234.567");
    assertThat(words.language()).isEqualTo(Locale.GERMAN);
  }

  @Test
  void everyFieldOfQueriesHasAWord() throws IOException {
    Properties english = read("words.properties");
    for (Field field : Field.values()) {
      assertThat(english).containsKey("field." + field.queryName());
    }
    for (TimeBound bound : TimeBound.values()) {
      assertThat(english).containsKey("q." + bound.queryName());
    }
  }

  @Test
  void aQueryIsSaidInWords() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    FilterWords words = new FilterWords(new FileWords(Locale.ENGLISH), berlin);
    assertThat(words.of("action:user.*,x.y -outcome:success", TakenEntries.NOW))
        .isEqualTo("the action is user.… or x.y and not the outcome is success");
    assertThat(words.of("(actor:u_7 OR ip:10.0.0.0/8) \"a b\" after:2026-11-20", TakenEntries.NOW))
        .isEqualTo(
            "(who acted is u_7 or the address is in 10.0.0.0/8) and it contains “a b” and it"
                + " occurred at 2026-11-20T00:00:00+01:00 or later");
    assertThat(words.of("nofield:x", TakenEntries.NOW)).isNull();
    assertThat(
            new FilterWords(new FileWords(Locale.GERMAN), berlin)
                .of("outcome:failure", TakenEntries.NOW))
        .isEqualTo("das Ergebnis ist failure");
  }
}
