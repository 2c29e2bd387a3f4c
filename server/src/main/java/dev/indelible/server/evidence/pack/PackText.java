package dev.indelible.server.evidence.pack;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A text of a template in the languages that it is written in.
 *
 * @param texts by their languages; there is one in English
 */
public record PackText(Map<String, String> texts) {

  /** The language that every text has. */
  static final String ENGLISH = "en";

  public PackText {
    texts = Map.copyOf(texts);
    Objects.requireNonNull(texts.get(ENGLISH), ENGLISH);
  }

  /** A text that is the same in every language. */
  static PackText of(String text) {
    return new PackText(Map.of(ENGLISH, text));
  }

  /** The text in a language; in English where there is none. */
  public String in(Locale language) {
    String text = texts.get(language.getLanguage());
    return text == null ? Objects.requireNonNull(texts.get(ENGLISH)) : text;
  }
}
