package dev.indelible.ports.blob;

/** Checks of the names of blobs and states, the same in every adapter. */
public final class BlobName {

  private BlobName() {}

  /**
   * The name, if it is one.
   *
   * @throws IllegalArgumentException if not
   */
  public static String checked(String name) {
    if (name.isEmpty() || name.length() > BlobStore.MAX_NAME_LENGTH) {
      throw new IllegalArgumentException("a name of " + name.length() + " characters");
    }
    int segmentStart = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean allowed = isPlain(c) || (i > segmentStart && (c == '.' || c == '/'));
      if (!allowed || i - segmentStart >= BlobStore.MAX_SEGMENT_LENGTH + (c == '/' ? 1 : 0)) {
        throw new IllegalArgumentException("not a blob's name at character " + i + ": " + name);
      }
      if (c == '/') {
        segmentStart = i + 1;
      }
    }
    if (segmentStart == name.length()) {
      throw new IllegalArgumentException("a blob's name ends in a slash: " + name);
    }
    return name;
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  /** The folder part of a checked prefix: everything up to its last slash. */
  public static String folderOf(String prefix) {
    return prefix.substring(0, prefix.lastIndexOf('/') + 1);
  }
}
