package dev.indelible.server.proof;

import dev.indelible.verify.Hash;
import dev.indelible.verify.Rfc6962;

/**
 * Statement of a log about itself: once published it has to be true for ever.
 *
 * @param size how many entries it has
 * @param root the root of its tree at that size
 */
public record Head(long size, Hash root) {

  /** The head of every log before its first entry. */
  public static final Head EMPTY = new Head(0, Rfc6962.EMPTY_ROOT);

  public Head {
    if (size < 0) {
      throw new IllegalArgumentException("a log of size " + size);
    }
  }
}
