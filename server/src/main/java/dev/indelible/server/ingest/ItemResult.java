package dev.indelible.server.ingest;

import dev.indelible.server.event.Problem;
import dev.indelible.server.event.TenantId;
import java.util.List;

/** Result of one event of a request. */
public sealed interface ItemResult {

  /**
   * The event is an entry: durable, and in its place.
   *
   * @param id the entry's id
   * @param tenant the tenant whose log holds it
   * @param seq its place there
   * @param recordedAtMillis when it was recorded, in milliseconds since the epoch
   * @param duplicate whether it was recorded before, by an earlier request with the same id
   */
  record Accepted(String id, TenantId tenant, long seq, long recordedAtMillis, boolean duplicate)
      implements ItemResult {}

  /**
   * The event was refused; nothing of it was recorded.
   *
   * @param code the kind of refusal; stable
   * @param detail a sentence that says what is wrong and how to mend it
   * @param problems everything that is wrong with it, one by one; may be empty
   */
  record Rejected(Code code, String detail, List<Problem> problems) implements ItemResult {
    public Rejected {
      problems = List.copyOf(problems);
    }
  }

  /** The kinds of refusal. */
  enum Code {
    /** The event is not valid; see its problems. */
    INVALID_EVENT("invalid_event"),
    /** The event is larger than {@link dev.indelible.server.event.EventLimits#MAX_EVENT_BYTES}. */
    EVENT_TOO_LARGE("event_too_large"),
    /** No such tenant, or none that the caller may know of. */
    UNKNOWN_TENANT("unknown_tenant"),
    /** The id is that of another recorded event. */
    ID_CONFLICT("id_conflict"),
    /** The tenant refuses actions that its profile does not list. */
    UNKNOWN_ACTION("unknown_action"),
    /** The event lacks the reason that its action requires, and the tenant refuses that. */
    REASON_REQUIRED("reason_required"),
    /** The tenant's profile does not record this routine action. */
    NOT_RECORDED("not_recorded"),
    /** The action is the program's own: it says that entries were deleted. */
    RESERVED_ACTION("reserved_action"),
    /** The tenant's log is stopped, because it disagrees with what was signed of it. */
    LOG_STOPPED("log_stopped");

    private final String value;

    Code(String value) {
      this.value = value;
    }

    /** Name of the code in JSON. */
    public String value() {
      return value;
    }
  }
}
