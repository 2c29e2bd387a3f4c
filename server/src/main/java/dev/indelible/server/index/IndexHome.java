package dev.indelible.server.index;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.lucene.util.IOUtils;

/**
 * The directory in which an index lives, and in which the next one is built while it serves.
 *
 * <pre>
 * CURRENT          the name of the generation in use, and a newline
 * generation-7/    the Lucene index in use
 * generation-8/    one being built, or what is left of an attempt
 * </pre>
 *
 * <p>A crash before {@link #promote} leaves the old generation in use; after it, the new one. What
 * is not in use is deleted when the next build starts. Not thread-safe.
 */
public final class IndexHome {

  private static final String CURRENT = "CURRENT";
  private static final String PREFIX = "generation-";
  private static final Pattern GENERATION = Pattern.compile(PREFIX + "(0|[1-9][0-9]{0,8})");

  /** All that {@code CURRENT} holds: another blank in place of the newline is damage. */
  private static final Pattern POINTER = Pattern.compile("(" + GENERATION + ")\n");

  private final Path directory;

  /** The home in {@code directory}, which need not exist yet. */
  public IndexHome(Path directory) {
    this.directory = directory;
  }

  /** Opens the generation in use, as {@link LuceneIndex#open} does. */
  public IndexOpening open(boolean verify) throws IOException {
    Path current = directory.resolve(CURRENT);
    if (!Files.exists(current)) {
      return new IndexOpening.Unusable(IndexOpening.Reason.MISSING, "no " + current);
    }
    Optional<String> name = currentName();
    if (name.isEmpty()) {
      return new IndexOpening.Unusable(
          IndexOpening.Reason.CORRUPT, current + " names no generation");
    }
    return LuceneIndex.open(directory.resolve(name.get()), verify);
  }

  /**
   * Starts a new, empty generation beside the one in use. It is to be filled, committed, and given
   * to {@link #promote}.
   */
  public Building build() throws IOException {
    Files.createDirectories(directory);
    Optional<String> current = currentName();
    long next = 0;
    for (String name : generations()) {
      next = Math.max(next, number(name) + 1);
      if (current.isEmpty() || !current.get().equals(name)) {
        delete(directory.resolve(name));
      }
    }
    String name = PREFIX + next;
    return new Building(name, LuceneIndex.create(directory.resolve(name)));
  }

  /**
   * Puts a generation to use, durably, from the next {@link #open} on. Its index stays open and may
   * serve at once; that of the generation before is the caller's to close.
   */
  public void promote(Building building) throws IOException {
    Path prepared = directory.resolve(CURRENT + ".tmp");
    Files.writeString(prepared, building.name() + "\n", StandardCharsets.ISO_8859_1);
    IOUtils.fsync(directory.resolve(building.name()), true);
    IOUtils.fsync(prepared, false);
    Files.move(
        prepared,
        directory.resolve(CURRENT),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    IOUtils.fsync(directory, true);
  }

  /**
   * Takes the generation in use out of use, durably: the next {@link #open} finds none. Whoever has
   * it open may go on.
   */
  public void condemn() throws IOException {
    Files.deleteIfExists(directory.resolve(CURRENT));
    IOUtils.fsync(directory, true);
  }

  /** Deletes every generation but the one in use: it may hold what was deleted from that one. */
  public void deleteUnused() throws IOException {
    Optional<String> current = currentName();
    if (current.isEmpty()) {
      return;
    }
    for (String name : generations()) {
      if (!current.get().equals(name)) {
        delete(directory.resolve(name));
      }
    }
  }

  /**
   * A generation that is not in use yet.
   *
   * @param name the name of its directory
   * @param index its index, open
   */
  public record Building(String name, EventIndex index) {}

  private Optional<String> currentName() throws IOException {
    try {
      String text = Files.readString(directory.resolve(CURRENT), StandardCharsets.ISO_8859_1);
      Matcher pointer = POINTER.matcher(text);
      return pointer.matches() ? Optional.of(pointer.group(1)) : Optional.empty();
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    }
  }

  private List<String> generations() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> GENERATION.matcher(name).matches())
          .toList();
    }
  }

  private static long number(String name) {
    Matcher matcher = GENERATION.matcher(name);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private static void delete(Path generation) throws IOException {
    IOUtils.rm(generation);
  }
}
