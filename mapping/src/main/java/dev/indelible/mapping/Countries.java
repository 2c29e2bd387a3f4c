package dev.indelible.mapping;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The countries of ISO 3166-1 by their codes of two letters and by their English names, as foreign
 * logs write either.
 */
final class Countries {

  /** Names that logs write and that are not the ones of the JDK. */
  private static final Map<String, String> OTHER_NAMES =
      Map.ofEntries(
          Map.entry("bolivia, plurinational state of", "BO"),
          Map.entry("brunei darussalam", "BN"),
          Map.entry("cabo verde", "CV"),
          Map.entry("congo", "CG"),
          Map.entry("congo, the democratic republic of the", "CD"),
          Map.entry("czech republic", "CZ"),
          Map.entry("democratic republic of the congo", "CD"),
          Map.entry("great britain", "GB"),
          Map.entry("hong kong", "HK"),
          Map.entry("iran, islamic republic of", "IR"),
          Map.entry("ivory coast", "CI"),
          Map.entry("korea, democratic people's republic of", "KP"),
          Map.entry("korea, republic of", "KR"),
          Map.entry("lao people's democratic republic", "LA"),
          Map.entry("macao", "MO"),
          Map.entry("macau", "MO"),
          Map.entry("macedonia", "MK"),
          Map.entry("moldova, republic of", "MD"),
          Map.entry("myanmar", "MM"),
          Map.entry("palestine", "PS"),
          Map.entry("republic of korea", "KR"),
          Map.entry("russian federation", "RU"),
          Map.entry("swaziland", "SZ"),
          Map.entry("syrian arab republic", "SY"),
          Map.entry("taiwan, province of china", "TW"),
          Map.entry("tanzania, united republic of", "TZ"),
          Map.entry("the netherlands", "NL"),
          Map.entry("turkey", "TR"),
          Map.entry("united states of america", "US"),
          Map.entry("venezuela, bolivarian republic of", "VE"),
          Map.entry("viet nam", "VN"));

  private static final int CODE_LENGTH = 2;

  private static final Map<String, String> BY_NAME = byName();

  private Countries() {}

  /** The code of the country that is written as {@code text}, in capitals. */
  static Optional<String> code(String text) {
    if (text.length() == CODE_LENGTH) {
      return text.chars().allMatch(c -> (c | 0x20) >= 'a' && (c | 0x20) <= 'z')
          ? Optional.of(text.toUpperCase(Locale.ROOT))
          : Optional.empty();
    }
    return Optional.ofNullable(BY_NAME.get(key(text)));
  }

  private static Map<String, String> byName() {
    Map<String, String> codes = new HashMap<>(OTHER_NAMES);
    for (String code : Locale.getISOCountries()) {
      codes.put(key(Locale.of("", code).getDisplayCountry(Locale.ENGLISH)), code);
    }
    return Map.copyOf(codes);
  }

  private static String key(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replace('\u2019', '\'').replace(" & ", " and ");
  }
}
