package dev.indelible.verify;

import java.util.Locale;

/** Construction and parsing of the paths of {@link LogResource}. */
final class LogPaths {

  private static final String FORMAT = "tile path";
  private static final String ROOT = "tile/";
  private static final String PARTIAL = ".p/";
  private static final int GROUP_DIGITS = 3;
  private static final int GROUP = 1000;

  private LogPaths() {}

  static String path(String kind, long index, int width) {
    StringBuilder path = new StringBuilder(ROOT).append(kind).append('/');
    appendIndex(path, index / GROUP);
    path.append(group(index));
    return width < LogResource.FULL_WIDTH
        ? path.append(PARTIAL).append(width).toString()
        : path.toString();
  }

  private static void appendIndex(StringBuilder path, long groups) {
    if (groups > 0) {
      appendIndex(path, groups / GROUP);
      path.append('x').append(group(groups)).append('/');
    }
  }

  private static String group(long value) {
    return String.format(Locale.ROOT, "%03d", value % GROUP);
  }

  static Parsed<LogResource> parse(String path) {
    if (path.length() > LogResource.MAX_PATH_CHARS) {
      return malformed("start", "longer than " + LogResource.MAX_PATH_CHARS + " characters");
    }
    int kindEnd = path.startsWith(ROOT) ? path.indexOf('/', ROOT.length()) : -1;
    if (kindEnd < 0) {
      return malformed("start", "not of the form tile/<level or \"entries\">/<index>");
    }
    String kind = path.substring(ROOT.length(), kindEnd);
    int partialAt = path.indexOf(PARTIAL, kindEnd);
    int width = LogResource.FULL_WIDTH;
    if (partialAt >= 0) {
      long parsed = StrictText.decimal(path.substring(partialAt + PARTIAL.length()));
      if (parsed < 1 || parsed >= LogResource.FULL_WIDTH) {
        return malformed(at(partialAt + PARTIAL.length()), "a width is from 1 to 255");
      }
      width = (int) parsed;
    }
    String digits = path.substring(kindEnd + 1, partialAt >= 0 ? partialAt : path.length());
    long index = index(digits);
    if (index < 0) {
      return malformed(at(kindEnd + 1), "an index is written like x001/x234/067");
    }
    return resource(kind, index, width);
  }

  private static Parsed<LogResource> resource(String kind, long index, int width) {
    long level = kind.equals(EntryBundle.KIND) ? 0 : StrictText.decimal(kind);
    if (level < 0 || level > Tile.MAX_LEVEL) {
      return malformed(at(ROOT.length()), "a level is from 0 to " + Tile.MAX_LEVEL);
    }
    if (!Tile.isPlace((int) level, index, width)) {
      return malformed(
          at(ROOT.length() + kind.length() + 1),
          "index " + index + " at level " + level + " is beyond any tree");
    }
    return new Parsed.Ok<>(
        kind.equals(EntryBundle.KIND)
            ? new EntryBundle(index, width)
            : new Tile((int) level, index, width));
  }

  /** The index, or -1 unless it is spelled as {@link #path} spells it. */
  private static long index(String digits) {
    String[] groups = digits.split("/", -1);
    long index = 0;
    for (int i = 0; i < groups.length; i++) {
      String group = groups[i];
      boolean last = i == groups.length - 1;
      if (!last && !group.startsWith("x")) {
        return -1;
      }
      String three = last ? group : group.substring(1);
      boolean superfluous = i == 0 && !last && three.equals("000");
      if (three.length() != GROUP_DIGITS || !StrictText.isDigits(three) || superfluous) {
        return -1;
      }
      if (index > (Long.MAX_VALUE - GROUP) / GROUP) {
        return -1;
      }
      index = index * GROUP + Integer.parseInt(three);
    }
    return index;
  }

  private static String at(int character) {
    return "character " + character;
  }

  private static Parsed<LogResource> malformed(String where, String problem) {
    return Parsed.malformed(FORMAT, where, problem);
  }
}
