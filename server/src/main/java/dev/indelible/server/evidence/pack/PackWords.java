package dev.indelible.server.evidence.pack;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** Texts for people in packs; English where the language has none. */
final class PackWords {

  private static final String NAME = "dev.indelible.server.evidence.pack.words";

  private final Locale language;
  private final ResourceBundle texts;

  PackWords(Locale language) {
    texts =
        ResourceBundle.getBundle(
            NAME,
            language,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    Locale found = texts.getLocale();
    this.language = found.equals(Locale.ROOT) ? Locale.ENGLISH : found;
  }

  /** The language that the texts are in. */
  Locale language() {
    return language;
  }

  /** The text of that name, with the values in its places as they are. */
  String of(String name, String... values) {
    return new MessageFormat(texts.getString(name), language).format(values);
  }

  /** A number, as the language writes it. */
  String number(long number) {
    return String.format(language, "%,d", number);
  }
}
