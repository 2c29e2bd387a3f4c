package dev.indelible.client;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The outcome of a batch, event by event.
 *
 * @param entries the events that are recorded, in the order in which they were sent; those that
 *     were recorded before under the same id included
 * @param rejected those that are not
 */
public record Recorded(List<Receipt> entries, List<Rejected> rejected) {

  /**
   * An event that is recorded.
   *
   * @param id the entry's id: the event's
   * @param tenant the tenant whose log has it
   * @param recordedAt the server's clock, RFC 3339 in UTC with milliseconds
   * @param duplicate whether it was recorded before, under the same id
   * @param seq its place in the log, from 0; with {@link RecordOption#WAIT_UNTIL_SEALED}
   */
  public record Receipt(
      String id, String tenant, String recordedAt, boolean duplicate, OptionalLong seq) {

    private static Receipt of(JsonText entry) {
      Map<String, JsonText> members = entry.members();
      return new Receipt(
          text(members, "id"),
          text(members, "tenant"),
          text(members, "recorded_at"),
          members.getOrDefault("duplicate", JsonText.MISSING).isTrue(),
          members.getOrDefault("seq", JsonText.MISSING).integer());
    }

    private static String text(Map<String, JsonText> members, String name) {
      return members.getOrDefault(name, JsonText.MISSING).text().orElse("");
    }
  }

  /**
   * An event that is not recorded.
   *
   * @param index which one of those sent, from 0
   * @param code stable code, such as {@code invalid_event}
   * @param detail what is wrong with it, for people
   * @param faults each thing that is wrong with it
   */
  public record Rejected(int index, String code, String detail, List<Problem.Fault> faults) {

    public Rejected {
      faults = List.copyOf(faults);
    }

    private static Rejected of(JsonText item) {
      return new Rejected(
          (int) item.at("index").integer().orElse(-1),
          item.at("code").text().orElse("rejected"),
          item.at("detail").text().orElse(""),
          Problem.Fault.in(item));
    }
  }

  public Recorded {
    entries = List.copyOf(entries);
    rejected = List.copyOf(rejected);
  }

  static Recorded of(Answer answer) {
    JsonText body = answer.json();
    return new Recorded(
        body.at("entries").elements().stream().map(Receipt::of).toList(),
        body.at("rejected").elements().stream().map(Rejected::of).toList());
  }
}
