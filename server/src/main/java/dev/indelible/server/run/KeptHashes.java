package dev.indelible.server.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * The ids' hashes that follow a part of the id filter: what settles the filter's "perhaps". Where
 * they ascend, one of millions is found by reading two or three pages.
 */
final class KeptHashes {

  /**
   * Hashes are spread evenly, so that one's place can be guessed; after so many, halving is safe.
   */
  private static final int GUESSES = 4;

  private KeptHashes() {}

  /** Whether the hash is among those of a part that keeps them. */
  static boolean contain(RunFile file, RunCache cache, FilterPart part, long idHash)
      throws IOException {
    return switch (part.kept()) {
      case NONE -> throw new IllegalArgumentException("no hashes follow " + part);
      case IN_ANY_ORDER -> containInAnyOrder(file, part, idHash);
      case ASCENDING -> containAscending(file, cache, part, idHash);
    };
  }

  /** Gives {@code consumer} all hashes that follow a part, in the order in which they are there. */
  static void forEach(RunFile file, FilterPart part, LongConsumer consumer) throws IOException {
    for (int first = 0; part.keepsHashes() && first < part.ids(); ) {
      Section page = file.section(part.hashPageOffset(first), part.hashPageBytes(first));
      while (page.remaining() > 0) {
        consumer.accept(page.takeLong());
      }
      first += RunFormat.ID_HASHES_PER_PAGE;
    }
  }

  private static boolean containInAnyOrder(RunFile file, FilterPart part, long idHash)
      throws IOException {
    for (int first = 0; first < part.ids(); first += RunFormat.ID_HASHES_PER_PAGE) {
      Section page = file.section(part.hashPageOffset(first), part.hashPageBytes(first));
      while (page.remaining() > 0) {
        if (page.takeLong() == idHash) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean containAscending(
      RunFile file, RunCache cache, FilterPart part, long idHash) throws IOException {
    int low = 0;
    int high = (part.ids() - 1) / RunFormat.ID_HASHES_PER_PAGE;
    double least = Long.MIN_VALUE;
    double most = Long.MAX_VALUE;
    for (int guess = 0; low <= high; guess++) {
      int span = high - low;
      int into =
          guess < GUESSES ? (int) ((span + 1) * ((idHash - least) / (most - least))) : span / 2;
      int number = low + Math.clamp(into, 0, span);
      int first = number * RunFormat.ID_HASHES_PER_PAGE;
      // Not kept: the next id is on another page, and filters and blocks need the room more.
      byte[] bytes = cache.page(file, part.hashPageOffset(first), part.hashPageBytes(first), false);
      ByteBuffer page = ByteBuffer.wrap(bytes, 0, bytes.length - RunFormat.CRC_BYTES);
      int count = page.remaining() / Long.BYTES;
      if (idHash < page.getLong(0)) {
        high = number - 1;
        most = page.getLong(0);
      } else if (idHash > page.getLong((count - 1) * Long.BYTES)) {
        low = number + 1;
        least = page.getLong((count - 1) * Long.BYTES);
      } else {
        return isOn(page, count, idHash);
      }
    }
    return false;
  }

  private static boolean isOn(ByteBuffer page, int count, long idHash) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = page.getLong(middle * Long.BYTES);
      if (found == idHash) {
        return true;
      }
      if (found < idHash) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }
}
