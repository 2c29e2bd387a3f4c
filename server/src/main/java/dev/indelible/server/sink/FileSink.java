package dev.indelible.server.sink;

import dev.indelible.server.event.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Appends lines to a file, durably, and gives it another name when it is full or of another day. A
 * batch that fails half way is cut off again; after a crash a line may be cut, and comes again
 * whole behind it, which the ledger says.
 */
final class FileSink implements Sink {

  private final InstantSource clock;
  private final Path root;
  private final Path file;
  private final String problem;
  private final long rotateBytes;
  private final boolean isDaily;
  private final int keep;

  FileSink(SinkType.Opening opening, InstantSource clock) {
    this.clock = clock;
    ObjectNode settings = opening.settings();
    String named = settings.path(FileType.ROOT).asString("");
    String path = settings.path("path").asString("");
    this.root = Path.of(named).toAbsolutePath().normalize();
    TenantId tenant = opening.tenant();
    Path own = tenant == null ? root : root.resolve(tenant.value());
    this.file = own.resolve(path).normalize();
    this.problem =
        named.isEmpty()
            ? "the operator has not named a folder for streams"
            : file.startsWith(own) && !file.equals(own) ? "" : "the path leaves its folder";
    this.rotateBytes = settings.path("rotate_bytes").asLong(FileType.ROTATE_BYTES);
    this.isDaily = settings.path("rotate_daily").asBoolean(false);
    this.keep = settings.path("keep").asInt(FileType.KEEP);
  }

  @Override
  public Answer send(Batch batch) {
    if (!problem.isEmpty()) {
      return new Answer.Refused(problem);
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream(1 << 16);
    for (Message message : batch.messages()) {
      lines.writeBytes(message.body());
      lines.write('\n');
    }
    try {
      Files.createDirectories(folder());
      if (Files.isSymbolicLink(file) || !folder().toRealPath().startsWith(root.toRealPath())) {
        return new Answer.Refused("a link in the path leads elsewhere");
      }
      rotate();
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        long before = channel.size();
        ByteBuffer bytes = ByteBuffer.wrap(lines.toByteArray());
        try {
          long at = before;
          while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
          }
          channel.force(true);
        } catch (IOException e) {
          channel.truncate(before);
          throw e;
        }
      }
      return new Answer.Taken();
    } catch (IOException e) {
      return new Answer.Failed(e.getClass().getSimpleName() + " at " + file.getFileName());
    }
  }

  private Path folder() {
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }

  /** Gives a full file, or one of another day, a name with the time, and deletes the oldest. */
  private void rotate() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    Instant now = clock.instant();
    boolean isFull = Files.size(file) >= rotateBytes;
    boolean isOfAnotherDay =
        isDaily && !day(Files.getLastModifiedTime(file).toInstant()).equals(day(now));
    if (!isFull && !isOfAnotherDay) {
      return;
    }
    String name = String.valueOf(file.getFileName());
    long stamp = now.toEpochMilli();
    while (Files.exists(file.resolveSibling(name + "." + stamp))) {
      stamp++;
    }
    Path rotated = file.resolveSibling(name + "." + stamp);
    Files.move(file, rotated, StandardCopyOption.ATOMIC_MOVE);
    Pattern ours = Pattern.compile(Pattern.quote(name) + "\\.[0-9]{1,19}");
    try (Stream<Path> all = Files.list(folder())) {
      List<Path> old =
          all.filter(path -> ours.matcher(String.valueOf(path.getFileName())).matches())
              .sorted(Comparator.comparingLong(FileSink::time).reversed())
              .skip(keep)
              .toList();
      for (Path path : old) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long time(Path rotated) {
    String name = rotated.toString();
    return Long.parseLong(name.substring(name.lastIndexOf('.') + 1));
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  @Override
  public Answer probe() {
    if (!problem.isEmpty()) {
      return new Answer.Refused(problem);
    }
    try {
      Files.createDirectories(folder());
      return Files.isWritable(folder())
          ? new Answer.Taken()
          : new Answer.Refused("the folder cannot be written to");
    } catch (IOException e) {
      return new Answer.Failed(e.getClass().getSimpleName() + " at " + file.getFileName());
    }
  }

  @Override
  public void close() {}
}
