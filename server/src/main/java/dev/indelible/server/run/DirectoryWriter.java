package dev.indelible.server.run;

import dev.indelible.server.event.TenantId;

/**
 * Collects the directory of a run: about 20 bytes of heap per tenant until it is written. Not
 * thread-safe.
 */
final class DirectoryWriter {

  private final ByteColumn pages = new ByteColumn(8192);
  private final ByteColumn sparse = new ByteColumn(1024);
  private int pageCount;
  private int pageStart;
  private boolean pageOpen;

  void add(TenantId tenant, SliceLocation location) {
    if (!pageOpen) {
      pageOpen = true;
      pageStart = pages.length();
      pages.putLong(location.offset());
      Directory.putName(sparse, tenant.value());
    }
    Directory.putName(pages, tenant.value());
    pages.putVarint(location.length()).putVarint(location.recordBytes());
    if (pages.length() - pageStart >= RunFormat.DIRECTORY_PAGE_BYTES) {
      finishPage();
    }
  }

  private void finishPage() {
    if (pageOpen) {
      pages.putChecksum(pageStart);
      sparse.putVarint(pages.length() - pageStart);
      pageCount++;
      pageOpen = false;
    }
  }

  /** Ends the last page; nothing is added after. */
  void finish() {
    finishPage();
    sparse.putChecksum(0);
  }

  int pageCount() {
    return pageCount;
  }

  ByteColumn pages() {
    return pages;
  }

  ByteColumn sparse() {
    return sparse;
  }
}
