package dev.indelible.server.stream;

import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The lines of all ledgers in files, where each has its place by its number; see {@code
 * docs/formats/streams.md}. They are written behind the journal, which has every line that is not
 * durable here: {@link #force} is called before it forgets any. Thread-safe.
 */
final class LedgerFiles implements AutoCloseable {

  /** Lines of a file. */
  static final int LINES = 65_536;

  /** Files that are kept open, at most. */
  static final int MAX_OPEN = 64;

  private static final long MAGIC = 0x494e444c45444752L; // "INDLEDGR"
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = LedgerLine.BYTES;
  private static final int HEADER_CHECKED = 24;
  private static final String SUFFIX = ".ledger";

  private final Disk disk;
  private final Path root;
  private final int linesOfFile;
  private final Map<Path, DiskFile> open = new LinkedHashMap<>(16, 0.75f, true); // guarded by this

  LedgerFiles(Disk disk, Path root) {
    this(disk, root, LINES);
  }

  LedgerFiles(Disk disk, Path root, int linesOfFile) {
    this.disk = disk;
    this.root = root;
    this.linesOfFile = linesOfFile;
  }

  private Path folder(String stream) {
    int slash = stream.indexOf('/');
    return root.resolve(stream.substring(0, slash)).resolve(stream.substring(slash + 1));
  }

  private long first(long number) {
    return (number - 1) / linesOfFile * linesOfFile + 1;
  }

  private Path file(String stream, long first) {
    return folder(stream).resolve(String.format(Locale.ROOT, "%012d", first) + SUFFIX);
  }

  private static long place(long number, long first) {
    return HEADER_BYTES + (number - first) * LedgerLine.BYTES;
  }

  /** Writes a line at its place; not durable before {@link #force}. */
  synchronized void write(String stream, LedgerLine line) throws IOException {
    long first = first(line.number());
    DiskFile file = opened(stream, first);
    file.write(ByteBuffer.wrap(line.toBytes()), place(line.number(), first));
  }

  private DiskFile opened(String stream, long first) throws IOException {
    Path path = file(stream, first);
    DiskFile known = open.get(path);
    if (known != null) {
      return known;
    }
    if (open.size() >= MAX_OPEN) {
      Iterator<DiskFile> eldest = open.values().iterator();
      try (DiskFile leaving = eldest.next()) {
        leaving.force();
      } finally {
        eldest.remove();
      }
    }
    DiskFile file;
    try {
      file = disk.open(path);
      if (file.sizeBytes() < HEADER_BYTES) { // a crash while it was made
        begin(file, first);
      } else {
        check(file, first);
      }
    } catch (NoSuchFileException _) {
      disk.createDirectories(folder(stream));
      file = disk.create(path);
      begin(file, first);
      disk.forceDirectory(folder(stream));
    }
    open.put(path, file);
    return file;
  }

  private static void begin(DiskFile file, long first) throws IOException {
    ByteBuffer header =
        ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putInt(VERSION).putInt(0).putLong(first);
    file.write(header.putInt(HEADER_CHECKED, checksum(header.array())).rewind(), 0);
    file.force();
  }

  private static int checksum(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, HEADER_CHECKED);
    return (int) crc.getValue();
  }

  private static void check(DiskFile file, long first) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    file.readFully(header, 0);
    if (header.getLong(0) != MAGIC || header.getInt(HEADER_CHECKED) != checksum(header.array())) {
      throw new IOException(file.path() + " is no ledger of a stream, or is damaged");
    }
    if (header.getInt(8) != VERSION) {
      throw new IOException(
          "%s is of version %d, this program reads %d"
              .formatted(file.path(), header.getInt(8), VERSION));
    }
    if (header.getLong(16) != first) {
      throw new IOException(file.path() + " begins with line " + header.getLong(16));
    }
  }

  /** Reads lines that were written, from a number on, as many as follow in one file. */
  synchronized List<LedgerLine> read(String stream, long from, long through) throws IOException {
    long first = first(from);
    int count = (int) (Math.min(through, first + linesOfFile - 1) - from + 1);
    ByteBuffer bytes = ByteBuffer.allocate(count * LedgerLine.BYTES);
    DiskFile file = opened(stream, first);
    file.readFully(bytes, place(from, first));
    bytes.flip();
    List<LedgerLine> lines = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] one = new byte[LedgerLine.BYTES];
      bytes.get(one);
      LedgerLine line;
      try {
        line = LedgerLine.of(one);
      } catch (IllegalStateException e) {
        throw new IOException(file.path() + ": " + e.getMessage() + " at line " + (from + i), e);
      }
      if (line.number() != from + i) {
        throw new IOException(file.path() + " has line " + line.number() + " in place of another");
      }
      lines.add(line);
    }
    return lines;
  }

  /** The number of the first line that is kept; empty list of files gives 1. */
  synchronized long firstKept(String stream) throws IOException {
    List<Long> firsts = firsts(stream);
    return firsts.isEmpty() ? 1 : firsts.getFirst();
  }

  private List<Long> firsts(String stream) throws IOException {
    if (!disk.exists(folder(stream))) {
      return List.of();
    }
    List<Long> firsts = new ArrayList<>();
    for (Disk.Item item : disk.list(folder(stream))) {
      String name = item.name();
      if (name.endsWith(SUFFIX)) {
        firsts.add(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
      }
    }
    return firsts;
  }

  /** Deletes files all of whose lines are older. */
  synchronized void trim(String stream, long number, long beforeMillis) throws IOException {
    for (long first : firsts(stream)) {
      long last = first + linesOfFile - 1;
      if (last >= number || read(stream, last, last).getFirst().atMillis() >= beforeMillis) {
        return;
      }
      delete(file(stream, first));
      disk.forceDirectory(folder(stream));
    }
  }

  private void delete(Path path) throws IOException {
    DiskFile file = open.remove(path);
    if (file != null) {
      file.close();
    }
    boolean _ = disk.delete(path);
  }

  /** Deletes all lines of a stream. */
  synchronized void remove(String stream) throws IOException {
    for (long first : firsts(stream)) {
      delete(file(stream, first));
    }
  }

  /** Makes everything durable that was written. */
  synchronized void force() throws IOException {
    for (DiskFile file : open.values()) {
      file.force();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    @Nullable IOException failure = null;
    for (DiskFile file : open.values()) {
      try (file) {
        file.force();
      } catch (IOException e) {
        failure = e;
      }
    }
    open.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
