package dev.indelible.server.evidence.pack;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** A section of a pack while its files are written. Not thread-safe. */
sealed interface PackSection extends Closeable permits SectionFiles, AccessFiles {

  /** The most entries that the OSCAL file names of a section; it says how many there are. */
  int MAX_NAMED = 1_000;

  /** An entry that the OSCAL file names. */
  record Named(long seq, String id, String action) {}

  /** The section of the template. */
  PackTemplate.Section section();

  /** Number of entries that show it. */
  long entries();

  /** The first of them. */
  List<Named> named();

  /** Completes its files. */
  List<SpoolFile.Complete> complete() throws IOException;

  /** Bytes that its files have on disk by now. */
  long packedBytes();

  @Override
  void close() throws IOException;

  /** Path of a section's file in a pack. */
  static String path(PackTemplate.Section section, String ending) {
    return (section.isAccessReview() ? AccessFiles.FOLDER : "sections/")
        + section.id()
        + "."
        + ending;
  }
}
