package dev.indelible.server.index;

import dev.indelible.server.query.IpNetwork;
import dev.indelible.server.query.TermKind;
import java.util.Arrays;
import org.apache.lucene.util.BytesRef;

/**
 * Writes terms as {@code docs/formats/index.md} describes them: a tag for the kind, then the text
 * in UTF-8. Ids are packed: 16 bytes for a UUID and for 32 hexadecimal digits. Grows; not
 * thread-safe.
 */
final class TermBytes {

  static final byte TENANT = 1;

  static final byte PLAIN = 0;
  static final byte UUID = 1;
  static final byte HEX = 2;

  /** Bytes of a packed id behind its tag: what it was, and the 128 bits. */
  static final int PACKED_BYTES = 17;

  static final byte TARGET_SEPARATOR = 0;
  private static final int UUID_LENGTH = 36;
  private static final int HEX_LENGTH = 32;

  /** The value of each lower-case hexadecimal digit, or -1. */
  private static final byte[] DIGITS = new byte[128];

  static {
    Arrays.fill(DIGITS, (byte) -1);
    for (int i = 0; i < 16; i++) {
      DIGITS["0123456789abcdef".charAt(i)] = (byte) i;
    }
  }

  /** Largest buffer of one entry's terms that is kept for the next. */
  static final int MAX_KEPT_BYTES = 64 * 1024;

  private static final int INITIAL_BYTES = 4096;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
    if (bytes.length > MAX_KEPT_BYTES) {
      bytes = new byte[INITIAL_BYTES];
    }
  }

  BytesRef toBytesRef() {
    return new BytesRef(Arrays.copyOf(bytes, length));
  }

  /** On disk: never changes for a kind. */
  static byte tag(TermKind kind) {
    return switch (kind) {
      case TEXT -> 2;
      case ID -> 3;
      case ACTOR_ID -> 4;
      case ACTOR_NAME -> 5;
      case ACTOR_TYPE -> 6;
      case ON_BEHALF_OF_ID -> 7;
      case ON_BEHALF_OF_NAME -> 8;
      case ROLE -> 9;
      case PERMISSION -> 10;
      case ACTION -> 11;
      case VERB -> 12;
      case CATEGORY -> 13;
      case TARGET -> 14;
      case TARGET_NAME -> 15;
      case TARGET_TYPE -> 16;
      case ACCOUNT -> 17;
      case OUTCOME -> 18;
      case IP -> 19;
      case COUNTRY -> 20;
      case SESSION -> 21;
      case REQUEST -> 22;
      case TRACE -> 23;
      case CHANGED -> 24;
      case SECURITY -> 25;
      case FLAG -> 26;
      case HAS -> 27;
      case MODEL -> 28;
      case VERSION -> 29;
      case PRODUCER -> 30;
      case PRODUCER_SEQ -> 31;
      case RECORDED_BY -> 32;
    };
  }

  static boolean isPacked(TermKind kind) {
    return switch (kind) {
      case ID, ACTOR_ID, ON_BEHALF_OF_ID, TARGET, SESSION, REQUEST, TRACE, PRODUCER -> true;
      case TEXT,
          ACTOR_NAME,
          ACTOR_TYPE,
          ON_BEHALF_OF_NAME,
          ROLE,
          PERMISSION,
          ACTION,
          VERB,
          CATEGORY,
          TARGET_NAME,
          TARGET_TYPE,
          ACCOUNT,
          OUTCOME,
          IP,
          COUNTRY,
          CHANGED,
          SECURITY,
          FLAG,
          HAS,
          MODEL,
          VERSION,
          PRODUCER_SEQ,
          RECORDED_BY ->
          false;
    };
  }

  TermBytes tenant(String name) {
    put(TENANT);
    return utf8(name);
  }

  TermBytes word(TermKind kind, String text) {
    put(tag(kind));
    return isPacked(kind) ? id(text) : utf8(text);
  }

  /** Puts a term that is not packed and whose text is ASCII. */
  TermBytes ascii(byte tag, byte[] in, int from, int to) {
    put(tag);
    return copy(in, from, to);
  }

  /** Puts a term that is not packed, whose text is ASCII, in lower case. */
  TermBytes lower(byte tag, byte[] in, int from, int to) {
    put(tag);
    ensure(to - from);
    for (int i = from; i < to; i++) {
      byte c = in[i];
      bytes[length++] = c >= 'A' && c <= 'Z' ? (byte) (c + ('a' - 'A')) : c;
    }
    return this;
  }

  /** Puts a term whose text is an id in ASCII. */
  TermBytes asciiId(byte tag, byte[] in, int from, int to) {
    put(tag);
    return asciiId(in, from, to);
  }

  /** Puts the term of a target whose type and id are ASCII. */
  TermBytes target(byte[] in, int typeFrom, int typeTo, int from, int to) {
    put(tag(TermKind.TARGET));
    int start = length;
    asciiId(in, from, to);
    if (bytes[start] == PLAIN) {
      put(TARGET_SEPARATOR);
    }
    return copy(in, typeFrom, typeTo);
  }

  private TermBytes asciiId(byte[] in, int from, int to) {
    int count = to - from;
    if ((count == UUID_LENGTH || count == HEX_LENGTH) && isPackable(in, from, to)) {
      put(count == UUID_LENGTH ? UUID : HEX);
      ensure(PACKED_BYTES);
      int high = -1;
      for (int i = from; i < to; i++) {
        int digit = digit((char) in[i]);
        if (digit >= 0) {
          if (high < 0) {
            high = digit;
          } else {
            bytes[length++] = (byte) ((high << 4) | digit);
            high = -1;
          }
        }
      }
      return this;
    }
    put(PLAIN);
    return copy(in, from, to);
  }

  /** Whether these 32 or 36 bytes are what is packed. */
  private static boolean isPackable(byte[] in, int from, int to) {
    boolean uuid = to - from == UUID_LENGTH;
    for (int i = from; i < to; i++) {
      int place = i - from;
      boolean dash = uuid && (place == 8 || place == 13 || place == 18 || place == 23);
      if (dash ? in[i] != '-' : digit((char) in[i]) < 0) {
        return false;
      }
    }
    return true;
  }

  TermBytes copy(byte[] in, int from, int to) {
    int count = to - from;
    ensure(count);
    System.arraycopy(in, from, bytes, length, count);
    length += count;
    return this;
  }

  TermBytes token(char[] buffer, int offset, int count) {
    put(tag(TermKind.TEXT));
    ensure(count * 3);
    for (int i = offset; i < offset + count; i++) {
      if (buffer[i] >= 0x80) {
        return utf8(new String(buffer, i, offset + count - i));
      }
      bytes[length++] = (byte) buffer[i];
    }
    return this;
  }

  TermBytes target(String type, String id) {
    targetId(id);
    return utf8(type);
  }

  /** Begins a target's term with everything before its type. */
  TermBytes targetId(String id) {
    put(tag(TermKind.TARGET));
    int start = length;
    id(id);
    if (bytes[start] == PLAIN) {
      put(TARGET_SEPARATOR);
    }
    return this;
  }

  TermBytes address(long high, long low) {
    put(tag(TermKind.IP));
    ensure(IpNetwork.ADDRESS_BITS / Byte.SIZE);
    longBytes(high);
    longBytes(low);
    return this;
  }

  private TermBytes id(String text) {
    if (isUuid(text)) {
      put(UUID);
      packHex(text);
    } else if (isHex(text)) {
      put(HEX);
      packHex(text);
    } else {
      put(PLAIN);
      utf8(text);
    }
    return this;
  }

  /** Puts a plain id's beginning. */
  TermBytes plain(byte tag, String beginning) {
    put(tag);
    put(PLAIN);
    return utf8(beginning);
  }

  /** Puts a packed id whose digits behind {@code digits} are all {@code filler}. */
  TermBytes packed(byte tag, byte form, String digits, char filler) {
    put(tag);
    put(form);
    packHex(digits + String.valueOf(filler).repeat(HEX_LENGTH - digits.length()));
    return this;
  }

  private static boolean isUuid(String text) {
    return text.length() == UUID_LENGTH && isUuidBeginning(text);
  }

  private static boolean isHex(String text) {
    return text.length() == HEX_LENGTH && isHexBeginning(text);
  }

  static boolean isUuidBeginning(String text) {
    if (text.length() > UUID_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? text.charAt(i) != '-' : digit(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  static boolean isHexBeginning(String text) {
    if (text.length() > HEX_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (digit(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static int digit(char c) {
    return c < DIGITS.length ? DIGITS[c] : -1;
  }

  private void packHex(String text) {
    ensure(PACKED_BYTES);
    int high = -1;
    for (int i = 0; i < text.length(); i++) {
      int digit = digit(text.charAt(i));
      if (digit < 0) {
        continue;
      }
      if (high < 0) {
        high = digit;
      } else {
        bytes[length++] = (byte) ((high << 4) | digit);
        high = -1;
      }
    }
  }

  private void longBytes(long value) {
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  private TermBytes utf8(String text) {
    int count = text.length();
    ensure(count * 3);
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xC0 | (c >> 6));
        bytes[length++] = (byte) (0x80 | (c & 0x3F));
      } else if (Character.isHighSurrogate(c)
          && i + 1 < count
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int point = Character.toCodePoint(c, text.charAt(++i));
        bytes[length++] = (byte) (0xF0 | (point >> 18));
        bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3F));
        bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        bytes[length++] = (byte) (0x80 | (point & 0x3F));
      } else {
        bytes[length++] = (byte) (0xE0 | (c >> 12));
        bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        bytes[length++] = (byte) (0x80 | (c & 0x3F));
      }
    }
    return this;
  }

  private void put(byte value) {
    ensure(1);
    bytes[length++] = value;
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
