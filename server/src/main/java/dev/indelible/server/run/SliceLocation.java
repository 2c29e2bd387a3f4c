package dev.indelible.server.run;

/**
 * Location of a slice.
 *
 * @param offset in the file, in bytes
 * @param length of the whole slice
 * @param recordBytes length of the record that ends it, with its checksum
 */
record SliceLocation(long offset, long length, int recordBytes) {

  long recordOffset() {
    return offset + length - recordBytes;
  }
}
