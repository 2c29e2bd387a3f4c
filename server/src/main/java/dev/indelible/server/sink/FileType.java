package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import java.time.InstantSource;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** File on the server, below the folder that the operator names, one entry a line, rotated. */
public final class FileType implements SinkType {

  /** The kind's name. */
  public static final String NAME = "file";

  /** Setting with the folder that is written below; put in by the program, given by nobody. */
  public static final String ROOT = "root";

  /** Size of a file that is rotated, unless a stream says otherwise. */
  public static final long ROTATE_BYTES = 100L << 20;

  /** The most and least bytes of a file before it is rotated. */
  public static final long MAX_ROTATE_BYTES = 10L << 30;

  static final long MIN_ROTATE_BYTES = 1L << 10;

  /** Files that are kept beside the one that is written, unless a stream says otherwise. */
  public static final int KEEP = 10;

  /** The most files that are kept. */
  public static final int MAX_KEEP = 10_000;

  private static final int MAX_PATH_LENGTH = 300;
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> secrets() {
    return Set.of();
  }

  @Override
  public Defaults defaults() {
    return new Defaults("native", 1_000, 4 << 20, 1 << 20, true);
  }

  @Override
  public void check(ObjectNode settings, Set<String> kept, AddressGuard guard, Faults faults) {
    SettingsReader reader = new SettingsReader(settings, faults);
    reader.requireOnly(Set.of("path", "rotate_bytes", "rotate_daily", "keep"));
    String path = reader.text("path", MAX_PATH_LENGTH);
    if (path != null && !PATH.matcher(path).matches()) {
      faults.add(
          "path",
          "bad_format",
          "Names parted by slashes, each of letters, digits, dots, dashes and underscores, the"
              + " first a letter or a digit.");
    }
    long _ = reader.number("rotate_bytes", MIN_ROTATE_BYTES, MAX_ROTATE_BYTES, ROTATE_BYTES);
    long _ = reader.number("keep", 1, MAX_KEEP, KEEP);
    reader.flag("rotate_daily");
  }

  @Override
  public Sink open(Opening opening) {
    throw new IllegalStateException("files are named by the day");
  }

  @Override
  public Sink open(Opening opening, InstantSource clock) {
    return new FileSink(opening, clock);
  }
}
