package dev.indelible.server;

import dev.indelible.server.access.KeyRing;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.ChangeOutcome;
import dev.indelible.server.control.ConfigurationObject.ApiKey;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.journal.FileJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new operator's key where the old one is lost or known to others, while no server runs.
 *
 * <p>The new key is recorded in the control log, then written to its file, and only then are the
 * others revoked: wherever it is broken off, a key that somebody has still works, and doing it
 * again leaves one key. Who may write the data directory may do this; nobody else can.
 */
public final class OperatorKeyReplacement {

  private OperatorKeyReplacement() {}

  /**
   * What was done.
   *
   * @param file where the new key is
   * @param revoked how many keys do not work any more
   */
  public record Replaced(Path file, int revoked) {}

  /**
   * Replaces every operator's key by a new one.
   *
   * @param reason why, for the control log; may be null
   * @throws IOException when a file cannot be used, or a server has the data directory
   */
  public static Replaced run(ServerConfig config, @Nullable String reason)
      throws IOException, InterruptedException {
    DataDirectory data = new DataDirectory(config.data());
    if (!Files.isDirectory(data.controlJournal())) {
      throw new IOException(data.root() + " is no data directory: it has no control log");
    }
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    // Opening the journal takes its lock, so that no server can be at work on the directory.
    try (FileJournal journal =
            FileJournal.open(
                new SystemDisk(),
                data.controlJournal(),
                FileJournal.Options.of(clock, random)
                    .withSegmentBytes(IndelibleServer.CONTROL_SEGMENT_BYTES));
        ControlLog control = new ControlLog(journal, random.nextLong())) {
      control.start(journal.end(), change -> {});
      List<ApiKey> old =
          control.configuration().operatorKeys().stream()
              .filter(key -> key.revokedAt() == null)
              .toList();
      KeyRing.Minted minted = new KeyRing(control.configuration(), clock, random).mintOperatorKey();
      record(control, new Change(minted.key(), 0, ChangedBy.SYSTEM, reason));
      DataDirectory.replaceSecret(data.operatorKey(), minted.secret());
      for (ApiKey key : old) {
        long version = control.configuration().version(key);
        record(
            control, new Change(key.revoked(clock.instant()), version, ChangedBy.SYSTEM, reason));
      }
      return new Replaced(data.operatorKey(), old.size());
    }
  }

  private static void record(ControlLog control, Change change) {
    if (!(control.change(change) instanceof ChangeOutcome.Applied)) {
      throw new IllegalStateException("somebody else writes the control log");
    }
  }
}
