package dev.indelible.mapping.out;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Readers of CEF (ArcSight implementation standard 26) and of LEEF 2.0 (IBM QRadar's guide),
 * written by what these say and not by what writes them.
 */
final class SyslogForms {

  /** A name begins the extension, or stands behind a blank; its = is not escaped. */
  private static final Pattern KEY = Pattern.compile("(?:^| )([A-Za-z0-9_.]+)=");

  private SyslogForms() {}

  /**
   * Event as a receiver reads it.
   *
   * @param header from the vendor on
   */
  record Received(List<String> header, Map<String, String> values) {}

  static Received cef(String line) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int at = 0;
    while (parts.size() < 7) {
      char c = line.charAt(at++);
      if (c == '\\') {
        part.append(line.charAt(at++));
      } else if (c == '|') {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    if (!parts.getFirst().equals("CEF:0") || line.charAt(at) != ' ') {
      throw new IllegalArgumentException("no CEF, or no blank behind the last bar: " + line);
    }
    String extension = line.substring(at + 1);
    Map<String, String> values = new LinkedHashMap<>();
    Matcher key = KEY.matcher(extension);
    boolean isMore = key.find();
    while (isMore) {
      String name = key.group(1);
      int start = key.end();
      isMore = key.find();
      String value = extension.substring(start, isMore ? key.start() : extension.length());
      if (values.put(name, unescaped(value)) != null) {
        throw new IllegalArgumentException(name + " is there twice: " + line);
      }
    }
    return new Received(parts.subList(1, 7), values);
  }

  static Received leef(String line) {
    String[] parts = line.split("\\|", 7);
    if (!parts[0].equals("LEEF:2.0") || !parts[5].equals("x09")) {
      throw new IllegalArgumentException("no LEEF with a tab: " + line);
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : parts[6].split("\t", -1)) {
      int is = pair.indexOf('=');
      if (values.put(pair.substring(0, is), unescaped(pair.substring(is + 1))) != null) {
        throw new IllegalArgumentException(pair + " is there twice: " + line);
      }
    }
    return new Received(List.of(parts).subList(1, 5), values);
  }

  private static String unescaped(String value) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        c = value.charAt(++i);
        c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
      }
      text.append(c);
    }
    return text.toString();
  }
}
