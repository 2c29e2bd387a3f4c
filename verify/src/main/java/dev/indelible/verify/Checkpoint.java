package dev.indelible.verify;

import java.util.List;

/**
 * A log's statement of its size and root: the text of a checkpoint, whose signatures are those of
 * the {@link SignedNote} around it.
 *
 * <pre>
 * origin
 * size, decimal
 * root, base64
 * </pre>
 *
 * <p>Source: c2sp.org/tlog-checkpoint. Format: {@code docs/formats/checkpoint.md}.
 *
 * @param origin the name of the log
 * @param size how many leaves its tree has
 * @param root the tree's root
 * @param extensions further lines, whose meaning nobody can check; none in logs of this program
 */
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {

  /** The longest origin, in UTF-16 units. */
  public static final int MAX_ORIGIN_CHARS = 255;

  /** The most extension lines. */
  public static final int MAX_EXTENSIONS = 16;

  private static final String FORMAT = "checkpoint";

  public Checkpoint {
    extensions = List.copyOf(extensions);
    if (origin.isEmpty() || origin.length() > MAX_ORIGIN_CHARS || !StrictText.isLine(origin)) {
      throw new IllegalArgumentException("no origin: \"" + origin + "\"");
    }
    if (size < 0 || (size == 0 && !root.equals(Rfc6962.EMPTY_ROOT))) {
      throw new IllegalArgumentException("no tree of size " + size + " has root " + root);
    }
    if (extensions.size() > MAX_EXTENSIONS
        || extensions.stream().anyMatch(line -> line.isEmpty() || !StrictText.isLine(line))) {
      throw new IllegalArgumentException("no extension lines: " + extensions);
    }
  }

  /** A checkpoint without extension lines. */
  public Checkpoint(String origin, long size, Hash root) {
    this(origin, size, root, List.of());
  }

  /** Reads the text of a note. */
  public static Parsed<Checkpoint> parse(String text) {
    if (!text.endsWith("\n")) {
      return malformed(1, "does not end in a newline");
    }
    String[] lines = text.substring(0, text.length() - 1).split("\n", -1);
    if (lines.length < 3 || lines.length > 3 + MAX_EXTENSIONS) {
      return malformed(
          lines.length, "has " + lines.length + " lines, not 3 to " + (3 + MAX_EXTENSIONS));
    }
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].isEmpty() || !StrictText.isLine(lines[i])) {
        return malformed(i + 1, "is empty or has a control character or half a surrogate pair");
      }
    }
    if (lines[0].length() > MAX_ORIGIN_CHARS) {
      return malformed(1, "an origin has at most " + MAX_ORIGIN_CHARS + " characters");
    }
    long size = StrictText.decimal(lines[1]);
    if (size < 0) {
      return malformed(2, "a size is a decimal below 2^63 without leading zeroes");
    }
    Parsed<Hash> root = Hash.fromBase64(lines[2], FORMAT, "line 3");
    if (root instanceof Parsed.Malformed<Hash> malformed) {
      return malformed.as();
    }
    if (size == 0 && !root.orThrow().equals(Rfc6962.EMPTY_ROOT)) {
      return malformed(3, "is not the root of the empty tree");
    }
    return new Parsed.Ok<>(
        new Checkpoint(lines[0], size, root.orThrow(), List.of(lines).subList(3, lines.length)));
  }

  /** The text that is signed. */
  public String text() {
    StringBuilder text = new StringBuilder(origin).append('\n');
    text.append(size).append('\n').append(root.toBase64()).append('\n');
    extensions.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  /** The checkpoint, signed by the log. */
  public SignedCheckpoint sign(NoteSigner signer) {
    String text = text();
    return new SignedCheckpoint(this, SignedNote.of(text, signer.sign(text)));
  }

  private static Parsed<Checkpoint> malformed(int line, String problem) {
    return Parsed.malformed(FORMAT, "line " + line, problem);
  }
}
