package dev.indelible.server.sink;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON that readers of syslog take as it is meant. {@code mmjsonparse} of rsyslog 8.2302 puts the
 * greatest long in the place of an integer beyond 64 bits and ends a text at U+0000: such an
 * integer becomes a text, and U+0000 its picture, U+2400. A fraction that a double cannot hold
 * becomes a text too.
 */
final class SyslogJson {

  /** Stands for U+0000. */
  static final char NULL_PICTURE = '\u2400';

  /** The most digits that every double holds. */
  private static final int SAFE_DIGITS = 15;

  private static final byte[] NULL_ESCAPE = {'\\', 'u', '0', '0', '0', '0'};
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  private SyslogJson() {}

  /** Returns the text itself where nothing in it is changed, or another one. */
  static byte[] safe(byte[] json) {
    return isSuspect(json) ? rewritten(json) : json;
  }

  /** Whether it holds an escaped U+0000, or digits that may be a long number. */
  private static boolean isSuspect(byte[] json) {
    int digits = 0;
    for (int i = 0; i < json.length; i++) {
      byte octet = json[i];
      if ((octet >= '0' && octet <= '9') || octet == '.') {
        digits++;
        if (digits > SAFE_DIGITS) {
          return true;
        }
      } else {
        digits = 0;
        if (octet == '\\' && matches(json, i)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean matches(byte[] json, int at) {
    if (at + NULL_ESCAPE.length > json.length) {
      return false;
    }
    for (int i = 0; i < NULL_ESCAPE.length; i++) {
      if (json[at + i] != NULL_ESCAPE[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] rewritten(byte[] json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + 16);
    JsonMapper mapper = JsonMapper.shared();
    try (JsonParser in = mapper.createParser(json);
        JsonGenerator copy = mapper.createGenerator(out)) {
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        switch (token) {
          case PROPERTY_NAME -> copy.writeName(plain(in.currentName()));
          case VALUE_STRING -> copy.writeString(plain(in.getString()));
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
            String number = in.getString();
            if (isKept(token, number)) {
              copy.writeNumber(number);
            } else {
              copy.writeString(number);
            }
          }
          default -> copy.copyCurrentEvent(in);
        }
      }
    }
    return out.toByteArray();
  }

  private static String plain(String text) {
    return text.replace('\0', NULL_PICTURE);
  }

  private static boolean isKept(JsonToken token, String number) {
    if (number.length() <= SAFE_DIGITS) {
      return true;
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      BigInteger whole = new BigInteger(number);
      return whole.compareTo(LEAST) >= 0 && whole.compareTo(MOST) <= 0;
    }
    double read = Double.parseDouble(number);
    return Double.isFinite(read)
        && new BigDecimal(number).compareTo(new BigDecimal(Double.toString(read))) == 0;
  }
}
