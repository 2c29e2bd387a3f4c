package dev.indelible.server.run;

import java.io.IOException;

/**
 * The end of a run: where its regions lie, and what it holds. The regions follow each other without
 * gaps: header, slices, filter parts, filter table, directory pages, sparse index, footer.
 *
 * @param info counts, times, position
 * @param filterOffset where the filter's parts begin, and the slices end
 * @param filterParts how many there are
 * @param filterTableOffset where the filter's table begins
 * @param directoryOffset where the directory's pages begin
 * @param directoryPages how many there are
 * @param sparseOffset where the sparse index begins
 */
record Footer(
    RunInfo info,
    long filterOffset,
    int filterParts,
    long filterTableOffset,
    long directoryOffset,
    int directoryPages,
    long sparseOffset) {

  /** Length with its checksum. */
  static final int BYTES = 12 * Long.BYTES + 2 * Integer.BYTES + RunFormat.CRC_BYTES;

  void putTo(ByteColumn out) {
    int start = out.length();
    out.putLong(RunFormat.FOOTER_MAGIC)
        .putLong(info.sizeBytes())
        .putLong(filterOffset)
        .putInt(filterParts)
        .putLong(filterTableOffset)
        .putLong(directoryOffset)
        .putInt(directoryPages)
        .putLong(sparseOffset)
        .putLong(info.tenants())
        .putLong(info.entries())
        .putLong(info.minRecordedAtMillis())
        .putLong(info.maxRecordedAtMillis())
        .putLong(info.sealedThrough())
        .putLong(0) // reserved
        .putChecksum(start);
  }

  static Footer read(RunFile file, int headerBytes) throws IOException {
    long at = file.sizeBytes() - BYTES;
    if (at < headerBytes) {
      throw file.corrupt(0, "a run is longer than " + file.sizeBytes() + " bytes");
    }
    Section section = file.section(at, BYTES);
    if (section.takeLong() != RunFormat.FOOTER_MAGIC || section.takeLong() != file.sizeBytes()) {
      throw section.corrupt("no footer of a run of " + file.sizeBytes() + " bytes");
    }
    long filterOffset = section.takeLong();
    int filterParts = section.takeInt();
    long filterTableOffset = section.takeLong();
    long directoryOffset = section.takeLong();
    int directoryPages = section.takeInt();
    long sparseOffset = section.takeLong();
    RunInfo info =
        new RunInfo(
            file.name(),
            file.sizeBytes(),
            section.takeLong(),
            section.takeLong(),
            section.takeLong(),
            section.takeLong(),
            section.takeLong());
    if (section.takeLong() != 0) {
      throw section.corrupt("reserved field is set");
    }
    Footer footer =
        new Footer(
            info,
            filterOffset,
            filterParts,
            filterTableOffset,
            directoryOffset,
            directoryPages,
            sparseOffset);
    if (!footer.isOrdered(headerBytes, at)) {
      throw section.corrupt("regions out of order: " + footer);
    }
    return footer;
  }

  private boolean isOrdered(int headerBytes, long end) {
    return headerBytes <= filterOffset
        && filterOffset <= filterTableOffset
        && filterParts >= 0
        && filterParts <= RunFormat.MAX_FILTER_PARTS
        && filterTableOffset + filterTableBytes() == directoryOffset
        && directoryOffset < sparseOffset
        && sparseOffset < end
        && end - sparseOffset <= RunFormat.MAX_SPARSE_INDEX_BYTES
        && directoryPages > 0
        && directoryPages <= end - sparseOffset
        && info.tenants() > 0
        && info.entries() >= info.tenants();
  }

  int filterTableBytes() {
    return filterParts * FilterPart.TABLE_BYTES + RunFormat.CRC_BYTES;
  }

  int sparseBytes() {
    return Math.toIntExact(info.sizeBytes() - BYTES - sparseOffset);
  }
}
