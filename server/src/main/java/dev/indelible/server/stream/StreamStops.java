package dev.indelible.server.stream;

import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.EventStream;
import java.util.Optional;

/** Stops streams for the program, which is an entry of their logs. */
record StreamStops(StreamParts parts) {

  /** Reason of a stream whose maker may not have it any more. */
  static final String NOT_ALLOWED =
      "Whoever made or changed it last may not send what it sends any more.";

  /** Pauses a stream. */
  void pause(EventStream stream, String because) {
    stop(stream, false, because);
  }

  /** Parks a stream whose receiver refuses. */
  void park(EventStream stream, String because) {
    stop(stream, true, because);
  }

  private void stop(EventStream stream, boolean parked, String because) {
    Configuration configuration = parts.control().configuration();
    Optional<EventStream> now =
        configuration.get(EventStream.class, stream.id()).filter(stream::equals);
    if (now.isPresent()) {
      // When somebody changed it in between, the next turn finds out anew.
      var _ =
          parts
              .control()
              .change(
                  new Change(
                      stream.stopped(parked, because),
                      configuration.version(stream),
                      Change.ChangedBy.SYSTEM,
                      null));
    }
  }
}
