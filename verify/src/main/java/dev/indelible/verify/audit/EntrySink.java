package dev.indelible.verify.audit;

import dev.indelible.verify.audit.Json.MalformedJsonException;
import org.jspecify.annotations.Nullable;

/** Takes the entries of an export while they are checked, in order. */
public interface EntrySink {

  /**
   * Takes an entry that has facts.
   *
   * @param facts the facts, which are overwritten afterwards
   * @param length how many bytes of them count
   * @param personal the personal part, or null when it is withheld or gone
   * @throws MalformedJsonException when a part is none
   */
  void entry(long seq, long recordedAtMillis, byte[] facts, int length, byte @Nullable [] personal)
      throws MalformedJsonException;

  /** Takes note of an entry of which the leaf alone is left. */
  void purged(long seq);
}
