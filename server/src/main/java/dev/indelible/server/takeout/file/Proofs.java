package dev.indelible.server.takeout.file;

import dev.indelible.server.run.StoredEntry;
import java.io.IOException;

/** Proofs of entries by the checkpoint of a file, in ascending order. Used by one thread. */
public interface Proofs {

  /**
   * Evidence of an entry.
   *
   * @param leaf 73 bytes
   * @param hashes of the inclusion proof, from the leaf up, each in base64 as ASCII
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier on the hot path; identity is never compared
  record Proof(byte[] leaf, byte[][] hashes) {}

  /** The evidence of an entry, checked. */
  Proof of(StoredEntry entry) throws IOException;

  /**
   * Checks all entries together, after the last one.
   *
   * @throws FormatLimitException when a verifier would not take them for what they are to be
   */
  default void finish() throws IOException {}
}
