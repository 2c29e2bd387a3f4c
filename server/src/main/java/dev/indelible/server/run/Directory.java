package dev.indelible.server.run;

import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds slices by tenant: in memory only the first tenant of each page, on disk the pages.
 * Immutable.
 */
final class Directory {

  private final RunFile file;
  private final RunCache cache;

  /** The pages' first tenants, one after the other. */
  private final byte[] firstNames;

  /** Offset of the name of page {@code i}; one more than there are pages. */
  private final int[] nameAt;

  /** Offset of page {@code i} in the file; one more than there are pages. */
  private final long[] pageAt;

  /** A tenant and where its slice lies. */
  record Found(TenantId tenant, SliceLocation location) {}

  private Directory(RunFile file, RunCache cache, byte[] firstNames, int[] nameAt, long[] pageAt) {
    this.file = file;
    this.cache = cache;
    this.firstNames = firstNames;
    this.nameAt = nameAt;
    this.pageAt = pageAt;
  }

  static Directory read(RunFile file, RunCache cache, Footer footer) throws IOException {
    Section sparse = file.section(footer.sparseOffset(), footer.sparseBytes());
    int pages = footer.directoryPages();
    ByteColumn names = new ByteColumn(sparse.remaining());
    int[] nameAt = new int[pages + 1];
    long[] pageAt = new long[pages + 1];
    pageAt[0] = footer.directoryOffset();
    for (int page = 0; page < pages; page++) {
      byte[] name = takeName(sparse).getBytes(StandardCharsets.US_ASCII);
      names.put(name);
      nameAt[page + 1] = names.length();
      pageAt[page + 1] = pageAt[page] + sparse.takeVarint(1, RunFormat.MAX_DIRECTORY_PAGE_BYTES);
    }
    sparse.expectEnd();
    if (pageAt[pages] != footer.sparseOffset()) {
      throw sparse.corrupt("pages end at " + pageAt[pages]);
    }
    return new Directory(file, cache, Arrays.copyOf(names.array(), names.length()), nameAt, pageAt);
  }

  int pages() {
    return pageAt.length - 1;
  }

  Optional<Found> find(TenantId tenant) throws IOException {
    int page = pageOf(tenant);
    if (page < 0) {
      return Optional.empty();
    }
    byte[] wanted = tenant.value().getBytes(StandardCharsets.US_ASCII);
    Section section = cache.section(file, pageAt[page], pageBytes(page), true);
    long sliceAt = section.takeLong();
    while (section.remaining() > 0) {
      boolean found = section.takeIfEqual(section.takeByte(), wanted);
      SliceLocation location = takeLocation(section, sliceAt);
      if (found) {
        return Optional.of(new Found(tenant, location));
      }
      sliceAt += location.length();
    }
    return Optional.empty();
  }

  private SliceLocation takeLocation(Section section, long sliceAt) throws RunException.Corrupt {
    SliceLocation location =
        new SliceLocation(
            sliceAt, section.takeVarint(), section.takeVarint(1, RunFormat.MAX_RECORD_BYTES));
    if (location.recordBytes() > location.length()
        || location.length() > file.sizeBytes() - sliceAt) {
      throw section.corrupt("no slice at " + location);
    }
    return location;
  }

  /** The last page whose first tenant is not after {@code tenant}, or -1. */
  int pageOf(TenantId tenant) {
    byte[] name = tenant.value().getBytes(StandardCharsets.US_ASCII);
    int low = 0;
    int high = pages() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order =
          Arrays.compareUnsigned(
              firstNames, nameAt[middle], nameAt[middle + 1], name, 0, name.length);
      if (order <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /** The tenants of a page, in order. */
  List<Found> page(int page) throws IOException {
    Section section = file.section(pageAt[page], pageBytes(page));
    long sliceAt = section.takeLong();
    List<Found> all = new ArrayList<>();
    @Nullable TenantId previous = null;
    while (section.remaining() > 0) {
      String name = takeName(section);
      TenantId tenant = new TenantId(name);
      SliceLocation location = takeLocation(section, sliceAt);
      if (previous != null && previous.compareTo(tenant) >= 0) {
        throw section.corrupt("slice of " + tenant + " out of place");
      }
      sliceAt += location.length();
      previous = tenant;
      all.add(new Found(tenant, location));
    }
    return all;
  }

  /** Offset of a page, for the verification of every byte. */
  long pageOffset(int page) {
    return pageAt[page];
  }

  int pageBytes(int page) {
    return Math.toIntExact(pageAt[page + 1] - pageAt[page]);
  }

  static void putName(ByteColumn out, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    out.putByte(bytes.length).put(bytes);
  }

  static String takeName(Section section) throws RunException.Corrupt {
    String name = new String(section.takeBytes(section.takeByte()), StandardCharsets.ISO_8859_1);
    if (!TenantId.isValid(name)) {
      throw section.corrupt("not a tenant name: " + name);
    }
    return name;
  }
}
