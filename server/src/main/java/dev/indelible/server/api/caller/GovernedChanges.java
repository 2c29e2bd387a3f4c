package dev.indelible.server.api.caller;

import dev.indelible.server.control.Change;
import dev.indelible.server.control.ChangeOutcome;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.ingest.ControlMirror;
import dev.indelible.server.journal.Position;
import java.time.Duration;
import java.util.List;

/** Makes changes of configuration for routes, and waits until they have their entries. */
public record GovernedChanges(ControlLog control, ControlMirror mirror) {

  private static final Duration MIRROR_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Makes the change.
   *
   * @return the object's version now
   * @throws ProblemException 409 when somebody else changed the object in between
   * @throws dev.indelible.server.journal.JournalUnavailableException when changes cannot be
   *     recorded now
   */
  public long make(Change change) throws InterruptedException {
    return switch (control.change(change)) {
      case ChangeOutcome.Applied applied -> {
        boolean _ = mirror.awaitMirrored(applied.position(), MIRROR_TIMEOUT);
        yield applied.version();
      }
      case ChangeOutcome.VersionMoved moved -> throw versionMoved(moved.currentVersion());
    };
  }

  /**
   * Makes changes one after another, and waits until all of them have their entries.
   *
   * @throws ProblemException as {@link #make}; the changes before the one that failed are made
   */
  public void makeAll(List<Change> all) throws InterruptedException {
    Position last = null;
    for (Change change : all) {
      last =
          switch (control.change(change)) {
            case ChangeOutcome.Applied applied -> applied.position();
            case ChangeOutcome.VersionMoved moved -> throw versionMoved(moved.currentVersion());
          };
    }
    if (last != null) {
      boolean _ = mirror.awaitMirrored(last, MIRROR_TIMEOUT);
    }
  }

  public static ProblemException versionMoved(long current) {
    return new ProblemException(
            409,
            "version_moved",
            "It was changed meanwhile and has version %d; look again, then send that version."
                .formatted(current))
        .withMembers(json -> json.writeNumberProperty("version", current));
  }
}
