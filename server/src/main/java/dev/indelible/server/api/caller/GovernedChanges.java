package dev.indelible.server.api.caller;

import dev.indelible.server.control.Change;
import dev.indelible.server.control.ChangeOutcome;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.ingest.ControlMirror;
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
   * @throws dev.indelible.ports.journal.JournalUnavailableException when changes cannot be recorded
   *     now
   */
  public long make(Change change) throws InterruptedException {
    return makeTogether(List.of(change));
  }

  /**
   * Makes changes together: all of them, or none. When they are too many for that, the last ones
   * are made together, and those before them first.
   *
   * @return the version of the last object now; 0 when there is nothing to change
   * @throws ProblemException as {@link #make}; of too many, some may be made then
   */
  public long makeTogether(List<Change> changes) throws InterruptedException {
    ChangeOutcome.Applied last = null;
    for (List<Change> part : ControlLog.inParts(changes)) {
      last =
          switch (control.change(part)) {
            case ChangeOutcome.Applied applied -> applied;
            case ChangeOutcome.VersionMoved moved -> throw versionMoved(moved.currentVersion());
          };
    }
    if (last == null) {
      return 0;
    }
    boolean _ = mirror.awaitMirrored(last.position(), MIRROR_TIMEOUT);
    return last.version();
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
