package dev.indelible.server.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.text.MessageFormat;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Texts of sentences in a language; English where it has none. Immutable. */
final class SentenceWords {

  private static final String NAME = "dev.indelible.server.profile.sentences";

  /** German of the built-in catalogs' sentences, by the English one; the viewer's own file. */
  private static final String GERMAN = "sentences-de.json";

  private final Locale language;
  private final ResourceBundle texts;
  private final Map<String, String> sentences;

  private SentenceWords(Locale language, ResourceBundle texts, Map<String, String> sentences) {
    this.language = language;
    this.texts = texts;
    this.sentences = Map.copyOf(sentences);
  }

  static SentenceWords of(Locale language) {
    ResourceBundle texts =
        ResourceBundle.getBundle(
            NAME,
            language,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    boolean isGerman = texts.getLocale().getLanguage().equals(Locale.GERMAN.getLanguage());
    return new SentenceWords(
        isGerman ? Locale.GERMAN : Locale.ENGLISH, texts, isGerman ? german() : Map.of());
  }

  private static Map<String, String> german() {
    try (InputStream in = SentenceWords.class.getResourceAsStream(GERMAN)) {
      if (in == null) {
        throw new IllegalStateException(GERMAN + " is missing in the program");
      }
      Map<String, String> sentences = new HashMap<>();
      for (Map.Entry<String, JsonNode> one : JsonMapper.shared().readTree(in).properties()) {
        sentences.put(one.getKey(), one.getValue().stringValue());
      }
      return sentences;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A sentence of a built-in catalog in this language; one that is not known as it is. */
  String sentence(String english) {
    return sentences.getOrDefault(english, english);
  }

  /** The text of that name, with the values in its places as they are. */
  String of(String name, String... values) {
    return new MessageFormat(texts.getString(name), language).format(values);
  }
}
